#include "cli/compat.h"

#include <string.h>

#define WIDTH 81 /* with the mark of a comment, which does not count */

static bool is_letter(struct sc_str v, size_t i)
{
	return i < v.n && ((v.s[i] >= 'a' && v.s[i] <= 'z') ||
			   (v.s[i] >= 'A' && v.s[i] <= 'Z') || v.s[i] == '_' ||
			   (unsigned char)v.s[i] >= 0x80);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(struct sc_str v, size_t i)
{
	return is_letter(v, i) || (i < v.n && v.s[i] >= '0' && v.s[i] <= '9');
}

/* May a line end after the hyphen at @i? Two letters before it, which may have
 * a hyphen between them, and two after it. */
static bool breaks_after(struct sc_str v, size_t i)
{
	bool before = i >= 2 && is_letter(v, i - 1) &&
		      (is_letter(v, i - 2) ||
		       (i >= 3 && v.s[i - 2] == '-' && is_letter(v, i - 3)));

	return v.s[i] == '-' && before && is_letter(v, i + 1) &&
	       (is_letter(v, i + 2) ||
		(i + 2 < v.n && v.s[i + 2] == '-' && is_letter(v, i + 3)));
}

/* How many hyphens from @i on stand for a dash: two or more between words. */
static size_t dash_at(struct sc_str v, size_t i)
{
	size_t n = 0;

	if (i == 0 || !(is_word(v, i - 1) || strchr("!\"'&.,?", v.s[i - 1])))
		return 0;
	while (i + n < v.n && v.s[i + n] == '-')
		n++;
	return n >= 2 && is_word(v, i + n) ? n : 0;
}

/* The length of what must stay together at @i. */
static size_t chunk_at(struct sc_str v, size_t i)
{
	size_t end = i, dash;

	if (is_space(v.s[i])) {
		while (end < v.n && is_space(v.s[end]))
			end++;
		return end - i;
	}
	dash = dash_at(v, i);
	if (dash)
		return dash;
	for (end = i + 1; end < v.n && !is_space(v.s[end]); end++)
		if (dash_at(v, end) || breaks_after(v, end - 1))
			break;
	return end - i;
}

struct wrapping {
	struct sc_buf *out;
	const char *next;
	size_t used;  /* columns of the line, its indent included */
	size_t space; /* columns that wait for a word to follow */
	size_t indent;
};

static void end_line(struct wrapping *w)
{
	sc_putf(w->out, "\n%s", w->next);
	w->indent = w->used = strlen(w->next);
	w->space = 0;
}

/* How much of @chunk, which is longer than @room, goes on this line: up to the
 * last hyphen, if there is more than hyphens before it. */
static size_t cut(struct sc_str chunk, size_t room)
{
	for (size_t i = room; i-- > 1;) {
		if (chunk.s[i] != '-')
			continue;
		for (size_t k = 0; k < i; k++)
			if (chunk.s[k] != '-')
				return i + 1;
		break;
	}
	return room;
}

/* The chunk is longer than a line: cut it. */
static void put_long(struct wrapping *w, struct sc_str chunk)
{
	while (chunk.n) {
		size_t room = WIDTH - w->used - w->space;
		size_t n = chunk.n > room ? cut(chunk, room) : chunk.n;

		sc_putf(w->out, "%*s" SC_FMT, (int)w->space, "", (int)n,
			chunk.s);
		w->used += w->space + n;
		w->space = 0;
		sc_str_drop(&chunk, n);
		if (chunk.n)
			end_line(w);
	}
}

static void put_chunk(struct wrapping *w, struct sc_str chunk)
{
	bool at_start = w->used == w->indent;

	if (is_space(*chunk.s)) {
		w->space = at_start ? 0 : chunk.n;
		return;
	}
	if (chunk.n > WIDTH - strlen(w->next)) {
		if (w->used + w->space >= WIDTH)
			end_line(w);
		put_long(w, chunk);
		return;
	}
	if (w->used + w->space + chunk.n > WIDTH)
		end_line(w);
	sc_putf(w->out, "%*s" SC_FMT, (int)w->space, "", SC_ARG(chunk));
	w->used += w->space + chunk.n;
	w->space = 0;
}

void sc_compat_wrap(struct sc_buf *out, struct sc_str text, const char *first,
		    const char *next)
{
	struct wrapping w = { .out = out, .next = next };

	w.indent = w.used = strlen(first);
	sc_put(out, sc_view(first));
	for (size_t i = 0, n; i < text.n; i += n) {
		n = chunk_at(text, i);
		put_chunk(&w, (struct sc_str){ text.s + i, n });
	}
}
