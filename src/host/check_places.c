#include "host/look.h"

#include "base/clean.h"
#include "base/label.h"
#include "host/flags.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>

static const struct sc_status *status(const struct sc_look *l)
{
	return l->machine->status;
}

/* ---- file systems */

static const char *const state_folders[] = {
	"/",
	"/etc",
	"/usr",
	"/var",
	"/var/lib/docker",
	"/var/lib/containerd",
	"/var/lib/containers",
	"/var/lib/kubelet",
	"/var/lib/crio",
};

#define FOLDERS (sizeof(state_folders) / sizeof(state_folders[0]))

struct mount {
	struct sc_str at, options, type;
};

/* "36 35 98:0 /root /at options ... - type device super": of the deepest mount
 * that holds @path. */
static bool find_mount(struct sc_str text, struct sc_str path,
		       struct mount *out)
{
	struct sc_str line, part;
	size_t best = 0;

	while (sc_take_part(&text, '\n', &line)) {
		struct mount m = { 0 };
		struct sc_str rest = path;
		bool ok = true;

		for (int i = 0; i < 4 && ok; i++)
			ok = sc_take_part(&line, ' ', &part);
		ok = ok && sc_take_part(&line, ' ', &m.at) &&
		     sc_take_part(&line, ' ', &m.options);
		while (ok && sc_take_part(&line, ' ', &part) &&
		       !sc_str_eq(part, SC_STR("-")))
			;
		if (!ok || !sc_take_part(&line, ' ', &m.type))
			continue;
		if (!sc_take_prefix(&rest, m.at) || m.at.n < best ||
		    (rest.n && *rest.s != '/' && m.at.n > 1))
			continue;
		/* what is mounted later covers what was before */
		best = m.at.n;
		*out = m;
	}
	return best > 0;
}

static bool can_label(struct sc_str type)
{
	static const struct sc_str types[] = {
		SC_STR("ext4"),  SC_STR("xfs"),      SC_STR("btrfs"),
		SC_STR("ext3"),  SC_STR("tmpfs"),    SC_STR("f2fs"),
		SC_STR("erofs"), SC_STR("squashfs"),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sc_str_eq(type, types[i]))
			return true;
	return false;
}

static void look_label_fs(struct sc_look *l)
{
	struct sc_str text = { 0 };
	struct sc_error why;
	struct mount m = { 0 };
	int r;

	r = sc_host_read(l->machine->host, "/proc/self/mountinfo", l->a, &text,
			 &why);
	if (r == SC_ENOTFOUND && l->machine->host->root) {
		sc_look_say(l, SC_NA,
			    "that depends on what this root is written to");
		return;
	}
	if (r < 0) {
		sc_look_trouble(l, "%s", why.msg);
		return;
	}
	for (size_t i = 0; i < FOLDERS; i++) {
		struct sc_str path = sc_view(state_folders[i]);
		bool good;

		if (!sc_machine_has(l->machine, path.s))
			continue;
		if (!find_mount(text, path, &m)) {
			sc_look_trouble(l, "no mount holds '%s'", path.s);
			continue;
		}
		good = status(l)->state.mounted
			       ? sc_has_part(m.options, ',', SC_STR("seclabel"))
			       : can_label(m.type);
		(void)sc_look_add(l, path, m.type,
				  SC_STR("one that keeps labels"), !good);
	}
}

static void look_label_space(struct sc_look *l)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		SC_CLEAN(close_p)
		int fd = sc_host_fd(l->machine->host, state_folders[i],
				    O_RDONLY | O_DIRECTORY);
		struct sc_str now;
		struct statvfs fs;
		bool blocks, inodes;

		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0 || fstatvfs(fd, &fs) < 0) {
			sc_look_trouble(l, "'%s' cannot be asked: %s",
					state_folders[i], strerror(errno));
			continue;
		}
		blocks = fs.f_blocks && fs.f_bfree < fs.f_blocks / 50;
		inodes = fs.f_files && fs.f_ffree < fs.f_files / 50;
		if (!sc_keepf(l->a, &now, "less than 2 %% of %s is free",
			      blocks ? "its blocks" : "its inodes"))
			l->no_memory = true;
		else if (blocks || inodes)
			(void)sc_look_add(l, sc_view(state_folders[i]), now,
					  SC_STR("2 %"), true);
	}
}

/* ---- folders that were moved */

/* The value of @key in the TOML, JSON or YAML file at @path; empty: none. */
static struct sc_str moved_to(struct sc_look *l, const char *path,
			      const char *table, const char *key)
{
	struct sc_str text = { 0 };
	struct sc_doc doc = { 0 };
	const struct sc_doc_node *node;
	struct sc_error why;
	int r = sc_host_read(l->machine->host, path, l->a, &text, &why);

	if (r == SC_ENOTFOUND)
		return SC_STR("");
	if (r == 0)
		r = sc_glob(SC_STR("*.json"), sc_view(path))
			    ? sc_doc_read_json(text, l->a, &doc, &why)
			    : sc_doc_read_toml(text, l->a, &doc, &why);
	if (r < 0) {
		sc_look_trouble(l, "'%s': %s", path, why.msg);
		return SC_STR("");
	}
	node = sc_doc_get(table ? sc_doc_get(doc.root, table) : doc.root, key);
	return sc_doc_is_scalar(node) ? node->text : SC_STR("");
}

static void look_at_moved(struct sc_look *l, const struct sc_contexts *c,
			  struct sc_str now, const char *usual)
{
	struct sc_str here = { 0 }, there = { 0 };
	struct sc_evidence *e;

	while (now.n > 1 && now.s[now.n - 1] == '/')
		now.n--;
	if (!now.n || sc_str_eq(now, sc_view(usual)))
		return;
	if (!sc_keep(l->a, now, &now)) {
		l->no_memory = true;
		return;
	}
	(void)sc_contexts_find(c, now.s, S_IFDIR | 0755, l->a, &here);
	(void)sc_contexts_find(c, usual, S_IFDIR | 0755, l->a, &there);
	here = sc_label_type(here);
	there = sc_label_type(there);
	e = sc_look_add(l, now, here.n ? here : SC_STR("(no label)"), there,
			!sc_str_eq(here, there));
	e->path = e->what;
}

static void look_label_moved(struct sc_look *l)
{
	static const struct {
		const char *file, *table, *key, *usual;
	} places[] = {
		{ "/etc/docker/daemon.json", NULL, "data-root",
		  "/var/lib/docker" },
		{ "/etc/containerd/config.toml", NULL, "root",
		  "/var/lib/containerd" },
		{ "/etc/crio/crio.conf", "crio", "root",
		  "/var/lib/containers/storage" },
		{ "/etc/containers/storage.conf", "storage", "graphroot",
		  "/var/lib/containers/storage" },
	};
	SC_CLEAN(sc_contexts_close_p)
	struct sc_contexts *c = sc_look_contexts(l);
	struct sc_str value;
	struct sc_origin from;

	for (size_t i = 0; c && i < sizeof(places) / sizeof(places[0]); i++)
		look_at_moved(l, c,
			      moved_to(l, places[i].file, places[i].table,
				       places[i].key),
			      places[i].usual);
	if (c && sc_flag_last(&l->machine->kubelet.words, SC_STR("root-dir"),
			      &value, &from))
		look_at_moved(l, c, value, "/var/lib/kubelet");
}

/* ---- EKS */

/* Does the containerd configuration in a NodeConfig say so? */
static enum sc_answer node_config_says(struct sc_look *l, struct sc_str path)
{
	const struct sc_doc_node *text, *plugins;
	struct sc_settings s;
	struct sc_doc doc = { 0 };
	struct sc_error why;

	if (sc_settings_read(l->machine->host, path, l->a, &s, &why) < 0) {
		l->no_memory = true;
		return SC_ANSWER_UNKNOWN;
	}
	if (s.trouble.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(s.trouble));
	text = sc_settings_get(&s, SC_STR("spec.containerd.config"));
	if (!sc_doc_is_scalar(text))
		return SC_ANSWER_UNKNOWN;
	if (sc_doc_read_toml(text->text, l->a, &doc, &why) < 0) {
		sc_look_trouble(l, "'%s': %s", path.s, why.msg);
		return SC_ANSWER_UNKNOWN;
	}
	plugins = sc_doc_get(doc.root, "plugins");
	for (plugins = plugins ? plugins->first : NULL; plugins;
	     plugins = plugins->next) {
		const struct sc_doc_node *on =
			sc_doc_get(plugins, "enable_selinux");

		if (sc_doc_is_scalar(on))
			return sc_str_eq(on->text, SC_STR("true"))
				       ? SC_ANSWER_YES
				       : SC_ANSWER_NO;
	}
	return SC_ANSWER_UNKNOWN;
}

static void look_eks_labels(struct sc_look *l)
{
	static const char *const folder = "/etc/eks/nodeadm.d";
	struct sc_names names = { 0 };
	enum sc_answer says = SC_ANSWER_UNKNOWN;
	struct sc_str path, last = SC_STR("");
	struct sc_error why;

	if (l->machine->manager != SC_MANAGER_NODEADM) {
		sc_look_say(l, SC_NA, "nodeadm does not set this host up");
		return;
	}
	if (sc_host_list(l->machine->host, folder, 0, l->a, &names, &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n; i++) {
		enum sc_answer one;

		if (!sc_keepf(l->a, &path, "%s/%s", folder, names.v[i].s)) {
			l->no_memory = true;
			return;
		}
		one = node_config_says(l, path);
		last = one == SC_ANSWER_UNKNOWN ? last : path;
		says = one == SC_ANSWER_UNKNOWN ? says : one;
	}
	if (says == SC_ANSWER_UNKNOWN && !l->trouble) {
		sc_look_say(l, SC_MANUAL,
			    "no NodeConfig in %s says it: see "
			    "the instance's user data",
			    folder);
		return;
	}
	if (says != SC_ANSWER_UNKNOWN)
		sc_look_add(l, last,
			    says == SC_ANSWER_YES
				    ? SC_STR("enable_selinux = true")
				    : SC_STR("enable_selinux = false"),
			    SC_STR("true"), says == SC_ANSWER_NO)
			->path = last;
}

const struct sc_probe sc_probes_places[] = {
	{ SC_STR("label-fs"), look_label_fs },
	{ SC_STR("label-space"), look_label_space },
	{ SC_STR("label-moved"), look_label_moved },
	{ SC_STR("eks-labels"), look_eks_labels },
	{ { NULL, 0 }, NULL },
};
