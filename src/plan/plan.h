/*
 * plan.h - changes to the host, as a list that can be shown before it is done
 * and undone after. Only a step changes the host; nothing else in selcage does.
 */
#ifndef SC_PLAN_PLAN_H
#define SC_PLAN_PLAN_H

#include "plan/ledger.h"

struct sc_step {
	const char *title; /* "install 2 modules: ..." */

	/* What the ledger is told before the step is applied. */
	struct sc_change_set changes;

	void *data; /* for the three below; outlives the plan */

	/* 1: the host is already so; 0: it is not; negative: cannot tell */
	int (*done)(void *data, struct sc_error *err);

	/* Both change all that the title says, or fail and change nothing. */
	int (*apply)(void *data, struct sc_error *err);
	int (*undo)(void *data, struct sc_error *err);
};

struct sc_plan {
	const struct sc_step *v;
	size_t n;
};

/* A line for each step, counted from 1. */
void sc_plan_show(const struct sc_plan *plan, struct sc_buf *out);

/*
 * Do every step that is not done yet, in order, each written to @ledger before
 * it is applied and once more after. If one fails, undo those that this call
 * did, last first, and return the error of the one that failed; if undoing
 * fails too, @err says so and names the step at which it stopped.
 */
int sc_plan_apply(const struct sc_plan *plan, struct sc_ledger *ledger,
		  struct sc_arena *a, struct sc_error *err) SC_MUST_USE;

/* Do the step of the entry @id, which was begun, and which a crash left open.
 * Errors: those of the step; the entry says then that it is undone. */
int sc_plan_resume(const struct sc_step *step, uint64_t id,
		   struct sc_ledger *ledger, struct sc_error *err) SC_MUST_USE;

#endif
