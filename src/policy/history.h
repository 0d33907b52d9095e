/*
 * history.h - the versions of each module that selcage loaded, out of the
 * ledger: what to go back to, and which texts are still of use.
 */
#ifndef SC_POLICY_HISTORY_H
#define SC_POLICY_HISTORY_H

#include "plan/ledger.h"

#define SC_LOADED_KIND SC_STR("modules") /* of our entries in the ledger */
#define SC_LOADED_KINDS SC_STR("modules labels") /* and of relabel.h's */
#define SC_VERSIONS_MAX 10 /* of a module, the present one too */

/*
 * The versions of one module as they took each other's place, the present one
 * last. To take the place of the last one with the one before it is to go back:
 * the last one is forgotten. A module that was removed has none.
 */
struct sc_history {
	struct sc_str place; /* the module store */
	struct sc_str name;
	struct sc_str time; /* of the last change */
	struct sc_str digests[SC_VERSIONS_MAX];
	size_t n;
};

struct sc_histories {
	struct sc_history *v; /* as they were first loaded */
	size_t n;
	size_t room;
};

/* Errors: SC_ENOMEM. */
int sc_history_read(const struct sc_ledger *ledger, struct sc_arena *a,
		    struct sc_histories *out, struct sc_error *err) SC_MUST_USE;

/*
 * The change of modules of @place that was made last, if it came to pass and
 * the labelling of files after it has not ended, or never begun; else NULL.
 */
const struct sc_entry *sc_history_unlabelled(const struct sc_ledger *ledger,
					     struct sc_str place);

/*
 * Remove the texts that no version of any module is, and no open entry or entry
 * of another kind names. Errors: SC_ESYSTEM, SC_ENOMEM.
 */
int sc_history_prune(struct sc_ledger *ledger, struct sc_arena *a, size_t *gone,
		     struct sc_error *err) SC_MUST_USE;

#endif
