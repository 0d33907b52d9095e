#include "host/file.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/xattr.h>

#define XATTR_BYTES ((size_t)64 << 10) /* of one value, at most */
#define MODE_BITS 07777U
#define TEMP ".selcage"
#define LABEL "security.selinux"

/* The folder of @path, open; @name is the last part. */
static int open_folder(const struct sc_host *h, struct sc_str path,
		       char name[NAME_MAX + 1], struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str folder = path;
	size_t n = 0;
	int fd;

	while (folder.n && folder.s[folder.n - 1] != '/') {
		folder.n--;
		n++;
	}
	/* "/.." of a root would be the folder that the root is in */
	if (!folder.n || path.s[0] != '/' || !n || n > NAME_MAX ||
	    sc_str_eq((struct sc_str){ path.s + folder.n, n }, SC_STR("..")) ||
	    sc_str_eq((struct sc_str){ path.s + folder.n, n }, SC_STR(".")) ||
	    memchr(path.s, '\0', path.n))
		return sc_fail(err, SC_EREFUSED, "'" SC_FMT "' is no file",
			       SC_ARG(path));
	memcpy(name, path.s + folder.n, n);
	name[n] = '\0';
	if (!sc_keep(&a, folder, &folder))
		return sc_no_memory(err);
	fd = sc_host_fd(h, folder.s, O_RDONLY | O_DIRECTORY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return sc_fail(err, SC_ENOTFOUND, "there is no folder '%s'",
			       folder.s);
	return fd < 0 ? sc_fail_os(err, "cannot open '%s'", folder.s) : fd;
}

/* ---- reading */

/* What the kernel makes by itself, and lets nobody put back. */
static bool is_kernels(const char *name)
{
	return strcmp(name, "security.ima") == 0 ||
	       strcmp(name, "security.evm") == 0;
}

static int by_name(const void *left, const void *right)
{
	const struct sc_xattr *a = left, *b = right;

	return sc_str_compare(a->name, b->name);
}

static int read_xattr(int fd, const char *name, struct sc_arena *a,
		      struct sc_file *out, struct sc_error *err)
{
	SC_CLEAN(free_p) char *value = malloc(XATTR_BYTES);
	struct sc_xattr *x = &out->xattrs[out->n_xattrs];
	ssize_t n;

	if (!value)
		return sc_no_memory(err);
	n = fgetxattr(fd, name, value, XATTR_BYTES);
	if (n < 0)
		return sc_fail_os(err, "cannot read its attribute '%s'", name);
	if (!sc_keep(a, sc_view(name), &x->name) ||
	    !sc_keep(a, (struct sc_str){ value, (size_t)n }, &x->value))
		return sc_no_memory(err);
	out->n_xattrs++;
	return 0;
}

static int read_xattrs(int fd, struct sc_arena *a, struct sc_file *out,
		       struct sc_error *err)
{
	SC_CLEAN(free_p) char *names = malloc(XATTR_BYTES);
	ssize_t n;
	int r = 0;

	if (!names)
		return sc_no_memory(err);
	n = flistxattr(fd, names, XATTR_BYTES);
	if (n < 0 && errno == ENOTSUP)
		return 0;
	if (n < 0)
		return sc_fail_os(err, "cannot read its attributes");
	for (ssize_t i = 0; r == 0 && i < n;
	     i += (ssize_t)strlen(names + i) + 1) {
		if (is_kernels(names + i))
			continue;
		if (out->n_xattrs == SC_FILE_XATTRS)
			return sc_fail(err, SC_ELIMIT,
				       "it has more than %d "
				       "attributes",
				       SC_FILE_XATTRS);
		r = read_xattr(fd, names + i, a, out, err);
	}
	qsort(out->xattrs, out->n_xattrs, sizeof(*out->xattrs), by_name);
	return r;
}

static int read_open(int fd, struct sc_arena *a, struct sc_file *out,
		     struct sc_error *err)
{
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return sc_fail_os(err, "cannot look at it");
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return sc_fail(err, SC_EREFUSED,
			       "it is neither a file nor a folder");
	if (S_ISREG(st.st_mode) && st.st_nlink > 1)
		return sc_fail(err, SC_EREFUSED,
			       "it has a second name (hard link): change it "
			       "by hand");
	out->there = true;
	out->folder = S_ISDIR(st.st_mode);
	out->mode = st.st_mode & MODE_BITS;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	r = read_xattrs(fd, a, out, err);
	if (r == 0 && !out->folder)
		r = sc_file_read_fd(fd, "it", SC_HOST_BYTES, a, &out->bytes,
				    err);
	return r;
}

static int open_file(int folder, const char *name, struct sc_error *err)
{
	int fd = openat(folder, name,
			O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
				O_NOCTTY);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return sc_fail(err, SC_ENOTFOUND, "it is not there");
	if (errno == ELOOP)
		return sc_fail(err, SC_EREFUSED,
			       "it is a link: change what it leads to by "
			       "hand");
	return sc_fail_os(err, "cannot open it");
}

int sc_file_state(const struct sc_host *h, struct sc_str path,
		  struct sc_arena *a, struct sc_file *out, struct sc_error *err)
{
	SC_CLEAN(close_p) int folder = -1;
	SC_CLEAN(close_p) int fd = -1;
	char name[NAME_MAX + 1] = "";
	int r;

	memset(out, 0, sizeof(*out));
	folder = open_folder(h, path, name, err);
	fd = folder < 0 ? folder : open_file(folder, name, err);
	if (fd == SC_ENOTFOUND)
		return 0;
	r = fd < 0 ? fd : read_open(fd, a, out, err);
	return r < 0 ? sc_while(err, "'" SC_FMT "'", SC_ARG(path)) : 0;
}

int sc_file_label_as_folder(const struct sc_host *h, struct sc_str path,
			    struct sc_arena *a, struct sc_file *file,
			    struct sc_error *err)
{
	SC_CLEAN(close_p) int folder = -1;
	char name[NAME_MAX + 1] = "";
	char label[1024];
	ssize_t n;

	folder = open_folder(h, path, name, err);
	if (folder < 0)
		return folder == SC_ENOTFOUND ? 0 : folder;
	n = fgetxattr(folder, LABEL, label, sizeof(label));
	if (n < 0)
		return 0;
	file->n_xattrs = 1;
	file->xattrs[0].name = SC_STR(LABEL);
	return sc_keep(a, (struct sc_str){ label, (size_t)n },
		       &file->xattrs[0].value)
		       ? 0
		       : sc_no_memory(err);
}

/* ---- writing */

/* A label that is there already is not written: where no policy is loaded, and
 * for who may not, that fails. */
static bool has_xattr(int fd, const struct sc_xattr *x)
{
	SC_CLEAN(free_p) char *value = malloc(XATTR_BYTES);
	ssize_t n;

	if (!value)
		return false;
	n = fgetxattr(fd, x->name.s, value, XATTR_BYTES);
	return n >= 0 &&
	       sc_str_eq((struct sc_str){ value, (size_t)n }, x->value);
}

static int dress(int fd, const struct sc_file *file, struct sc_error *err)
{
	if (fchown(fd, file->uid, file->gid) < 0)
		return sc_fail_os(err, "cannot set its owner");
	for (size_t i = 0; i < file->n_xattrs; i++) {
		const struct sc_xattr *x = &file->xattrs[i];

		if (!has_xattr(fd, x) &&
		    fsetxattr(fd, x->name.s, x->value.s, x->value.n, 0) < 0)
			return sc_fail_os(err, "cannot set its attribute '%s'",
					  x->name.s);
	}
	/* last: chown() clears bits of it */
	if (fchmod(fd, file->mode) < 0)
		return sc_fail_os(err, "cannot set its mode");
	return fsync(fd) < 0 ? sc_fail_os(err, "cannot write it") : 0;
}

static int write_beside(int folder, const char *temp,
			const struct sc_file *file, struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	int r;

	/* what a crash left */
	if (unlinkat(folder, temp, 0) < 0 && errno != ENOENT)
		return sc_fail_os(err, "cannot remove '%s'", temp);
	fd = openat(folder, temp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return sc_fail_os(err, "cannot write beside it");
	if (!sc_write_all(fd, file->bytes))
		r = sc_fail_os(err, "cannot write it");
	else
		r = dress(fd, file, err);
	if (r < 0)
		(void)unlinkat(folder, temp, 0);
	return r;
}

static int replace(int folder, const char *name, const struct sc_file *file,
		   struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str temp;
	int r;

	if (!sc_keepf(&a, &temp, ".%s" TEMP, name))
		return sc_no_memory(err);
	r = write_beside(folder, temp.s, file, err);
	if (r == 0 && renameat(folder, temp.s, folder, name) < 0) {
		r = sc_fail_os(err, "cannot put it in place");
		(void)unlinkat(folder, temp.s, 0);
	}
	return r;
}

static int make_folder(int parent, const char *name, const struct sc_file *file,
		       struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;

	if (mkdirat(parent, name, 0700) < 0)
		return sc_fail_os(err, "cannot make it");
	fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? sc_fail_os(err, "cannot open it")
		      : dress(fd, file, err);
}

static bool same_xattrs(const struct sc_file *a, const struct sc_file *b)
{
	if (a->n_xattrs != b->n_xattrs)
		return false;
	for (size_t i = 0; i < a->n_xattrs; i++)
		if (!sc_str_eq(a->xattrs[i].name, b->xattrs[i].name) ||
		    !sc_str_eq(a->xattrs[i].value, b->xattrs[i].value))
			return false;
	return true;
}

static int put_in(int folder, const char *name, const struct sc_file *file,
		  struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(close_p) int fd = open_file(folder, name, err);
	struct sc_file now = { 0 };
	int r = fd < 0 ? fd : read_open(fd, &a, &now, err);

	if (r < 0 && r != SC_ENOTFOUND)
		return r;
	if (!file->there)
		return !now.there || unlinkat(folder, name,
					      now.folder ? AT_REMOVEDIR : 0) ==
					       0
			       ? 0
			       : sc_fail_os(err, "cannot remove it");
	if (now.there && now.folder != file->folder)
		return sc_fail(err, SC_EREFUSED,
			       "a folder and a file take no turns");
	if (!now.there && file->folder)
		return make_folder(folder, name, file, err);
	/* one that nobody may write to is left alone where nothing is to do */
	if (now.there && sc_file_same(&now, file))
		return fsync(fd) < 0 ? sc_fail_os(err, "cannot write it") : 0;
	if (now.there && same_xattrs(&now, file) &&
	    sc_file_same_bytes(&now, file))
		return dress(fd, file, err);
	if (file->sealed.n)
		return sc_fail(err, SC_EREFUSED,
			       "of its bytes only the digest was kept, and "
			       "they are others now");
	if (file->folder)
		return sc_fail(err, SC_EREFUSED,
			       "of a folder only mode and owner change");
	return replace(folder, name, file, err);
}

static bool has_digest(struct sc_str bytes, struct sc_str digest)
{
	char hex[SC_SHA256_HEX + 1];

	sc_sha256_hex(bytes, hex);
	return sc_str_eq(digest, (struct sc_str){ hex, SC_SHA256_HEX });
}

bool sc_file_same_bytes(const struct sc_file *a, const struct sc_file *b)
{
	if (a->sealed.n && b->sealed.n)
		return sc_str_eq(a->sealed, b->sealed);
	if (a->sealed.n)
		return has_digest(b->bytes, a->sealed);
	if (b->sealed.n)
		return has_digest(a->bytes, b->sealed);
	return sc_str_eq(a->bytes, b->bytes);
}

bool sc_file_seal(struct sc_file *file, struct sc_arena *a)
{
	char hex[SC_SHA256_HEX + 1];

	if (!file->there || file->folder || file->sealed.n)
		return true;
	sc_sha256_hex(file->bytes, hex);
	file->bytes = (struct sc_str){ 0 };
	return sc_keep(a, (struct sc_str){ hex, SC_SHA256_HEX }, &file->sealed);
}

bool sc_file_same(const struct sc_file *a, const struct sc_file *b)
{
	if (!a->there || !b->there)
		return a->there == b->there;
	return a->folder == b->folder && a->mode == b->mode &&
	       a->uid == b->uid && a->gid == b->gid && same_xattrs(a, b) &&
	       sc_file_same_bytes(a, b);
}

void sc_file_tidy(const struct sc_host *h, struct sc_str path)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(close_p) int folder = -1;
	struct sc_error ignored;
	char name[NAME_MAX + 1] = "";
	struct sc_str temp;

	folder = open_folder(h, path, name, &ignored);
	if (folder >= 0 && sc_keepf(&a, &temp, ".%s" TEMP, name))
		(void)unlinkat(folder, temp.s, 0);
}

int sc_file_put(const struct sc_host *h, struct sc_str path,
		const struct sc_file *file, struct sc_error *err)
{
	SC_CLEAN(close_p) int folder = -1;
	char name[NAME_MAX + 1] = "";
	int r;

	folder = open_folder(h, path, name, err);
	if (folder == SC_ENOTFOUND && !file->there)
		return 0;
	r = folder < 0 ? folder : put_in(folder, name, file, err);
	if (r == 0 && fsync(folder) < 0)
		r = sc_fail_os(err, "cannot write its folder");
	return r < 0 ? sc_while(err, "'" SC_FMT "'", SC_ARG(path)) : 0;
}
