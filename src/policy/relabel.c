#include "policy/relabel.h"

#include "base/clean.h"
#include "base/label.h"
#include "policy/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <selinux/label.h>
#include <selinux/selinux.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#define DEPTH_MAX 256      /* folders in folders */
#define CONTEXT_BYTES 1024 /* of a label */
#define LABEL "security.selinux"

SC_DEFINE_CLEAN(DIR, closedir)

struct sc_contexts {
	struct selabel_handle *handle;
};

/* ---- contexts */

void sc_contexts_close(struct sc_contexts *c)
{
	if (c && c->handle)
		selabel_close(c->handle);
	free(c);
}

const char *sc_contexts_path(void)
{
	return selinux_file_context_path();
}

int sc_contexts_open(const char *path, struct sc_contexts **out,
		     struct sc_error *err)
{
	struct selinux_opt options[] = { { SELABEL_OPT_PATH, path } };
	SC_CLEAN(sc_contexts_close_p)
	struct sc_contexts *c = calloc(1, sizeof(*c));

	if (!c)
		return sc_no_memory(err);
	sc_state_be_quiet();
	c->handle = selabel_open(SELABEL_CTX_FILE, options, 1);
	if (!c->handle)
		return sc_fail_os(err, "cannot read the file contexts '%s'",
				  path);
	*out = SC_TAKE(c);
	return 0;
}

/* The label that a file of @mode at @path shall have; false if it is none of
 * the policy's business. */
static bool look_up(const struct sc_contexts *c, const char *path, mode_t mode,
		    char *out)
{
	char *context = NULL;
	size_t n;

	if (selabel_lookup_raw(c->handle, &context, path, (int)mode) < 0)
		return false;
	n = strlen(context);
	if (n < CONTEXT_BYTES)
		memcpy(out, context, n + 1);
	freecon(context);
	return n < CONTEXT_BYTES;
}

bool sc_contexts_find(const struct sc_contexts *c, const char *path,
		      unsigned mode, struct sc_arena *a, struct sc_str *out)
{
	char context[CONTEXT_BYTES];

	return look_up(c, path, mode, context) &&
	       sc_keep(a, sc_view(context), out);
}

static mode_t mode_of(struct sc_str tclass)
{
	static const struct {
		struct sc_str tclass;
		mode_t mode;
	} modes[] = {
		{ SC_STR("file"), S_IFREG },
		{ SC_STR("dir"), S_IFDIR },
		{ SC_STR("lnk_file"), S_IFLNK },
		{ SC_STR("chr_file"), S_IFCHR },
		{ SC_STR("blk_file"), S_IFBLK },
		{ SC_STR("fifo_file"), S_IFIFO },
		{ SC_STR("sock_file"), S_IFSOCK },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (sc_str_eq(tclass, modes[i].tclass))
			return modes[i].mode;
	return 0;
}

int sc_contexts_type(const struct sc_contexts *c, struct sc_str path,
		     struct sc_str tclass, struct sc_arena *a,
		     struct sc_str *out, struct sc_error *err)
{
	char context[CONTEXT_BYTES];
	mode_t mode = mode_of(tclass);
	struct sc_str kept;

	*out = (struct sc_str){ 0 };
	if (!mode || !path.n || *path.s != '/' || memchr(path.s, '\0', path.n))
		return 0;
	if (!sc_keep(a, path, &kept))
		return sc_no_memory(err);
	if (look_up(c, kept.s, mode, context) &&
	    !sc_keep(a, sc_label_part(sc_view(context), SC_LABEL_TYPE), out))
		return sc_no_memory(err);
	return 0;
}

/* ---- what the host says of claimed paths */

/* Types of folders in which anybody keeps anything. */
static bool is_general(struct sc_str type)
{
	static const struct sc_str types[] = {
		SC_VOLUME_TYPE,        SC_STR("default_t"),
		SC_STR("mnt_t"),       SC_STR("public_content_t"),
		SC_STR("root_t"),      SC_STR("usr_t"),
		SC_STR("user_home_t"), SC_STR("var_lib_t"),
		SC_STR("var_t"),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sc_str_eq(type, types[i]))
			return true;
	return false;
}

static void judge_path(const struct sc_claim *claim,
		       const struct sc_contexts *c, struct sc_found *to)
{
	char context[CONTEXT_BYTES];
	struct sc_str type;

	if (!look_up(c, claim->path.s, S_IFDIR, context))
		return;
	type = sc_label_part(sc_view(context), SC_LABEL_TYPE);
	if (sc_str_eq(type, claim->type) || is_general(type))
		return;
	(void)sc_find(to, "structure/claim-path", claim->line,
		      "claims " SC_FMT ", which the policy of this host "
		      "gives to " SC_FMT,
		      SC_ARG(claim->path), SC_ARG(type));
}

int sc_claims_judge_paths(const struct sc_claims *claims,
			  const struct sc_contexts *c, struct sc_arena *a,
			  struct sc_findings *out, struct sc_error *err)
{
	struct sc_found to = { .arena = a, .out = out };

	for (size_t i = 0; i < claims->n; i++) {
		to.module = claims->v[i].module;
		if (!claims->v[i].proto.n)
			judge_path(&claims->v[i], c, &to);
	}
	return to.no_memory ? sc_no_memory(err) : 0;
}

/* ---- files */

struct walk {
	const struct sc_relabel_path *what;
	const struct sc_contexts *contexts;
	struct sc_labelling *r;
	struct sc_buf path; /* of the file that is looked at */
	uint64_t mount;     /* the one that it all must be on */
	struct sc_error *err;
};

static void walk_free(struct walk *w)
{
	sc_buf_free(&w->path);
}

/* Which mount @fd is on: a bind mount is another, of the same device. */
static bool mount_of(int fd, uint64_t *out)
{
	struct statx s;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &s) < 0 ||
	    !(s.stx_mask & STATX_MNT_ID))
		return false;
	*out = s.stx_mnt_id;
	return true;
}

/* @fd is O_PATH, and may be a link: /proc leads to just what it holds. */
static int set_label(struct walk *w, int fd, mode_t mode)
{
	char name[64], want[CONTEXT_BYTES], now[CONTEXT_BYTES] = "";
	struct sc_str only = w->what->only;

	if (!look_up(w->contexts, w->path.s, mode, want))
		return 0;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (getxattr(name, LABEL, now, sizeof(now) - 1) < 0 && only.n)
		return 0;
	if (strcmp(now, want) == 0 ||
	    (only.n &&
	     !sc_str_eq(sc_label_part(sc_view(now), SC_LABEL_TYPE), only)))
		return 0;
	if (setxattr(name, LABEL, want, strlen(want) + 1, 0) == 0) {
		w->r->changed++;
		return 0;
	}
	if (errno == EOPNOTSUPP) {
		w->r->no_room++;
		return 0;
	}
	return sc_fail_os(w->err, "cannot label '%s' as %s", w->path.s, want);
}

static int walk_at(struct walk *w, int folder, const char *name, int depth);

static int walk_folder(struct walk *w, int fd, int depth)
{
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n = w->path.n;
	struct dirent *e;
	int r = 0;

	if (depth > DEPTH_MAX)
		return sc_fail(w->err, SC_ELIMIT,
			       "'%s' is more than %d folders deep", w->path.s,
			       DEPTH_MAX);
	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir)
		return sc_fail_os(w->err, "cannot read '%s'", w->path.s);
	while (r == 0 && (e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		sc_putf(&w->path, "/%s", e->d_name);
		if (sc_buf_check(&w->path, w->err) < 0)
			return SC_ENOMEM;
		r = walk_at(w, fd, e->d_name, depth + 1);
		w->path.n = n;
		w->path.s[n] = '\0';
	}
	return r;
}

static int walk_fd(struct walk *w, int fd, int depth)
{
	struct stat st;
	uint64_t mount;
	int r;

	if (fstat(fd, &st) < 0 || !mount_of(fd, &mount))
		return sc_fail_os(w->err, "cannot look at '%s'", w->path.s);
	if (mount != w->mount)
		return 0;
	r = set_label(w, fd, st.st_mode);
	if (r == 0 && w->what->below && S_ISDIR(st.st_mode))
		r = walk_folder(w, fd, depth);
	return r;
}

static int walk_at(struct walk *w, int folder, const char *name, int depth)
{
	SC_CLEAN(close_p)
	int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT
			       ? 0 /* gone since */
			       : sc_fail_os(w->err, "cannot look at '%s'",
					    w->path.s);
	return walk_fd(w, fd, depth);
}

static bool is_link(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);
}

int sc_relabel_one(const struct sc_relabel_path *p, const struct sc_contexts *c,
		   struct sc_labelling *r, struct sc_error *err)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_NO_SYMLINKS };
	SC_CLEAN(walk_free)
	struct walk w = { .what = p, .contexts = c, .r = r, .err = err };
	SC_CLEAN(close_p) int fd = -1;

	sc_put(&w.path, p->path);
	if (sc_buf_check(&w.path, err) < 0)
		return SC_ENOMEM;
	fd = (int)syscall(SYS_openat2, AT_FDCWD, w.path.s, &how, sizeof(how));
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if ((fd < 0 && errno == ELOOP) || is_link(fd))
		return sc_fail(err, SC_EREFUSED,
			       "there is a link in '%s': nothing is labelled "
			       "through links",
			       w.path.s);
	if (fd < 0 || !mount_of(fd, &w.mount))
		return sc_fail_os(err, "cannot look at '%s'", w.path.s);
	return walk_fd(&w, fd, 0);
}

/* ---- the step */

static int relabel_all(struct sc_labelling *r, const struct sc_contexts *c,
		       struct sc_error *err)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < r->n; i++)
		status = sc_relabel_one(&r->v[i], c, r, err);
	return status;
}

static int is_done(void *data, struct sc_error *err)
{
	const struct sc_labelling *r = data;

	(void)err;
	return r->applied;
}

/* What labels were before is not kept: they become what the contexts said. */
static int undo(void *data, struct sc_error *err)
{
	struct sc_labelling *r = data;
	int status = 0;

	r->applied = false;
	for (size_t i = 0; status == 0 && i < r->n; i++) {
		struct sc_relabel_path all = r->v[i];

		all.only = (struct sc_str){ 0 };
		status = sc_relabel_one(&all, r->before, r, err);
	}
	return status;
}

static int apply(void *data, struct sc_error *err)
{
	SC_CLEAN(sc_contexts_close_p) struct sc_contexts *now = NULL;
	struct sc_labelling *r = data;
	struct sc_error second;
	int status = sc_contexts_open(r->contexts, &now, err);

	if (status < 0)
		return status;
	r->changed = r->no_room = 0;
	status = relabel_all(r, now, err);
	if (status < 0 && undo(r, &second) < 0)
		return sc_while(err, "labels are half changed (%s), after",
				second.msg);
	r->applied = status == 0;
	return status;
}

int sc_relabel_step(struct sc_labelling *r, struct sc_str place,
		    struct sc_arena *a, struct sc_step *out,
		    struct sc_error *err)
{
	struct sc_step step = {
		.changes = { .kind = SC_RELABEL_KIND, .place = place },
		.data = r,
		.done = is_done,
		.apply = apply,
		.undo = undo,
	};
	struct sc_str title;

	for (size_t i = 0; i < r->n; i++) {
		struct sc_change c = { .name = r->v[i].path };

		if (!SC_PUSH(a, &step.changes, c))
			return sc_no_memory(err);
	}
	if (!sc_keepf(a, &title,
		      "label %zu path%s as the file contexts say, across no "
		      "link and no mount",
		      r->n, r->n == 1 ? "" : "s"))
		return sc_no_memory(err);
	step.title = title.s;
	*out = step;
	return 0;
}
