#include "policy/trust.h"

#include "base/str.h"

#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define HOST_FOLDER "/etc/selinux/"

/* What the kernel hands out it has read itself. */
static bool is_from_kernel(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
	       (uint64_t)fs.f_type == (uint64_t)SELINUX_MAGIC;
}

static bool is_roots_own(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The path of @fd, which has no links in it; false if it has none. */
static bool find_path(int fd, char path[PATH_MAX])
{
	char link[sizeof("/proc/self/fd/") + 12];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return *path == '/';
}

/* Every folder above @path, which is changed. */
static bool are_folders_roots_own(char *path)
{
	struct stat st;

	for (char *slash = strrchr(path, '/'); slash;
	     slash = strrchr(path, '/')) {
		*slash = '\0';
		if (lstat(*path ? path : "/", &st) < 0 || !is_roots_own(&st))
			return false;
	}
	return true;
}

bool sc_policy_is_trusted(int fd)
{
	char path[PATH_MAX];
	struct stat st;

	if (is_from_kernel(fd))
		return true;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       is_roots_own(&st) && find_path(fd, path) &&
	       strncmp(path, HOST_FOLDER, strlen(HOST_FOLDER)) == 0 &&
	       are_folders_roots_own(path);
}
