#include "host/look.h"

#include "base/clean.h"
#include "base/table.h"
#include "doc/doc.h"

#define HOMES_MAX 256

static void look_at_engine(struct sc_look *l, const struct sc_engine *e)
{
	const char *now = e->labels == SC_ANSWER_YES  ? "labels"
			  : e->labels == SC_ANSWER_NO ? "does not label"
						      : "not told";
	struct sc_str said = sc_view(now);
	struct sc_evidence *one;

	if (e->trouble.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(e->trouble));
		return;
	}
	if (e->of.n) {
		sc_look_say(l, SC_NA, SC_FMT ": see selinux/" SC_FMT "-labels",
			    SC_ARG(e->where), SC_ARG(e->of));
		return;
	}
	if (e->labels == SC_ANSWER_UNKNOWN)
		sc_look_say(l, SC_MANUAL, SC_FMT, SC_ARG(e->where));
	if (!e->key.n && !sc_keepf(l->a, &said, "%s, %s", now,
				   e->where.s ? e->where.s : "")) {
		l->no_memory = true;
		return;
	}
	one = sc_look_add(l, e->name, said, SC_STR("labels"),
			  e->labels == SC_ANSWER_NO);
	if (e->key.n) {
		one->path = e->where;
		one->value.from = (struct sc_origin){ SC_LAYER_FILE, e->where,
						      e->line, 0, e->key };
	}
	if (e->clash.n)
		(void)sc_look_add(l, e->name, e->clash, SC_STR("one place"),
				  true);
	if (e->stale)
		(void)sc_look_add(l, e->where,
				  SC_STR("is newer than the daemon that runs"),
				  SC_STR("a restart"), true);
	if (e->hint.n)
		sc_look_note(l, SC_FMT, SC_ARG(e->hint));
}

/* A user's own file can turn it off, for that user's containers. */
static void look_at_homes(struct sc_look *l)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;

	if (sc_host_list(l->machine->host, "/home", 0, l->a, &names, &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n && i < HOMES_MAX; i++) {
		const struct sc_doc_node *label;
		struct sc_str text = { 0 };
		struct sc_doc doc = { 0 };
		int r;

		if (!sc_keepf(l->a, &path,
			      "/home/%s/.config/containers/containers.conf",
			      names.v[i].s)) {
			l->no_memory = true;
			return;
		}
		r = sc_host_read(l->machine->host, path.s, l->a, &text, &why);
		if (r == SC_ENOTFOUND)
			continue;
		if (r == 0)
			r = sc_doc_read_toml(text, l->a, &doc, &why);
		if (r < 0) {
			sc_look_trouble(l, "%s: %s", path.s, why.msg);
			continue;
		}
		label = sc_doc_get(sc_doc_get(doc.root, "containers"), "label");
		if (!sc_doc_is_scalar(label) ||
		    !sc_str_eq(label->text, SC_STR("false")))
			continue;
		sc_look_add(l, path, SC_STR("label = false"), SC_STR("true"),
			    true)
			->path = path;
	}
}

void sc_check_engine(struct sc_look *l, struct sc_str names)
{
	const struct sc_machine *m = l->machine;
	struct sc_str all = names, name;
	bool some = false;

	while (sc_take_word(&names, &name))
		for (size_t i = 0; i < m->engines.n; i++)
			if (sc_str_eq(m->engines.v[i].name, name)) {
				look_at_engine(l, &m->engines.v[i]);
				some = true;
			}
	if (!some)
		sc_look_say(l, SC_NA, "it is not here");
	else if (sc_str_eq(all, SC_STR("podman")))
		look_at_homes(l);
}
