#include "host/engine.h"

#include "base/buf.h"
#include "base/data.h"
#include "base/table.h"
#include "base/vec.h"
#include "doc/doc.h"
#include "host/service.h"

#define IMPORTS_MAX 64 /* files, of one containerd */

/* What is known while one engine is looked at. */
struct look {
	const struct sc_host *host;
	const struct sc_process *daemon; /* or NULL */
	struct sc_words words; /* of its command line, or by its unit */
	const char *home;
	const struct sc_processes *list;
	const struct sc_engines *before; /* those found before it */
	struct sc_arena *a;
	struct sc_engine *e;
};

static int say(struct look *l, enum sc_answer labels, const char *where,
	       struct sc_error *err)
{
	l->e->labels = labels;
	return sc_keep(l->a, sc_view(where), &l->e->where) ? 0
							   : sc_no_memory(err);
}

/* ---- command lines */

/* "--name", "--name=true"; the last one counts. */
static enum sc_answer flag(const struct look *l, struct sc_str name)
{
	enum sc_answer found = SC_ANSWER_UNKNOWN;

	for (size_t i = 1; i < l->words.n; i++) {
		struct sc_str word = l->words.v[i].text;

		if (!sc_take_prefix(&word, name))
			continue;
		if (!word.n || sc_str_eq(word, SC_STR("=true")) ||
		    sc_str_eq(word, SC_STR("=1")))
			found = SC_ANSWER_YES;
		else if (sc_str_eq(word, SC_STR("=false")) ||
			 sc_str_eq(word, SC_STR("=0")))
			found = SC_ANSWER_NO;
	}
	return found;
}

/* The value of "--name VALUE" or "--name=VALUE", or @otherwise. */
static const char *value(const struct look *l, const char *name,
			 const char *otherwise)
{
	for (size_t i = 1; i < l->words.n; i++) {
		struct sc_str word = l->words.v[i].text;

		if (!sc_take_prefix(&word, sc_view(name)))
			continue;
		if (!word.n && i + 1 < l->words.n)
			word = l->words.v[i + 1].text;
		else if (!sc_take_prefix(&word, SC_STR("=")))
			continue;
		/* A relative one is relative to we don't know what. */
		if (word.n && *word.s == '/')
			otherwise = word.s;
	}
	return otherwise;
}

/* ---- files of configuration */

typedef int read_fn(struct sc_str, struct sc_arena *, struct sc_doc *,
		    struct sc_error *);

/* @path as a tree; NULL if it is not there, or @l->e->trouble says why not. */
static int load(struct look *l, const char *path, read_fn *read,
		struct sc_doc_node **out, struct sc_error *err)
{
	struct sc_doc doc = { 0 };
	struct sc_error why = { 0 };
	struct sc_str text = { 0 };
	int r = sc_host_read(l->host, path, l->a, &text, &why);

	*out = NULL;
	if (r == SC_ENOTFOUND)
		return 0;
	if (r == 0 && (r = read(text, l->a, &doc, &why)) < 0)
		sc_while(&why, "'%s'", path);
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0)
		return sc_keep(l->a, sc_view(why.msg), &l->e->trouble)
			       ? 0
			       : sc_no_memory(err);
	*out = doc.root;
	return 0;
}

static enum sc_answer truth(const struct sc_doc_node *node)
{
	if (!sc_doc_is_scalar(node))
		return SC_ANSWER_UNKNOWN;
	return sc_str_eq(node->text, SC_STR("true")) ? SC_ANSWER_YES
						     : SC_ANSWER_NO;
}

/* @node of the file at @path says so. */
static int say_file(struct look *l, const struct sc_doc_node *node,
		    const char *path, struct sc_error *err)
{
	if (l->daemon && sc_process_is_older(l->host, l->daemon, path, l->a))
		l->e->stale = true;
	l->e->line = node->line;
	if (!sc_doc_path(node, l->a, &l->e->key))
		return sc_no_memory(err);
	return say(l, truth(node), path, err);
}

/* A flag of @word says so, of the daemon that runs or would. */
static int say_flag(struct look *l, enum sc_answer labels, const char *word,
		    struct sc_error *err)
{
	struct sc_str where;

	if (!sc_keepf(l->a, &where, "%s of %s", word,
		      l->daemon ? "the running daemon" : "its unit"))
		return sc_no_memory(err);
	return say(l, labels, where.s, err);
}

/* ---- docker */

static int ask_docker(struct look *l, struct sc_error *err)
{
	const char *path = value(l, "--config-file", "/etc/docker/daemon.json");
	enum sc_answer told = flag(l, SC_STR("--selinux-enabled"));
	const struct sc_doc_node *set;
	struct sc_doc_node *root = NULL;
	int r = load(l, path, sc_doc_read_json, &root, err);

	if (r < 0)
		return r;
	set = sc_doc_get(root, "selinux-enabled");
	if (told != SC_ANSWER_UNKNOWN && set &&
	    !sc_keepf(l->a, &l->e->clash,
		      "is told by a flag and by %s: dockerd does not start "
		      "with both",
		      path))
		return sc_no_memory(err);
	if (told != SC_ANSWER_UNKNOWN) {
		l->e->trouble = SC_STR("");
		return say_flag(l, told, "--selinux-enabled", err);
	}
	if (l->e->trouble.n)
		return 0;
	if (sc_doc_is_scalar(set))
		return say_file(l, set, path, err);
	return say(l, SC_ANSWER_NO, "by default", err);
}

/* ---- containerd */

static bool lists(const struct sc_doc_node *list, const char *one,
		  const char *other)
{
	for (const struct sc_doc_node *c = list ? list->first : NULL; c;
	     c = c->next)
		if (sc_str_eq(c->text, sc_view(one)) ||
		    sc_str_eq(c->text, sc_view(other)))
			return true;
	return false;
}

/* The tables of the CRI plugin, by the version of the form: 4 is as 3. */
static const char *const cri_tables[] = {
	"cri",
	"io.containerd.grpc.v1.cri",
	"io.containerd.cri.v1.runtime",
};

#define CRI_TABLES 3

static size_t containerd_version(const struct sc_doc_node *root)
{
	const struct sc_doc_node *v = sc_doc_get(root, "version");
	struct sc_str text = v ? v->text : (struct sc_str){ 0 };
	uint64_t version = 1;

	(void)sc_take_u64(&text, &version);
	return version < 1 ? 1 : version > CRI_TABLES ? CRI_TABLES : version;
}

static const struct sc_doc_node *cri_table(const struct sc_doc_node *root)
{
	return sc_doc_get(sc_doc_get(root, "plugins"),
			  cri_tables[containerd_version(root) - 1]);
}

/* What is known of one containerd from its files so far. */
struct containerd {
	const struct sc_doc_node *set; /* the key that counts; or NULL */
	const char *where;
	size_t files; /* read so far */
	bool merges;  /* 2.x: drop-ins are merged key by key, and false in one
			 leaves a true as it is; 1.x: each replaces a table */
};

/* A key that stands where this version does not look. */
static int note_wrong_place(struct look *l, const struct sc_doc_node *root,
			    const char *path, struct sc_error *err)
{
	const struct sc_doc_node *plugins = sc_doc_get(root, "plugins");
	size_t version = containerd_version(root);

	for (size_t i = 0; i < CRI_TABLES; i++) {
		if (i + 1 == version ||
		    !sc_doc_get(sc_doc_get(plugins, cri_tables[i]),
				"enable_selinux"))
			continue;
		if (!sc_keepf(l->a, &l->e->hint,
			      "%s has it under '%s' too, where version %zu "
			      "does not look",
			      path, cri_tables[i], version))
			return sc_no_memory(err);
	}
	return 0;
}

static int read_imports(struct look *l, const struct sc_doc_node *root,
			const char *path, struct containerd *c,
			struct sc_error *err);

/* One file that is imported: what it imports itself comes after it. */
static int import(struct look *l, const char *path, struct containerd *c,
		  struct sc_error *err)
{
	const struct sc_doc_node *table, *key;
	struct sc_doc_node *root = NULL;
	bool on = c->set && truth(c->set) == SC_ANSWER_YES;
	int r = load(l, path, sc_doc_read_toml, &root, err);

	if (r < 0)
		return r;
	table = cri_table(root);
	key = sc_doc_get(table, "enable_selinux");
	if (!table) {
		r = note_wrong_place(l, root, path, err);
	} else if (on && truth(key) != SC_ANSWER_YES && !c->merges) {
		if (!sc_keepf(l->a, &l->e->trouble,
			      "'%s' has a table of the CRI plugin without "
			      "enable_selinux = true: containerd 1 takes it "
			      "for the whole table, containerd 2 does not",
			      path))
			return sc_no_memory(err);
	} else if (sc_doc_is_scalar(key) &&
		   !(on && truth(key) != SC_ANSWER_YES)) {
		c->set = key;
		c->where = path;
	}
	return r < 0 ? r : read_imports(l, root, path, c, err);
}

/* The files that @pattern names, "/etc/containerd/conf.d/\*.toml", in turn; one
 * without a '/' at its start is beside @path. */
static int import_pattern(struct look *l, struct sc_str pattern,
			  const char *path, struct containerd *c,
			  struct sc_error *err)
{
	const char *beside = strrchr(path, '/'), *slash;
	struct sc_names names = { 0 };
	struct sc_str whole, file;
	int r;

	if (!sc_keepf(l->a, &whole, "%.*s" SC_FMT,
		      pattern.n && *pattern.s == '/' ? 0
						     : (int)(beside - path) + 1,
		      path, SC_ARG(pattern)))
		return sc_no_memory(err);
	slash = memrchr(whole.s, '/', whole.n);
	pattern = (struct sc_str){ slash + 1,
				   whole.n - (size_t)(slash - whole.s) - 1 };
	if (!sc_keep(l->a,
		     (struct sc_str){ whole.s, (size_t)(slash - whole.s) },
		     &whole))
		return sc_no_memory(err);
	r = sc_host_list(l->host, whole.n ? whole.s : "/", 0, l->a, &names,
			 err);
	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!sc_glob(pattern, names.v[i]))
			continue;
		if (++c->files > IMPORTS_MAX) {
			l->e->trouble = SC_STR("it imports too many files, or "
					       "one that imports itself");
			return 0;
		}
		if (!sc_keepf(l->a, &file, "%s/%s", whole.s, names.v[i].s))
			return sc_no_memory(err);
		r = import(l, file.s, c, err);
	}
	return r;
}

static int read_imports(struct look *l, const struct sc_doc_node *root,
			const char *path, struct containerd *c,
			struct sc_error *err)
{
	const struct sc_doc_node *imports = sc_doc_get(root, "imports");
	int r = 0;

	for (imports = imports ? imports->first : NULL;
	     imports && r == 0 && !l->e->trouble.n; imports = imports->next)
		r = import_pattern(l, imports->text, path, c, err);
	return r;
}

static bool is_before(const struct look *l, struct sc_str name)
{
	for (size_t i = 0; i < l->before->n; i++)
		if (sc_str_eq(l->before->v[i].name, name))
			return true;
	return false;
}

/* Is there nobody who would have it make pods, but docker, which has it start
 * containers that docker gave a label? */
static bool is_dockers(const struct look *l)
{
	static const char *const users[] = {
		"/usr/bin/kubelet",      "/usr/local/bin/kubelet",
		"/opt/bin/kubelet",      "/usr/bin/crictl",
		"/usr/local/bin/crictl",
	};
	struct stat st;

	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (sc_host_stat(l->host, users[i], &st))
			return false;
	for (size_t i = 0; i < l->list->containers.n; i++)
		if (sc_str_eq(l->list->containers.v[i].engine, l->e->name))
			return false;
	return is_before(l, SC_STR("docker")) &&
	       !sc_process_named(l->list, SC_STR("kubelet"));
}

static int say_dockers(struct look *l, struct sc_error *err)
{
	l->e->of = SC_STR("docker");
	return say(l, SC_ANSWER_UNKNOWN, "part of docker, which decides", err);
}

static int ask_containerd(struct look *l, struct sc_error *err)
{
	const char *path = value(l, "--config", "/etc/containerd/config.toml");
	struct containerd c = { 0 };
	struct sc_doc_node *root = NULL;
	int r;

	path = value(l, "-c", path);
	r = load(l, path, sc_doc_read_toml, &root, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	if (lists(sc_doc_get(root, "disabled_plugins"), "cri",
		  "io.containerd.grpc.v1.cri"))
		return is_dockers(l)
			       ? say_dockers(l, err)
			       : say(l, SC_ANSWER_UNKNOWN,
				     "no CRI here: whoever uses it decides, as docker "
				     "does",
				     err);
	c.where = path;
	c.merges = containerd_version(root) >= 3;
	c.set = sc_doc_get(cri_table(root), "enable_selinux");
	r = note_wrong_place(l, root, path, err);
	if (r == 0)
		r = read_imports(l, root, path, &c, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	if (truth(c.set) != SC_ANSWER_YES && is_dockers(l))
		return say_dockers(l, err);
	if (!sc_doc_is_scalar(c.set))
		return say(l, SC_ANSWER_NO, "by default", err);
	return say_file(l, c.set, c.where, err);
}

/* ---- chains of files: CRI-O, podman, k3s */

/* The last file of a chain that sets a key, and how. */
struct chain {
	const char *table; /* with dots, two at most; NULL: the root */
	const char *key;
	read_fn *read;
	const struct sc_doc_node *set; /* or NULL */
	struct sc_str where;
};

static const struct sc_doc_node *chain_key(const struct chain *c,
					   const struct sc_doc_node *root)
{
	const char *dot = c->table ? strchr(c->table, '.') : NULL;
	char first[16] = { 0 };

	if (!c->table)
		return sc_doc_get(root, c->key);
	if (!dot)
		return sc_doc_get(sc_doc_get(root, c->table), c->key);
	memcpy(first, c->table, (size_t)(dot - c->table));
	return sc_doc_get(sc_doc_get(sc_doc_get(root, first), dot + 1), c->key);
}

static int follow_file(struct look *l, struct chain *c, const char *path,
		       struct sc_error *err)
{
	const struct sc_doc_node *one;
	struct sc_doc_node *root = NULL;
	int r = load(l, path, c->read, &root, err);

	if (r < 0)
		return r;
	one = chain_key(c, root);
	if (!sc_doc_is_scalar(one))
		return 0;
	c->set = one;
	return sc_keep(l->a, sc_view(path), &c->where) ? 0 : sc_no_memory(err);
}

/* All files in @folder whose names fit @pattern. */
static int follow_folder(struct look *l, struct chain *c, const char *folder,
			 const char *pattern, struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_str path;
	int r = sc_host_list(l->host, folder, 0, l->a, &names, err);

	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!sc_glob(sc_view(pattern), names.v[i]))
			continue;
		if (!sc_keepf(l->a, &path, "%s/%s", folder, names.v[i].s))
			return sc_no_memory(err);
		r = follow_file(l, c, path.s, err);
	}
	return r;
}

static int say_chain(struct look *l, const struct chain *c,
		     enum sc_answer otherwise, const char *why,
		     struct sc_error *err)
{
	if (!c->set)
		return say(l, otherwise, why, err);
	return say_file(l, c->set, c->where.s, err);
}

/* With this, which is the default, pods of the host's network have no label. */
static int note_host_network(struct look *l, const char *path,
			     struct sc_error *err)
{
	struct chain c = {
		"crio.runtime",
		"hostnetwork_disable_selinux",
		sc_doc_read_toml,
		NULL,
		{ 0 },
	};
	int r = follow_file(l, &c, path, err);

	if (r == 0)
		r = follow_folder(l, &c, "/etc/crio/crio.conf.d", "*", err);
	if (r == 0 && (!c.set || truth(c.set) == SC_ANSWER_YES))
		l->e->hint = SC_STR("but pods of the host's network, unless "
				    "hostnetwork_disable_selinux is false");
	return r;
}

static int ask_crio(struct look *l, struct sc_error *err)
{
	const char *path = value(l, "--config", "/etc/crio/crio.conf");
	enum sc_answer told = flag(l, SC_STR("--selinux"));
	struct chain c = {
		"crio.runtime", "selinux", sc_doc_read_toml, NULL, { 0 },
	};
	int r;

	if (told != SC_ANSWER_UNKNOWN)
		return say_flag(l, told, "--selinux", err);
	r = follow_file(l, &c, path, err);
	if (r == 0)
		r = follow_folder(l, &c, "/etc/crio/crio.conf.d", "*", err);
	if (r == 0)
		r = note_host_network(l, path, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	return say_chain(l, &c, SC_ANSWER_UNKNOWN,
			 "not set: newer versions label, older ones do not",
			 err);
}

static int ask_podman(struct look *l, struct sc_error *err)
{
	struct chain c = {
		"containers", "label", sc_doc_read_toml, NULL, { 0 },
	};
	struct sc_str path;
	int r = follow_file(l, &c, "/usr/share/containers/containers.conf",
			    err);

	if (r == 0)
		r = follow_file(l, &c, "/etc/containers/containers.conf", err);
	if (r == 0)
		r = follow_folder(l, &c, "/etc/containers/containers.conf.d",
				  "*.conf", err);
	if (r == 0 && l->home) {
		if (!sc_keepf(l->a, &path,
			      "%s/.config/containers/containers.conf", l->home))
			return sc_no_memory(err);
		r = follow_file(l, &c, path.s, err);
	}
	if (r < 0 || l->e->trouble.n)
		return r;
	return say_chain(l, &c, SC_ANSWER_YES, "by default", err);
}

static int ask_rancher(struct look *l, struct sc_error *err)
{
	enum sc_answer told = flag(l, SC_STR("--selinux"));
	struct chain c = {
		NULL, "selinux", sc_doc_read_yaml, NULL, { 0 },
	};
	struct sc_str path, folder;
	int r;

	if (told != SC_ANSWER_UNKNOWN)
		return say_flag(l, told, "--selinux", err);
	if (!sc_keepf(l->a, &path, "/etc/rancher/" SC_FMT "/config.yaml",
		      SC_ARG(l->e->name)) ||
	    !sc_keepf(l->a, &folder, "%s.d", path.s))
		return sc_no_memory(err);
	r = follow_file(l, &c, path.s, err);
	if (r == 0)
		r = follow_folder(l, &c, folder.s, "*.yaml", err);
	if (r < 0 || l->e->trouble.n)
		return r;
	return say_chain(l, &c, SC_ANSWER_NO, "by default", err);
}

/* ---- all */

static const struct {
	struct sc_str name;
	int (*ask)(struct look *l, struct sc_error *err);
} askers[] = {
	{ SC_STR("podman"), ask_podman },
	{ SC_STR("docker"), ask_docker },
	{ SC_STR("containerd"), ask_containerd },
	{ SC_STR("cri-o"), ask_crio },
	{ SC_STR("k3s"), ask_rancher },
	{ SC_STR("rke2"), ask_rancher },
};

/* Which of @programs is there first; empty: none. */
static int find_program(struct look *l, struct sc_str programs,
			struct sc_error *err)
{
	struct sc_str word;
	struct stat st;

	while (sc_take_word(&programs, &word)) {
		if (!sc_keep(l->a, word, &word))
			return sc_no_memory(err);
		if (!sc_host_stat(l->host, word.s, &st))
			continue;
		l->e->program = word;
		return 0;
	}
	return 0;
}

/* Of the daemon that runs; else those that @unit would start it with. */
static int find_words(struct look *l, struct sc_str unit, struct sc_error *err)
{
	struct sc_service service = { 0 };
	int r;

	if (!sc_keep(l->a, unit, &unit))
		return sc_no_memory(err);
	if (l->daemon) {
		l->e->daemon = l->daemon->pid;
		return sc_service_running(l->host, l->daemon->pid, &service,
					  l->a, &l->words, err);
	}
	if (sc_str_eq(unit, SC_STR("-")))
		return 0;
	r = sc_service_read(l->host, unit.s, l->a, &service, err);
	l->words = service.words;
	return r;
}

static int look_at(struct look *l, const struct sc_row *row,
		   const struct sc_processes *list, struct sc_error *err)
{
	int r = find_program(l, row->v[1], err);

	l->daemon = sc_process_named(list, row->v[2]);
	if (r < 0 || (!l->daemon && !l->e->program.n))
		return r;
	r = find_words(l, row->v[5], err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < sizeof(askers) / sizeof(askers[0]); i++)
		if (sc_str_eq(askers[i].name, l->e->name))
			return askers[i].ask(l, err);
	return 0;
}

int sc_engines_find(const struct sc_host *h, const struct sc_processes *list,
		    const char *home, struct sc_arena *a,
		    struct sc_engines *out, struct sc_error *err)
{
	struct sc_str table = sc_data("engines.tsv");
	struct sc_engines found = { 0 };
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		struct sc_engine e = { .name = row.v[0],
				       .labels = SC_ANSWER_UNKNOWN };
		struct look l = { .host = h,
				  .home = home,
				  .list = list,
				  .before = &found,
				  .a = a,
				  .e = &e };

		if (look_at(&l, &row, list, err) < 0)
			return err->code;
		if ((e.program.n || e.daemon) && !SC_PUSH(a, &found, e))
			return sc_no_memory(err);
	}
	*out = found;
	return 0;
}
