/*
 * once - run a command and say what it cost: wall and processor time in
 * microseconds, memory in KiB.
 *
 *     once COMMAND...
 *
 * Its output goes to a file that is thrown away: to /dev/null, grep would stop
 * at the first match. A command that fails with 2 or more ends the measuring.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t us(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static void run(char **command)
{
	int fd = open("/tmp", O_TMPFILE | O_WRONLY, 0600);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		_exit(3);
	(void)execvp(command[0], command);
	_exit(3);
}

int main(int argc, char **argv)
{
	struct rusage use = { 0 };
	int64_t start = now_us();
	pid_t child;
	int status;

	if (argc < 2)
		return 2;
	child = fork();
	if (child == 0)
		run(argv + 1);
	if (child < 0 || wait4(child, &status, 0, &use) < 0 ||
	    !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "once: '%s' failed\n", argv[1]);
		return 2;
	}
	printf("%lld %lld %ld\n", (long long)(now_us() - start),
	       (long long)(us(use.ru_utime) + us(use.ru_stime)), use.ru_maxrss);
	return 0;
}
