#include "rules/base.h"

#include "base/clean.h"
#include "base/sha256.h"
#include "base/vec.h"

#define ENGINE "(typeattributeset selcage_engine ("

struct write {
	const struct sc_policy *policy;
	const struct sc_family *family;
	struct sc_names starters; /* who may start a container here */
	struct sc_names engines;  /* of the base, those that the policy has */
	struct sc_names absent;   /* and those that it has not */
	struct sc_buf *out;
	struct sc_notes *lacks;
	struct sc_arena *arena;
	struct sc_error *err;
};

/* Each once: the same type stands in many rules. */
static int add_lack(struct write *w, struct sc_note note)
{
	for (size_t i = 0; i < w->lacks->n; i++)
		if (sc_str_eq(w->lacks->v[i].text, note.text))
			return 0;
	return SC_PUSH(w->arena, w->lacks, note) ? 0 : sc_no_memory(w->err);
}

/* Our own attributes and blocks; all else must be the policy's. */
static bool is_ours(struct sc_str name)
{
	return sc_take_prefix(&name, SC_STR("selcage_")) ||
	       sc_str_eq(name, SC_STR("self")) ||
	       sc_str_eq(name, SC_STR("process"));
}

static bool is_known(const struct write *w, struct sc_str name)
{
	return is_ours(name) || sc_policy_has(w->policy, SC_NAME_TYPE, name) ||
	       sc_policy_has(w->policy, SC_NAME_ATTRIBUTE, name);
}

static bool ends_word(char c)
{
	return c == ' ' || c == '(' || c == ')';
}

/* The next word of @line, parentheses and spaces passed over. */
static bool take_name(struct sc_str *line, struct sc_str *word)
{
	while (line->n && ends_word(*line->s))
		sc_str_drop(line, 1);
	if (!line->n || *line->s == ';')
		return false;
	*word = (struct sc_str){ line->s, 0 };
	while (line->n && !ends_word(*line->s)) {
		word->n++;
		sc_str_drop(line, 1);
	}
	return true;
}

static void put_left_out(struct write *w, struct sc_str line)
{
	sc_putf(w->out, "; not in this policy: " SC_FMT "\n", SC_ARG(line));
}

/* A line of an engine, optional or not. */
static int put_engine(struct write *w, struct sc_str line, struct sc_str name)
{
	if (!is_known(w, name)) {
		put_left_out(w, line);
		return SC_PUSH(w->arena, &w->absent, name)
			       ? 0
			       : sc_no_memory(w->err);
	}
	if (!SC_PUSH(w->arena, &w->engines, name))
		return sc_no_memory(w->err);
	sc_putf(w->out, ENGINE SC_FMT ")) ; %s\n", SC_ARG(name),
		sc_names_has(&w->starters, name) ||
				sc_policy_has(w->policy, SC_NAME_ATTRIBUTE,
					      name)
			? "starts containers in this policy"
			: "hands a container its standard input and output");
	return 0;
}

/* "(optional NAME (typeattributeset selcage_engine (TYPE)))", or without the
 * optional around it. */
static bool is_engine(struct sc_str line, struct sc_str *name)
{
	struct sc_str rest = line, word;

	if (sc_take_prefix(&rest, SC_STR("(optional ")) &&
	    !sc_take_until(&rest, ' ', &word))
		return false;
	return sc_take_prefix(&rest, SC_STR(ENGINE)) &&
	       sc_take_until(&rest, ')', name);
}

static int leave_out(struct write *w, struct sc_str line, const char *kind,
		     struct sc_str name)
{
	struct sc_note note = { 0 };

	put_left_out(w, line);
	if (!sc_keepf(w->arena, &note.text,
		      "no %s '" SC_FMT "': what the base has on it is left out",
		      kind, SC_ARG(name)))
		return sc_no_memory(w->err);
	return add_lack(w, note);
}

/* The rest of an allow rule, " (PERM ...))) ; why": only what the class has. */
static int put_perms(struct write *w, struct sc_str tclass, struct sc_str rest)
{
	struct sc_str word;
	bool first = true;

	sc_put(w->out, SC_STR(" ("));
	while (take_name(&rest, &word)) {
		struct sc_note note = { 0 };

		if (sc_policy_has_perm(w->policy, tclass, word)) {
			sc_putf(w->out, "%s" SC_FMT, first ? "" : " ",
				SC_ARG(word));
			first = false;
			continue;
		}
		if (!sc_keepf(w->arena, &note.text,
			      "class '" SC_FMT "' has no '" SC_FMT
			      "': left out of the base",
			      SC_ARG(tclass), SC_ARG(word)) ||
		    add_lack(w, note) < 0)
			return sc_no_memory(w->err);
	}
	sc_put(w->out, SC_STR(")))"));
	if (rest.n)
		sc_putf(w->out, " " SC_FMT, SC_ARG(rest));
	sc_put(w->out, SC_STR("\n"));
	return 0;
}

static bool has_any_perm(const struct write *w, struct sc_str tclass,
			 struct sc_str rest)
{
	struct sc_str word;

	while (take_name(&rest, &word))
		if (sc_policy_has_perm(w->policy, tclass, word))
			return true;
	return false;
}

/* "(KEYWORD SOURCE TARGET (CLASS (PERM ...)))", or with words between. */
static int put_rule(struct write *w, struct sc_str line)
{
	struct sc_str rest = line, keyword, source, target, tclass;
	bool plain;

	if (!take_name(&rest, &keyword) || !take_name(&rest, &source) ||
	    !take_name(&rest, &target) || !take_name(&rest, &tclass))
		return sc_fail(w->err, SC_ESYNTAX,
			       "the base has a line of no known form: '" SC_FMT
			       "'",
			       SC_ARG(line));
	if (sc_str_eq(tclass, SC_STR("ioctl")) && !take_name(&rest, &tclass))
		tclass = (struct sc_str){ 0 };
	if (!is_known(w, source))
		return leave_out(w, line, "type", source);
	if (!is_known(w, target))
		return leave_out(w, line, "type", target);
	if (!sc_policy_has(w->policy, SC_NAME_CLASS, tclass))
		return leave_out(w, line, "class", tclass);
	plain = sc_str_eq(keyword, SC_STR("allow")) ||
		sc_str_eq(keyword, SC_STR("dontaudit"));
	if (!plain) {
		sc_putf(w->out, SC_FMT "\n", SC_ARG(line));
		return 0;
	}
	if (!has_any_perm(w, tclass, rest))
		return leave_out(w, line, "permission of class", tclass);
	sc_putf(w->out, "(" SC_FMT " " SC_FMT " " SC_FMT " (" SC_FMT,
		SC_ARG(keyword), SC_ARG(source), SC_ARG(target),
		SC_ARG(tclass));
	return put_perms(w, tclass, rest);
}

/* " (typeattributeset domain (process))" inside a block: without it the base
 * is none. */
static int check_joined(struct write *w, struct sc_str line)
{
	struct sc_str rest = line, keyword, name;

	sc_skip_spaces(&rest);
	if (!sc_take_prefix(&rest, SC_STR("(")) || !take_name(&rest, &keyword))
		return 0;
	if (sc_str_eq(keyword, SC_STR("roletype")) && take_name(&rest, &name) &&
	    !sc_policy_has(w->policy, SC_NAME_ROLE, name))
		return sc_fail(w->err, SC_ENOTFOUND,
			       "the policy has no role '" SC_FMT
			       "', which containers run in",
			       SC_ARG(name));
	if (sc_str_eq(keyword, SC_STR("typeattributeset")) &&
	    take_name(&rest, &name) && !is_known(w, name))
		return sc_fail(w->err, SC_ENOTFOUND,
			       "the policy has no attribute '" SC_FMT
			       "', which the base joins",
			       SC_ARG(name));
	return 0;
}

static int put_line(struct write *w, struct sc_str line)
{
	static const struct sc_str rules[] = {
		SC_STR("(allow "),
		SC_STR("(allowx "),
		SC_STR("(dontaudit "),
		SC_STR("(typetransition "),
	};
	struct sc_str name;
	int r;

	if (is_engine(line, &name))
		return put_engine(w, line, name);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct sc_str rest = line;

		if (sc_take_prefix(&rest, rules[i]))
			return put_rule(w, line);
	}
	r = check_joined(w, line);
	if (r == 0)
		sc_putf(w->out, SC_FMT "\n", SC_ARG(line));
	return r;
}

static int put_body(struct write *w)
{
	struct sc_str text = w->family->base, line;

	while (sc_take_until(&text, '\n', &line)) {
		int r = put_line(w, line);

		if (r < 0)
			return r;
	}
	if (!w->engines.n)
		return sc_fail(
			w->err, SC_ENOTFOUND,
			"the policy has none of the domains that engines "
			"run in (family '" SC_FMT "')",
			SC_ARG(w->family->name));
	return sc_buf_check(w->out, w->err);
}

static bool is_engine_of_ours(const struct write *w, struct sc_str name)
{
	for (size_t i = 0; i < w->engines.n; i++)
		if (sc_str_eq(name, w->engines.v[i]) ||
		    sc_policy_is_in(w->policy, name, w->engines.v[i]))
			return true;
	return false;
}

/* "@before'a', 'b'@after", unless there are no names. */
static int say_names(struct write *w, const char *before,
		     const struct sc_names *names, const char *after)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_note note = { 0 };

	sc_putf(&b, "%s", before);
	for (size_t i = 0; i < names->n; i++)
		sc_putf(&b, "%s'" SC_FMT "'", i ? ", " : "",
			SC_ARG(names->v[i]));
	sc_putf(&b, "%s", after);
	if (b.failed ||
	    !sc_keep(w->arena, (struct sc_str){ b.s, b.n }, &note.text))
		return sc_no_memory(w->err);
	return names->n ? add_lack(w, note) : 0;
}

/* Engines that the policy lacks, and who may start a container of the
 * distribution's but none of ours. */
static int say_engines(struct write *w)
{
	struct sc_names others = { 0 };
	int r = say_names(w, "no type ", &w->absent,
			  ": no engine of that kind is in the base");

	for (size_t i = 0; r == 0 && i < w->starters.n; i++)
		if (!is_engine_of_ours(w, w->starters.v[i]) &&
		    !SC_PUSH(w->arena, &others, w->starters.v[i]))
			r = sc_no_memory(w->err);
	if (r < 0)
		return r;
	return say_names(w, "", &others,
			 " may start containers of the distribution's types, "
			 "but none of these: no engine of the base");
}

int sc_base_write(const struct sc_policy *p, const struct sc_family *family,
		  struct sc_buf *out, struct sc_notes *lacks,
		  struct sc_arena *a, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf body = { 0 };
	struct write w = { .policy = p,
			   .family = family,
			   .out = &body,
			   .lacks = lacks,
			   .arena = a,
			   .err = err };
	char hex[SC_SHA256_HEX + 1];
	int r;

	r = sc_policy_engines(p, family->container, a, &w.starters, err);
	if (r == 0)
		r = put_body(&w);
	if (r == 0)
		r = say_engines(&w);
	if (r < 0)
		return sc_while(err, "writing the base '" SC_FMT "'",
				SC_ARG(family->base_file));
	sc_sha256_hex((struct sc_str){ body.s, body.n }, hex);
	sc_putf(out,
		"; " SC_BASE_MODULE ": sha256 %s of all that follows this "
		"line\n",
		hex);
	sc_put(out, (struct sc_str){ body.s, body.n });
	return sc_buf_check(out, err);
}
