#include "policy/unknown.h"

struct search {
	const struct sc_policy *policy;
	const struct sc_names *blocks;
	struct sc_arena *arena;
	struct sc_str module;
	const struct sc_cil *block; /* the one being looked through */
	struct sc_error *err;
};

static bool say(struct search *s, uint32_t line, const char *what,
		struct sc_str name, struct sc_str nearest)
{
	if (nearest.n)
		sc_fail(s->err, SC_EPOLICY,
			SC_FMT ":%u: no %s '" SC_FMT
			       "' in this policy; did you mean '" SC_FMT "'?",
			SC_ARG(s->module), line, what, SC_ARG(name),
			SC_ARG(nearest));
	else
		sc_fail(s->err, SC_EPOLICY,
			SC_FMT ":%u: no %s '" SC_FMT "' in this policy",
			SC_ARG(s->module), line, what, SC_ARG(name));
	return true;
}

/* Can @name be a type: of the policy, of the block itself, of another one? */
static bool is_type(const struct search *s, struct sc_str name)
{
	struct sc_str rest = name, block;

	if (sc_str_eq(name, SC_STR("self")) ||
	    sc_str_eq(name, SC_STR("process")) ||
	    sc_policy_has(s->policy, SC_NAME_TYPE, name) ||
	    sc_policy_has(s->policy, SC_NAME_ATTRIBUTE, name))
		return true;
	if (sc_take_until(&rest, '.', &block) && sc_names_has(s->blocks, block))
		return true;
	for (const struct sc_cil *f = s->block->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("type")) &&
		    sc_str_eq(sc_cil_word(f, 1), name))
			return true;
	return false;
}

static bool look_at_access(struct search *s, const struct sc_cil *access)
{
	struct sc_str tclass = sc_cil_word(access, 0);
	const struct sc_cil *perms = sc_cil_at(access, 1);

	if (!tclass.n || !perms || !perms->is_list)
		return false;
	if (!sc_policy_has(s->policy, SC_NAME_CLASS, tclass))
		return say(s, access->line, "class", tclass,
			   sc_policy_nearest(s->policy, SC_NAME_CLASS, tclass,
					     s->arena));
	for (const struct sc_cil *i = perms->first; i; i = i->next)
		if (!i->is_list &&
		    !sc_policy_has_perm(s->policy, tclass, i->text))
			return say(s, i->line, "permission", i->text,
				   sc_policy_nearest_perm(s->policy, tclass,
							  i->text, s->arena));
	return false;
}

static bool look_at_rule(struct search *s, const struct sc_cil *rule)
{
	for (size_t n = 1; n <= 2; n++) {
		struct sc_str type = sc_cil_word(rule, n);

		if (type.n && !is_type(s, type))
			return say(s, rule->line, "type", type,
				   sc_policy_nearest(s->policy, SC_NAME_TYPE,
						     type, s->arena));
	}
	return look_at_access(s, sc_cil_at(rule, 3));
}

bool sc_unknown_find(const struct sc_policy *p, struct sc_str name,
		     const struct sc_cil *top, const struct sc_names *blocks,
		     struct sc_arena *a, struct sc_error *err)
{
	struct search s = { .policy = p,
			    .blocks = blocks,
			    .arena = a,
			    .module = name,
			    .err = err };

	for (const struct sc_cil *b = top->first; b; b = b->next) {
		s.block = b;
		for (const struct sc_cil *f = b->first; f; f = f->next)
			if ((sc_cil_is(f, SC_STR("allow")) ||
			     sc_cil_is(f, SC_STR("dontaudit"))) &&
			    look_at_rule(&s, f))
				return true;
	}
	return false;
}
