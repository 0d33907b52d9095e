#include "cli/learn_run.h"

#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS 5000 /* to end by itself */
#define LOOK_MS 50

static bool set_up(posix_spawnattr_t *a, const sigset_t *mask)
{
	sigset_t pipes; /* which we ignore */

	(void)sigemptyset(&pipes);
	(void)sigaddset(&pipes, SIGPIPE);
	return posix_spawnattr_setsigmask(a, mask) == 0 &&
	       posix_spawnattr_setsigdefault(a, &pipes) == 0 &&
	       posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGMASK |
						   POSIX_SPAWN_SETSIGDEF) == 0;
}

int sc_child_start(char *const *argv, const sigset_t *mask,
		   struct sc_child *out, struct sc_error *err)
{
	posix_spawnattr_t attributes;
	pid_t pid = 0;
	int r;

	if (posix_spawnattr_init(&attributes) != 0 ||
	    !set_up(&attributes, mask))
		return sc_fail_os(err, "cannot start '%s'", argv[0]);
	r = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
	(void)posix_spawnattr_destroy(&attributes);
	if (r == ENOENT)
		return sc_fail(err, SC_ENOTFOUND, "there is no program '%s'",
			       argv[0]);
	errno = r;
	if (r != 0)
		return sc_fail_os(err, "cannot start '%s'", argv[0]);
	*out = (struct sc_child){ .pid = pid };
	return 0;
}

bool sc_child_ended(struct sc_child *c)
{
	pid_t r;

	if (!c->pid)
		return true;
	r = waitpid(c->pid, &c->status, WNOHANG);
	if (r == 0 || (r < 0 && errno == EINTR))
		return false;
	c->pid = 0;
	return true;
}

void sc_child_end(struct sc_child *c)
{
	struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };

	if (sc_child_ended(c))
		return;
	(void)kill(c->pid, SIGTERM);
	for (int i = 0; i < GRACE_MS / LOOK_MS && !sc_child_ended(c); i++)
		(void)nanosleep(&pause, NULL);
	if (sc_child_ended(c))
		return;
	(void)kill(c->pid, SIGKILL);
	while (!sc_child_ended(c))
		(void)nanosleep(&pause, NULL);
}

uint64_t sc_run_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
