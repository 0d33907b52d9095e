/*
 * store.h - the module store of a host, by libsemanage.
 *
 * No object passes between libsemanage, which is shared and has a libsepol of
 * its own, and ours. A store is changed in one transaction or not at all; what
 * libsemanage said when it failed is in the error.
 */
#ifndef SC_POLICY_STORE_H
#define SC_POLICY_STORE_H

#include "plan/ledger.h"

#define SC_STORE_PRIORITY 360 /* 400 is the administrator's, 350 selinuxd's */

struct sc_store_place {
	const char *root; /* NULL: this host; else a private store below it */
	const char *name; /* "default" */
};

struct sc_store;

/*
 * Open the store in @place, to read it or with @write to change it. libsemanage
 * keeps its root in a process-wide variable, so one store at a time. A store
 * that a crash left without its active folder is made whole first, if @write.
 *
 * Errors: SC_ENOTFOUND if there is none; SC_EREFUSED if we may not, or another
 * program holds it; SC_EPOLICY.
 */
int sc_store_open(const struct sc_store_place *place, bool write,
		  struct sc_store **out, struct sc_error *err) SC_MUST_USE;
void sc_store_close(struct sc_store *s);

struct sc_stored {
	struct sc_str name;
	uint16_t priority;
};

struct sc_stored_list {
	struct sc_stored *v; /* in the order of names, then priorities */
	size_t n;
	size_t room;
};

int sc_store_list(struct sc_store *s, struct sc_arena *a,
		  struct sc_stored_list *out, struct sc_error *err) SC_MUST_USE;

/* The text of module @name at our priority. */
int sc_store_read(struct sc_store *s, struct sc_str name, struct sc_arena *a,
		  struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* The number of the last commit; two that are equal saw the same store. */
int sc_store_serial(const struct sc_store *s, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err) SC_MUST_USE;

struct sc_store_edit {
	struct sc_str name;
	struct sc_str text; /* CIL; .s is NULL: remove it */
};

/*
 * Install and remove at our priority, in one transaction, if the serial is
 * still @serial; no edits at all compile the store again. The policy is loaded
 * into the kernel if the store is this host's and SELinux is on. Signals wait.
 *
 * Errors: SC_EREFUSED if the store has changed, or is held by another program,
 * or may not be written; SC_EPOLICY. Nothing is changed then, but for the rare
 * case that libsemanage fails in tidying up after the change.
 */
int sc_store_change(struct sc_store *s, struct sc_str serial,
		    const struct sc_store_edit *edits, size_t n,
		    struct sc_error *err) SC_MUST_USE;

/* Is the compiled policy that the host boots with the one of the store? */
int sc_store_is_installed(const struct sc_store *s, struct sc_arena *a,
			  struct sc_error *err) SC_MUST_USE;

/* Does a change load the policy into the kernel? */
bool sc_store_reloads(const struct sc_store *s);

/* Load the installed policy into the kernel once more, if a change does that at
 * all. Errors: SC_EPOLICY. */
int sc_store_reload(const struct sc_store *s, struct sc_error *err) SC_MUST_USE;

#endif
