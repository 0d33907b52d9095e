#include "rules/fill.h"

#include "base/clean.h"
#include "base/safe.h"

#define WORDS_MAX 160 /* bytes of one value in words */

static const struct sc_value *find(const struct sc_value *values, size_t n,
				   struct sc_str name)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(values[i].name) == name.n &&
		    memcmp(values[i].name, name.s, name.n) == 0)
			return &values[i];
	return NULL;
}

/* Take the text before the next {name} of @values, and its value; the value is
 * NULL at the end of @text. */
static const struct sc_value *take(struct sc_str *text, struct sc_str *before,
				   const struct sc_value *values, size_t n)
{
	struct sc_str rest = *text;

	*before = *text;
	while (rest.n) {
		struct sc_str inside, at = rest;
		const struct sc_value *v = NULL;

		if (sc_take_prefix(&at, SC_STR("{")) &&
		    sc_take_until(&at, '}', &inside))
			v = find(values, n, inside);
		if (v) {
			before->n = (size_t)(rest.s - text->s);
			*text = at;
			return v;
		}
		sc_str_drop(&rest, 1);
	}
	*text = rest;
	return NULL;
}

static void put_cut(struct sc_buf *out, struct sc_str text)
{
	bool cut = text.n > WORDS_MAX;

	if (cut)
		text.n = WORDS_MAX;
	sc_put_safe(out, text);
	if (cut)
		sc_put(out, SC_STR("..."));
}

void sc_fill_words(struct sc_buf *out, struct sc_str text,
		   const struct sc_value *values, size_t n)
{
	const struct sc_value *v;
	struct sc_str before;

	do {
		v = take(&text, &before, values, n);
		sc_put(out, before);
		if (v && v->words)
			sc_put(out, v->text);
		else if (v && v->text.n)
			put_cut(out, v->text);
		else if (v && v->unknown)
			sc_putf(out, "%s", v->unknown);
	} while (v);
}

/* Would it look the same on a terminal? A backslash does: it is only doubled by
 * sc_put_safe() so that escapes can be told from it. */
static bool is_plain(struct sc_str text)
{
	SC_CLEAN(sc_buf_free) struct sc_buf safe = { 0 };
	size_t backslashes = 0;

	for (size_t i = 0; i < text.n; i++)
		backslashes += text.s[i] == '\\';
	sc_put_safe(&safe, text);
	return !safe.failed && safe.n == text.n + backslashes;
}

static bool needs_quotes(struct sc_str v)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-./:,@%+=";

	for (size_t i = 0; i < v.n; i++)
		if (!memchr(safe, v.s[i], sizeof(safe) - 1))
			return true;
	return false;
}

static void put_quoted(struct sc_buf *out, struct sc_str v)
{
	struct sc_str part;

	if (!needs_quotes(v)) {
		sc_put(out, v);
		return;
	}
	sc_put(out, SC_STR("'"));
	while (sc_take_until(&v, '\'', &part)) {
		sc_put(out, part);
		sc_put(out, SC_STR("'\\''"));
	}
	sc_put(out, v);
	sc_put(out, SC_STR("'"));
}

bool sc_fill_command(struct sc_buf *out, struct sc_str text,
		     const struct sc_value *values, size_t n)
{
	SC_CLEAN(sc_buf_free) struct sc_buf command = { 0 };
	const struct sc_value *v;
	struct sc_str before;

	do {
		v = take(&text, &before, values, n);
		sc_put(&command, before);
		if (v && (!v->text.n || !is_plain(v->text)))
			return false;
		if (v && v->words)
			sc_put(&command, v->text);
		else if (v)
			put_quoted(&command, v->text);
	} while (v);
	if (command.failed)
		out->failed = true;
	else
		sc_put(out, (struct sc_str){ command.s, command.n });
	return true;
}
