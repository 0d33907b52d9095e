#include "base/clean.h"
#include "base/vec.h"
#include "doc/conf.h"
#include "host/curing.h"

#define OURS "90-selcage" /* drop-ins of ours: late, but not last */
#define KUBELET_TEXT                                         \
	SC_STR("apiVersion: kubelet.config.k8s.io/v1beta1\n" \
	       "kind: KubeletConfiguration\n")

/* Where a value goes, and the text of a file that is not there yet. */
struct target {
	struct sc_str path;
	enum sc_conf_form form;
	struct sc_str keys[SC_CONF_DEPTH];
	size_t n;
	struct sc_str fresh;
};

static int refuse(struct sc_curing *c, const char *why)
{
	return sc_fail(c->err, SC_EREFUSED, "%s", why);
}

static struct sc_str base_name(struct sc_str path)
{
	const char *slash = path.n ? memrchr(path.s, '/', path.n) : NULL;

	if (slash)
		sc_str_drop(&path, (size_t)(slash - path.s) + 1);
	return path;
}

/* "authentication.anonymous.enabled" */
static void split_key(struct target *t, struct sc_str key)
{
	t->n = 0;
	while (t->n < SC_CONF_DEPTH && sc_take_part(&key, '.', &t->keys[t->n]))
		t->n++;
}

/* The value as cures.tsv has it, which is as JSON. */
static int read_value(struct sc_curing *c, struct sc_conf_value *out)
{
	struct sc_doc doc = { 0 };
	struct sc_str text, *items;
	size_t n = 0;
	int r;

	if (!sc_keepf(c->a, &text, "[" SC_FMT "]", SC_ARG(c->cure.value)))
		return sc_no_memory(c->err);
	r = sc_doc_read_json(text, c->a, &doc, c->err);
	if (r == SC_ENOMEM)
		return r;
	if (r < 0) { /* a word */
		*out = (struct sc_conf_value){ .kind = SC_DOC_STRING,
					       .text = c->cure.value };
		return 0;
	}
	*out = (struct sc_conf_value){ .kind = doc.root->first->kind,
				       .text = doc.root->first->text };
	items = sc_new_array(c->a, struct sc_str, doc.root->first->n + 1);
	if (!items)
		return sc_no_memory(c->err);
	for (const struct sc_doc_node *i = doc.root->first->first; i;
	     i = i->next)
		items[n++] = i->text;
	out->items = items;
	out->n = n;
	return 0;
}

static int set(struct sc_curing *c, const struct target *t,
	       const struct sc_conf_value *value)
{
	const struct sc_conf_place place = { t->form, t->keys, t->n };
	struct sc_file_change *f =
		t->fresh.s ? sc_curing_new_file(c, t->path, t->fresh)
			   : sc_curing_file(c, t->path);
	int r;

	if (!f)
		return (int)c->err->code;
	if (!f->after.there || f->after.folder)
		return sc_fail(c->err, SC_EREFUSED, "there is no '" SC_FMT "'",
			       SC_ARG(t->path));
	if (t->fresh.n && sc_str_is_blank(f->after.bytes))
		f->after.bytes = t->fresh;
	r = sc_conf_set(f->after.bytes, &place, value, c->a, &f->after.bytes,
			c->err);
	return r < 0 ? sc_while(c->err, "'" SC_FMT "'", SC_ARG(t->path)) : 0;
}

/* JSON begins with a brace; all else of its kind is YAML. */
static enum sc_conf_form form_of(struct sc_curing *c, struct sc_str path)
{
	struct sc_str text = { 0 };
	struct sc_error ignored;
	size_t i = 0;

	if (sc_host_read(c->machine->host, path.s, c->a, &text, &ignored) < 0)
		return SC_CONF_YAML;
	while (i < text.n && strchr(" \t\r\n", text.s[i]))
		i++;
	return i < text.n && text.s[i] == '{' ? SC_CONF_JSON : SC_CONF_YAML;
}

/* ---- the kubelet and kube-proxy */

static const struct sc_value *value_in_effect(const struct sc_curing *c)
{
	for (size_t i = 0; i < c->verdict->evidence.n; i++) {
		const struct sc_evidence *e = &c->verdict->evidence.v[i];

		if (e->wrong && e->value.from.key.n)
			return &e->value;
	}
	return NULL;
}

static int is_flag(struct sc_curing *c, const struct sc_value *v)
{
	return sc_fail(c->err, SC_EREFUSED,
		       "the flag '" SC_FMT "' in '" SC_FMT
		       "' beats every file: take it out there",
		       SC_ARG(v->from.key), SC_ARG(v->from.file));
}

/* Does @file, of @folder, come after the one there called @ours? Of one in a
 * folder in it that folder's name counts. */
static bool comes_after(struct sc_str file, struct sc_str folder,
			struct sc_str ours)
{
	struct sc_str first;

	if (!sc_take_prefix(&file, folder))
		return false;
	(void)sc_take_prefix(&file, SC_STR("/"));
	if (sc_take_until(&file, '/', &first))
		file = first;
	return sc_str_compare(file, ours) > 0;
}

/* May a drop-in of ours say it, as the last one? */
static bool is_below_ours(const struct sc_kubelet *k, const struct sc_value *v)
{
	return !v || v->from.layer != SC_LAYER_FILE ||
	       sc_str_eq(v->from.file, k->config.path) ||
	       !comes_after(v->from.file, k->config_dir, SC_STR(OURS ".conf"));
}

static void warn_of_manager(struct sc_curing *c, struct sc_str path)
{
	const char *who = sc_manager_name(c->machine->manager);

	if (who)
		(void)sc_curing_note(c,
				     "%s writes '" SC_FMT
				     "' anew when it is asked to: see 'selcage "
				     "host check' after that",
				     who, SC_ARG(path));
}

static int kubelet(struct sc_curing *c, struct target *t)
{
	const struct sc_kubelet *k = &c->machine->kubelet;
	const struct sc_value *v = value_in_effect(c);

	if (k->inside.n)
		return refuse(c, "the kubelet is started by another program: "
				 "its settings are that one's");
	if (v && v->from.layer == SC_LAYER_FLAG)
		return is_flag(c, v);
	if (k->config_dir.n && is_below_ours(k, v)) {
		t->form = SC_CONF_YAML;
		t->fresh = KUBELET_TEXT;
		return sc_keepf(c->a, &t->path, SC_FMT "/" OURS ".conf",
				SC_ARG(k->config_dir))
			       ? 0
			       : sc_no_memory(c->err);
	}
	t->path = v && v->from.layer == SC_LAYER_FILE ? v->from.file
						      : k->config.path;
	if (!t->path.n)
		return refuse(c, "the kubelet has no file of configuration "
				 "(--config): give it one");
	if (c->machine->manager == SC_MANAGER_NODEADM &&
	    (sc_str_eq(t->path, k->config.path) ||
	     sc_str_eq(base_name(t->path), SC_STR("40-nodeadm.conf"))))
		return refuse(c, "nodeadm writes this file at each boot: say "
				 "it in the NodeConfig (spec.kubelet.config)");
	warn_of_manager(c, t->path);
	t->form = form_of(c, t->path);
	return 0;
}

static int proxy(struct sc_curing *c, struct target *t)
{
	const struct sc_proxy *p = &c->machine->proxy;
	const struct sc_value *v = value_in_effect(c);

	if (p->in_container)
		return refuse(c, "kube-proxy runs in a pod: change its "
				 "ConfigMap in the cluster");
	if (v && v->from.layer == SC_LAYER_FLAG)
		return is_flag(c, v);
	t->path = p->config.path;
	if (!t->path.n)
		return refuse(c, "kube-proxy has no file of configuration");
	t->form = form_of(c, t->path);
	return 0;
}

/* ---- engines */

static const struct sc_engine *engine(const struct sc_curing *c,
				      const char *name)
{
	for (size_t i = 0; i < c->machine->engines.n; i++)
		if (sc_str_eq(c->machine->engines.v[i].name, sc_view(name)))
			return &c->machine->engines.v[i];
	return NULL;
}

/* Said by a flag, and not by a file? */
static bool is_said_by_flag(const struct sc_engine *e)
{
	return e && e->where.n > 1 && e->where.s[0] == '-' &&
	       e->where.s[1] == '-';
}

/* The file that says otherwise, if it comes after @ours, a drop-in of ours. */
static bool overrules(const struct sc_engine *e, struct sc_str ours)
{
	struct sc_str name = base_name(ours);

	return e &&
	       comes_after(e->where, (struct sc_str){ ours.s, ours.n - name.n },
			   name);
}

static int docker(struct sc_curing *c, struct target *t)
{
	const struct sc_engine *e = engine(c, "docker");

	if (is_said_by_flag(e))
		return refuse(c, "a flag of dockerd says otherwise, and with "
				 "both it does not start: change the flag in "
				 "its unit");
	t->form = SC_CONF_JSON;
	t->path = e ? e->config : SC_STR("");
	t->fresh = SC_STR("{}\n");
	return 0;
}

/* A drop-in of ours in @folder, or the file that would overrule it. */
static int drop_in(struct sc_curing *c, struct target *t,
		   const struct sc_engine *e, struct sc_str folder)
{
	if (!sc_keepf(c->a, &t->path, SC_FMT "/" OURS ".conf", SC_ARG(folder)))
		return sc_no_memory(c->err);
	if (overrules(e, t->path))
		t->path = e->where;
	else
		t->fresh = SC_STR("");
	return 0;
}

static int crio(struct sc_curing *c, struct target *t)
{
	const struct sc_engine *e = engine(c, "cri-o");

	if (is_said_by_flag(e))
		return refuse(c, "a flag of crio says otherwise, and beats "
				 "every file: change it in its unit");
	t->form = SC_CONF_TOML;
	split_key(t, SC_STR("crio.runtime.selinux"));
	return drop_in(c, t, e, e ? e->drop_ins : SC_STR(""));
}

static int containers(struct sc_curing *c, struct target *t)
{
	const struct sc_engine *e = engine(c, "podman");

	if (e && e->labels == SC_ANSWER_YES)
		return refuse(c, "a file of a user's own says otherwise: it is "
				 "that user's to change");
	t->form = SC_CONF_TOML;
	split_key(t, SC_STR("containers.label"));
	return drop_in(c, t, e, SC_STR("/etc/containers/containers.conf.d"));
}

static int rancher(struct sc_curing *c, struct target *t)
{
	bool rke2 = c->machine->manager == SC_MANAGER_RKE2;

	t->form = SC_CONF_YAML;
	t->fresh = SC_STR("selinux: true\n");
	t->path = rke2 ? SC_STR("/etc/rancher/rke2/config.yaml.d/" OURS ".yaml")
		       : SC_STR("/etc/rancher/k3s/config.yaml.d/" OURS ".yaml");
	(void)sc_curing_note(c, "its policy (k3s-selinux, rke2-selinux) must "
				"be installed before");
	return 0;
}

static struct sc_str text_of(const struct sc_doc_node *node)
{
	return sc_doc_is_scalar(node) ? node->text : SC_STR("");
}

/* Does the file take in /etc/containerd/conf.d/NAME.toml? */
static bool imports_folder(const struct sc_doc_node *root)
{
	const struct sc_doc_node *list = sc_doc_get(root, "imports");

	if (!sc_doc_is(list, SC_DOC_LIST))
		return false;
	for (const struct sc_doc_node *i = list->first; i; i = i->next)
		if (sc_str_eq(text_of(i),
			      SC_STR("/etc/containerd/conf.d/*.toml")))
			return true;
	return false;
}

#define DROP_IN "/etc/containerd/conf.d/" OURS ".toml"

/* Below 3 drop-ins of containerd 1 replace whole tables: splice. */
static int containerd_drop_in(struct sc_curing *c, struct target *t,
			      struct sc_str version)
{
	t->path = SC_STR(DROP_IN);
	return sc_keepf(c->a, &t->fresh, "version = " SC_FMT "\n",
			SC_ARG(version))
		       ? 0
		       : sc_no_memory(c->err);
}

static int containerd(struct sc_curing *c, struct target *t)
{
	const struct sc_engine *e = engine(c, "containerd");
	struct sc_str text = { 0 }, version;
	struct sc_doc doc = { 0 };
	int r;

	if (c->machine->manager == SC_MANAGER_NODEADM)
		return refuse(c, "nodeadm writes containerd's file at each "
				 "boot: say it in the NodeConfig "
				 "(spec.containerd.config)");
	t->form = SC_CONF_TOML;
	t->path = e ? e->config : SC_STR("");
	t->fresh = SC_STR("version = 2\n");
	t->n = 3;
	t->keys[0] = SC_STR("plugins");
	t->keys[1] = SC_STR("io.containerd.grpc.v1.cri");
	t->keys[2] = SC_STR("enable_selinux");
	r = sc_host_read(c->machine->host, t->path.s, c->a, &text, c->err);
	if (r == SC_ENOTFOUND || (r == 0 && sc_str_is_blank(text)))
		return 0;
	if (r == 0)
		r = sc_doc_read_toml(text, c->a, &doc, c->err);
	if (r < 0)
		return sc_while(c->err, "'" SC_FMT "'", SC_ARG(t->path));
	version = text_of(sc_doc_get(doc.root, "version"));
	if (!version.n || sc_str_eq(version, SC_STR("1"))) {
		t->keys[1] = SC_STR("cri");
		return 0;
	}
	if (sc_str_eq(version, SC_STR("2")))
		return 0;
	t->keys[1] = SC_STR("io.containerd.cri.v1.runtime");
	if (overrules(e, SC_STR(DROP_IN)))
		t->path = e->where;
	else if (imports_folder(doc.root))
		return containerd_drop_in(c, t, version);
	return 0;
}

/* ---- */

static const struct {
	struct sc_str in;
	int (*find)(struct sc_curing *c, struct target *t);
} places[] = {
	{ { "kubelet", 7 }, kubelet }, { { "proxy", 5 }, proxy },
	{ { "docker", 6 }, docker },   { { "containerd", 10 }, containerd },
	{ { "cri-o", 5 }, crio },      { { "containers", 10 }, containers },
	{ { "k3s", 3 }, rancher },
};

int sc_cure_value(struct sc_curing *c)
{
	struct sc_conf_value value = { 0 };
	struct target t = { 0 };
	int r;

	if (sc_str_eq(c->cure.in, SC_STR("selinux")))
		return sc_cure_mode(c);
	split_key(&t, c->cure.key);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!sc_str_eq(c->cure.in, places[i].in))
			continue;
		r = places[i].find(c, &t);
		if (r == 0)
			r = read_value(c, &value);
		return r == 0 ? set(c, &t, &value) : r;
	}
	return refuse(c, "no such file of configuration");
}
