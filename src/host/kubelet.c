#include "host/kubelet.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/vec.h"
#include "host/flags.h"

#define UNIT "kubelet.service"

static int keep(struct sc_arena *a, const char *words, struct sc_str *out,
		struct sc_error *err)
{
	return sc_keep(a, sc_view(words), out) ? 0 : sc_no_memory(err);
}

/* ---- files of settings */

int sc_settings_read(const struct sc_host *h, struct sc_str path,
		     struct sc_arena *a, struct sc_settings *out,
		     struct sc_error *err)
{
	struct sc_str text = { 0 };
	struct sc_doc doc = { 0 };
	struct sc_error why;
	int r;

	*out = (struct sc_settings){ .path = path };
	r = sc_host_read(h, path.s, a, &text, &why);
	out->there = r != SC_ENOTFOUND;
	if (r == 0) {
		r = sc_doc_read_yaml(text, a, &doc, &why);
		/* Tabs are no YAML, and fine in JSON. */
		if (r == SC_ESYNTAX && text.n && *text.s == '{')
			r = sc_doc_read_json(text, a, &doc, &why);
		if (r < 0)
			sc_while(&why, "'%s'", path.s);
	}
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0)
		return keep(a, why.msg, &out->trouble, err);
	out->root = doc.root;
	if (!sc_doc_is(doc.root, SC_DOC_MAP))
		out->trouble = SC_STR("it holds no settings");
	return 0;
}

struct sc_doc_node *sc_settings_get(const struct sc_settings *s,
				    struct sc_str key)
{
	struct sc_doc_node *node = s->root;
	struct sc_str part;

	while (node && sc_take_part(&key, '.', &part)) {
		struct sc_doc_node *child =
			sc_doc_is(node, SC_DOC_MAP) ? node->first : NULL;

		while (child && !sc_str_eq(child->key, part))
			child = child->next;
		node = child;
	}
	return node;
}

/* Without these two words the kubelet does not take a file at all. */
static int check_kind(struct sc_settings *s, struct sc_arena *a,
		      struct sc_error *err)
{
	static const struct {
		struct sc_str key, value;
	} words[] = {
		{ SC_STR("kind"), SC_STR("KubeletConfiguration") },
		{ SC_STR("apiVersion"),
		  SC_STR("kubelet.config.k8s.io/v1beta1") },
	};

	for (size_t i = 0; i < 2 && !s->trouble.n; i++) {
		const struct sc_doc_node *is = sc_settings_get(s, words[i].key);

		if ((!sc_doc_is_scalar(is) ||
		     !sc_str_eq(is->text, words[i].value)) &&
		    !sc_keepf(a, &s->trouble,
			      "'%s' does not say " SC_FMT ": " SC_FMT,
			      s->path.s, SC_ARG(words[i].key),
			      SC_ARG(words[i].value)))
			return sc_no_memory(err);
	}
	return 0;
}

/* ---- the kubelet */

static int find_program(const struct sc_host *h, struct sc_kubelet *k)
{
	static const struct sc_str paths[] = {
		SC_STR("/usr/bin/kubelet"),
		SC_STR("/usr/local/bin/kubelet"),
		SC_STR("/opt/bin/kubelet"),
	};
	struct stat st;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (sc_host_stat(h, paths[i].s, &st)) {
			k->program = paths[i];
			return 1;
		}
	return 0;
}

/* "/etc/x" of "--config /etc/x"; a relative one is relative to nobody knows
 * what. */
static void path_flag(const struct sc_words *words, struct sc_str name,
		      struct sc_str *out, struct sc_str *trouble)
{
	struct sc_origin from;
	struct sc_str value;

	if (!sc_flag_last(words, name, &value, &from) || !value.n)
		return;
	if (*value.s == '/')
		*out = value;
	else if (!trouble->n)
		*trouble = SC_STR("a path on its command line is relative");
}

static int read_drop_in(const struct sc_host *h, struct sc_str path,
			struct sc_arena *a, struct sc_kubelet *k,
			struct sc_error *err)
{
	struct sc_settings one;
	int r = sc_settings_read(h, path, a, &one, err);

	if (r == 0)
		r = check_kind(&one, a, err);
	if (r < 0)
		return r;
	return SC_PUSH(a, &k->drop_ins, one) ? 0 : sc_no_memory(err);
}

/* The folder with all that are in it, in the order of names. */
static int read_drop_ins(const struct sc_host *h, struct sc_arena *a,
			 struct sc_kubelet *k, struct sc_error *err)
{
	struct sc_names files = { 0 };
	struct sc_error why;
	int r;

	if (!k->config_dir.n)
		return 0;
	r = sc_host_walk(h, k->config_dir.s, a, &files, &k->drop_in_folders,
			 &why);
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0)
		return keep(a, why.msg, &k->drop_in_trouble, err);
	for (size_t i = 0; r == 0 && i < files.n; i++)
		if (sc_glob(SC_STR("*.conf"), files.v[i]))
			r = read_drop_in(h, files.v[i], a, k, err);
	return r;
}

static int read_files(const struct sc_host *h, struct sc_arena *a,
		      struct sc_kubelet *k, struct sc_error *err)
{
	struct sc_str path = { 0 };
	int r = 0;

	path_flag(&k->words, SC_STR("config"), &path, &k->trouble);
	path_flag(&k->words, SC_STR("config-dir"), &k->config_dir, &k->trouble);
	path_flag(&k->words, SC_STR("kubeconfig"), &k->kubeconfig, &k->trouble);
	if (path.n) {
		r = sc_settings_read(h, path, a, &k->config, err);
		if (r == 0 && k->config.there)
			r = check_kind(&k->config, a, err);
	}
	return r < 0 ? r : read_drop_ins(h, a, k, err);
}

/* k3s and RKE2 are a kubelet too: in a process of their own. */
static void find_inside(const struct sc_host *h,
			const struct sc_processes *list, struct sc_kubelet *k)
{
	static const struct {
		struct sc_str name, process, config;
	} those[] = {
		{ SC_STR("k3s"), SC_STR("k3s-server"),
		  SC_STR("/etc/rancher/k3s") },
		{ SC_STR("k3s"), SC_STR("k3s-agent"),
		  SC_STR("/etc/rancher/k3s") },
		{ SC_STR("rke2"), SC_STR("rke2"), SC_STR("/etc/rancher/rke2") },
	};
	struct stat st;

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (sc_process_named(list, those[i].process) ||
		    sc_host_stat(h, those[i].config.s, &st)) {
			k->inside = those[i].name;
			return;
		}
}

static bool starts_kubelet(const struct sc_words *words)
{
	return words->n && (sc_glob(SC_STR("*/kubelet"), words->v[0].text) ||
			    sc_str_eq(words->v[0].text, SC_STR("kubelet")));
}

static int find_words(const struct sc_host *h, struct sc_arena *a,
		      struct sc_kubelet *k, struct sc_error *err)
{
	if (k->pid) {
		int r = sc_service_running(h, k->pid, &k->service, a, &k->words,
					   err);

		if (r == 0 && !k->words.n)
			k->trouble = SC_STR("the command line of its process "
					    "cannot be read");
		return r;
	}
	if (!k->service.there) {
		k->trouble = SC_STR("it does not run, and no unit says how it "
				    "would be started");
		return 0;
	}
	k->words = k->service.words;
	k->trouble = k->service.trouble;
	if (!k->trouble.n && !starts_kubelet(&k->words))
		k->trouble = SC_STR("its unit starts another program, which "
				    "starts it we know not how");
	return 0;
}

/* What runs has read them as they were. */
static void note_age(const struct sc_host *h, const struct sc_process *p,
		     struct sc_arena *a, struct sc_kubelet *k)
{
	if (k->config.path.n && sc_process_is_older(h, p, k->config.path.s, a))
		k->newer = k->config.path;
	for (size_t i = 0; i < k->drop_ins.n; i++)
		if (sc_process_is_older(h, p, k->drop_ins.v[i].path.s, a))
			k->newer = k->drop_ins.v[i].path;
}

int sc_kubelet_find(const struct sc_host *h, const struct sc_processes *list,
		    struct sc_arena *a, struct sc_kubelet *out,
		    struct sc_error *err)
{
	const struct sc_process *p = sc_process_named(list, SC_STR("kubelet"));
	struct sc_kubelet k = { .pid = p ? p->pid : 0 };
	int r = sc_service_read(h, UNIT, a, &k.service, err);

	if (r < 0)
		return r;
	k.there = find_program(h, &k) || k.pid || k.service.there;
	find_inside(h, list, &k);
	if (k.there)
		r = sc_kubelet_version(h, a, &k, err);
	if (k.there && r == 0)
		r = find_words(h, a, &k, err);
	if (r == 0)
		r = read_files(h, a, &k, err);
	if (k.config_dir.n)
		k.at_least = SC_STR("1.28");
	if (r == 0 && p)
		note_age(h, p, a, &k);
	if (r == 0)
		*out = k;
	return r;
}

/* ---- how it logs in */

enum sc_answer sc_kubeconfig_has_cert(const struct sc_host *h,
				      struct sc_str path, struct sc_arena *a,
				      struct sc_str *trouble)
{
	struct sc_settings s = { 0 };
	struct sc_doc_node *users;
	struct sc_error err;

	if (sc_settings_read(h, path, a, &s, &err) < 0 || s.trouble.n) {
		*trouble = s.trouble.n ? s.trouble : SC_STR("out of memory");
		return SC_ANSWER_UNKNOWN;
	}
	users = sc_settings_get(&s, SC_STR("users"));
	for (users = users ? users->first : NULL; users; users = users->next) {
		struct sc_doc_node *user = sc_doc_get(users, "user");

		if (sc_doc_get(user, "client-certificate") ||
		    sc_doc_get(user, "client-certificate-data"))
			return SC_ANSWER_YES;
	}
	return SC_ANSWER_NO;
}
