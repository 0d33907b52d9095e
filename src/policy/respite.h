/*
 * respite.h - a domain relaxed for a while, as a step of a plan; and what the
 * ledger says of those that were.
 *
 * The place of such an entry in the ledger is the boot that it was made in: of
 * another boot than ours, it is over.
 */
#ifndef SC_POLICY_RESPITE_H
#define SC_POLICY_RESPITE_H

#include "plan/plan.h"
#include "plan/timer.h"
#include "policy/running.h"

#define SC_RESPITE_KIND SC_STR("domains") /* of our entries in the ledger */

struct sc_respite_step {
	struct sc_running *running;
	const struct sc_timers *timers;
	const char *const *command; /* that ends it; see struct sc_timer */
	struct sc_change_set changes;
	struct sc_str domain;
	struct sc_respites before, wanted;
	const struct sc_respite *begins; /* of .wanted; NULL: it ends */
	bool foreign;                    /* it ends, and is none of ours */
	bool tried; /* private: what the ledger is told came to pass */
};

/*
 * The step that begins @respite, or that gives it another end. @boot is this
 * one's name; the text that tells of it is kept in @ledger, which may be NULL
 * if the step is only to be shown. Errors: SC_EREFUSED for a name that no unit
 * of systemd can have; SC_ENOMEM; those of the ledger.
 */
int sc_respite_begin(struct sc_running *running, struct sc_ledger *ledger,
		     struct sc_str boot, const struct sc_respite *respite,
		     struct sc_respite_step *out, struct sc_error *err)
	SC_MUST_USE;

/* The step that ends the one of @domain, or that makes it enforcing if it is
 * none of ours. @ledger may be NULL: it ends without a note. */
int sc_respite_end(struct sc_running *running, const struct sc_ledger *ledger,
		   struct sc_str boot, struct sc_str domain,
		   struct sc_respite_step *out, struct sc_error *err)
	SC_MUST_USE;

/* @step, which outlives it, for a plan. */
struct sc_step sc_respite_plan(struct sc_respite_step *step, const char *title);

/* What the ledger holds for not ended. */
struct sc_respite_past {
	struct sc_str domain;
	struct sc_str digest; /* of the text that tells of it */
	struct sc_str time;   /* it began */
	struct sc_str boot;
};

struct sc_respite_pasts {
	struct sc_respite_past *v; /* in the order in which they began */
	size_t n;
	size_t room;
};

int sc_respite_open_ones(const struct sc_ledger *ledger, struct sc_arena *a,
			 struct sc_respite_pasts *out, struct sc_error *err)
	SC_MUST_USE;

/*
 * Make the ledger true: what was interrupted came to pass or not, and what is
 * not in force has ended. @ended is what this found ended.
 */
int sc_respite_settle(struct sc_ledger *ledger,
		      const struct sc_running *running, struct sc_str boot,
		      struct sc_respite_pasts *ended, struct sc_error *err)
	SC_MUST_USE;

/* The timers of one that was ended by others would fire for nothing. */
void sc_respite_stop_timers(const struct sc_timers *timers,
			    struct sc_str domain);

#endif
