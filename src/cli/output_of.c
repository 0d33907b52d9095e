#include "cli/output_of.h"

#include "base/clean.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define NOT_FOUND 127 /* exit code of a child that found no program */

static _Noreturn void become(const char *const *argv, int to, unsigned seconds)
{
	struct rlimit cpu = { seconds, seconds };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setrlimit(RLIMIT_CPU, &cpu);
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(to, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0)
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(NOT_FOUND);
}

/* 0 at its end; SC_ELIMIT if it goes on for too long. */
static int read_all(int fd, size_t limit, int64_t until, struct sc_buf *out,
		    struct sc_error *err)
{
	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = until - (int64_t)sc_clock_ms();
		char piece[4096];
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return sc_fail(err, SC_ELIMIT, "it takes too long");
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sc_fail_os(err, "cannot read what it says");
		if (n == 0)
			return sc_buf_check(out, err);
		sc_put(out, (struct sc_str){ piece, (size_t)n });
		if (out->n > limit)
			return sc_fail(err, SC_ELIMIT, "it says too much");
	}
}

static int end_of(pid_t child, bool stop, struct sc_error *err)
{
	int status = 0;

	if (stop)
		(void)kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for it");
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return sc_fail(err, SC_ENOTFOUND, "it is not here");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return sc_fail(err, SC_EREFUSED, "it failed");
	return 0;
}

int sc_output_of(const char *const *argv, size_t limit, unsigned seconds,
		 struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(close_p) int from = -1;
	SC_CLEAN(close_p) int to = -1;
	struct sc_error why;
	pid_t child;
	int ends[2], r, end;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return sc_fail_os(err, "cannot make a pipe");
	from = ends[0];
	to = ends[1];
	child = fork();
	if (child < 0)
		return sc_fail_os(err, "cannot start '%s'", argv[0]);
	if (child == 0)
		become(argv, to, seconds);
	close(SC_TAKE_FD(to));
	r = read_all(from, limit,
		     (int64_t)sc_clock_ms() + (int64_t)seconds * 1000, out,
		     &why);
	end = end_of(child, r < 0, err);
	if (r < 0) {
		*err = why;
		return r;
	}
	return end;
}
