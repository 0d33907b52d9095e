#include "host/look.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#define WALK_DEPTH 64
#define WALK_FILES ((size_t)20000000)

SC_DEFINE_CLEAN(DIR, closedir)

static const struct sc_status *status(const struct sc_look *l)
{
	return l->machine->status;
}

/* Without SELinux in force labels on disk are of another time; below a root
 * they are what the next boot will find. True: said so. */
static bool has_no_labels(struct sc_look *l)
{
	if (l->machine->host->root || status(l)->state.mounted)
		return false;
	sc_look_say(l, SC_NA,
		    "SELinux does not run: labels on disk are of "
		    "another time");
	return true;
}

/* ---- what the policy says of a file */

/* Where @fd really is, as seen from the root; false: it cannot be told. */
static bool real_path(const struct sc_look *l, int fd, char *out, size_t room)
{
	char link[64], base[4096];
	ssize_t n, root = 0;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, out, room - 1);
	if (n <= 0)
		return false;
	out[n] = '\0';
	if (!l->machine->host->root)
		return true;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d",
		       l->machine->host->fd);
	root = readlink(link, base, sizeof(base) - 1);
	if (root <= 0 || root > n || memcmp(base, out, (size_t)root) != 0)
		return false;
	if (root == 1)
		return true;
	memmove(out, out + root, (size_t)(n - root) + 1);
	return *out == '/';
}

/* Its label, the one that the policy wants, and is it there at all? */
struct labelled {
	char path[4096];
	struct sc_str type, wanted;
};

static bool label_of(struct sc_look *l, const struct sc_contexts *c,
		     const char *path, struct labelled *out)
{
	SC_CLEAN(close_p) int fd = sc_host_fd(l->machine->host, path, O_PATH);
	struct sc_str label = { 0 }, wanted = { 0 };
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd < 0 || fstat(fd, &st) < 0 ||
	    !real_path(l, fd, out->path, sizeof(out->path))) {
		sc_look_trouble(l, "'%s' cannot be reached", path);
		return false;
	}
	out->type = out->wanted = SC_STR("");
	if (sc_context_of_fd(fd, l->a, &label))
		out->type = sc_label_type(label);
	if (c && sc_contexts_find(c, out->path, st.st_mode, l->a, &wanted))
		out->wanted = sc_label_type(wanted);
	return true;
}

static void add_label(struct sc_look *l, const struct labelled *f, bool wrong)
{
	struct sc_evidence *e = sc_look_add(
		l, sc_view(f->path), f->type.n ? f->type : SC_STR("(no label)"),
		f->wanted, wrong);

	e->path = e->what;
}

static void look_label_sample(struct sc_look *l)
{
	static const char *const paths[] = {
		"/sbin/init",
		"/usr/lib/systemd/systemd",
		"/usr/sbin/sshd",
		"/sbin/agetty",
		"/bin/login",
		"/bin/sh",
		"/bin/bash",
		"/usr/bin/sudo",
		"/etc/passwd",
		"/etc/shadow",
		"/etc/group",
		"/etc/ssh/sshd_config",
		"/etc/selinux/config",
		"/etc/pam.d",
		"/etc/systemd/system",
		"/root",
		"/root/.ssh",
		"/root/.ssh/authorized_keys",
		"/etc/ld.so.cache",
		"/usr/bin/kubelet",
		"/usr/local/bin/kubelet",
		"/etc/kubernetes",
		"/var/lib/kubelet",
	};
	SC_CLEAN(sc_contexts_close_p) struct sc_contexts *c = NULL;
	struct labelled f;

	if (has_no_labels(l))
		return;
	c = sc_look_contexts(l);
	for (size_t i = 0; c && i < sizeof(paths) / sizeof(paths[0]); i++)
		if (label_of(l, c, paths[i], &f) && f.wanted.n)
			add_label(l, &f, !sc_str_eq(f.type, f.wanted));
}

/* ---- programs that start containers */

/* A type that is no program's own. */
static bool is_general(struct sc_str type)
{
	static const struct sc_str types[] = {
		SC_STR(""),          SC_STR("bin_t"),
		SC_STR("usr_t"),     SC_STR("lib_t"),
		SC_STR("default_t"), SC_STR("unlabeled_t"),
		SC_STR("file_t"),    SC_STR("var_lib_t"),
		SC_STR("var_t"),     SC_STR("user_home_t"),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sc_str_eq(type, types[i]))
			return true;
	return false;
}

static void look_at_program(struct sc_look *l, const struct sc_contexts *c,
			    struct sc_str path)
{
	struct sc_evidence *e;
	struct labelled f;

	if (!path.n || !label_of(l, c, path.s, &f))
		return;
	if (!is_general(f.wanted)) {
		add_label(l, &f, !sc_str_eq(f.type, f.wanted));
		return;
	}
	/* the policy has no label for it that restorecon would give */
	e = sc_look_add(l, sc_view(f.path),
			f.type.n ? f.type : SC_STR("(no label)"),
			SC_STR("a type of its own"), is_general(f.type));
	e->path = SC_STR("");
}

static void look_runtime_labels(struct sc_look *l)
{
	SC_CLEAN(sc_contexts_close_p) struct sc_contexts *c = NULL;
	const struct sc_machine *m = l->machine;

	if (has_no_labels(l))
		return;
	if (!m->engines.n && !m->kubelet.program.n) {
		sc_look_say(l, SC_NA, "no engine is here");
		return;
	}
	c = sc_look_contexts(l);
	for (size_t i = 0; c && i < m->engines.n; i++)
		look_at_program(l, c, m->engines.v[i].program);
	if (c)
		look_at_program(l, c, m->kubelet.program);
}

/* ---- all files */

struct walk {
	struct sc_look *l;
	dev_t device;
	size_t files, bad;
	char path[4096];
	size_t n; /* of .path */
};

static bool is_no_label(struct sc_str type)
{
	return !type.n || sc_str_eq(type, SC_STR("unlabeled_t")) ||
	       sc_str_eq(type, SC_STR("default_t")) ||
	       sc_str_eq(type, SC_STR("file_t"));
}

/* What containers write has labels of its own, and there is much of it. */
static bool is_passed_over(const char *path)
{
	static const char *const those[] = {
		"/proc",
		"/sys",
		"/dev",
		"/run",
		"/tmp",
		"/var/lib/docker/overlay2",
		"/var/lib/containers/storage/overlay",
		"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs",
	};

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (strcmp(path, those[i]) == 0)
			return true;
	return false;
}

static void look_at_entry(struct walk *w, int fd)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_str label = { 0 };

	w->files++;
	if (sc_context_of_fd(fd, &scratch, &label) &&
	    !is_no_label(sc_label_type(label)))
		return;
	w->bad++;
	label = label.n ? sc_label_type(label) : SC_STR("(no label)");
	sc_look_add(w->l, (struct sc_str){ w->path, w->n }, label, SC_STR(""),
		    true)
		->path = SC_STR("");
}

static void walk_folder(struct walk *w, int fd, int depth);

static void walk_entry(struct walk *w, int parent, const char *name, int depth)
{
	SC_CLEAN(close_p)
	int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	size_t before = w->n, n = strlen(name);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_dev != w->device ||
	    w->n + n + 2 > sizeof(w->path))
		return;
	w->path[w->n++] = '/';
	memcpy(w->path + w->n, name, n + 1);
	w->n += n;
	if (!is_passed_over(w->path) && w->files < WALK_FILES) {
		if (!S_ISLNK(st.st_mode))
			look_at_entry(w, fd);
		if (S_ISDIR(st.st_mode) && depth < WALK_DEPTH)
			walk_folder(w, fd, depth + 1);
	}
	w->n = before;
	w->path[before] = '\0';
}

static void walk_folder(struct walk *w, int fd, int depth)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SC_CLEAN(closedir_p) DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		sc_look_trouble(w->l, "'%s' cannot be read: %s",
				w->n ? w->path : "/", strerror(errno));
		return;
	}
	while ((entry = readdir(dir)) && !w->l->no_memory)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			walk_entry(w, fd, entry->d_name, depth);
}

static void walk_all(struct sc_look *l)
{
	struct walk w = { .l = l };
	struct stat st;

	if (fstat(l->machine->host->fd, &st) < 0) {
		sc_look_trouble(l, "the root cannot be read");
		return;
	}
	w.device = st.st_dev;
	walk_folder(&w, l->machine->host->fd, 0);
	sc_look_note(l, "%zu of %zu files have no label of use", w.bad,
		     w.files);
}

static void look_label_full(struct sc_look *l)
{
	if (has_no_labels(l))
		return;
	if (!l->deep)
		sc_look_say(l, SC_MANUAL,
			    "all files are looked at with --deep "
			    "alone: it takes long");
	else
		walk_all(l);
}

static void look_image_labels(struct sc_look *l)
{
	static const char *const paths[] = { "/etc", "/usr", "/usr/bin",
					     "/etc/passwd" };
	struct labelled f;

	if (!l->machine->host->root) {
		sc_look_say(l, SC_NA, "this is no image: see --root");
		return;
	}
	if (!status(l)->policy_there) {
		sc_look_say(l, SC_NA, "no policy is installed");
		return;
	}
	if (l->deep) {
		walk_all(l);
		return;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (label_of(l, NULL, paths[i], &f))
			add_label(l, &f, is_no_label(f.type));
}

const struct sc_probe sc_probes_labels[] = {
	{ SC_STR("label-sample"), look_label_sample },
	{ SC_STR("label-full"), look_label_full },
	{ SC_STR("runtime-labels"), look_runtime_labels },
	{ SC_STR("image-labels"), look_image_labels },
	{ { NULL, 0 }, NULL },
};
