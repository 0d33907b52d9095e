/* diff.h - what is different between two texts, for people. */
#ifndef SC_BASE_DIFF_H
#define SC_BASE_DIFF_H

#include "base/buf.h"

/*
 * Append the lines that differ, as diff -U2 does but for the names of files:
 * each line behind @indent, and safe for a terminal. Where too much differs,
 * all of it is taken out and put in. Errors: SC_ENOMEM.
 */
int sc_diff_put(struct sc_buf *out, const char *indent, struct sc_str before,
		struct sc_str after, struct sc_error *err) SC_MUST_USE;

#endif
