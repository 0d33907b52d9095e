#include "rules/cil.h"

#include "base/safe.h"
#include "base/table.h"

#define NAME_MAX_BYTES 2047 /* CIL refuses a longer one */

static const char *const keywords[] = {
	[SC_ALLOW] = "allow",
	[SC_DONTAUDIT] = "dontaudit",
};

/* Words that CIL reads in another sense than a name, in one place or another:
 * "(file (all))" is every permission, "notself" every type but one. */
static bool is_reserved(struct sc_str v)
{
	static const struct sc_str words[] = {
		SC_STR("all"),  SC_STR("and"),   SC_STR("eq"),
		SC_STR("neq"),  SC_STR("not"),   SC_STR("notself"),
		SC_STR("or"),   SC_STR("other"), SC_STR("range"),
		SC_STR("self"), SC_STR("xor"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sc_str_eq(v, words[i]))
			return true;
	return false;
}

/* Not isalpha(): what a letter is must not depend on the locale. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool sc_cil_is_name(struct sc_str name)
{
	bool at_start = true;

	if (name.n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if (at_start ? !is_letter(name.s[i])
			     : !is_name_byte(name.s[i]) && name.s[i] != '.')
			return false;
		at_start = name.s[i] == '.';
	}
	return !at_start && !is_reserved(name);
}

static int refuse(struct sc_str name, const char *what, struct sc_error *err)
{
	return sc_fail(err, SC_ESYNTAX, "'%.*s' cannot be the name of a %s",
		       (int)(name.n < 100 ? name.n : 100), name.s, what);
}

static int check_perms(struct sc_str perms, struct sc_error *err)
{
	struct sc_str word;

	if (!sc_str_trim(perms).n)
		return refuse(perms, "permission", err);
	while (sc_take_word(&perms, &word))
		if (!sc_cil_is_name(word))
			return refuse(word, "permission", err);
	return 0;
}

static int check_rule(const struct sc_rule *r, struct sc_error *err)
{
	for (size_t i = 0; i < r->n_ioctls; i++)
		if (r->ioctls[i].last < r->ioctls[i].first)
			return sc_fail(err, SC_ESYNTAX,
				       "a range of ioctls ends before it "
				       "starts");
	if (!sc_cil_is_name(r->source))
		return refuse(r->source, "type", err);
	if (!sc_cil_is_name(r->target) && !sc_str_eq(r->target, SC_STR("self")))
		return refuse(r->target, "type", err);
	if (!sc_cil_is_name(r->tclass))
		return refuse(r->tclass, "class", err);
	return check_perms(r->perms, err);
}

static int check_rules(const struct sc_rules *rules, struct sc_error *err)
{
	for (size_t i = 0; i < rules->n; i++)
		if (check_rule(&rules->v[i], err) < 0)
			return sc_while(err, "rule %zu", i + 1);
	return 0;
}

/* A comment runs to the end of its line: nothing in @text may end it early.
 * The space keeps it from becoming ";;*", which CIL reads as a line mark. */
static void put_comment(struct sc_buf *out, const char *indent,
			struct sc_str text)
{
	if (!text.n)
		return;
	sc_putf(out, "%s; ", indent);
	sc_put_safe(out, text);
	sc_put(out, SC_STR("\n"));
}

static void put_words(struct sc_buf *out, struct sc_str words)
{
	const char *between = "";
	struct sc_str word;

	while (sc_take_word(&words, &word)) {
		sc_putf(out, "%s" SC_FMT, between, SC_ARG(word));
		between = " ";
	}
}

/* "(allowx a_t b_t (ioctl file ((range 0x5401 0x5403) 0x8927)))" */
static void put_ioctls(struct sc_buf *out, const char *indent,
		       const struct sc_rule *r)
{
	sc_putf(out, "%s(%sx " SC_FMT " " SC_FMT " (ioctl " SC_FMT " (", indent,
		keywords[r->kind], SC_ARG(r->source), SC_ARG(r->target),
		SC_ARG(r->tclass));
	for (size_t i = 0; i < r->n_ioctls; i++) {
		const struct sc_ioctl_range *x = &r->ioctls[i];

		if (x->first == x->last)
			sc_putf(out, "%s0x%x", i ? " " : "", x->first);
		else
			sc_putf(out, "%s(range 0x%x 0x%x)", i ? " " : "",
				x->first, x->last);
	}
	sc_put(out, SC_STR(")))\n"));
}

void sc_cil_put_ioctls(const struct sc_rule *r, struct sc_buf *out)
{
	put_ioctls(out, "", r);
}

static void put_rules(struct sc_buf *out, const char *indent,
		      const struct sc_rules *rules)
{
	struct sc_str last = { 0 };

	for (size_t i = 0; i < rules->n; i++) {
		const struct sc_rule *r = &rules->v[i];

		if (!sc_str_eq(r->why, last))
			put_comment(out, indent, r->why);
		last = r->why;
		sc_putf(out, "%s(%s " SC_FMT " " SC_FMT " (" SC_FMT " (",
			indent, keywords[r->kind], SC_ARG(r->source),
			SC_ARG(r->target), SC_ARG(r->tclass));
		put_words(out, r->perms);
		sc_put(out, SC_STR(")))\n"));
		if (r->n_ioctls)
			put_ioctls(out, indent, r);
	}
}

int sc_cil_write_under(const char *indent, const struct sc_rules *rules,
		       struct sc_buf *out, struct sc_error *err)
{
	int r = check_rules(rules, err);

	if (r < 0)
		return r;
	put_rules(out, indent, rules);
	return sc_buf_check(out, err);
}

int sc_cil_write(const struct sc_rules *rules, struct sc_buf *out,
		 struct sc_error *err)
{
	return sc_cil_write_under("", rules, out, err);
}

static int check_module(const struct sc_module *m, struct sc_error *err)
{
	if (!sc_cil_is_name(m->name) || memchr(m->name.s, '.', m->name.n))
		return refuse(m->name, "module", err);
	for (size_t i = 0; i < m->inherits.n; i++)
		if (!sc_cil_is_name(m->inherits.v[i].block))
			return refuse(m->inherits.v[i].block, "block", err);
	return check_rules(&m->rules, err);
}

int sc_cil_write_module(const struct sc_module *m, struct sc_buf *out,
			struct sc_error *err)
{
	int r = check_module(m, err);

	if (r < 0)
		return r;
	put_comment(out, "", m->title);
	sc_putf(out, "(block " SC_FMT "\n", SC_ARG(m->name));
	for (size_t i = 0; i < m->inherits.n; i++) {
		put_comment(out, "    ", m->inherits.v[i].why);
		sc_putf(out, "    (blockinherit " SC_FMT ")\n",
			SC_ARG(m->inherits.v[i].block));
	}
	if (m->inherits.n && m->rules.n)
		sc_put(out, SC_STR("\n"));
	put_rules(out, "    ", &m->rules);
	sc_put(out, SC_STR(")\n"));
	return sc_buf_check(out, err);
}
