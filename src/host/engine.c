#include "host/asking.h"

#include "base/buf.h"
#include "base/data.h"
#include "base/table.h"
#include "base/vec.h"
#include "host/flags.h"

#define TROUBLE_MAX 511 /* bytes */

int sc_asking_trouble(struct sc_asking *l, struct sc_error *err,
		      const char *fmt, ...)
{
	va_list args;
	bool kept;

	if (l->e->trouble.n)
		return 0;
	va_start(args, fmt);
	kept = sc_keepvf(l->a, &l->e->trouble, TROUBLE_MAX, fmt, args);
	va_end(args);
	return kept ? 0 : sc_no_memory(err);
}

int sc_asking_say(struct sc_asking *l, enum sc_answer labels, const char *where,
		  struct sc_error *err)
{
	l->e->labels = labels;
	return sc_keep(l->a, sc_view(where), &l->e->where) ? 0
							   : sc_no_memory(err);
}

/* ---- command lines */

static enum sc_answer answer(bool truth)
{
	return truth ? SC_ANSWER_YES : SC_ANSWER_NO;
}

/* "--name", "--name=true"; the last one counts. */
static int flag(struct sc_asking *l, struct sc_str name, enum sc_answer *out,
		struct sc_error *err)
{
	int r = 0;

	*out = SC_ANSWER_UNKNOWN;
	for (size_t i = 1; i < l->words.n && r == 0; i++) {
		struct sc_str word = l->words.v[i].text;
		bool truth = true;

		if (!sc_take_prefix(&word, name) || (word.n && *word.s != '='))
			continue;
		if (sc_take_prefix(&word, SC_STR("=")) &&
		    !sc_flag_bool(word, &truth))
			r = sc_asking_trouble(l, err,
					      SC_FMT " is given no truth value",
					      SC_ARG(name));
		*out = answer(truth);
	}
	return r;
}

int sc_asking_path(struct sc_asking *l, const char *name, const char *otherwise,
		   const char **out, struct sc_error *err)
{
	int r = 0;

	*out = otherwise;
	for (size_t i = 1; i < l->words.n && r == 0; i++) {
		struct sc_str word = l->words.v[i].text;

		if (!sc_take_prefix(&word, sc_view(name)))
			continue;
		if (!word.n && i + 1 < l->words.n)
			word = l->words.v[i + 1].text;
		else if (!sc_take_prefix(&word, SC_STR("=")))
			continue;
		if (word.n && *word.s == '/')
			*out = word.s;
		else /* to we don't know what */
			r = sc_asking_trouble(l, err,
					      "the path of %s on its command "
					      "line is relative",
					      name);
	}
	return r;
}

/* ---- files of configuration */

/* Nothing but blanks, and in YAML comments. */
static bool says_nothing(struct sc_str text, sc_doc_read_fn *read)
{
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		line = sc_str_trim(line);
		if (!sc_str_is_blank(line) &&
		    (read != sc_doc_read_yaml || *line.s != '#'))
			return false;
	}
	return true;
}

int sc_asking_load(struct sc_asking *l, const char *path, sc_doc_read_fn *read,
		   struct sc_doc_node **out, struct sc_error *err)
{
	struct sc_doc doc = { 0 };
	struct sc_error why = { 0 };
	struct sc_str text = { 0 };
	int r = sc_host_read(l->host, path, l->a, &text, &why);

	*out = NULL;
	if (r == SC_ENOTFOUND || (r == 0 && says_nothing(text, read)))
		return 0;
	if (r == 0 && (r = read(text, l->a, &doc, &why)) < 0)
		sc_while(&why, "'%s'", path);
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0)
		return sc_asking_trouble(l, err, "%s", why.msg);
	*out = doc.root;
	return sc_doc_is(doc.root, SC_DOC_MAP)
		       ? 0
		       : sc_asking_trouble(l, err, "'%s' holds no settings",
					   path);
}

/* As programs that turn a line of YAML into a flag take it. */
static bool read_truth(const struct sc_doc_node *key, bool *out)
{
	if (key->kind == SC_DOC_STRING)
		return (key->style == SC_DOC_PLAIN &&
			sc_yaml_bool(key->text, out)) ||
		       sc_flag_bool(key->text, out);
	*out = sc_str_eq(key->text, SC_STR("true"));
	return key->kind == SC_DOC_BOOL;
}

bool sc_asking_is_true(const struct sc_doc_node *set)
{
	bool truth;

	return set && read_truth(set, &truth) && truth;
}

int sc_asking_truth(struct sc_asking *l, const struct sc_doc_node *key,
		    const char *path, const struct sc_doc_node **set,
		    struct sc_error *err)
{
	bool truth;

	*set = NULL;
	if (!key || key->kind == SC_DOC_NULL)
		return 0;
	/* text is no truth value but in YAML, whose words all are text */
	if ((key->kind == SC_DOC_STRING && l->typed) ||
	    !read_truth(key, &truth))
		return sc_asking_trouble(l, err,
					 "'%s': " SC_FMT " is neither true nor "
					 "false",
					 path, SC_ARG(key->key));
	*set = key;
	return 0;
}

int sc_asking_say_file(struct sc_asking *l, const struct sc_doc_node *set,
		       const char *path, struct sc_error *err)
{
	if (l->daemon && sc_process_is_older(l->host, l->daemon, path, l->a))
		l->e->stale = true;
	l->e->line = set->line;
	if (!sc_doc_path(set, l->a, &l->e->key))
		return sc_no_memory(err);
	return sc_asking_say(l, answer(sc_asking_is_true(set)), path, err);
}

/* A flag of @word says so, of the daemon that runs or would. */
static int say_flag(struct sc_asking *l, enum sc_answer labels,
		    const char *word, struct sc_error *err)
{
	struct sc_str where;

	if (!sc_keepf(l->a, &where, "%s of %s", word,
		      l->daemon ? "the running daemon" : "its unit"))
		return sc_no_memory(err);
	return sc_asking_say(l, labels, where.s, err);
}

/* ---- docker */

/* Its file by default need not be there. */
static int read_daemon_json(struct sc_asking *l, const char **path,
			    const struct sc_doc_node **set,
			    struct sc_error *err)
{
	static const char usual[] = "/etc/docker/daemon.json";
	struct sc_doc_node *root = NULL;
	struct stat st;
	int r = sc_asking_path(l, "--config-file", usual, path, err);

	*set = NULL;
	l->e->config = sc_view(*path);
	if (r == 0)
		r = sc_asking_load(l, *path, sc_doc_read_json, &root, err);
	if (r == 0 && *path != usual && !root &&
	    !sc_host_stat(l->host, *path, &st))
		r = sc_asking_trouble(l, err, "there is no '%s'", *path);
	return r < 0 ? r
		     : sc_asking_truth(l, sc_doc_get(root, "selinux-enabled"),
				       *path, set, err);
}

static int ask_docker(struct sc_asking *l, struct sc_error *err)
{
	const struct sc_doc_node *set = NULL;
	enum sc_answer told = SC_ANSWER_UNKNOWN;
	const char *path = NULL;
	int r = flag(l, SC_STR("--selinux-enabled"), &told, err);
	bool sure = !l->e->trouble.n;

	if (r == 0)
		r = read_daemon_json(l, &path, &set, err);
	if (r < 0)
		return r;
	if (told != SC_ANSWER_UNKNOWN && set &&
	    !sc_keepf(l->a, &l->e->clash,
		      "is told by a flag and by %s: dockerd does not start "
		      "with both",
		      path))
		return sc_no_memory(err);
	if (told != SC_ANSWER_UNKNOWN && sure) {
		l->e->trouble = SC_STR("");
		return say_flag(l, told, "--selinux-enabled", err);
	}
	if (l->e->trouble.n)
		return 0;
	return set ? sc_asking_say_file(l, set, path, err)
		   : sc_asking_say(l, SC_ANSWER_NO, "by default", err);
}

/* ---- chains of files: CRI-O, podman, k3s */

/* The last file of a chain that sets a key, and how. */
struct chain {
	const char *table; /* with dots, two at most; NULL: the root */
	const char *key;
	sc_doc_read_fn *read;
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

static int follow_file(struct sc_asking *l, struct chain *c, const char *path,
		       struct sc_error *err)
{
	const struct sc_doc_node *set = NULL;
	struct sc_doc_node *root = NULL;
	int r = sc_asking_load(l, path, c->read, &root, err);

	l->typed = c->read != sc_doc_read_yaml;
	if (r == 0)
		r = sc_asking_truth(l, chain_key(c, root), path, &set, err);
	if (r < 0 || !set)
		return r;
	c->set = set;
	return sc_keep(l->a, sc_view(path), &c->where) ? 0 : sc_no_memory(err);
}

/* All files in @folder whose names fit @pattern. */
static int follow_folder(struct sc_asking *l, struct chain *c,
			 const char *folder, const char *pattern,
			 struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;
	int r = sc_host_list(l->host, folder, 0, l->a, &names, &why);

	if (r < 0 && r != SC_ENOMEM)
		return sc_asking_trouble(l, err, "%s", why.msg);
	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!sc_glob(sc_view(pattern), names.v[i]))
			continue;
		if (!sc_keepf(l->a, &path, "%s/%s", folder, names.v[i].s))
			return sc_no_memory(err);
		r = follow_file(l, c, path.s, err);
	}
	return r < 0 ? sc_no_memory(err) : 0;
}

/* All files below @folder. */
static int follow_tree(struct sc_asking *l, struct chain *c, const char *folder,
		       struct sc_error *err)
{
	struct sc_names files = { 0 }, folders = { 0 };
	struct sc_error why;
	int r = sc_host_walk(l->host, folder, l->a, &files, &folders, &why);

	if (r < 0 && r != SC_ENOMEM)
		return sc_asking_trouble(l, err, "%s", why.msg);
	for (size_t i = 0; i < files.n && r == 0; i++)
		r = follow_file(l, c, files.v[i].s, err);
	return r < 0 ? sc_no_memory(err) : 0;
}

static int say_chain(struct sc_asking *l, const struct chain *c,
		     enum sc_answer otherwise, const char *why,
		     struct sc_error *err)
{
	if (l->e->trouble.n)
		return 0;
	if (!c->set)
		return sc_asking_say(l, otherwise, why, err);
	return sc_asking_say_file(l, c->set, c->where.s, err);
}

/* One key of CRI-O's file, and of its drop-ins, which it walks. */
static int follow_crio(struct sc_asking *l, struct chain *c,
		       struct sc_error *err)
{
	const char *file = NULL, *folder = NULL;
	int r = sc_asking_path(l, "-c", "/etc/crio/crio.conf", &file, err);

	if (r == 0)
		r = sc_asking_path(l, "--config", file, &file, err);
	if (r == 0)
		r = sc_asking_path(l, "-d", "/etc/crio/crio.conf.d", &folder,
				   err);
	if (r == 0)
		r = sc_asking_path(l, "--config-dir", folder, &folder, err);
	if (r < 0)
		return r;
	l->e->config = sc_view(file);
	l->e->drop_ins = sc_view(folder);
	r = follow_file(l, c, file, err);
	return r < 0 ? r : follow_tree(l, c, folder, err);
}

/* With this, which is the default, pods of the host's network have no label. */
static int note_host_network(struct sc_asking *l, struct sc_error *err)
{
	struct chain c = {
		"crio.runtime",
		"hostnetwork_disable_selinux",
		sc_doc_read_toml,
		NULL,
		{ 0 },
	};
	int r = follow_crio(l, &c, err);

	if (r == 0 && (!c.set || sc_asking_is_true(c.set)))
		l->e->hint = SC_STR("but pods of the host's network, unless "
				    "hostnetwork_disable_selinux is false");
	return r;
}

static int ask_crio(struct sc_asking *l, struct sc_error *err)
{
	struct chain c = {
		"crio.runtime", "selinux", sc_doc_read_toml, NULL, { 0 },
	};
	enum sc_answer told;
	int r = flag(l, SC_STR("--selinux"), &told, err);

	if (r < 0 || l->e->trouble.n)
		return r;
	if (told != SC_ANSWER_UNKNOWN)
		return say_flag(l, told, "--selinux", err);
	r = follow_crio(l, &c, err);
	if (r == 0)
		r = note_host_network(l, err);
	return r < 0 ? r
		     : say_chain(l, &c, SC_ANSWER_UNKNOWN,
				 "not set: newer versions label, older ones do "
				 "not",
				 err);
}

/* Those of @home too, if it is not NULL. */
static int follow_podman(struct sc_asking *l, struct chain *c, const char *home,
			 struct sc_error *err)
{
	static const char in_home[] = "/.config/containers/containers.conf";
	const struct {
		const char *before, *path;
	} files[] = {
		{ "", "/usr/share/containers/containers.conf" },
		{ "", "/etc/containers/containers.conf" },
		{ home, in_home },
	};
	struct sc_str path, folder;
	int r = 0;

	for (size_t i = 0; i < 3 && r == 0 && files[i].before; i++) {
		if (!sc_keepf(l->a, &path, "%s%s", files[i].before,
			      files[i].path) ||
		    !sc_keepf(l->a, &folder, "%s.d", path.s))
			return sc_no_memory(err);
		r = follow_file(l, c, path.s, err);
		if (r == 0 && i)
			r = follow_folder(l, c, folder.s, "*.conf", err);
	}
	return r;
}

static int ask_podman(struct sc_asking *l, struct sc_error *err)
{
	struct chain c = {
		"containers", "label", sc_doc_read_toml, NULL, { 0 },
	};
	int r = follow_podman(l, &c, l->home, err);

	return r < 0 ? r : say_chain(l, &c, SC_ANSWER_YES, "by default", err);
}

int sc_podman_of_home(const struct sc_host *h, const char *home,
		      struct sc_arena *a, struct sc_engine *out,
		      struct sc_error *err)
{
	struct sc_processes none = { 0 };
	struct sc_engines before = { 0 };
	struct sc_asking l = {
		.host = h,
		.home = home,
		.list = &none,
		.before = &before,
		.typed = true,
		.a = a,
		.e = out,
	};

	*out = (struct sc_engine){ .name = SC_STR("podman") };
	return ask_podman(&l, err);
}

static int ask_rancher(struct sc_asking *l, struct sc_error *err)
{
	struct chain c = {
		NULL, "selinux", sc_doc_read_yaml, NULL, { 0 },
	};
	struct sc_str path, folder;
	enum sc_answer told;
	int r = flag(l, SC_STR("--selinux"), &told, err);

	if (r < 0 || l->e->trouble.n)
		return r;
	if (told != SC_ANSWER_UNKNOWN)
		return say_flag(l, told, "--selinux", err);
	if (!sc_keepf(l->a, &path, "/etc/rancher/" SC_FMT "/config.yaml",
		      SC_ARG(l->e->name)) ||
	    !sc_keepf(l->a, &folder, "%s.d", path.s))
		return sc_no_memory(err);
	r = follow_file(l, &c, path.s, err);
	if (r == 0)
		r = follow_folder(l, &c, folder.s, "*.yaml", err);
	return r < 0 ? r : say_chain(l, &c, SC_ANSWER_NO, "by default", err);
}

/* ---- all */

static const struct {
	struct sc_str name;
	int (*ask)(struct sc_asking *l, struct sc_error *err);
} askers[] = {
	{ SC_STR("podman"), ask_podman },
	{ SC_STR("docker"), ask_docker },
	{ SC_STR("containerd"), sc_asking_containerd },
	{ SC_STR("cri-o"), ask_crio },
	{ SC_STR("k3s"), ask_rancher },
	{ SC_STR("rke2"), ask_rancher },
};

/* Which of @programs is there first; empty: none. */
static int find_program(struct sc_asking *l, struct sc_str programs,
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
static int find_words(struct sc_asking *l, struct sc_str unit,
		      struct sc_error *err)
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
	/* one that is masked is started by hand, or not at all */
	if (!service.masked)
		l->e->trouble = service.trouble;
	return r;
}

static int look_at(struct sc_asking *l, const struct sc_row *row,
		   const struct sc_processes *list, struct sc_error *err)
{
	int r = find_program(l, row->v[1], err);

	l->daemon = sc_process_named(list, row->v[2]);
	if (r < 0 || (!l->daemon && !l->e->program.n))
		return r;
	r = find_words(l, row->v[5], err);
	if (r < 0 || l->e->trouble.n)
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
		struct sc_asking l = { .host = h,
				       .home = home,
				       .list = list,
				       .before = &found,
				       .typed = true,
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
