/* advice.h - what explain says, as text and as JSON. */
#ifndef SC_CLI_ADVICE_H
#define SC_CLI_ADVICE_H

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/judge.h"

/* All of @j for a reader: the gravest class first, in it the most frequent,
 * then a line that sums up. */
void sc_advice_text(struct sc_buf *out, const struct sc_judge *j, bool colour);

/* One object a line, in the order of the tally. */
void sc_advice_json(struct sc_buf *out, const struct sc_judge *j);

/* ,"NAME":"V" */
void sc_put_json_field(struct sc_buf *out, const char *name, struct sc_str v);

#endif
