/*
 * repeats.h - what two sources told alike, handed out once.
 *
 * When the kernel had to drop records, the log is read for them; most of what
 * stands there was heard already. Each thing told is known by a number; a
 * source may tell the same twice, and means it.
 */
#ifndef SC_HOST_REPEATS_H
#define SC_HOST_REPEATS_H

#include "audit/event.h"

struct sc_repeats;

int sc_repeats_new(struct sc_repeats **out, struct sc_error *err) SC_MUST_USE;
void sc_repeats_free(struct sc_repeats *r);
void sc_repeats_free_p(struct sc_repeats **r); /* an SC_CLEAN() function */

/*
 * Drop from @e what the other source told, and remember the rest as told by
 * this one: @second or not. The last 131,072 things of each are remembered;
 * from the second source, what is as old as what was forgotten is dropped, too.
 */
void sc_repeats_drop(struct sc_repeats *r, struct sc_event *e, bool second);

#endif
