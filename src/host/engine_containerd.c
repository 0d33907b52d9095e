#include "base/buf.h"
#include "base/vec.h"
#include "host/asking.h"

#define IMPORTS_MAX 64 /* files, of one containerd */

static bool lists(const struct sc_doc_node *list, const char *one)
{
	for (const struct sc_doc_node *c = list ? list->first : NULL; c;
	     c = c->next)
		if (sc_str_eq(c->text, sc_view(one)))
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
#define VERSION_MAX 4

/* One of its files. */
struct file {
	const char *path;
	const struct sc_doc_node *root;
	uint64_t version;   /* 1 where it does not say one */
	size_t first, last; /* of the tables that count in it */
};

/* What is known of one containerd from its files so far. */
struct containerd {
	const struct sc_doc_node *set; /* the key that counts; or NULL */
	const char *where;
	uint64_t version; /* of the first file, and at most of others */
	size_t files;     /* read so far */
	bool off;         /* it has no CRI */
};

/* 2.x takes files of version 3. Drop-ins are merged key by key then, and false
 * in one leaves a true as it is; in 1.x each replaces a table. */
static bool merges(const struct containerd *c)
{
	return c->version >= 3;
}

static int read_version(struct sc_asking *l, struct file *f,
			struct sc_error *err)
{
	const struct sc_doc_node *v = sc_doc_get(f->root, "version");
	struct sc_str text = v ? v->text : (struct sc_str){ 0 };

	f->version = 1;
	if (!v || sc_str_eq(text, SC_STR("0")))
		return 0;
	if (v->kind == SC_DOC_NUMBER && sc_take_u64(&text, &f->version) &&
	    !text.n && f->version >= 1 && f->version <= VERSION_MAX)
		return 0;
	return sc_asking_trouble(
		l, err, "'%s': its version is none that we know", f->path);
}

/* Which tables count in it. 2.x carries an older drop-in over, table by table;
 * 1.x takes one without a version for what the first file is. */
static void find_tables(const struct containerd *c, struct file *f)
{
	bool says = sc_doc_get(f->root, "version") != NULL;
	uint64_t version =
		!says && c->version && !merges(c) ? c->version : f->version;

	f->first = (version < CRI_TABLES ? version : CRI_TABLES) - 1;
	f->last = c->version && merges(c) ? CRI_TABLES - 1 : f->first;
}

static int open_file(struct sc_asking *l, struct containerd *c, struct file *f,
		     struct sc_error *err)
{
	struct sc_doc_node *root = NULL;
	int r = sc_asking_load(l, f->path, sc_doc_read_toml, &root, err);
	const struct sc_doc_node *off;

	f->root = root;
	if (r == 0)
		r = read_version(l, f, err);
	if (r < 0)
		return r;
	off = sc_doc_get(root, "disabled_plugins");
	for (size_t i = 0; i < CRI_TABLES; i++)
		c->off = c->off || lists(off, cri_tables[i]);
	find_tables(c, f);
	return 0;
}

/* A key that stands where this version does not look. */
static int note_wrong_place(struct sc_asking *l, const struct file *f,
			    struct sc_error *err)
{
	const struct sc_doc_node *plugins = sc_doc_get(f->root, "plugins");

	for (size_t i = 0; i < CRI_TABLES; i++) {
		if ((i >= f->first && i <= f->last) ||
		    !sc_doc_get(sc_doc_get(plugins, cri_tables[i]),
				"enable_selinux"))
			continue;
		if (!sc_keepf(l->a, &l->e->hint,
			      "%s has it under '%s' too, where version %llu "
			      "does not look",
			      f->path, cri_tables[i],
			      (unsigned long long)f->version))
			return sc_no_memory(err);
	}
	return 0;
}

/* What @f says, in the last of its tables; @has: it has one of them. */
static int find_key(struct sc_asking *l, const struct file *f, bool *has,
		    const struct sc_doc_node **set, struct sc_error *err)
{
	const struct sc_doc_node *plugins = sc_doc_get(f->root, "plugins");
	int r = 0;

	*has = false;
	*set = NULL;
	for (size_t i = f->first; i <= f->last && r == 0; i++) {
		const struct sc_doc_node *table =
			sc_doc_get(plugins, cri_tables[i]);
		const struct sc_doc_node *one;

		r = sc_asking_truth(l, sc_doc_get(table, "enable_selinux"),
				    f->path, &one, err);
		*has = *has || table;
		if (r == 0 && one && !sc_asking_is_true(*set))
			*set = one;
	}
	return r;
}

static int read_imports(struct sc_asking *l, const struct file *f,
			struct containerd *c, struct sc_error *err);

/* One file that is imported: what it imports itself comes after it. */
static int import(struct sc_asking *l, const char *path, struct containerd *c,
		  struct sc_error *err)
{
	struct file f = { .path = path };
	const struct sc_doc_node *key = NULL;
	bool on = sc_asking_is_true(c->set), has = false;
	int r = open_file(l, c, &f, err);

	if (r == 0)
		r = find_key(l, &f, &has, &key, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	if (f.version > c->version)
		return sc_asking_trouble(l, err,
					 "'%s' is of a later version than the "
					 "file that imports it: containerd "
					 "does not start",
					 path);
	if (!has) {
		r = note_wrong_place(l, &f, err);
	} else if (on && !sc_asking_is_true(key) && !merges(c)) {
		return sc_asking_trouble(l, err,
					 "'%s' has a table of the CRI plugin "
					 "without enable_selinux = true: "
					 "containerd 1 takes it for the whole "
					 "table, containerd 2 does not",
					 path);
	} else if (key && !(on && !sc_asking_is_true(key))) {
		c->set = key;
		c->where = path;
	}
	return r < 0 ? r : read_imports(l, &f, c, err);
}

static int import_next(struct sc_asking *l, const char *path,
		       struct containerd *c, struct sc_error *err)
{
	if (++c->files > IMPORTS_MAX)
		return sc_asking_trouble(l, err,
					 "it imports too many files, or one "
					 "that imports itself");
	return import(l, path, c, err);
}

/* The files in @folder that fit @pattern, in turn. */
static int import_folder(struct sc_asking *l, const char *folder,
			 struct sc_str pattern, struct containerd *c,
			 struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str file;
	int r = sc_host_list(l->host, folder, 0, l->a, &names, &why);

	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0)
		return sc_asking_trouble(l, err, "%s", why.msg);
	for (size_t i = 0; i < names.n && r == 0 && !l->e->trouble.n; i++) {
		if (!sc_glob(pattern, names.v[i]))
			continue;
		if (!sc_keepf(l->a, &file, "%s/%s", folder, names.v[i].s))
			return sc_no_memory(err);
		r = import_next(l, file.s, c, err);
	}
	return r;
}

static bool is_pattern(struct sc_str v)
{
	return memchr(v.s, '*', v.n) || memchr(v.s, '?', v.n) ||
	       memchr(v.s, '[', v.n);
}

/* What @pattern names, "/etc/containerd/conf.d/\*.toml"; one without a '/' at
 * its start is beside @f. One that is no pattern must be there. */
static int import_pattern(struct sc_asking *l, struct sc_str pattern,
			  const struct file *f, struct containerd *c,
			  struct sc_error *err)
{
	const char *beside = strrchr(f->path, '/');
	struct sc_str whole, folder, name;
	struct stat st;

	if (!sc_keepf(l->a, &whole, "%.*s" SC_FMT,
		      pattern.n && *pattern.s == '/'
			      ? 0
			      : (int)(beside - f->path) + 1,
		      f->path, SC_ARG(pattern)))
		return sc_no_memory(err);
	name = whole;
	sc_str_drop(&name,
		    (size_t)((const char *)memrchr(whole.s, '/', whole.n) -
			     whole.s) +
			    1);
	if (!sc_keep(l->a, (struct sc_str){ whole.s, whole.n - name.n - 1 },
		     &folder))
		return sc_no_memory(err);
	if (is_pattern(folder) || memchr(name.s, '[', name.n))
		return sc_asking_trouble(l, err,
					 "'%s' imports by a pattern that we do "
					 "not follow",
					 f->path);
	if (is_pattern(name))
		return import_folder(l, folder.n ? folder.s : "/", name, c,
				     err);
	if (!sc_host_stat(l->host, whole.s, &st))
		return sc_asking_trouble(l, err,
					 "'%s' imports '%s', which cannot be "
					 "opened",
					 f->path, whole.s);
	return import_next(l, whole.s, c, err);
}

static int read_imports(struct sc_asking *l, const struct file *f,
			struct containerd *c, struct sc_error *err)
{
	const struct sc_doc_node *list = sc_doc_get(f->root, "imports");
	int r = 0;

	if (list && list->kind != SC_DOC_LIST)
		return sc_asking_trouble(
			l, err, "'%s': its imports are no list", f->path);
	for (list = list ? list->first : NULL;
	     list && r == 0 && !l->e->trouble.n; list = list->next)
		r = import_pattern(l, list->text, f, c, err);
	return r;
}

static bool is_before(const struct sc_asking *l, struct sc_str name)
{
	for (size_t i = 0; i < l->before->n; i++)
		if (sc_str_eq(l->before->v[i].name, name))
			return true;
	return false;
}

/* Is there nobody who would have it make pods, but docker, which has it start
 * containers that docker gave a label? */
static bool is_dockers(const struct sc_asking *l)
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

static int say_dockers(struct sc_asking *l, struct sc_error *err)
{
	l->e->of = SC_STR("docker");
	return sc_asking_say(l, SC_ANSWER_UNKNOWN,
			     "part of docker, which decides", err);
}

static int say_off(struct sc_asking *l, struct sc_error *err)
{
	if (is_dockers(l))
		return say_dockers(l, err);
	return sc_asking_say(l, SC_ANSWER_UNKNOWN,
			     "no CRI here: whoever uses it decides, as docker "
			     "does",
			     err);
}

int sc_asking_containerd(struct sc_asking *l, struct sc_error *err)
{
	struct containerd c = { 0 };
	struct file f = { 0 };
	bool has;
	int r = sc_asking_path(l, "--config", "/etc/containerd/config.toml",
			       &f.path, err);

	if (r == 0)
		r = sc_asking_path(l, "-c", f.path, &f.path, err);
	if (r == 0)
		r = open_file(l, &c, &f, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	l->e->config = sc_view(f.path);
	c.version = f.version;
	c.where = f.path;
	r = find_key(l, &f, &has, &c.set, err);
	if (r == 0)
		r = note_wrong_place(l, &f, err);
	if (r == 0)
		r = read_imports(l, &f, &c, err);
	if (r < 0 || l->e->trouble.n)
		return r;
	if (c.off)
		return say_off(l, err);
	if (!sc_asking_is_true(c.set) && is_dockers(l))
		return say_dockers(l, err);
	return c.set ? sc_asking_say_file(l, c.set, c.where, err)
		     : sc_asking_say(l, SC_ANSWER_NO, "by default", err);
}
