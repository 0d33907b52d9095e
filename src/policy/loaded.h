/*
 * loaded.h - the modules that selcage loaded: what the ledger says of them, and
 * what the store holds.
 */
#ifndef SC_POLICY_LOADED_H
#define SC_POLICY_LOADED_H

#include "policy/history.h"
#include "policy/store.h"

enum sc_drift {
	SC_DRIFT_NONE,    /* it is as it was loaded */
	SC_DRIFT_CHANGED, /* somebody put another text in its place */
	SC_DRIFT_GONE,    /* somebody took it away */
};

struct sc_loaded {
	struct sc_str name;
	struct sc_str digest;   /* of what was loaded */
	struct sc_str found;    /* of what the store holds; empty: gone */
	struct sc_str previous; /* of the version before; empty: none */
	size_t older;           /* versions that can be gone back to */
	struct sc_str time;
	enum sc_drift drift;
};

struct sc_loaded_list {
	struct sc_loaded *v; /* in the order of their names */
	size_t n;
	size_t room;
};

/* Errors: those of reading the store. */
int sc_loaded_find(const struct sc_ledger *ledger, struct sc_store *store,
		   struct sc_str place, struct sc_arena *a,
		   struct sc_loaded_list *out, struct sc_error *err)
	SC_MUST_USE;

/* The one called @name, or NULL. */
const struct sc_loaded *sc_loaded_named(const struct sc_loaded_list *list,
					struct sc_str name);

/* The digest of the module @name at our priority; empty if it is not there. */
int sc_loaded_digest(struct sc_store *store, const struct sc_stored_list *list,
		     struct sc_str name, struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err) SC_MUST_USE;

struct sc_settled {
	const struct sc_entry *entry; /* what was interrupted; NULL: nothing */
	enum sc_entry_state state;    /* what it turned out to be */
	bool mixed;     /* neither: others changed the store since */
	bool labels;    /* it was the labelling of files, and is still open */
	bool installed; /* the store was compiled and installed again */
};

/*
 * If the last change was interrupted, and was one of modules, find out from the
 * store whether it came to pass, see to it that the installed policy is the
 * store's, and say so in the ledger. Errors: those of reading and changing the
 * store.
 */
int sc_loaded_settle(struct sc_ledger *ledger, struct sc_store *store,
		     struct sc_arena *a, struct sc_settled *out,
		     struct sc_error *err) SC_MUST_USE;

#endif
