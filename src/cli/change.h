/*
 * change.h - the part that load and unload share: what is planned for the
 * module store, proven, shown, asked about, and done.
 */
#ifndef SC_CLI_CHANGE_H
#define SC_CLI_CHANGE_H

#include "cli/cli.h"
#include "policy/fix.h"
#include "policy/install.h"
#include "policy/loaded.h"
#include "policy/relabel.h"

struct sc_change_options {
	const char *root;
	const char *store_name;
	const char *policy;
	bool dry_run;
	bool yes;
};

/* Lines of the table of options, for a struct whose .common is the above. */
#define SC_ROOT_OPTIONS(type)                                           \
	{ 0, "root", "DIR", "a module store below DIR, not the host's", \
	  offsetof(type, common.root) },                                \
	{                                                               \
		0, "store-name", "NAME",                                \
			"a store of another name than the one in use",  \
			offsetof(type, common.store_name)               \
	}
#define SC_CHANGE_OPTIONS(type)                                            \
	SC_ROOT_OPTIONS(type),                                             \
		{ 'p', "policy", "FILE",                                   \
		  "prove on this compiled policy, not the store's",        \
		  offsetof(type, common.policy) },                         \
		{ 'n', "dry-run", NULL, "show the plan and stop",          \
		  offsetof(type, common.dry_run) },                        \
	{                                                                  \
		'y', "yes", NULL, "do not ask", offsetof(type, common.yes) \
	}

/* One module that the plan changes. */
struct sc_target {
	struct sc_str name;
	struct sc_str text;   /* to install; .s is NULL: remove it */
	struct sc_str before; /* digest of what the store holds, or empty */
	struct sc_str after;  /* digest of .text, or empty */
	struct sc_str words;  /* what it does, of a fix */
	struct sc_claims gives, takes; /* ports and paths; of both, neither */
};

struct sc_work {
	struct sc_arena arena;
	struct sc_store_place place;
	struct sc_store *store;
	struct sc_ledger ledger;
	struct sc_str serial;
	struct sc_stored_list stored;
	struct sc_loaded_list loaded;
	struct {
		struct sc_target *v;
		size_t n;
		size_t room;
	} targets;
	struct sc_labelling relabel;
};

void sc_work_free(struct sc_work *w); /* an SC_CLEAN() function */

/*
 * Open store and ledger; with @write lock the ledger, and settle what was
 * interrupted. What there is to say of that goes to standard error. @w->ledger
 * must have been set to SC_WORK_EMPTY's.
 */
int sc_work_open(const struct sc_change_options *o, bool write,
		 struct sc_work *w, struct sc_error *err) SC_MUST_USE;

#define SC_WORK_EMPTY                                  \
	{                                              \
		.ledger = {.journal = -1, .lock = -1 } \
	}

/* Plan to install @text as @name, unless the store has just that from us. */
int sc_work_install(struct sc_work *w, struct sc_str name, struct sc_str text,
		    struct sc_error *err) SC_MUST_USE;
/* The same for a fix of the host, if its policy has what that mends. */
int sc_work_fix(struct sc_work *w, const struct sc_change_options *o,
		struct sc_str name, struct sc_error *err) SC_MUST_USE;
int sc_work_remove(struct sc_work *w, const struct sc_loaded *loaded,
		   struct sc_error *err) SC_MUST_USE;

/* Plan to install the version before. Errors: SC_ENOTFOUND, there is none. */
int sc_work_put_back(struct sc_work *w, const struct sc_loaded *loaded,
		     struct sc_error *err) SC_MUST_USE;

/* What the targets claim anew and give up: into each, and into .relabel. */
int sc_work_find_claims(struct sc_work *w, struct sc_error *err) SC_MUST_USE;
void sc_work_put_claims(const struct sc_target *t, struct sc_buf *out);

/*
 * Label the files of the last change, if that was interrupted before they had
 * their labels; what is to be said of it goes to standard error. Errors: of the
 * ledger; that files cannot be labelled is said, and stops nothing.
 */
int sc_work_label_rest(struct sc_work *w, struct sc_error *err) SC_MUST_USE;

/* Lines of the plan about files whose labels change. */
void sc_work_put_relabel(const struct sc_work *w, struct sc_buf *out);

/* Prove what would be in the store, show the plan, ask, do it. Returns an enum
 * sc_exit. */
int sc_work_run(struct sc_work *w, const struct sc_change_options *o, FILE *out,
		struct sc_error *err) SC_MUST_USE;

#endif
