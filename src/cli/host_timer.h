/* host_timer.h - takes a transaction back unless somebody confirms it. */
#ifndef SC_CLI_HOST_TIMER_H
#define SC_CLI_HOST_TIMER_H

#include "base/error.h"
#include "base/str.h"

/* In @seconds, whatever becomes of us and of the host: also after a boot.
 * Errors: those of plan/timer.h; SC_EREFUSED if others than root can change
 * this program. */
int sc_host_timer_start(struct sc_str place, uint64_t seconds,
			struct sc_error *err) SC_MUST_USE;
void sc_host_timer_stop(struct sc_str place);

#endif
