/*
 * curing.h - one check while its cure is worked out. For the files cure_NAME.c
 * alone. A cure that fails leaves its check to a person; but for memory.
 */
#ifndef SC_HOST_CURING_H
#define SC_HOST_CURING_H

#include "host/cure.h"

struct sc_curing {
	const struct sc_machine *machine;
	const struct sc_verdicts *all;
	const struct sc_verdict *verdict;
	struct sc_cure cure;
	bool live;
	struct sc_arena *a;
	struct sc_cure_plan *plan;
	struct sc_error *err;
};

/* The step that the check's cure belongs to, made if it is not there; NULL
 * without memory. Good until the next call. */
struct sc_cure_step *sc_curing_step(struct sc_curing *c);

/*
 * @path as it will be when this step begins, and what it is to become: to be
 * written to. NULL with the error said. Good until the next call.
 */
struct sc_file_change *sc_curing_file(struct sc_curing *c, struct sc_str path);

/* The same for a file that need not be there: made with @bytes then, and its
 * folders too. */
struct sc_file_change *sc_curing_new_file(struct sc_curing *c,
					  struct sc_str path,
					  struct sc_str bytes);

/* Something to know of the step; false without memory. */
bool sc_curing_note(struct sc_curing *c, const char *fmt, ...) SC_PRINTF(2, 3);

/* A program for the step to run, its words split by blanks, once. */
int sc_curing_run(struct sc_curing *c, const char *fmt, ...) SC_PRINTF(2, 3)
	SC_MUST_USE;

/* The same for one that makes a file out of those that the step changes. */
int sc_curing_make(struct sc_curing *c, const char *fmt, ...) SC_PRINTF(2, 3)
	SC_MUST_USE;

/* Is the check @id a pass, or does somebody answer for it? */
bool sc_curing_passes(const struct sc_curing *c, const char *id);

int sc_cure_value(struct sc_curing *c) SC_MUST_USE;
int sc_cure_kernel(struct sc_curing *c) SC_MUST_USE;
int sc_cure_program(struct sc_curing *c) SC_MUST_USE;
int sc_cure_label(struct sc_curing *c) SC_MUST_USE;

/* SELINUX= in the config: as far as it is safe to go from here. */
int sc_cure_mode(struct sc_curing *c) SC_MUST_USE;

#endif
