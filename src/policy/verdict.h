/*
 * verdict.h - the one word that audit2why has for a whole record.
 *
 * why.h says more, of each permission. This is for who expects the answers of
 * the old tool: the first of rule, constraint, role and bounds that denies the
 * permissions together, and booleans of which each alone would allow them all.
 */
#ifndef SC_POLICY_VERDICT_H
#define SC_POLICY_VERDICT_H

#include "policy/why.h"

enum sc_verdict_kind {
	SC_VERDICT_ALLOWED,
	SC_VERDICT_DONTAUDIT,
	SC_VERDICT_BOOLEAN,
	SC_VERDICT_RULE, /* none allows it */
	SC_VERDICT_CONSTRAINT,
	SC_VERDICT_ROLE,
	SC_VERDICT_BOUNDS,
	/* the policy does not have it: */
	SC_VERDICT_NO_SOURCE,
	SC_VERDICT_NO_TARGET,
	SC_VERDICT_NO_CLASS,
	SC_VERDICT_NO_PERM,
};

struct sc_verdict {
	enum sc_verdict_kind kind;
	struct sc_why_switch *switches; /* each would do; as in the policy */
	size_t n_switches;
	struct sc_str constraint; /* libsepol's text, of one or more lines */
};

struct sc_verdict_question {
	struct sc_str scontext; /* whole */
	struct sc_str tcontext;
	struct sc_str tclass;
	struct sc_str perms; /* split by spaces */
};

/* @out lives in @a, its names of booleans in @p. Errors: SC_ENOMEM; SC_EPOLICY
 * if libsepol fails in a way it should not. */
int sc_verdict_ask(struct sc_policy *p, const struct sc_verdict_question *q,
		   struct sc_arena *a, struct sc_verdict *out,
		   struct sc_error *err) SC_MUST_USE;

#endif
