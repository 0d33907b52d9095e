/* run.h - a program of the host's, run to its end. For steps, and to
 * ask what no file tells. */
#ifndef SC_PLAN_RUN_H
#define SC_PLAN_RUN_H

#include "base/arena.h"
#include "base/error.h"

/*
 * Run @argv, whose first is an absolute path and whose last is NULL, with
 * nothing to read, none of our environment, and in "/". Errors: SC_ESYSTEM if
 * it cannot be started; SC_EREFUSED with the first line that it said if it
 * fails.
 */
int sc_run(const char *const *argv, struct sc_error *err) SC_MUST_USE;

/* The same; @out, in @a, is what it said, 4 KB at most. Also SC_ENOMEM. */
int sc_run_said(const char *const *argv, struct sc_arena *a, struct sc_str *out,
		struct sc_error *err) SC_MUST_USE;

#endif
