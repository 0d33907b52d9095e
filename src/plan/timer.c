#include "plan/timer.h"

#include "base/buf.h"
#include "base/clean.h"
#include "plan/run.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* as sd_booted(3) asks */
#define SYSTEMD_RUN "/usr/bin/systemd-run"
#define SYSTEMCTL "/usr/bin/systemctl"
#define ARGUMENTS_MAX 24

/* ---- timers */

static int check_systemd(struct sc_error *err)
{
	if (access(SYSTEMD_RUNS, F_OK) == 0)
		return 0;
	return sc_fail(err, SC_ENOTFOUND,
		       "no systemd runs here (there is no " SYSTEMD_RUNS ")");
}

static int start(void *data, const struct sc_timer *t, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str after, unit, what;
	const char *argv[ARGUMENTS_MAX] = {
		SYSTEMD_RUN,
		"--quiet",
		"--collect",
		"--timer-property=AccuracySec=1s",
		"--property=Restart=on-failure",
		"--property=RestartSec=5s",
		"--property=StartLimitIntervalSec=0",
	};
	size_t n = 0;

	(void)data;
	if (check_systemd(err) < 0)
		return err->code;
	if (!sc_keepf(&a, &after, "--on-active=%llus",
		      (unsigned long long)t->seconds) ||
	    !sc_keepf(&a, &unit, "--unit=%s", t->unit) ||
	    !sc_keepf(&a, &what, "--description=%s", t->what))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	while (argv[n])
		n++;
	argv[n++] = after.s;
	argv[n++] = unit.s;
	argv[n++] = what.s;
	argv[n++] = "--";
	for (size_t i = 0; t->command[i]; i++) {
		if (n + 1 >= ARGUMENTS_MAX)
			return sc_fail(err, SC_ELIMIT, "too many arguments");
		argv[n++] = t->command[i];
	}
	return sc_run(argv, err);
}

static int stop(void *data, const char *unit, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str name;
	const char *argv[] = { SYSTEMCTL, "--quiet", "stop", NULL, NULL };
	int r;

	(void)data;
	if (check_systemd(err) < 0)
		return err->code;
	if (!sc_keepf(&a, &name, "%s.timer", unit))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	argv[3] = name.s;
	r = sc_run(argv, err);
	/* its only complaint about one that fired already */
	if (r == SC_EREFUSED && strstr(err->msg, "not loaded"))
		return 0;
	return r;
}

const struct sc_timers sc_systemd_timers = { .start = start, .stop = stop };
