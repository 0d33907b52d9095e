#include "plan/timer.h"

#include "base/clean.h"
#include "base/file.h"
#include "plan/run.h"

#include <errno.h>
#include <time.h>

#define SYSTEMD_RUN "/usr/bin/systemd-run"
#define SYSTEMCTL "/usr/bin/systemctl"
#define ARGUMENTS_MAX 24

static const struct sc_systemd hosts = {
	.runs = "/run/systemd/system", /* as sd_booted(3) asks */
	.units = "/etc/systemd/system",
	.stamps = "/var/lib/systemd/timers",
	.run = sc_run,
};

static const struct sc_systemd *systemd_of(void *data)
{
	return data ? data : &hosts;
}

static int check_systemd(const struct sc_systemd *d, struct sc_error *err)
{
	if (access(d->runs, F_OK) == 0)
		return 0;
	return sc_fail(err, SC_ENOTFOUND,
		       "no systemd runs here (there is no %s)", d->runs);
}

static int control(const struct sc_systemd *d, const char *verb,
		   const char *option, const char *unit, struct sc_error *err)
{
	const char *argv[] = { SYSTEMCTL, "--quiet", verb, option, unit, NULL };

	if (!option) {
		argv[3] = unit;
		argv[4] = NULL;
	}
	return d->run(argv, err);
}

/* ---- until the next boot */

static int start_transient(const struct sc_systemd *d, const struct sc_timer *t,
			   struct sc_error *err)
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

	if (!sc_keepf(&a, &after, "--on-active=%llus",
		      (unsigned long long)t->seconds) ||
	    !sc_keepf(&a, &unit, "--unit=%s", t->unit) ||
	    !sc_keepf(&a, &what, "--description=%s", t->what))
		return sc_no_memory(err);
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
	return d->run(argv, err);
}

/* ---- over boots */

/* A word that a unit reads as it stands. */
static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789/._+-")];
}

static int put_service(const struct sc_timer *t, struct sc_buf *out,
		       struct sc_error *err)
{
	sc_putf(out,
		"# Made by selcage, which takes it away again.\n"
		"[Unit]\nDescription=%s\nStartLimitIntervalSec=0\n\n"
		"[Service]\nType=oneshot\nRestart=on-failure\nRestartSec=5s\n"
		"ExecStart=",
		t->what);
	for (size_t i = 0; t->command[i]; i++) {
		if (!is_plain(t->command[i]))
			return sc_fail(err, SC_EREFUSED,
				       "a unit of systemd cannot run '%s'",
				       t->command[i]);
		sc_putf(out, "%s%s", i ? " " : "", t->command[i]);
	}
	sc_put(out, SC_STR("\n"));
	return sc_buf_check(out, err);
}

/* Its own dependencies, not the default ones: these have a timer by the clock
 * wait for the network's time, which a host that lost its network never gets.
 */
static int put_timer(const struct sc_timer *t, time_t now, struct sc_buf *out,
		     struct sc_error *err)
{
	const time_t at = now + (time_t)t->seconds;
	char date[64];
	struct tm tm;

	if (!gmtime_r(&at, &tm) ||
	    !strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S UTC", &tm))
		return sc_fail(err, SC_ELIMIT, "no clock goes so far");
	sc_putf(out,
		"# Made by selcage, which takes it away again.\n"
		"[Unit]\nDescription=%s\nDefaultDependencies=no\n"
		"Requires=sysinit.target\nAfter=sysinit.target\n"
		"Conflicts=shutdown.target\n"
		"Before=timers.target shutdown.target\n\n"
		"[Timer]\nOnCalendar=%s\nPersistent=true\nOnActiveSec=%llus\n"
		"AccuracySec=1s\n\n"
		"[Install]\nWantedBy=timers.target\n",
		t->what, date, (unsigned long long)t->seconds);
	return sc_buf_check(out, err);
}

/* What a timer that lasts is made of. */
struct places {
	struct sc_str service, timer; /* files */
	struct sc_str unit;           /* "NAME.timer" */
	struct sc_str wants, stamp;
};

static int find_places(const struct sc_systemd *d, const char *unit,
		       struct sc_arena *a, struct places *out,
		       struct sc_error *err)
{
	if (!sc_keepf(a, &out->service, "%s/%s.service", d->units, unit) ||
	    !sc_keepf(a, &out->timer, "%s/%s.timer", d->units, unit) ||
	    !sc_keepf(a, &out->unit, "%s.timer", unit) ||
	    !sc_keepf(a, &out->wants, "%s/timers.target.wants", d->units) ||
	    !sc_keepf(a, &out->stamp, "%s/stamp-%s.timer", d->stamps, unit))
		return sc_no_memory(err);
	return 0;
}

static int remove_files(const struct sc_systemd *d, const struct places *p,
			struct sc_error *err)
{
	const char *const files[] = { p->timer.s, p->service.s, p->stamp.s };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (unlink(files[i]) < 0 && errno != ENOENT)
			return sc_fail_os(err, "cannot remove '%s'", files[i]);
	return sc_sync_folder(d->units, err);
}

static int stop_lasting(const struct sc_systemd *d, const struct places *p,
			struct sc_error *err)
{
	int r = control(d, "disable", "--now", p->unit.s, err);

	/* without them no boot starts it, whatever systemd said */
	if (remove_files(d, p, err) < 0)
		return err->code;
	return r < 0 ? r : control(d, "daemon-reload", NULL, NULL, err);
}

static int start_lasting(const struct sc_systemd *d, const struct sc_timer *t,
			 struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf service = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf timer = { 0 };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error ignored;
	struct sc_output files[2];
	struct places p = { 0 };
	int r = find_places(d, t->unit, &a, &p, err);

	if (r == 0)
		r = put_service(t, &service, err);
	if (r == 0)
		r = put_timer(t, time(NULL), &timer, err);
	if (r < 0)
		return r;
	files[0] = (struct sc_output){ p.service.s, { service.s, service.n } };
	files[1] = (struct sc_output){ p.timer.s, { timer.s, timer.n } };
	r = sc_files_replace(files, 2, err);
	if (r == 0)
		r = sc_sync_folder(d->units, err);
	if (r == 0)
		r = control(d, "enable", "--now", p.unit.s, err);
	if (r == 0)
		r = sc_sync_folder(p.wants.s, err);
	if (r < 0)
		(void)stop_lasting(d, &p, &ignored);
	return r;
}

/* ---- either */

static int start(void *data, const struct sc_timer *t, struct sc_error *err)
{
	const struct sc_systemd *d = systemd_of(data);
	int r = check_systemd(d, err);

	if (r < 0)
		return r;
	return t->lasts ? start_lasting(d, t, err) : start_transient(d, t, err);
}

static int stop(void *data, const char *unit, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const struct sc_systemd *d = systemd_of(data);
	struct places p = { 0 };
	int r = check_systemd(d, err);

	if (r == 0)
		r = find_places(d, unit, &a, &p, err);
	if (r < 0)
		return r;
	if (access(p.timer.s, F_OK) == 0 || access(p.service.s, F_OK) == 0)
		return stop_lasting(d, &p, err);
	r = control(d, "stop", NULL, p.unit.s, err);
	/* its only complaint about one that fired already */
	if (r == SC_EREFUSED && strstr(err->msg, "not loaded"))
		return 0;
	return r;
}

const struct sc_timers sc_systemd_timers = { .start = start, .stop = stop };
