/*
 * learn.h - rules out of denials: only for what is a matter of rules, and each
 * with its reason. Used by allow (for every source) and by confine (for one
 * container's type).
 */
#ifndef SC_RULES_LEARN_H
#define SC_RULES_LEARN_H

#include "rules/advise.h"
#include "rules/rule.h"

/*
 * Append to @out the rules that the permissions of class SC_CLASS_RULE in
 * @advice ask for: one for each source, target and class, permissions united,
 * "self" where both are the same type, sorted by source, target, class. The
 * reason tells count, program and object. Records that could be forged (a
 * USER_AVC) give none.
 */
int sc_learn(const struct sc_advice *advice, size_t n, struct sc_arena *a,
	     struct sc_rules *out, struct sc_error *err) SC_MUST_USE;

/* Can CIL name all that @d is about? The policy may have types called as words
 * of CIL are: nothing is learned of these. */
bool sc_learn_can_name(const struct sc_denial *d);

/* A rule, or a part of it, that is not given. */
struct sc_refusal {
	struct sc_rule rule; /* with the permissions that are left out */
	const struct sc_guard *guard;
};

struct sc_refusals {
	struct sc_refusal *v;
	size_t n;
	size_t room;
};

/*
 * Judge @rules as a whole, where advice judges each permission alone: leave out
 * of them what guards refuse together, into @out, and say in its reason what
 * else the rule of a port opens. @guards may be NULL. Errors: SC_ENOMEM.
 */
int sc_learn_judge(const struct sc_policy *p, const struct sc_guards *guards,
		   struct sc_rules *rules, struct sc_arena *a,
		   struct sc_refusals *out, struct sc_error *err) SC_MUST_USE;

#endif
