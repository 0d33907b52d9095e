#include "plan/timer.h"

#include "base/buf.h"
#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#define SYSTEMD_RUNS "/run/systemd/system" /* as sd_booted(3) asks */
#define SYSTEMD_RUN "/usr/bin/systemd-run"
#define SYSTEMCTL "/usr/bin/systemctl"
#define ARGUMENTS_MAX 24
#define SAID_MAX ((size_t)4096)

/* ---- running a program */

static void read_all(int fd, struct sc_buf *out)
{
	char chunk[512];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (out->n + (size_t)n <= SAID_MAX)
			sc_put(out, (struct sc_str){ chunk, (size_t)n });
	}
}

/* Its standard output and its errors go to @fd; it can ask nothing. */
static int spawn(const char *const *argv, int fd, pid_t *pid)
{
	static const char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL
	};
	posix_spawn_file_actions_t files;
	int r = posix_spawn_file_actions_init(&files);

	if (r != 0)
		return r;
	if (posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY,
					     0) != 0 ||
	    posix_spawn_file_actions_adddup2(&files, fd, 1) != 0 ||
	    posix_spawn_file_actions_adddup2(&files, fd, 2) != 0)
		r = ENOMEM;
	else
		r = posix_spawn(pid, argv[0], &files, NULL,
				(char *const *)(uintptr_t)argv,
				(char *const *)(uintptr_t)environment);
	(void)posix_spawn_file_actions_destroy(&files);
	return r;
}

/* The first line of what it said. */
static struct sc_str first_line(const struct sc_buf *said)
{
	struct sc_str text = { said->s, said->n }, line = { 0 };

	if (!said->n || said->failed)
		return SC_STR("it did not say why");
	(void)sc_take_part(&text, '\n', &line);
	return line;
}

static int run(const char *const *argv, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf said = { 0 };
	SC_CLEAN(close_p) int out = -1;
	SC_CLEAN(close_p) int in = -1;
	int pipes[2], status = 0;
	pid_t pid = 0;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return sc_fail_os(err, "cannot start '%s'", argv[0]);
	in = pipes[0];
	out = pipes[1];
	errno = spawn(argv, out, &pid);
	if (errno)
		return sc_fail_os(err, "cannot start '%s'", argv[0]);
	close_p(&out);
	out = -1;
	read_all(in, &said);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for '%s'", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return sc_fail(err, SC_EREFUSED, "'%s' failed: " SC_FMT, argv[0],
		       SC_ARG(first_line(&said)));
}

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
	return run(argv, err);
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
	r = run(argv, err);
	/* its only complaint about one that fired already */
	if (r == SC_EREFUSED && strstr(err->msg, "not loaded"))
		return 0;
	return r;
}

const struct sc_timers sc_systemd_timers = { .start = start, .stop = stop };
