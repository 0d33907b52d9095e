/*
 * timer.h - a timer of systemd's that runs a command once, and is gone with the
 * next boot. It fires whatever becomes of the process that set it.
 */
#ifndef SC_PLAN_TIMER_H
#define SC_PLAN_TIMER_H

#include "base/arena.h"
#include "base/error.h"

struct sc_timer {
	const char *unit;           /* a name of systemd's, without a suffix */
	uint64_t seconds;           /* from now */
	const char *what;           /* it is for, in systemd's lists */
	const char *const *command; /* an absolute path, ...; NULL ends it */
};

/* A table of functions, so that tests need no systemd. */
struct sc_timers {
	int (*start)(void *data, const struct sc_timer *timer,
		     struct sc_error *err);
	/* One that is not there is no error. */
	int (*stop)(void *data, const char *unit, struct sc_error *err);
	void *data;
};

/*
 * systemd's. A command that fails is tried again every few seconds until it
 * does not. Errors of .start: SC_ENOTFOUND if no systemd runs here; SC_ESYSTEM;
 * SC_EREFUSED with what systemd said.
 */
extern const struct sc_timers sc_systemd_timers;

#endif
