/*
 * kill_at.c - preloaded into a program: kills it, as kill -9 does, right before
 * the call that is number $KILL_AT of those that change a file system or make a
 * change last. With $KILL_COUNT instead it writes how many there were to that
 * file. With $KILL_CALL=setxattr only these are counted. Programs that it
 * starts are left alone. With $KILL_BY=power the whole machine ends there, with
 * no time to write what it has in memory: in a guest.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static long kill_at, calls;
static const char *count_file, *only;
static int by_power;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("KILL_AT");

	kill_at = at ? strtol(at, NULL, 10) : 0;
	count_file = getenv("KILL_COUNT");
	only = getenv("KILL_CALL");
	by_power = getenv("KILL_BY") != NULL;
	unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void)
{
	FILE *f = count_file ? fopen(count_file, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%ld\n", calls);
	fclose(f);
}

static void pull_the_plug(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && syscall(SYS_write, fd, "b", 1) == 1)
		pause();
}

static void count(const char *call)
{
	if ((only && strcmp(only, call) != 0) || ++calls != kill_at)
		return;
	if (by_power)
		pull_the_plug();
	raise(SIGKILL);
}

/* Parameters have names of our own here; NEXT takes the name of a function. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
/* NOLINTBEGIN(bugprone-macro-parentheses) */

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to)
{
	count(__func__);
	return NEXT(rename)(from, to);
}

int mkdir(const char *path, mode_t mode)
{
	count(__func__);
	return NEXT(mkdir)(path, mode);
}

int rmdir(const char *path)
{
	count(__func__);
	return NEXT(rmdir)(path);
}

int renameat(int old_dir, const char *from, int dir, const char *to)
{
	count(__func__);
	return NEXT(renameat)(old_dir, from, dir, to);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	count(__func__);
	return NEXT(mkdirat)(dir, path, mode);
}

int unlinkat(int dir, const char *path, int flags)
{
	count(__func__);
	return NEXT(unlinkat)(dir, path, flags);
}

int fchmod(int fd, mode_t mode)
{
	count(__func__);
	return NEXT(fchmod)(fd, mode);
}

int fchown(int fd, uid_t user, gid_t group)
{
	count(__func__);
	return NEXT(fchown)(fd, user, group);
}

int unlink(const char *path)
{
	count(__func__);
	return NEXT(unlink)(path);
}

int remove(const char *path)
{
	count(__func__);
	return NEXT(remove)(path);
}

int fsync(int fd)
{
	count(__func__);
	return NEXT(fsync)(fd);
}

int syncfs(int fd)
{
	count(__func__);
	return NEXT(syncfs)(fd);
}

int ftruncate(int fd, off_t size)
{
	count(__func__);
	return NEXT(ftruncate)(fd, size);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	if (fd > 2)
		count(__func__);
	return NEXT(write)(fd, bytes, n);
}

int setxattr(const char *path, const char *name, const void *value, size_t n,
	     int flags)
{
	count(__func__);
	return NEXT(setxattr)(path, name, value, n, flags);
}

/* NOLINTEND(bugprone-macro-parentheses) */
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
