/* output_of.h - what another program says: run without a shell, with nothing to
 * read, for a limited time. */
#ifndef SC_CLI_OUTPUT_OF_H
#define SC_CLI_OUTPUT_OF_H

#include "base/buf.h"

/*
 * Run @argv, found in PATH, and append its standard output to @out. Errors:
 * SC_ENOTFOUND, there is no such program; SC_EREFUSED, it ended with another
 * exit code than 0; SC_ELIMIT, it said more than @limit bytes or took longer
 * than @seconds, and was killed; SC_ESYSTEM; SC_ENOMEM.
 */
int sc_output_of(const char *const *argv, size_t limit, unsigned seconds,
		 struct sc_buf *out, struct sc_error *err) SC_MUST_USE;

#endif
