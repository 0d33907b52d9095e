#include "cli/host_timer.h"

#include "base/buf.h"
#include "base/clean.h"
#include "cli/program.h"
#include "plan/timer.h"

#define UNIT "selcage-host-" SC_FMT

int sc_host_timer_start(struct sc_str place, uint64_t seconds,
			struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	char program[PATH_MAX];
	struct sc_str unit, what, number;
	const char *command[] = { program, "host",    "rollback",
				  NULL,    "--timer", NULL };
	const struct sc_timer t = { .seconds = seconds,
				    .command = command,
				    .lasts = true };
	struct sc_timer timer = t;
	int r = sc_own_program(program, err);

	if (r < 0)
		return r;
	if (!sc_keepf(&a, &unit, UNIT, SC_ARG(place)) ||
	    !sc_keep(&a, place, &number) ||
	    !sc_keepf(&a, &what,
		      "take back transaction " SC_FMT " of selcage "
		      "host",
		      SC_ARG(place)))
		return sc_no_memory(err);
	command[3] = number.s;
	timer.unit = unit.s;
	timer.what = what.s;
	r = sc_systemd_timers.start(sc_systemd_timers.data, &timer, err);
	return r < 0 ? sc_while(err, "nothing would take it back: no timer")
		     : 0;
}

void sc_host_timer_stop(struct sc_str place)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str unit, rest = place;
	struct sc_error ignored;
	uint64_t number;

	/* it becomes part of a path */
	if (!sc_take_u64(&rest, &number) || rest.n)
		return;
	if (sc_keepf(&a, &unit, UNIT, SC_ARG(place)))
		(void)sc_systemd_timers.stop(sc_systemd_timers.data, unit.s,
					     &ignored);
}
