#include "base/clean.h"
#include "base/safe.h"
#include "base/table.h"
#include "cli/checks.h"
#include "cli/wrap.h"

#define INDENT 9 /* of what stands beside a word */

struct options {
	const char *root;
};

static const struct sc_option options[] = {
	{ 0, "root", "DIR", "the host whose files are below DIR",
	  offsetof(struct options, root) },
	{ 0 },
};

static void put_field(struct sc_buf *out, const char *label, struct sc_str v)
{
	if (v.n)
		sc_put_field(out, label, INDENT, v);
}

/* "value kubelet readOnlyPort: 0 (careful; then kubelet.service)" */
static void put_cure(struct sc_buf *out, const struct sc_cure *cure)
{
	static const struct sc_str none = SC_STR("-");
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, cure->action);
	if (!sc_str_eq(cure->in, none))
		sc_putf(&text, " in " SC_FMT, SC_ARG(cure->in));
	if (!sc_str_eq(cure->key, none))
		sc_putf(&text, " " SC_FMT, SC_ARG(cure->key));
	if (sc_str_eq(cure->value, SC_STR("?")))
		sc_putf(&text, ": as the site wants it");
	else if (!sc_str_eq(cure->value, none))
		sc_putf(&text, ": " SC_FMT, SC_ARG(cure->value));
	sc_putf(&text, " (" SC_FMT, SC_ARG(cure->risk));
	if (!sc_str_eq(cure->after, none))
		sc_putf(&text, "; then anew: " SC_FMT, SC_ARG(cure->after));
	sc_putf(&text, ")");
	put_field(out, "plan", (struct sc_str){ text.s, text.n });
	out->failed |= text.failed;
}

static void put_check(struct sc_buf *out, const struct sc_check *check)
{
	struct sc_cure cure;

	sc_putf(out, SC_FMT "\n\n", SC_ARG(check->id));
	put_field(out, "holds", check->title);
	put_field(out, "else", check->why);
	put_field(out, "do", check->todo);
	put_field(out, "refs", check->refs);
	if (sc_check_cure(check->id, &cure))
		put_cure(out, &cure);
}

/* Whoever sets the node up may take an edit of its files back. */
static void put_manager(struct sc_buf *out, const struct sc_machine *m,
			struct sc_str id)
{
	struct sc_cure cure;

	if (!sc_check_cure(id, &cure) || !sc_str_eq(cure.in, SC_STR("kubelet")))
		return;
	if (m->manager == SC_MANAGER_NODEADM)
		put_field(out, "mind",
			  SC_STR("nodeadm writes its files anew at each boot: "
				 "change the NodeConfig"));
	else if (m->manager == SC_MANAGER_KUBEADM)
		put_field(
			out, "mind",
			SC_STR("kubeadm writes its file anew at each upgrade: "
			       "change the ConfigMap kubelet-config too"));
}

/* The layers of a value, the one that counts first. */
static void put_layers(struct sc_buf *out, const struct sc_value *v)
{
	const char *label = "value";

	for (; v && (v->from.key.n || v->from.file.n); v = v->under) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		sc_put_safe(&text, v->trouble.n ? SC_STR("cannot be told")
				   : v->set     ? v->text
						: SC_STR("(not set)"));
		sc_put(&text, SC_STR(", by "));
		sc_origin_put(&text, &v->from);
		put_field(out, label, (struct sc_str){ text.s, text.n });
		out->failed |= text.failed;
		label = "over";
	}
}

static void put_verdict(struct sc_buf *out, const struct sc_verdict *v)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text, "%s", sc_verdict_name(v->kind));
	if (v->reason.n) {
		sc_put(&text, SC_STR(": "));
		sc_put_safe(&text, v->reason);
	}
	sc_put(out, SC_STR("\n"));
	put_field(out, "verdict", (struct sc_str){ text.s, text.n });
	for (size_t i = 0; i < v->evidence.n; i++) {
		const struct sc_evidence *e = &v->evidence.v[i];

		text.n = 0;
		sc_evidence_put(&text, e);
		put_field(out, e->wrong ? "wrong" : "good",
			  (struct sc_str){ text.s, text.n });
		put_layers(out, e->value.under ? &e->value : NULL);
	}
	out->failed |= text.failed;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	struct sc_host_answer answer = { 0 };
	struct sc_host_ask ask = { .root = o->root };
	int r;

	if (argc != 1)
		return sc_fail(err, SC_ESYNTAX,
			       "one check is expected (selcage host check)");
	ask.check = argv[0];
	r = sc_host_open(o->root, &host, err);
	if (r == 0)
		r = sc_host_ask(&ask, &host, &arena, &answer, err);
	for (size_t i = 0; i < answer.verdicts.n && r == 0; i++) {
		put_check(&text, &answer.verdicts.v[i].check);
		put_manager(&text, &answer.machine,
			    answer.verdicts.v[i].check.id);
		put_verdict(&text, &answer.verdicts.v[i]);
	}
	return r < 0 ? r : sc_print(&text, out, err);
}

const struct sc_command sc_cmd_host_explain = {
	.name = "host explain",
	.operands = "CHECK",
	.summary = "what a check asks, what is so here and why, the cure",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
