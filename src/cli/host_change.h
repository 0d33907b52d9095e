/*
 * host_change.h - the part that selcage host's plan, apply, rollback and
 * confirm share: a host, its ledger, and what shall become of it.
 */
#ifndef SC_CLI_HOST_CHANGE_H
#define SC_CLI_HOST_CHANGE_H

#include "cli/checks.h"
#include "host/cure.h"

struct sc_host_change_options {
	struct sc_host_ask ask;
	struct sc_values only;
	const char *risk;    /* the most that is done; NULL: safe */
	const char *confirm; /* --confirm-within */
	bool dry_run, yes, json, quiet;
};

struct sc_host_work {
	struct sc_arena arena;
	struct sc_host host;
	struct sc_ledger ledger;
	const struct sc_runner *runner; /* NULL: below a root no program runs */
	struct sc_host_answer answer;
	struct sc_names only; /* checks that are to be put right; none: all */
	struct sc_cure_plan plan;
	char digest[SC_SHA256_HEX + 1]; /* of the plan */
};

#define SC_ONLY_OPTION(at)                                         \
	{                                                          \
		0, "only", "CHECK...", "put right these alone", at \
	}

#define SC_HOST_WORK_EMPTY                                                   \
	{                                                                    \
		.host = { .fd = -1 }, .ledger = {.journal = -1, .lock = -1 } \
	}

void sc_host_work_free(struct sc_host_work *w); /* an SC_CLEAN() function */

int sc_host_work_open(const char *root, struct sc_host_work *w,
		      struct sc_error *err) SC_MUST_USE;

/* Its ledger too; with @write settle what was interrupted, which goes to
 * standard error. */
int sc_host_work_ledger(bool write, struct sc_host_work *w,
			struct sc_error *err) SC_MUST_USE;

/* Only the checks named in @names. Errors: SC_ENOTFOUND. */
int sc_host_work_only(struct sc_host_work *w, const struct sc_values *names,
		      struct sc_error *err) SC_MUST_USE;

/* Make the checks, and the plan that puts right what they find. */
int sc_host_work_plan(const struct sc_host_ask *ask, struct sc_host_work *w,
		      struct sc_error *err) SC_MUST_USE;

/* The steps up to @most, as text: files as differences. */
int sc_host_put_steps(const struct sc_host_work *w, enum sc_risk most,
		      struct sc_buf *out, struct sc_error *err) SC_MUST_USE;
void sc_host_put_left(const struct sc_host_work *w, struct sc_buf *out);

/* The same as JSON, an object a line. The digest of a plan is that of all
 * steps' lines: it holds what each file is now and becomes; but not the notes,
 * which tell how many files there are to label. */
int sc_host_put_steps_json(const struct sc_host_work *w, bool notes,
			   struct sc_buf *out, struct sc_error *err)
	SC_MUST_USE;
int sc_host_put_plan_json(const struct sc_host_work *w,
			  const struct sc_host_ask *ask, struct sc_buf *out,
			  struct sc_error *err) SC_MUST_USE;

/* A file's change, in lines behind five spaces. */
int sc_host_put_file(const struct sc_file_change *f, struct sc_buf *out,
		     struct sc_error *err) SC_MUST_USE;
void sc_host_put_command(const struct sc_command_line *c, struct sc_buf *out);

#endif
