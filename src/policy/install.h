/*
 * install.h - the step of a plan that installs and removes modules.
 */
#ifndef SC_POLICY_INSTALL_H
#define SC_POLICY_INSTALL_H

#include "plan/plan.h"
#include "policy/store.h"

struct sc_install {
	struct sc_store *store;
	struct sc_str serial; /* of the store that was planned for */
	const struct sc_store_edit *edits; /* one for each of .changes */
	struct sc_ledger *ledger;          /* holds the texts to go back to */
	struct sc_change_set changes;
	bool tried; /* private: what the ledger is told came to pass */
};

/* All of it in one transaction; @install outlives the step. */
struct sc_step sc_install_step(struct sc_install *install, const char *title);

#endif
