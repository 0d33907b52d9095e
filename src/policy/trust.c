#include "policy/trust.h"

#include "base/owned.h"
#include "base/str.h"

#include <linux/magic.h>
#include <stdio.h>
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

/* The path of @fd, which has no links in it; false if it has none. */
static bool find_path(int fd, char out[PATH_MAX])
{
	char entry[sizeof("/proc/self/fd/") + 12];
	ssize_t n;

	snprintf(entry, sizeof(entry), "/proc/self/fd/%d", fd);
	n = readlink(entry, out, PATH_MAX - 1);
	if (n <= 0)
		return false;
	out[n] = '\0';
	return *out == '/';
}

bool sc_policy_is_trusted(int fd)
{
	char path[PATH_MAX], weak[PATH_MAX];
	struct stat st;

	if (is_from_kernel(fd))
		return true;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       sc_stat_is_roots(&st) && find_path(fd, path) &&
	       strncmp(path, HOST_FOLDER, strlen(HOST_FOLDER)) == 0 &&
	       sc_path_is_roots(path, weak);
}
