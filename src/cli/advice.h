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

/* One of them, without the line that sums up. */
void sc_advice_put(struct sc_buf *out, const struct sc_advice *a, bool colour);

/* "a_t -> b_t:file { read }" */
void sc_denial_put(struct sc_buf *out, const struct sc_denial *d);

/* The one that goes with @class: how grave it is. */
enum sc_colour sc_advice_colour(enum sc_class class);

/* One object a line, in the order of the tally. */
void sc_advice_json(struct sc_buf *out, const struct sc_judge *j);

/* The members of one of them, after the first one, which the caller writes. */
void sc_advice_members(struct sc_buf *out, const struct sc_advice *a);

#endif
