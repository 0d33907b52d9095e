#include "host/assign.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];
		bool letter = (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return v.n > 0;
}

static void skip_blanks(struct sc_str *in)
{
	while (in->n && is_blank(*in->s))
		sc_str_drop(in, 1);
}

/* One value being read: the bytes so far, and how many of them must stay though
 * they are blanks. */
struct reader {
	struct sc_assign_walk *at;
	enum sc_assign_form form;
	char *bytes;
	size_t n, kept;
	bool unsure;
};

static void put(struct reader *r, char c, bool keep)
{
	if (r->n >= SC_ASSIGN_BYTES) {
		r->unsure = true;
		return;
	}
	r->bytes[r->n++] = c;
	if (keep)
		r->kept = r->n;
}

static char take(struct reader *r)
{
	char c = *r->at->rest.s;

	sc_str_drop(&r->at->rest, 1);
	r->at->line += c == '\n';
	return c;
}

/* What is behind a backslash; before a newline both are nothing. */
static void take_escaped(struct reader *r, bool quoted)
{
	char c;

	if (!r->at->rest.n) {
		put(r, '\\', true);
		return;
	}
	c = take(r);
	if (c == '\n')
		return;
	/* In double quotes a shell takes it as itself before other bytes. */
	if (quoted && !memchr("\"\\$`", c, 4))
		put(r, '\\', true);
	put(r, c, true);
}

/* Up to the quote that ends it, which may be on another line. */
static void take_quoted(struct reader *r, char quote)
{
	while (r->at->rest.n) {
		char c = take(r);

		if (c == quote)
			return;
		if (c == '\\' && quote == '"') {
			take_escaped(r, true);
			continue;
		}
		if (quote == '"' && (c == '$' || c == '`'))
			r->unsure = true;
		put(r, c, true);
	}
	r->unsure = true; /* nothing ends it */
}

/* Behind the first word of an assignment a shell would run a command. */
static void skip_line(struct reader *r)
{
	skip_blanks(&r->at->rest);
	if (r->at->rest.n && *r->at->rest.s != '#' && *r->at->rest.s != '\n')
		r->unsure = true;
	while (r->at->rest.n && take(r) != '\n')
		;
}

static void take_value(struct reader *r)
{
	bool shell = r->form == SC_ASSIGN_SHELL;

	if (!shell)
		skip_blanks(&r->at->rest);
	while (r->at->rest.n) {
		char c = *r->at->rest.s;

		if (c == '\n' || (shell && (c == ' ' || c == '\t')))
			break;
		(void)take(r);
		if (c == '\'' || c == '"') {
			take_quoted(r, c);
			r->kept = r->n;
		} else if (c == '\\') {
			take_escaped(r, false);
		} else {
			if (shell && memchr("$`;&|<>()", c, 9))
				r->unsure = true;
			put(r, c, !is_blank(c) || shell);
		}
	}
	r->n = r->kept < r->n ? r->kept : r->n;
	skip_line(r);
}

/* "NAME=", or false and the line is passed over. */
static bool take_name(struct sc_assign_walk *at, enum sc_assign_form form,
		      struct sc_str *out)
{
	struct sc_str line, rest = at->rest;
	const char *end = memchr(rest.s, '\n', rest.n);
	bool comment;

	line = (struct sc_str){ rest.s, end ? (size_t)(end - rest.s) : rest.n };
	at->rest.s += line.n + (end ? 1 : 0);
	at->rest.n -= line.n + (end ? 1 : 0);
	skip_blanks(&line);
	comment = !line.n || *line.s == '#' ||
		  (*line.s == ';' && form == SC_ASSIGN_SYSTEMD);
	if (!comment && form == SC_ASSIGN_SHELL)
		(void)sc_take_prefix(&line, SC_STR("export "));
	if (!comment && sc_take_until(&line, '=', out)) {
		if (form == SC_ASSIGN_SYSTEMD)
			while (out->n && is_blank(out->s[out->n - 1]))
				out->n--;
		if (is_name(*out)) {
			at->rest.n += (size_t)(at->rest.s - line.s);
			at->rest.s = line.s;
			return true;
		}
	}
	at->odd += !comment;
	at->line++;
	return false;
}

bool sc_assign_next(struct sc_assign_walk *at, enum sc_assign_form form,
		    struct sc_arena *a, struct sc_assign *out)
{
	struct reader r = { .at = at, .form = form };
	struct sc_str name = { 0 }, value;
	size_t room;

	do {
		if (!at->rest.n)
			return false;
	} while (!take_name(at, form, &name));
	room = at->rest.n < SC_ASSIGN_BYTES ? at->rest.n : SC_ASSIGN_BYTES;
	*out = (struct sc_assign){ .name = name, .line = at->line + 1 };
	r.bytes = malloc(room + 1);
	if (!r.bytes) {
		at->no_memory = true;
		return false;
	}
	take_value(&r);
	value = (struct sc_str){ r.bytes, r.n };
	at->no_memory = !sc_keep(a, value, &out->value) ||
			!sc_keep(a, name, &out->name);
	free(r.bytes);
	out->unsure = r.unsure;
	return !at->no_memory;
}
