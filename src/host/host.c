#include "host/host.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

SC_DEFINE_CLEAN(DIR, closedir)

int sc_host_open(const char *root, struct sc_host *out, struct sc_error *err)
{
	out->root = root;
	out->fd = open(root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return out->fd < 0
		       ? sc_fail_os(err, "cannot open '%s'", root ? root : "/")
		       : 0;
}

void sc_host_close(struct sc_host *h)
{
	close_p(&h->fd);
	h->fd = -1;
}

int sc_host_fd(const struct sc_host *h, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT,
	};
	long fd;

	if (flags & O_NOFOLLOW)
		how.resolve |= RESOLVE_NO_SYMLINKS;
	/* A FIFO that somebody put there must not hold us up. */
	if (!(flags & O_PATH))
		how.flags |= O_NONBLOCK | O_NOCTTY;
	fd = syscall(SYS_openat2, h->fd, path, &how, sizeof(how));
	if (fd < 0 && errno == ENOSYS && !h->root)
		fd = open(path, (int)how.flags);
	return (int)fd;
}

int sc_host_read(const struct sc_host *h, const char *path, struct sc_arena *a,
		 struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = sc_host_fd(h, path, O_RDONLY);
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return sc_fail(err, SC_ENOTFOUND, "there is no '%s'", path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return sc_fail_os(err, "cannot open '%s'", path);
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return sc_fail_os(err, "cannot read '%s'", path);
	}
	return sc_file_read_fd(fd, path, SC_HOST_BYTES, a, out, err);
}

bool sc_host_stat(const struct sc_host *h, const char *path, struct stat *out)
{
	SC_CLEAN(close_p) int fd = sc_host_fd(h, path, O_PATH);

	return fd >= 0 && fstat(fd, out) == 0;
}

bool sc_host_has_link(const struct sc_host *h, const char *path)
{
	SC_CLEAN(close_p) int fd = -1;
	struct stat st;

	if (!h->root)
		return false;
	fd = sc_host_fd(h, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return errno == ELOOP;
	return fstat(fd, &st) < 0 || S_ISLNK(st.st_mode);
}

int sc_host_list(const struct sc_host *h, const char *path, int flags,
		 struct sc_arena *a, struct sc_names *out, struct sc_error *err)
{
	SC_CLEAN(close_p)
	int fd = sc_host_fd(h, path, O_RDONLY | O_DIRECTORY | flags);
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	struct sc_names names = { 0 };
	struct dirent *entry;

	*out = names;
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return sc_fail_os(err, "cannot read '%s'", path);
	fd = -1;
	while ((entry = readdir(dir))) {
		struct sc_str name;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (names.n >= SC_HOST_NAMES)
			return sc_fail(err, SC_ELIMIT,
				       "more than %d files in '%s'",
				       SC_HOST_NAMES, path);
		if (!sc_keep(a, sc_view(entry->d_name), &name) ||
		    !SC_PUSH(a, &names, name))
			return sc_no_memory(err);
	}
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), sc_str_order);
	*out = names;
	return 0;
}

bool sc_host_is_masked(const struct sc_host *h, const char *folder,
		       const char *name)
{
	static const char null[] = "/dev/null";
	SC_CLEAN(close_p)
	int fd = sc_host_fd(h, folder, O_RDONLY | O_DIRECTORY);
	char to[sizeof(null)];

	return fd >= 0 &&
	       readlinkat(fd, name, to, sizeof(to)) == sizeof(null) - 1 &&
	       memcmp(to, null, sizeof(null) - 1) == 0;
}

/* What a walk has found so far. */
struct walk {
	const struct sc_host *host;
	struct sc_arena *a;
	struct sc_names *files, *folders;
};

static bool is_folder(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* Its names, if there are not too many. */
static int list(const struct walk *w, struct sc_str path, unsigned depth,
		struct sc_names *names, struct sc_error *err)
{
	int r = sc_host_list(w->host, path.s, 0, w->a, names, err);

	if (depth > SC_HOST_DEPTH ||
	    names->n + w->files->n + w->folders->n > SC_HOST_NAMES)
		return sc_fail(err, SC_ELIMIT,
			       "more below '%s' than can be looked at", path.s);
	return r;
}

static int walk(const struct walk *w, struct sc_str path, unsigned depth,
		struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	struct sc_names names = { 0 };
	int r = list(w, path, depth, &names, err);

	if (r < 0)
		return r;
	fd = sc_host_fd(w->host, path.s, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; i < names.n && r == 0; i++) {
		bool folder = is_folder(fd, names.v[i].s);
		struct sc_names *to = folder ? w->folders : w->files;
		struct sc_str child;

		if (!sc_keepf(w->a, &child, "%s/%s", path.s, names.v[i].s) ||
		    !SC_PUSH(w->a, to, child))
			return sc_no_memory(err);
		if (folder)
			r = walk(w, child, depth + 1, err);
	}
	return r;
}

int sc_host_walk(const struct sc_host *h, const char *path, struct sc_arena *a,
		 struct sc_names *files, struct sc_names *folders,
		 struct sc_error *err)
{
	const struct walk w = { h, a, files, folders };

	return walk(&w, sc_view(path), 0, err);
}
