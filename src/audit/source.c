#include "audit/source.h"

#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define BLOCK ((size_t)256 * 1024)

struct sc_source {
	sc_read_fn *read;
	void *from;
	int fd; /* -1: .from is the caller's */
	size_t block;

	char *bytes; /* owned: what was kept, the block, a part of a line */
	size_t room;
	size_t n;
	size_t given; /* end of the lines that were handed out */
	bool ended;
	bool in_long_line;
	uint64_t long_lines;
};

static long read_fd(void *from, char *to, size_t n)
{
	ssize_t got;

	do {
		got = read(*(int *)from, to, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

int sc_source_from(sc_read_fn *read, void *from, size_t block,
		   struct sc_source **out, struct sc_error *err)
{
	struct sc_source *s = calloc(1, sizeof(*s));

	if (!s)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	s->read = read;
	s->from = from;
	s->fd = -1;
	s->block = block ? block : BLOCK;
	*out = s;
	return 0;
}

int sc_source_open(const char *path, struct sc_source **out,
		   struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	struct stat st;
	int r;

	fd = strcmp(path, "-") == 0
		     ? dup(STDIN_FILENO)
		     : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0)
		return sc_fail_os(err, "cannot open '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return sc_fail_os(err, "cannot read '%s'", path);
	}
	r = sc_source_from(read_fd, NULL, 0, out, err);
	if (r < 0)
		return r;
	(*out)->fd = fd;
	(*out)->from = &(*out)->fd;
	fd = -1;
	return 0;
}

void sc_source_close(struct sc_source *s)
{
	close_p(&s->fd);
	free(s->bytes);
	free(s);
}

void sc_source_close_p(struct sc_source **s)
{
	if (*s)
		sc_source_close(*s);
}

uint64_t sc_source_long_lines(const struct sc_source *s)
{
	return s->long_lines;
}

/* Move what is still wanted to the front, and make room for a block. */
static int make_room(struct sc_source *s, size_t keep, struct sc_error *err)
{
	size_t from = s->given - keep, need;
	char *bytes;

	if (from)
		memmove(s->bytes, s->bytes + from, s->n - from);
	s->n -= from;
	s->given = keep;
	need = s->n + s->block;
	if (need <= s->room)
		return 0;
	bytes = realloc(s->bytes, need);
	if (!bytes)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	s->bytes = bytes;
	s->room = need;
	return 0;
}

static int fill(struct sc_source *s, struct sc_error *err)
{
	long got = s->read(s->from, s->bytes + s->n, s->block);

	if (got < 0)
		return sc_fail_os(err, "cannot read");
	s->n += (size_t)got;
	s->ended = got == 0;
	return 0;
}

/* Forget the part of a line that is too long, up to its newline if that has
 * been read. */
static void drop_long_line(struct sc_source *s)
{
	char *start = s->bytes + s->given;
	size_t n = s->n - s->given;
	char *end = n ? memchr(start, '\n', n) : NULL;

	if (!s->in_long_line)
		s->long_lines++;
	s->in_long_line = !end;
	if (!end) {
		s->n = s->given;
		return;
	}
	n -= (size_t)(end + 1 - start);
	memmove(start, end + 1, n);
	s->n = s->given + n;
}

/* The end of the last whole line after what was given. */
static size_t whole_lines(const struct sc_source *s)
{
	size_t n = s->n - s->given;
	const char *end = n ? memrchr(s->bytes + s->given, '\n', n) : NULL;

	if (s->ended)
		return s->n;
	return end ? (size_t)(end + 1 - s->bytes) : s->given;
}

int sc_source_next(struct sc_source *s, size_t keep, struct sc_str *lines,
		   struct sc_error *err)
{
	size_t end, start = keep;
	int r;

	if (s->ended)
		return 0;
	do {
		r = make_room(s, keep, err);
		if (r >= 0)
			r = fill(s, err);
		if (r < 0)
			return r;
		if (s->in_long_line)
			drop_long_line(s);
		end = whole_lines(s);
		if (end == s->given && s->n - s->given > SC_LINE_MAX)
			drop_long_line(s);
	} while (end == start && !s->ended);
	*lines = (struct sc_str){ s->bytes + start, end - start };
	s->given = end;
	return lines->n > 0;
}
