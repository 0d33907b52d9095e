#include "policy/store_files.h"

#include "base/clean.h"
#include "base/file.h"
#include "policy/config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define CONFIG_BYTES ((size_t)64 * 1024)
#define POLICY_BYTES ((size_t)256 << 20)

SC_DEFINE_CLEAN(DIR, closedir)
SC_DEFINE_CLEAN(FTS, fts_close)

static const char *root_of(const char *root)
{
	return root ? root : "";
}

int sc_store_name(const char *root, struct sc_arena *a, struct sc_str *out,
		  struct sc_error *err)
{
	struct sc_str path, text = { 0 };
	struct sc_config config;

	if (!sc_keepf(a, &path, "%s/etc/selinux/config", root_of(root)))
		return sc_no_memory(err);
	if (access(path.s, F_OK) == 0 &&
	    sc_file_read(path.s, CONFIG_BYTES, a, &text, err) < 0)
		return err->code;
	sc_config_read(text, &config);
	if (!config.type.n)
		config.type = SC_STR("default");
	return sc_keep(a, config.type, out) ? 0 : sc_no_memory(err);
}

int sc_store_path(const struct sc_store_place *place, const char *file,
		  struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out, "%s/var/lib/selinux/%s/%s",
			root_of(place->root), place->name, file)
		       ? 0
		       : sc_no_memory(err);
}

int sc_store_contexts(const struct sc_store_place *place, struct sc_arena *a,
		      struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out,
			"%s/etc/selinux/%s/contexts/files/file_contexts",
			root_of(place->root), place->name)
		       ? 0
		       : sc_no_memory(err);
}

int sc_store_policy(const struct sc_store_place *place, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	uint64_t newest = 0;
	struct dirent *entry;
	struct sc_str folder;

	if (!sc_keepf(a, &folder, "%s/etc/selinux/%s/policy",
		      root_of(place->root), place->name))
		return sc_no_memory(err);
	dir = opendir(folder.s);
	if (!dir)
		return sc_fail_os(err, "cannot read '%s'", folder.s);
	while ((entry = readdir(dir))) {
		struct sc_str name = { entry->d_name, strlen(entry->d_name) };
		uint64_t version;

		if (sc_take_prefix(&name, SC_STR("policy.")) &&
		    sc_take_u64(&name, &version) && !name.n && version > newest)
			newest = version;
	}
	if (!newest)
		return sc_fail(err, SC_ENOTFOUND,
			       "no compiled policy in '%s': make one with "
			       "semodule -B",
			       folder.s);
	return sc_keepf(a, out, SC_FMT "/policy.%llu", SC_ARG(folder),
			(unsigned long long)newest)
		       ? 0
		       : sc_no_memory(err);
}

/* ---- whole? */

static int may_not(const char *path, bool write, struct sc_error *err)
{
	bool rights = errno == EACCES || errno == EPERM;

	sc_fail_os(err, "cannot %s the module store '%s'",
		   write ? "write to" : "read", path);
	err->code = SC_EREFUSED;
	return rights ? sc_while(err, "try as root") : err->code;
}

/*
 * libsemanage commits by renaming active to previous, then its own folder to
 * active. We hold its lock here, so nobody is between the two.
 */
static int bring_back(const struct sc_store_place *place, const char *active,
		      struct sc_arena *a, struct sc_error *err)
{
	SC_CLEAN(close_p) int lock = -1;
	struct sc_str path = { 0 }, previous = { 0 };
	int r = sc_store_path(place, "semanage.trans.LOCK", a, &path, err);

	if (r == 0)
		r = sc_store_path(place, "previous", a, &previous, err);
	if (r < 0)
		return r;
	lock = open(path.s, O_RDONLY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0)
		return may_not(path.s, true, err);
	if (access(active, F_OK) == 0)
		return 0;
	if (rename(previous.s, active) < 0)
		return sc_fail_os(err, "cannot rename '%s' to '%s'", previous.s,
				  active);
	return 0;
}

static int check_active(const struct sc_store_place *place, bool write,
			struct sc_arena *a, struct sc_error *err)
{
	struct sc_str active = { 0 }, previous = { 0 }, top = { 0 };
	int r = sc_store_path(place, "active", a, &active, err);

	if (r == 0)
		r = sc_store_path(place, "previous", a, &previous, err);
	if (r == 0)
		r = sc_store_path(place, "", a, &top, err);
	if (r < 0)
		return r;
	if (access(active.s, F_OK) < 0 && errno == ENOENT) {
		if (access(previous.s, F_OK) < 0)
			return sc_fail(err, SC_ENOTFOUND,
				       "no module store in '%s' (--root DIR "
				       "and --store-name NAME say where)",
				       top.s);
		if (!write)
			return sc_fail(err, SC_EREFUSED,
				       "a crash left the store in '%s' half "
				       "renamed: selcage load or unload "
				       "mends it",
				       top.s);
		r = bring_back(place, active.s, a, err);
	}
	if (r < 0)
		return r;
	if (access(active.s, R_OK | X_OK) < 0)
		return may_not(active.s, false, err);
	if (write && access(top.s, W_OK) < 0)
		return may_not(top.s, true, err);
	return 0;
}

int sc_store_check(const struct sc_store_place *place, bool write,
		   struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };

	return check_active(place, write, &a, err);
}

static int same(const char *a_path, const char *b_path, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str x = { 0 }, y = { 0 };
	int r;

	if (access(a_path, F_OK) < 0 && access(b_path, F_OK) < 0)
		return 1;
	if (access(a_path, F_OK) < 0 || access(b_path, F_OK) < 0)
		return 0;
	r = sc_file_read(a_path, POLICY_BYTES, &a, &x, err);
	if (r == 0)
		r = sc_file_read(b_path, POLICY_BYTES, &a, &y, err);
	return r < 0 ? r : sc_str_eq(x, y);
}

int sc_store_compare(const struct sc_store_place *place, struct sc_arena *a,
		     struct sc_error *err)
{
	static const char *const pairs[][2] = {
		{ "active/file_contexts", "contexts/files/file_contexts" },
		{ "active/seusers", "seusers" },
	};
	struct sc_str store = { 0 }, installed = { 0 };
	int r = sc_store_path(place, "active/policy.kern", a, &store, err);

	if (r == 0)
		r = sc_store_policy(place, a, &installed, err);
	if (r == 0)
		r = same(store.s, installed.s, err);
	for (size_t i = 0; i < 2 && r == 1; i++) {
		r = sc_store_path(place, pairs[i][0], a, &store, err);
		if (r == 0 &&
		    !sc_keepf(a, &installed, "%s/etc/selinux/%s/%s",
			      root_of(place->root), place->name, pairs[i][1]))
			r = sc_no_memory(err);
		if (r == 0)
			r = same(store.s, installed.s, err);
	}
	return r;
}

/* Bytes on disk below @path. */
static uint64_t size_of(const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	SC_CLEAN(fts_close_p)
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	uint64_t bytes = 0;
	FTSENT *e;

	while (tree && (e = fts_read(tree)))
		if (e->fts_info == FTS_F || e->fts_info == FTS_D)
			bytes += (uint64_t)e->fts_statp->st_blocks * 512;
	return bytes;
}

/* Is less left on the disk of @path than @times what it holds? */
static bool lacks(const char *path, uint64_t times)
{
	struct statvfs disk;

	return statvfs(path, &disk) == 0 &&
	       (uint64_t)disk.f_bavail * disk.f_frsize < times * size_of(path);
}

bool sc_store_lacks_room(const struct sc_store_place *place)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error ignored;
	struct sc_str active, policy;

	if (sc_store_path(place, "active", &a, &active, &ignored) < 0 ||
	    !sc_keepf(&a, &policy, "%s/etc/selinux/%s/policy",
		      root_of(place->root), place->name))
		return false;
	return lacks(active.s, 2) || lacks(policy.s, 1);
}
