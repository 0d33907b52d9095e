/*
 * guard.h - what a container must never gain (data/guards.tsv).
 *
 * A guard names accesses by target (types, attributes), class and permission.
 * It is resolved against a policy first: a name that the policy does not have
 * is left out and remembered, and a guard with no name left is "n/a", which is
 * never the same as "holds".
 */
#ifndef SC_POLICY_GUARD_H
#define SC_POLICY_GUARD_H

#include "policy/family.h"

struct sc_guard {
	struct sc_str id;       /* "G22" */
	struct sc_str severity; /* "critical", "high", "medium" */
	struct sc_str words;    /* what the container could do, a verb first */
	struct sc_str missing;  /* names that this policy lacks, by spaces */
	bool na;                /* no name left: cannot be judged here */
};

struct sc_guards;

/*
 * Read data/guards.tsv for @family and resolve it against @p. @out lives in @a
 * and is good while @p is open. Errors: SC_ESYNTAX (a bad table), SC_ENOMEM.
 */
int sc_guards_open(const struct sc_policy *p, const struct sc_family *family,
		   struct sc_arena *a, struct sc_guards **out,
		   struct sc_error *err) SC_MUST_USE;

/*
 * The gravest guard that refuses a rule "allow SOURCE TARGET:CLASS PERM"; NULL
 * if none does. @target may be "self", a type, or an attribute: then one member
 * is enough. Names that the policy does not have are refused by none.
 */
const struct sc_guard *sc_guards_refuse(const struct sc_guards *g,
					struct sc_str source,
					struct sc_str target,
					struct sc_str tclass,
					struct sc_str perm);

#endif
