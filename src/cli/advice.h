/* advice.h - what explain says, as text and as JSON. */
#ifndef SC_CLI_ADVICE_H
#define SC_CLI_ADVICE_H

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/judge.h"

/* All of @j for a reader: the gravest class first, in it the most frequent,
 * those with the same answer together; then a line that sums up. */
int sc_advice_text(struct sc_buf *out, const struct sc_judge *j, bool colour,
		   struct sc_arena *a, struct sc_error *err) SC_MUST_USE;

/* One object a line, in the order of the tally. */
void sc_advice_json(struct sc_buf *out, const struct sc_judge *j);

#endif
