/*
 * change.h - files of a host changed and programs of it run, as one step of a
 * plan; and what the ledger says of such steps.
 *
 * The place of such an entry in the ledger is the number of the transaction:
 * all steps of one apply have the same. Its changes are files, by their paths,
 * and programs, as "restart:UNIT", "make:NAME" and "run:NAME".
 */
#ifndef SC_HOST_CHANGE_H
#define SC_HOST_CHANGE_H

#include "host/file.h"
#include "plan/plan.h"

#define SC_HOST_KIND SC_STR("host")           /* of our entries */
#define SC_HOST_CONFIRMED SC_STR("host-kept") /* what was confirmed */

struct sc_file_change {
	struct sc_str path;
	struct sc_file before, after;
	bool sealed;  /* the ledger keeps none of its bytes: sc_host_seal() */
	bool skipped; /* private: it was so already, as /.autorelabel is gone
			 after a boot */
};

/* A program, by the absolute path; or a unit to be started anew. */
struct sc_command_line {
	struct sc_str unit;      /* "kubelet.service"; empty: */
	const char *const *argv; /* ends in NULL */
	bool makes; /* a file out of those that are changed: so it is run too
		       when these are put back */
};

/* Make .argv of the words of @text, split by blanks, in @a. False without
 * memory. */
bool sc_command_split(struct sc_str text, struct sc_arena *a,
		      struct sc_command_line *out) SC_MUST_USE;

/* How programs are run, so that tests need none. */
struct sc_runner {
	int (*run)(void *data, const char *const *argv, struct sc_error *err);
	void *data;
};
extern const struct sc_runner sc_host_runner; /* run.h's */

struct sc_host_step {
	const struct sc_host *host;
	const struct sc_runner *runner; /* NULL: no program is run */
	struct {
		struct sc_file_change *v; /* in the order they are made in */
		size_t n, room;
	} files;
	struct {
		struct sc_command_line *v; /* after the files */
		size_t n, room;
	} commands;
	struct sc_change_set changes; /* made by sc_host_step() */
	bool ran;                     /* private */
};

/* Of a file of which none of the @n steps changes bytes, but mode or owner, let
 * the ledger keep a digest: it may be a key. Before sc_host_step(). */
void sc_host_seal(struct sc_host_step *const *steps, size_t n);

/*
 * @step, which outlives it, for a plan. Applying it is refused if a file is no
 * more what .before says. @place: the transaction. All texts are kept in
 * @ledger, which may be NULL if the step is only to be shown.
 */
int sc_host_step(struct sc_host_step *step, struct sc_str place,
		 const char *title, struct sc_ledger *ledger,
		 struct sc_arena *a, struct sc_step *out, struct sc_error *err)
	SC_MUST_USE;

/* What one transaction has changed, and is not taken back. */
struct sc_host_past {
	struct sc_str place;
	struct sc_str time; /* of its first step */
	bool confirmed;
	struct {
		struct sc_change *v; /* files as they were before and are after
				      */
		size_t n, room;
	} files;
	struct {
		struct sc_change *v; /* units and what makes files */
		size_t n, room;
	} again;         /* run too when it is taken back */
	size_t programs; /* that nobody takes back, such as of packages */
};

struct sc_host_pasts {
	struct sc_host_past *v; /* in their order; also those taken back */
	size_t n, room;
};

int sc_host_pasts(const struct sc_ledger *ledger, struct sc_arena *a,
		  struct sc_host_pasts *out, struct sc_error *err) SC_MUST_USE;

/* Is anything of the transaction @place still in force, or not known to be
 * undone, so that it may have to be taken back? */
bool sc_host_is_left(const struct sc_ledger *ledger, struct sc_str place);

/* The step that takes @past back: files exactly as they were, those that are
 * made of them anew, then its units started anew. Errors: those of the ledger.
 */
int sc_host_back(const struct sc_host_past *past, const struct sc_host *h,
		 const struct sc_ledger *ledger, struct sc_arena *a,
		 struct sc_host_step *out, struct sc_error *err) SC_MUST_USE;

/*
 * Make the ledger true of a step that was interrupted: if all of its files are
 * as they should be, and its programs go when they are run once more, it is
 * done; else they are put back. A file that is neither, since others wrote to
 * it, is left alone: @foreign, empty otherwise. Errors: those of the ledger;
 * those of a program that fails after all is put back: the ledger says so.
 */
struct sc_host_settled {
	bool any, done;
	struct sc_str foreign;
};
int sc_host_settle(struct sc_ledger *ledger, const struct sc_host *h,
		   const struct sc_runner *runner, struct sc_arena *a,
		   struct sc_host_settled *out, struct sc_error *err)
	SC_MUST_USE;

/* Run the programs of @s; @back: those alone that go with files put back. */
int sc_host_run(const struct sc_host_step *s, bool back, struct sc_error *err)
	SC_MUST_USE;

/* What the ledger says of a program of @c, as one. Its words live in @a.
 * Errors: SC_ESYNTAX; those of the ledger. */
int sc_host_command(const struct sc_ledger *ledger, const struct sc_change *c,
		    struct sc_arena *a, struct sc_command_line *out,
		    struct sc_error *err) SC_MUST_USE;

#endif
