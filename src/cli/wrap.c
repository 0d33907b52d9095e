#include "cli/wrap.h"

#include "base/safe.h"
#include "base/table.h"

size_t sc_columns(struct sc_str v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += ((unsigned char)v.s[i] & 0xc0) != 0x80;
	return n;
}

void sc_put_field(struct sc_buf *out, const char *label, size_t indent,
		  struct sc_str text)
{
	size_t at = indent;
	struct sc_str word;
	bool first = true;

	sc_putf(out, "%-*s", (int)indent, label);
	while (sc_take_word(&text, &word)) {
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
