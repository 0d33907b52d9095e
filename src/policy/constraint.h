/* constraint.h - libsepol's words about a constraint, and ours. */
#ifndef SC_POLICY_CONSTRAINT_H
#define SC_POLICY_CONSTRAINT_H

#include "policy/context.h"
#include "policy/why.h"

/* Who was denied what, for the words. */
struct sc_constrained {
	const struct sc_context *source;
	const struct sc_context *target;
	struct sc_str tclass;
	struct sc_str perm;
};

/*
 * Fill the constraint, words and mcs of @why from @text, what libsepol said:
 * lines such as "mlsconstrain file { read } ((h1 dom h2 -Fail-) )...", of which
 * those without the permission are left out: they did not deny it.
 */
int sc_constraint_say(const struct sc_constrained *c, struct sc_str text,
		      struct sc_arena *a, struct sc_why *why,
		      struct sc_error *err) SC_MUST_USE;

#endif
