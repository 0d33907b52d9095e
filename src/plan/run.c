#include "plan/run.h"

#include "base/buf.h"
#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#define SAID_MAX ((size_t)4096)

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

/* Its standard output and its errors go to @fd; it can ask nothing. It may be
 * confined, and not be let into the folder that we are in. */
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
	    posix_spawn_file_actions_adddup2(&files, fd, 2) != 0 ||
	    posix_spawn_file_actions_addchdir_np(&files, "/") != 0)
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

static int run(const char *const *argv, struct sc_buf *said,
	       struct sc_error *err)
{
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
	read_all(in, said);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for '%s'", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return sc_fail(err, SC_EREFUSED, "'%s' failed: " SC_FMT, argv[0],
		       SC_ARG(first_line(said)));
}

int sc_run(const char *const *argv, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf said = { 0 };

	return run(argv, &said, err);
}

int sc_run_said(const char *const *argv, struct sc_arena *a, struct sc_str *out,
		struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf said = { 0 };
	int r = run(argv, &said, err);

	if (r < 0)
		return r;
	return !said.failed && sc_keep(a, (struct sc_str){ said.s, said.n },
				       out)
		       ? 0
		       : sc_no_memory(err);
}
