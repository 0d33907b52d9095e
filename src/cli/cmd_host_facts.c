#include "base/clean.h"
#include "base/data.h"
#include "base/member.h"
#include "base/safe.h"
#include "base/table.h"
#include "cli/checks.h"
#include "cli/wrap.h"

#define INDENT ((size_t)12)

struct options {
	const char *root;
	bool json;
};

static const struct sc_option options[] = {
	{ 0, "root", "DIR", "the host whose files are below DIR",
	  offsetof(struct options, root) },
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0 },
};

/* Where facts go, one at a time: as text, or as JSON. */
struct facts {
	struct sc_buf *out;
	struct sc_arena *a;
	bool json;
	const char *last; /* the label of the text before */
	bool no_memory;   /* once true, it stays so: asked at the end */
};

static void put_fact(struct facts *f, const char *name, struct sc_str v,
		     struct sc_str from)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!v.n)
		return;
	if (f->json) {
		sc_put(f->out, SC_STR("{\"v\":1,\"kind\":\"fact\""));
		sc_member_text(f->out, "name", sc_view(name));
		sc_member_text(f->out, "value", v);
		sc_member_present(f->out, "from", from);
		sc_put(f->out, SC_STR("}\n"));
		return;
	}
	sc_put_safe(&text, v);
	if (from.n) {
		sc_put(&text, SC_STR("  ("));
		sc_put_safe(&text, from);
		sc_put(&text, SC_STR(")"));
	}
	sc_put_field(f->out, f->last && strcmp(f->last, name) == 0 ? "" : name,
		     INDENT, (struct sc_str){ text.s, text.n });
	f->last = name;
	f->out->failed |= text.failed;
}

static void put_plain(struct facts *f, const char *name, struct sc_str v)
{
	put_fact(f, name, v, SC_STR(""));
}

static void put_value(struct facts *f, struct sc_str key,
		      const struct sc_value *v)
{
	SC_CLEAN(sc_buf_free) struct sc_buf where = { 0 };
	struct sc_str text;

	if (v->trouble.n)
		sc_put(&where, v->trouble);
	else
		sc_origin_put(&where, &v->from);
	f->no_memory |= where.failed;
	if (!sc_keepf(f->a, &text, SC_FMT ": " SC_FMT, SC_ARG(key),
		      SC_ARG(v->trouble.n ? SC_STR("not known")
			     : v->set     ? v->text
					  : SC_STR("not set"))))
		f->no_memory = true;
	else
		put_fact(f, "setting", text,
			 (struct sc_str){ where.s, where.n });
}

/* All settings of the kubelet that a check asks for. */
static void put_settings(struct facts *f, const struct sc_kubelet *k)
{
	struct sc_str table = sc_data("kubelet.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row) && !f->no_memory) {
		struct sc_str key = row.v[0];
		struct sc_error why;
		struct sc_value v;

		if ((sc_str_eq(key, SC_STR("-")) &&
		     !sc_keepf(f->a, &key, "--" SC_FMT, SC_ARG(row.v[1]))) ||
		    sc_kubelet_value(k, key, f->a, &v, &why) < 0)
			f->no_memory = true;
		else
			put_value(f, key, &v);
	}
}

static void put_kubelet(struct facts *f, const struct sc_kubelet *k)
{
	if (!k->there)
		return;
	put_plain(f, "kubelet",
		  k->program.n ? k->program
			       : SC_STR("its program is not where "
					"it is looked for"));
	put_fact(f, "version", k->version.n ? k->version : SC_STR("not known"),
		 k->version_trouble);
	if (k->pid)
		put_plain(f, "runs", SC_STR("yes"));
	put_plain(f, "trouble", k->trouble);
	for (size_t i = 0; i < k->service.files.n; i++)
		put_plain(f, "unit", k->service.files.v[i]);
	put_fact(f, "config", k->config.path, k->config.trouble);
	for (size_t i = 0; i < k->drop_ins.n; i++)
		put_fact(f, "drop-in", k->drop_ins.v[i].path,
			 k->drop_ins.v[i].trouble);
	put_plain(f, "kubeconfig", k->kubeconfig);
	put_settings(f, k);
}

static void put_engines(struct facts *f, const struct sc_engines *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_engine *e = &list->v[i];
		const char *words = e->trouble.n ? "cannot be told"
				    : e->labels == SC_ANSWER_YES ? "labels"
				    : e->labels == SC_ANSWER_NO
					    ? "does not label"
					    : "labels or not";
		struct sc_str text, where = e->where;

		if (!sc_keepf(f->a, &text, SC_FMT ": %s", SC_ARG(e->name),
			      words) ||
		    (e->line && !sc_keepf(f->a, &where, SC_FMT ":%u",
					  SC_ARG(e->where), e->line))) {
			f->no_memory = true;
			return;
		}
		put_fact(f, "engine", text, e->trouble.n ? e->trouble : where);
	}
}

static void put_boot(struct facts *f, const struct sc_boot_lines *boot)
{
	for (size_t i = 0; i < boot->n; i++) {
		struct sc_str where;

		if (!sc_keepf(f->a, &where, SC_FMT ":%u%s",
			      SC_ARG(boot->v[i].file), boot->v[i].line,
			      boot->v[i].running ? ", which runs" : "")) {
			f->no_memory = true;
			return;
		}
		put_fact(f, "kernel line", boot->v[i].text, where);
	}
	put_plain(f, "trouble", boot->trouble);
}

static void put_all(struct facts *f, const struct sc_machine *m)
{
	const char *manager = sc_manager_name(m->manager);

	put_plain(f, "system", m->os_name.n ? m->os_name : m->os);
	put_plain(f, "kernel", m->kernel);
	if (m->ostree)
		put_plain(f, "image", SC_STR("ostree: /usr is not written to"));
	if (manager)
		put_plain(f, "set up by", sc_view(manager));
	put_engines(f, &m->engines);
	put_kubelet(f, &m->kubelet);
	if (m->proxy.there)
		put_plain(f, "kube-proxy",
			  m->proxy.in_container ? SC_STR("runs in a pod")
						: SC_STR("a service"));
	put_boot(f, &m->boot);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	struct facts f = { .out = &text, .a = &arena, .json = o->json };
	struct sc_machine machine = { 0 };
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	r = sc_host_open(o->root, &host, err);
	if (r == 0)
		r = sc_machine_read(&host, o->root ? NULL : getenv("HOME"),
				    false, &arena, &machine, err);
	if (r < 0)
		return r;
	put_all(&f, &machine);
	if (f.no_memory)
		return sc_no_memory(err);
	r = sc_print(&text, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_facts = {
	.name = "host facts",
	.operands = "",
	.summary = "what a host is, and the settings it really has",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
