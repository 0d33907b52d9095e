/*
 * tear.h - records that share a line.
 *
 * A writer that is killed, or a machine that loses power, leaves half a record,
 * or a stretch of NUL bytes, and the next record is written behind it. What is
 * left of the first one must not lend its words to the second.
 */
#ifndef SC_AUDIT_TEAR_H
#define SC_AUDIT_TEAR_H

#include "base/str.h"

#include <string.h>

/* Where the next record begins in @line, one of auditd's whose own text is
 * @body; 0: it holds one alone. */
size_t sc_tear_in(struct sc_str line, struct sc_str body);

/* The same for a @line that is no record: what is left of one is at its front.
 */
size_t sc_tear_front(struct sc_str line);

/* Does @line end as an AVC does, whatever its type? A look at the end is all
 * that can be afforded for most lines of a log. */
static inline bool sc_tear_shows(struct sc_str line)
{
	static const char mark[] = " permissive=";
	size_t n = sizeof(mark); /* with the digit after it */

	return line.n > n &&
	       (line.s[line.n - 1] == '0' || line.s[line.n - 1] == '1') &&
	       memcmp(line.s + line.n - n, mark, n - 1) == 0;
}

#endif
