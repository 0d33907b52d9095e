/*
 * enforce.h - the mode of the whole kernel, as a step of a plan. It lasts until
 * the next boot: the host's config is not touched.
 */
#ifndef SC_POLICY_ENFORCE_H
#define SC_POLICY_ENFORCE_H

#include "plan/plan.h"

#define SC_ENFORCE_KIND SC_STR("mode") /* of our entries in the ledger */

struct sc_enforce_step {
	bool on;
	struct sc_change change;
	struct sc_str boot;
};

/* Keeps in @ledger what it was and what it is to be. */
int sc_enforce_plan(bool on, struct sc_ledger *ledger, struct sc_str boot,
		    struct sc_enforce_step *out, struct sc_error *err)
	SC_MUST_USE;

/* @step, which outlives it, for a plan. */
struct sc_step sc_enforce_step(struct sc_enforce_step *step, const char *title);

/* Find out whether a change that was interrupted came to pass, and say so in
 * the ledger. */
int sc_enforce_settle(struct sc_ledger *ledger, struct sc_str boot,
		      struct sc_error *err) SC_MUST_USE;

#endif
