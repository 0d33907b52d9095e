#include "rules/graft.h"

#include "base/vec.h"
#include "policy/cil_read.h"
#include "rules/cil.h"

#define PROCESS SC_STR(".process")
#define PREFIX "learned_"
#define INDENT "    "

static bool is_of_block(struct sc_str domain)
{
	return domain.n > PROCESS.n &&
	       memcmp(domain.s + domain.n - PROCESS.n, PROCESS.s, PROCESS.n) ==
		       0 &&
	       !memchr(domain.s, '.', domain.n - PROCESS.n);
}

int sc_graft_name(struct sc_str domain, struct sc_arena *a, struct sc_str *out,
		  struct sc_error *err)
{
	struct sc_str block = { domain.s, domain.n - PROCESS.n };
	char *name;

	if (is_of_block(domain)) {
		if (sc_keep(a, block, out))
			return 0;
		return sc_no_memory(err);
	}
	name = sc_new_array(a, char, sizeof(PREFIX) + domain.n);
	if (!name)
		return sc_no_memory(err);
	memcpy(name, PREFIX, sizeof(PREFIX) - 1);
	*out = (struct sc_str){ name, sizeof(PREFIX) - 1 + domain.n };
	for (size_t i = 0; i < domain.n; i++)
		name[sizeof(PREFIX) - 1 + i] =
			(char)(domain.s[i] == '.' ? '_' : domain.s[i]);
	return 0;
}

/* Where the form that starts at or after @at ends: its last parenthesis. The
 * text has been read before, so that it is well formed. */
static size_t form_end(struct sc_str text, size_t at)
{
	size_t depth = 0;

	for (; at < text.n; at++) {
		char c = text.s[at];

		if (c == ';') {
			const char *end =
				memchr(text.s + at, '\n', text.n - at);

			at = end ? (size_t)(end - text.s) : text.n;
		} else if (c == '"') {
			const char *end =
				memchr(text.s + at + 1, '"', text.n - at - 1);

			at = end ? (size_t)(end - text.s) : text.n;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			return at;
		}
	}
	return text.n;
}

/* The parenthesis that ends the block of its name. */
static int find_end(const struct sc_graft *g, struct sc_arena *a, size_t *out,
		    struct sc_error *err)
{
	struct sc_cil *top;
	size_t at = 0;
	int r = sc_cil_read(g->text, a, &top, err);

	if (r < 0)
		return sc_while(err, "module '" SC_FMT "'", SC_ARG(g->name));
	for (const struct sc_cil *f = top->first; f; f = f->next) {
		if (!f->is_list)
			continue;
		at = form_end(g->text, at);
		if (at >= g->text.n)
			break;
		if (sc_cil_is(f, SC_STR("block")) &&
		    sc_str_eq(sc_cil_word(f, 1), g->name)) {
			*out = at;
			return 0;
		}
		at++;
	}
	return sc_fail(err, SC_ESYNTAX,
		       "module '" SC_FMT "' has no block of its name",
		       SC_ARG(g->name));
}

/* In its own block the domain is "process". */
static int write_under(const struct sc_rules *rules, struct sc_arena *a,
		       struct sc_buf *out, struct sc_error *err)
{
	struct sc_rules own = { 0 };

	for (size_t i = 0; i < rules->n; i++) {
		struct sc_rule r = rules->v[i];

		r.source = SC_STR("process");
		if (!SC_PUSH(a, &own, r))
			return sc_no_memory(err);
	}
	return sc_cil_write_under(INDENT, &own, out, err);
}

int sc_graft_write(const struct sc_graft *g, const struct sc_rules *rules,
		   struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
{
	size_t end = 0;
	int r;

	if (!is_of_block(g->domain)) {
		sc_put(out, g->text);
		if (g->text.n && g->text.s[g->text.n - 1] != '\n')
			sc_put(out, SC_STR("\n"));
		return sc_cil_write(rules, out, err);
	}
	r = find_end(g, a, &end, err);
	if (r < 0)
		return r;
	sc_put(out, (struct sc_str){ g->text.s, end });
	if (end && g->text.s[end - 1] != '\n')
		sc_put(out, SC_STR("\n"));
	r = write_under(rules, a, out, err);
	sc_put(out, (struct sc_str){ g->text.s + end, g->text.n - end });
	return r < 0 ? r : sc_buf_check(out, err);
}
