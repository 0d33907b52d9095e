#include "cli/wrap.h"

#include "base/safe.h"
#include "base/table.h"

/* "\033[1m" at the front of @v: how many bytes; 0 if there is none. */
static size_t colour_length(struct sc_str v)
{
	size_t n = 2;

	if (v.n < 3 || v.s[0] != '\033' || v.s[1] != '[')
		return 0;
	while (n < v.n && v.s[n] != 'm')
		n++;
	return n < v.n ? n + 1 : 0;
}

size_t sc_columns(struct sc_str v)
{
	size_t n = 0;

	while (v.n) {
		size_t skip = colour_length(v);

		n += !skip && ((unsigned char)*v.s & 0xc0) != 0x80;
		sc_str_drop(&v, skip ? skip : 1);
	}
	return n;
}

/* Bytes of @line that fit in @width columns, up to a space if there is one. */
static size_t fit(struct sc_str line, size_t width)
{
	size_t at = 0, columns = 0, space = 0, i = 0;

	while (i < line.n && line.s[i] == ' ')
		i++, columns++;
	for (at = i; i < line.n; i++) {
		size_t skip = colour_length(
			(struct sc_str){ line.s + i, line.n - i });

		if (skip) {
			i += skip - 1;
			continue;
		}
		if (line.s[i] == ' ' && i > at)
			space = i;
		columns += ((unsigned char)line.s[i] & 0xc0) != 0x80;
		if (columns > width && space)
			return space;
	}
	return line.n;
}

static void put_line(struct sc_buf *out, struct sc_str line, size_t hang)
{
	size_t indent = 0, n = fit(line, SC_WIDTH);

	while (indent < line.n && line.s[indent] == ' ')
		indent++;
	indent = indent > hang ? indent : hang;
	for (;;) {
		sc_put(out, (struct sc_str){ line.s, n });
		sc_put(out, SC_STR("\n"));
		sc_str_drop(&line, n);
		sc_skip_spaces(&line);
		if (!line.n)
			return;
		sc_putf(out, "%*s", (int)indent, "");
		n = fit(line, SC_WIDTH - indent);
	}
}

void sc_put_wrapped(struct sc_buf *out, struct sc_str text, size_t hang)
{
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line))
		put_line(out, line, hang);
}

/* A word; with braces, "{ read }" and "write }", what is inside sticks to them.
 */
static bool take_piece(struct sc_str *text, struct sc_str *piece)
{
	struct sc_str word, rest;

	if (!sc_take_word(text, piece))
		return false;
	if (sc_str_eq(*piece, SC_STR("{")) && sc_take_word(text, &word))
		piece->n = (size_t)(word.s + word.n - piece->s);
	rest = *text;
	if (sc_take_word(&rest, &word) && sc_str_eq(word, SC_STR("}"))) {
		piece->n = (size_t)(word.s + word.n - piece->s);
		*text = rest;
	}
	return true;
}

void sc_put_field(struct sc_buf *out, const char *label, size_t indent,
		  struct sc_str text)
{
	size_t at = indent, wide = sc_columns(sc_view(label));
	struct sc_str word;
	bool first = true;

	sc_putf(out, "%s%*s", label, wide < indent ? (int)(indent - wide) : 0,
		"");
	while (take_piece(&text, &word)) {
		size_t n = sc_columns(word);

		if (!first && at + 1 + n > SC_WIDTH) {
			sc_putf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			sc_put(out, SC_STR(" "));
			at++;
		}
		sc_put(out, word);
		at += n;
		first = false;
	}
	sc_put(out, SC_STR("\n"));
}

void sc_put_number(struct sc_buf *out, uint64_t n)
{
	if (n >= 1000) {
		sc_put_number(out, n / 1000);
		sc_putf(out, ",%03u", (unsigned)(n % 1000));
	} else {
		sc_putf(out, "%u", (unsigned)n);
	}
}

static bool needs_quotes(struct sc_str v)
{
	static const struct sc_str marks = SC_STR("\",{}[]()");

	for (size_t i = 0; i < v.n; i++)
		if (memchr(marks.s, v.s[i], marks.n) ||
		    (v.s[i] == ' ' && (i == 0 || v.s[i - 1] == ' ')))
			return true;
	return v.n > 0 && v.s[v.n - 1] == ' ';
}

void sc_put_name(struct sc_buf *out, struct sc_str v)
{
	struct sc_str part;

	if (!needs_quotes(v)) {
		sc_put_safe(out, v);
		return;
	}
	sc_put(out, SC_STR("\""));
	while (sc_take_until(&v, '"', &part)) {
		sc_put_safe(out, part);
		sc_put(out, SC_STR("\\\""));
	}
	sc_put_safe(out, v);
	sc_put(out, SC_STR("\""));
}
