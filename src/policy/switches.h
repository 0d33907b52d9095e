/* switches.h - the booleans that would allow what no rule in force allows. */
#ifndef SC_POLICY_SWITCHES_H
#define SC_POLICY_SWITCHES_H

#include "policy/db.h"
#include "policy/why.h"

/* One access, in the policy's own numbers. */
struct sc_access {
	uint32_t source;
	uint32_t target;
	uint32_t tclass;
	uint32_t perm; /* one bit */
};

/*
 * Fill @why's options with the sets of switches that put a rule for @access in
 * force: none that holds another one whole; fewest switches first, then those
 * that open least, then by name. They live in @a, the names in @p. Returns how
 * many, or SC_ENOMEM.
 */
int sc_switches_find(struct sc_policy *p, const struct sc_access *access,
		     struct sc_arena *a, struct sc_why *why,
		     struct sc_error *err) SC_MUST_USE;

#endif
