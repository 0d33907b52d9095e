/*
 * rules.h - needs into the rules of a module.
 *
 * Types are looked up in the policy, never assumed: the same port has another
 * type on another distribution.
 */
#ifndef SC_RULES_RULES_H
#define SC_RULES_RULES_H

#include "policy/guard.h"
#include "policy/labels.h"
#include "rules/need.h"

/* What came of a need. */
struct sc_outcome {
	const struct sc_need *need;
	bool granted;
	struct sc_str type;  /* of its port in this policy; or empty */
	struct sc_str words; /* why not, or what else it opens; or empty */
};

struct sc_outcomes {
	struct sc_outcome *v; /* one for each need, in their order */
	size_t n;
	size_t room;
};

struct sc_rules_for {
	const struct sc_policy *policy;
	const struct sc_guards *guards; /* NULL: none to ask */
	struct sc_str like; /* a type that guards judge as they would ours */
	bool userns;        /* the container has its own */
};

/*
 * Append to the inherits and rules of @module what @needs justify. Needs below
 * SC_MEDIUM and what a guard refuses give nothing but their outcome. Errors:
 * SC_ENOMEM; SC_EPOLICY.
 */
int sc_rules_make(const struct sc_rules_for *env, const struct sc_needs *needs,
		  struct sc_arena *a, struct sc_module *module,
		  struct sc_outcomes *out, struct sc_error *err) SC_MUST_USE;

/* "T covers 64127 ports", of a type with so many that a rule for one of them
 * opens much else; or nothing. False without memory. */
bool sc_rules_width(const struct sc_policy *p, struct sc_str proto,
		    struct sc_str type, struct sc_arena *a, struct sc_str *out)
	SC_MUST_USE;

#endif
