#include "cli/screen.h"

#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

/* The other screen, no cursor, and no line goes on in the next row; then all
 * of that undone. */
#define TAKE SC_STR("\033[?1049h\033[?25l\033[?7l")
#define GIVE SC_STR("\033[0m\033[?7h\033[?25h\033[?1049l")

/* Where keys come from: standard input, unless that is something else. */
static int open_keys(void)
{
	return isatty(STDIN_FILENO)
		       ? STDIN_FILENO
		       : open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

bool sc_screen_can(FILE *out)
{
	const char *term = getenv("TERM");
	int keys;

	if (!isatty(fileno(out)) || !term || !*term ||
	    strcmp(term, "dumb") == 0)
		return false;
	keys = open_keys();
	if (keys > STDIN_FILENO)
		close(keys);
	return keys >= 0;
}

static int put(int fd, struct sc_str text, struct sc_error *err)
{
	while (text.n) {
		ssize_t n = write(fd, text.s, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sc_fail_os(err, "cannot write the output");
		sc_str_drop(&text, (size_t)n);
	}
	return 0;
}

int sc_screen_on(struct sc_screen *s, struct sc_error *err)
{
	struct termios raw = s->before;

	/* Ctrl-C and Ctrl-Z stay signals. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_iflag &= ~(tcflag_t)IXON;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(s->in, TCSADRAIN, &raw) < 0)
		return sc_fail_os(err, "cannot set the terminal");
	s->on = true;
	return put(s->out, TAKE, err);
}

void sc_screen_off(struct sc_screen *s)
{
	struct sc_error ignored;

	if (!s->on)
		return;
	s->on = false;
	(void)put(s->out, GIVE, &ignored);
	(void)tcsetattr(s->in, TCSADRAIN, &s->before);
}

int sc_screen_open(FILE *out, struct sc_screen *s, struct sc_error *err)
{
	s->out = fileno(out);
	s->in = open_keys();
	s->own_in = s->in > STDIN_FILENO;
	if (s->in < 0 || tcgetattr(s->in, &s->before) < 0)
		return sc_fail_os(err, "cannot read keys from the terminal");
	return sc_screen_on(s, err);
}

void sc_screen_close(struct sc_screen *s)
{
	sc_screen_off(s);
	if (s->own_in)
		close_p(&s->in);
	s->in = -1;
}

void sc_screen_size(const struct sc_screen *s, size_t *rows, size_t *columns)
{
	struct winsize size = { 0 };

	(void)ioctl(s->out, TIOCGWINSZ, &size);
	*rows = size.ws_row ? size.ws_row : 24;
	*columns = size.ws_col ? size.ws_col : 80;
}

static bool is_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* A key that is no character comes as several bytes at once. */
static enum sc_key key_of(struct sc_str bytes)
{
	static const struct {
		struct sc_str bytes;
		enum sc_key key;
	} keys[] = {
		{ SC_STR("q"), SC_KEY_QUIT },
		{ SC_STR("Q"), SC_KEY_QUIT },
		{ SC_STR("k"), SC_KEY_UP },
		{ SC_STR("j"), SC_KEY_DOWN },
		{ SC_STR("g"), SC_KEY_FIRST },
		{ SC_STR("G"), SC_KEY_LAST },
		{ SC_STR("\033[A"), SC_KEY_UP },
		{ SC_STR("\033OA"), SC_KEY_UP },
		{ SC_STR("\033[B"), SC_KEY_DOWN },
		{ SC_STR("\033OB"), SC_KEY_DOWN },
		{ SC_STR("\033[H"), SC_KEY_FIRST },
		{ SC_STR("\033[F"), SC_KEY_LAST },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (sc_str_eq(bytes, keys[i].bytes))
			return keys[i].key;
	return SC_KEY_OTHER;
}

enum sc_key sc_screen_key(struct sc_screen *s)
{
	char bytes[8];
	size_t n = 0;

	if (s->in < 0 || !is_ready(s->in))
		return SC_KEY_NONE;
	do {
		/* A terminal that went away says so for ever. */
		if (read(s->in, &bytes[n], 1) != 1)
			return SC_KEY_QUIT;
		n++;
	} while (bytes[0] == '\033' && n < 3 && is_ready(s->in));
	return key_of((struct sc_str){ bytes, n });
}

int sc_screen_draw(const struct sc_screen *s, struct sc_str lines, size_t rows,
		   struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf all = { 0 };

	sc_put(&all, SC_STR("\033[H"));
	for (size_t i = 0; i < rows; i++) {
		struct sc_str line = { 0 };

		(void)sc_take_part(&lines, '\n', &line);

		/* Before the line: after one that fills the row, the cursor
		 * stands on its last column. */
		sc_put(&all, i ? SC_STR("\r\n\033[K") : SC_STR("\033[K"));
		sc_put(&all, line);
	}
	if (sc_buf_check(&all, err) < 0)
		return err->code;
	return put(s->out, (struct sc_str){ all.s, all.n }, err);
}
