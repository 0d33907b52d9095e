/*
 * timer.h - a timer of systemd's that runs a command once. It fires whatever
 * becomes of the process that set it. One that lasts is on disk, so that it
 * fires after a boot too; any other is gone with the next boot.
 */
#ifndef SC_PLAN_TIMER_H
#define SC_PLAN_TIMER_H

#include "base/buf.h"
#include "base/error.h"

struct sc_timer {
	const char *unit;           /* a name of systemd's, without a suffix */
	uint64_t seconds;           /* from now */
	const char *what;           /* it is for, in systemd's lists */
	const char *const *command; /* an absolute path, ...; NULL ends it */
	bool lasts;                 /* over boots: see below */
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
 *
 * One that lasts is two units below /etc, on disk before .start returns. After
 * a boot it fires when its time has come by the clock, at once if that was
 * while the host was off; and at the latest .seconds after the boot, whatever
 * became of the clock.
 */
extern const struct sc_timers sc_systemd_timers;

/* What .data may be, so that tests need no systemd; NULL: the host's own. */
struct sc_systemd {
	const char *runs;   /* a folder that is there where systemd runs */
	const char *units;  /* the folder of the administrator's units */
	const char *stamps; /* where it notes when timers have fired */
	int (*run)(const char *const *argv, struct sc_error *err);
};

#endif
