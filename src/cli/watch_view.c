#include "cli/watch_view.h"

#include "base/clean.h"
#include "base/safe.h"
#include "cli/advice.h"
#include "cli/log_notice.h"
#include "cli/when.h"
#include "cli/wrap.h"

#include <inttypes.h>
#include <sys/epoll.h>

#define FRAME_MS 100 /* between two drawings */
#define IDLE_MS 5000
#define PANE_MAX 12  /* rows for the one that is chosen */
#define ROWS_MIN 4   /* of denials, before there is a pane */
#define LEFT_MAX 100 /* rows that are told at the end */
#define FRAME_ROWS 4 /* title, names of columns, message, keys */

/* ---- drawing */

/* Bytes of @text that make one character, or set a colour. */
static size_t piece_length(struct sc_str text, bool *colour)
{
	const char *end =
		text.s[0] == '\033' ? memchr(text.s, 'm', text.n) : NULL;
	size_t n = 1;

	*colour = end != NULL;
	if (end)
		return (size_t)(end + 1 - text.s);
	while (n < text.n && ((unsigned char)text.s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* As much of @text, which is safe, as @columns hold; and all its colours. */
static void put_clipped(struct sc_buf *out, struct sc_str text, size_t columns)
{
	size_t room = columns > 3 ? columns - 3 : 0, n = 0;
	bool whole = sc_columns(text) <= columns, colour;

	while (columns && text.n) {
		struct sc_str piece = { text.s, piece_length(text, &colour) };

		if (!whole && !colour && n == room)
			sc_put(out, SC_STR("..."));
		if (whole || colour || n < room)
			sc_put(out, piece);
		n += !colour;
		sc_str_drop(&text, piece.n);
	}
}

static void put_title(const struct sc_watch_view *v, const struct sc_watch *w,
		      size_t columns, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf left = { 0 }, right = { 0 };
	size_t n, room;

	sc_put(&left, SC_STR("selcage watch  "));
	sc_watch_put_source(&left, w, &v->source);
	if (v->source.catching_up)
		sc_put(&left, SC_STR(", reading the log"));
	sc_putf(&right, "  %" PRIu64 " denial%s, %zu different",
		w->tally.records, w->tally.records == 1 ? "" : "s", w->tally.n);
	if (w->tally.over_limit)
		sc_putf(&right, ", %" PRIu64 " not kept", w->tally.over_limit);
	n = sc_columns((struct sc_str){ left.s, left.n });
	room = sc_columns((struct sc_str){ right.s, right.n });
	room = room < columns ? columns - room : 0;
	sc_putf(out, "%s", sc_colour(v->colour, SC_BOLD));
	put_clipped(out, (struct sc_str){ left.s, left.n }, room);
	sc_putf(out, "%s%*s", sc_colour(v->colour, SC_PLAIN),
		n < room ? (int)(room - n) : 0, "");
	put_clipped(out, (struct sc_str){ right.s, right.n }, columns);
	sc_put(out, SC_STR("\n"));
	out->failed |= left.failed || right.failed;
}

static void put_row(const struct sc_watch_view *v, const struct sc_watch *w,
		    size_t i, size_t columns, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf row = { 0 };
	const struct sc_denial *d = &w->tally.v[i];
	enum sc_class class = w->v[i].class;

	sc_putf(&row, "%s%s%6" PRIu64 "%s ",
		sc_colour(v->colour, i == v->chosen ? SC_BOLD : SC_PLAIN),
		i == v->chosen ? "> " : "  ", d->count,
		sc_colour(v->colour, SC_PLAIN));
	sc_when_put_clock(&row, d->last_ms);
	sc_putf(&row, " %s%-12s%s ",
		sc_colour(v->colour, sc_advice_colour(class)),
		sc_class_name(class), sc_colour(v->colour, SC_PLAIN));
	sc_denial_put(&row, d);
	put_clipped(out, (struct sc_str){ row.s, row.n }, columns);
	sc_put(out, SC_STR("\n"));
	out->failed |= row.failed;
}

/* All that explain says of the denial that is chosen. */
static int put_pane(const struct sc_watch_view *v, const struct sc_watch *w,
		    struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_advice advice;

	if (!w->n)
		return 0;
	if (sc_watch_judge(w, v->chosen, &scratch, &advice, err) < 0)
		return err->code;
	sc_advice_put(out, &advice, v->colour);
	return sc_buf_check(out, err);
}

static size_t count_lines(struct sc_str text)
{
	struct sc_str line;
	size_t n = 0;

	while (sc_take_part(&text, '\n', &line))
		n++;
	return n;
}

/* Exactly @rows lines of @text. */
static void put_lines(struct sc_buf *out, struct sc_str text, size_t rows,
		      size_t columns)
{
	struct sc_str line;

	for (size_t i = 0; i < rows; i++) {
		if (sc_take_part(&text, '\n', &line))
			put_clipped(out, line, columns);
		sc_put(out, SC_STR("\n"));
	}
}

/* The row that is chosen is among the @rows that are seen, and none of these is
 * empty while others are hidden above. */
static void scroll(struct sc_watch_view *v, const struct sc_watch *w,
		   size_t rows)
{
	if (v->top + rows > w->n)
		v->top = w->n > rows ? w->n - rows : 0;
	if (v->chosen < v->top)
		v->top = v->chosen;
	if (v->chosen >= v->top + rows)
		v->top = v->chosen - rows + 1;
}

int sc_watch_draw(struct sc_watch_view *v, const struct sc_watch *w,
		  size_t rows, size_t columns, struct sc_buf *out,
		  struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf pane = { 0 };
	size_t list = rows > FRAME_ROWS ? rows - FRAME_ROWS : 1, n = 0;

	if (!v->stays && w->n)
		v->chosen = w->n - 1;
	if (list > ROWS_MIN) {
		if (put_pane(v, w, &pane, err) < 0)
			return err->code;
		n = count_lines((struct sc_str){ pane.s, pane.n });
		n = n < PANE_MAX ? n : PANE_MAX;
		/* with an empty line above it */
		n = n + 1 + ROWS_MIN > list ? list - ROWS_MIN - 1 : n;
		list -= n + 1;
	}
	scroll(v, w, list);
	put_title(v, w, columns, out);
	sc_putf(out, "%s", sc_colour(v->colour, SC_DIM));
	put_clipped(out, SC_STR("   count last     class        who -> what"),
		    columns);
	sc_putf(out, "%s\n", sc_colour(v->colour, SC_PLAIN));
	for (size_t i = v->top; i < v->top + list; i++) {
		if (i < w->n)
			put_row(v, w, i, columns, out);
		else
			sc_put(out, SC_STR("\n"));
	}
	if (rows - FRAME_ROWS > list && rows > FRAME_ROWS) {
		sc_put(out, SC_STR("\n"));
		put_lines(out, (struct sc_str){ pane.s, pane.n }, n, columns);
	}
	put_clipped(out, (struct sc_str){ v->message.s, v->message.n },
		    columns);
	sc_putf(out, "\n%s", sc_colour(v->colour, SC_DIM));
	put_clipped(out, SC_STR("q ends   up, down: choose   end: the newest"),
		    columns);
	sc_putf(out, "%s", sc_colour(v->colour, SC_PLAIN));
	return sc_buf_check(out, err);
}

static int draw(struct sc_watch_view *v, const struct sc_watch *w,
		struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	size_t rows, columns;

	sc_screen_size(&v->screen, &rows, &columns);
	if (sc_watch_draw(v, w, rows, columns, &text, err) < 0)
		return err->code;
	v->dirty = false;
	v->drawn_records = w->tally.records;
	v->drawn_ms = sc_when_now().ms;
	return sc_screen_draw(&v->screen, (struct sc_str){ text.s, text.n },
			      rows, err);
}

/* ---- what happens */

int sc_watch_view_open(struct sc_watch_view *v, FILE *out,
		       struct sc_signals *signals, struct sc_error *err)
{
	struct epoll_event in = { .events = EPOLLIN };

	v->signals = signals;
	v->file = out;
	v->colour = sc_has_colour(out);
	v->dirty = true;
	v->wake = epoll_create1(EPOLL_CLOEXEC);
	if (v->wake < 0 ||
	    epoll_ctl(v->wake, EPOLL_CTL_ADD, signals->fd, &in) < 0)
		return sc_fail_os(err, "cannot wait for signals");
	if (sc_screen_open(out, &v->screen, err) < 0)
		return err->code;
	if (epoll_ctl(v->wake, EPOLL_CTL_ADD, v->screen.in, &in) < 0)
		return sc_fail_os(err, "cannot wait for keys");
	return 0;
}

void sc_watch_view_close(struct sc_watch_view *v)
{
	sc_screen_close(&v->screen);
	close_p(&v->wake);
	v->wake = -1;
	sc_buf_free(&v->message);
}

static int show_denial(void *to, const struct sc_watch *w, size_t i,
		       const struct sc_advice *a, struct sc_error *err)
{
	struct sc_watch_view *v = to;

	(void)w, (void)i, (void)a, (void)err;
	v->dirty = true;
	return 0;
}

static int show_notice(void *to, const struct sc_event *e,
		       const struct sc_notice *n, struct sc_error *err)
{
	struct sc_watch_view *v = to;

	v->message.n = 0;
	sc_log_notice(&v->message, e, n, false);
	v->message.n -= v->message.n > 0; /* its newline */
	v->dirty = true;
	return sc_buf_check(&v->message, err);
}

static int show_source(void *to, const struct sc_watch *w,
		       const struct sc_live_state *before,
		       const struct sc_live_state *now, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_watch_view *v = to;

	v->source = *now;
	v->dirty = true;
	if (before)
		sc_watch_put_change(&text, before, now);
	else if (now->refusal.code)
		sc_put_safe(&text, sc_view(now->refusal.msg));
	if (text.n) {
		v->message.n = 0;
		sc_put(&v->message, (struct sc_str){ text.s, text.n });
	}
	v->message.failed |= text.failed;
	return before ? sc_buf_check(&v->message, err) : draw(v, w, err);
}

static void choose(struct sc_watch_view *v, size_t row,
		   const struct sc_watch *w)
{
	v->chosen = row;
	v->stays = row + 1 < w->n;
}

static void take_keys(struct sc_watch_view *v, struct sc_watch *w)
{
	enum sc_key key;

	while ((key = sc_screen_key(&v->screen)) != SC_KEY_NONE) {
		v->dirty = true;
		w->ended |= key == SC_KEY_QUIT;
		if (key == SC_KEY_QUIT)
			return;
		if (!w->n)
			continue;
		if (key == SC_KEY_UP)
			choose(v, v->chosen - (v->chosen > 0), w);
		else if (key == SC_KEY_DOWN)
			choose(v, v->chosen + (v->chosen + 1 < w->n), w);
		else if (key == SC_KEY_FIRST)
			choose(v, 0, w);
		else if (key == SC_KEY_LAST)
			choose(v, w->n - 1, w);
	}
}

static int show_signalled(void *to, struct sc_signalled s, struct sc_error *err)
{
	struct sc_watch_view *v = to;

	if (s.stop) {
		sc_screen_off(&v->screen);
		sc_signals_stop(v->signals);
	}
	/* Who had the terminal meanwhile may have set it otherwise. */
	if ((s.stop || s.back) && sc_screen_on(&v->screen, err) < 0)
		return err->code;
	v->dirty |= s.stop || s.back || s.size;
	return 0;
}

static int show_pause(void *to, struct sc_watch *w, bool quiet,
		      struct sc_error *err)
{
	struct sc_watch_view *v = to;

	(void)quiet;
	take_keys(v, w);
	w->wait_ms = IDLE_MS;
	if (!v->dirty && v->drawn_records == w->tally.records)
		return 0;
	if (sc_when_now().ms - v->drawn_ms >= FRAME_MS)
		return draw(v, w, err);
	w->wait_ms = FRAME_MS;
	return 0;
}

/* What was seen last stays on the screen that was there before. */
static int show_end(void *to, struct sc_watch *w, struct sc_scan_counts counts,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_watch_view *v = to;
	FILE *out = v->file;

	sc_screen_close(&v->screen);
	v->chosen = SIZE_MAX;
	for (size_t i = w->n > LEFT_MAX ? w->n - LEFT_MAX : 0; i < w->n; i++)
		put_row(v, w, i, SC_WIDTH, &text);
	if (sc_print(&text, out, err) < 0)
		return err->code;
	(void)fflush(out);
	return sc_watch_say_end(w, counts);
}

const struct sc_watch_show sc_watch_view = {
	.denial = show_denial,
	.notice = show_notice,
	.source = show_source,
	.signalled = show_signalled,
	.pause = show_pause,
	.end = show_end,
};
