/*
 * relax.h - a policy in which a domain is not held back: a copy for the running
 * kernel, made in memory and never in the store.
 *
 * A policy that was changed so is only to be written by sc_policy_write(), or
 * compared: what why.c and others know of a policy they learned before.
 */
#ifndef SC_POLICY_RELAX_H
#define SC_POLICY_RELAX_H

#include "policy/policy.h"

/* What is changed for a domain. */
enum sc_relax {
	SC_RELAX_PERMISSIVE = 1, /* what it is denied is done, and logged */
	SC_RELAX_AUDIT = 2,      /* no dontaudit rule holds for it */
};

struct sc_relaxed {
	struct sc_str domain;
	unsigned flags; /* enum sc_relax */
};

/*
 * Change @p so for the type @r->domain. Rules of attributes go for the others
 * on as they were: each gets a copy of its own. Errors: SC_ENOTFOUND if there
 * is no such type; SC_ENOMEM, after which @p is good for nothing.
 */
int sc_policy_relax(struct sc_policy *p, const struct sc_relaxed *r,
		    struct sc_error *err) SC_MUST_USE;

/* Make @domain no longer permissive. Errors: as above. */
int sc_policy_enforce(struct sc_policy *p, struct sc_str domain,
		      struct sc_error *err) SC_MUST_USE;

/* @p as the kernel takes it, of the version that it was read as, in @a. */
int sc_policy_write(struct sc_policy *p, struct sc_arena *a, struct sc_str *out,
		    struct sc_error *err) SC_MUST_USE;

#endif
