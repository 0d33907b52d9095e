/* span.h - a length of time, as people write it: 45s, 30m, 2h, 1d. */
#ifndef SC_CLI_SPAN_H
#define SC_CLI_SPAN_H

#include "base/error.h"

#include <stdint.h>

/* @text in seconds, more than none. Errors: SC_ESYNTAX, with the name of the
 * option; SC_ELIMIT if 64 bits do not hold it. */
int sc_span_read(const char *option, const char *text, uint64_t *out,
		 struct sc_error *err) SC_MUST_USE;

#endif
