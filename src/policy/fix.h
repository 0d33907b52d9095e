/*
 * fix.h - modules that mend what a distribution's policy lacks, for the whole
 * host: data/fixes.tsv. They are selcage's own text, chosen by name, and no
 * container's: so no guard judges them.
 */
#ifndef SC_POLICY_FIX_H
#define SC_POLICY_FIX_H

#include "policy/policy.h"

struct sc_fix {
	struct sc_str name;   /* "engine-unit" */
	struct sc_str module; /* "selcage_fix_engine-unit" */
	struct sc_str words;  /* what it does */
	struct sc_str text;
};

/* The one called @name. SC_ENOTFOUND, with all the names; SC_ENOMEM. */
int sc_fix_find(struct sc_str name, struct sc_arena *a, struct sc_fix *out,
		struct sc_error *err) SC_MUST_USE;

/* Does @p have what @fix mends? SC_EREFUSED, and why not. */
int sc_fix_check(const struct sc_fix *fix, const struct sc_policy *p,
		 struct sc_error *err) SC_MUST_USE;

/* Is @text, of the module @module, that of a fix? */
bool sc_fix_is(struct sc_str module, struct sc_str text);

#endif
