#include "base/clean.h"
#include "rules/cil.h"

#include <stdlib.h>

#define RULES_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fields end with a NUL; the last one with the input. */
static struct sc_str take_field(struct sc_str *in)
{
	struct sc_str v;

	if (!sc_take_until(in, '\0', &v)) {
		v = *in;
		sc_str_drop(in, in->n);
	}
	return v;
}

/* A reader of its own, that shares no code with the writer: tokens as CIL's
 * lexer splits them, comments passed over. False at the end. */
static bool take_token(struct sc_str *in, struct sc_str *out)
{
	while (in->n && strchr(" \t\r\n;", *in->s)) {
		if (*in->s == ';')
			while (in->n && *in->s != '\n' && *in->s != '\r')
				sc_str_drop(in, 1);
		else
			sc_str_drop(in, 1);
	}
	if (!in->n)
		return false;
	*out = (struct sc_str){ in->s, 1 };
	if (*in->s != '(' && *in->s != ')')
		while (out->n < in->n && !strchr(" \t\r\n;()", in->s[out->n]))
			out->n++;
	sc_str_drop(in, out->n);
	return true;
}

static void want(struct sc_str *in, struct sc_str token)
{
	struct sc_str got;

	if (!take_token(in, &got) || !sc_str_eq(got, token))
		abort();
}

static void want_words(struct sc_str *in, struct sc_str words)
{
	while (words.n) {
		size_t n = 0;

		while (n < words.n && words.s[n] != ' ')
			n++;
		if (n)
			want(in, (struct sc_str){ words.s, n });
		sc_str_drop(&words, n < words.n ? n + 1 : n);
	}
}

static void want_rule(struct sc_str *in, const struct sc_rule *r)
{
	want(in, SC_STR("("));
	want(in, r->kind == SC_ALLOW ? SC_STR("allow") : SC_STR("dontaudit"));
	want(in, r->source);
	want(in, r->target);
	want(in, SC_STR("("));
	want(in, r->tclass);
	want(in, SC_STR("("));
	want_words(in, r->perms);
	for (int i = 0; i < 3; i++)
		want(in, SC_STR(")"));
}

/* Whatever goes in, what comes out holds the rules meant and nothing else. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_str in = { (const char *)data, size }, text, rest;
	struct sc_rule rules[RULES_MAX];
	struct sc_module m = { .rules.v = rules };
	struct sc_inherit inherit;
	struct sc_error err;

	m.name = take_field(&in);
	m.title = take_field(&in);
	inherit.block = take_field(&in);
	inherit.why = take_field(&in);
	m.inherits.v = &inherit;
	m.inherits.n = inherit.block.n ? 1 : 0;
	for (; in.n && m.rules.n < RULES_MAX; m.rules.n++)
		rules[m.rules.n] = (struct sc_rule){
			.kind = size % 2 ? SC_ALLOW : SC_DONTAUDIT,
			.source = take_field(&in),
			.target = take_field(&in),
			.tclass = take_field(&in),
			.perms = take_field(&in),
			.why = take_field(&in),
		};
	if (sc_cil_write_module(&m, &out, &err) < 0) {
		if (out.n)
			abort();
		return 0;
	}
	text = (struct sc_str){ out.s, out.n };
	want(&text, SC_STR("("));
	want(&text, SC_STR("block"));
	want(&text, m.name);
	for (size_t i = 0; i < m.inherits.n; i++) {
		want(&text, SC_STR("("));
		want(&text, SC_STR("blockinherit"));
		want(&text, inherit.block);
		want(&text, SC_STR(")"));
	}
	for (size_t i = 0; i < m.rules.n; i++)
		want_rule(&text, &rules[i]);
	want(&text, SC_STR(")"));
	if (take_token(&text, &rest))
		abort();
	return 0;
}
