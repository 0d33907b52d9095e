#include "base/clean.h"
#include "base/safe.h"
#include "cli/ask.h"
#include "cli/change.h"
#include "cli/modules.h"
#include "cli/proof.h"
#include "cli/wrap.h"
#include "policy/store_files.h"
#include "rules/base.h"

#define FIX_INDENT 9
#define SHORT_DIGEST 12 /* digits of a digest that are shown */

static const struct sc_target *find_target(const struct sc_work *w,
					   struct sc_str name)
{
	for (size_t i = 0; i < w->targets.n; i++)
		if (sc_str_eq(w->targets.v[i].name, name))
			return &w->targets.v[i];
	return NULL;
}

/* ---- proving */

static int add_source(struct sc_work *w, struct sc_str name, struct sc_str text,
		      struct sc_sources *out, struct sc_error *err)
{
	struct sc_source s = { .text = text };

	if (!sc_keepf(&w->arena, &s.name, SC_FMT ".cil", SC_ARG(name)) ||
	    !SC_PUSH(&w->arena, out, s))
		return sc_no_memory(err);
	return 0;
}

/* All modules of ours that the store would hold: the new, and those that stay.
 * A base that changes under a module that stays changes that module. */
static int gather(struct sc_work *w, struct sc_sources *out,
		  struct sc_error *err)
{
	bool based = false, rules = true;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->targets.n; i++) {
		const struct sc_target *t = &w->targets.v[i];

		if (!t->text.s || sc_fix_is(t->name, t->text))
			continue;
		based = based || sc_str_eq(t->name, SC_STR(SC_BASE_MODULE));
		rules = rules && sc_module_is_rules(t->text, &w->arena);
		r = add_source(w, t->name, t->text, out, err);
	}
	for (size_t i = 0; r == 0 && i < w->loaded.n; i++) {
		const struct sc_loaded *l = &w->loaded.v[i];
		struct sc_str text;

		if (l->drift == SC_DRIFT_GONE || find_target(w, l->name))
			continue;
		based = based || sc_str_eq(l->name, SC_STR(SC_BASE_MODULE));
		r = sc_store_read(w->store, l->name, &w->arena, &text, err);
		if (r < 0)
			return r;
		if (sc_fix_is(l->name, text))
			continue;
		rules = rules && sc_module_is_rules(text, &w->arena);
		r = add_source(w, l->name, text, out, err);
	}
	if (r == 0 && !based && !rules)
		return sc_fail(err, SC_ENOTFOUND,
			       "no module " SC_BASE_MODULE " among them, and "
			       "none is loaded: selcage confine writes it "
			       "beside the others");
	return r;
}

static void put_proven(const struct sc_proof *proof,
		       const struct sc_sources *sources, struct sc_buf *out)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < proof->cages.n; i++) {
		if (proof->cages.v[i].vectors > most)
			most = proof->cages.v[i].vectors;
		n += !proof->cages.v[i].is_label;
	}
	sc_putf(out,
		"proven: %zu modules, %zu domains of at most %zu access "
		"vectors\n\n",
		sources->n, n, most);
}

/* 1: proven; 0: refused, and @out says why. */
static int prove(struct sc_work *w, const char *policy, bool colour,
		 struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(sc_proof_close) struct sc_proof proof = { 0 };
	struct sc_sources sources = { 0 };
	struct sc_str own = { 0 };
	int r = gather(w, &sources, err);

	if (r == 0 && !sources.n)
		return 1; /* fixes alone: there is nothing to prove */
	if (r == 0 && !policy)
		r = sc_store_policy(&w->place, &w->arena, &own, err);
	if (r == 0)
		r = sc_modules_prove(policy ? policy : own.s, &sources,
				     &w->arena, &proof, err);
	if (r == 0 && w->relabel.before)
		r = sc_claims_judge_paths(&proof.claims, w->relabel.before,
					  &w->arena, &proof.findings, err);
	sc_proof_findings(&proof, colour, out);
	if (r < 0)
		return r;
	if (sc_proof_fails(&proof)) {
		sc_putf(out, "\nnot proven: nothing is loaded (selcage prove "
			     "says more)\n");
		return 0;
	}
	put_proven(&proof, &sources, out);
	return 1;
}

static bool installs(const struct sc_work *w)
{
	for (size_t i = 0; i < w->targets.n; i++)
		if (w->targets.v[i].text.s)
			return true;
	return false;
}

/* ---- showing */

static void put_target(const struct sc_target *t, struct sc_buf *out)
{
	sc_putf(out, "       %-24.*s ", SC_ARG(t->name));
	if (!t->text.s)
		sc_putf(out, "%s\n",
			t->before.n ? "removed" : "gone already; forgotten");
	else if (t->before.n)
		sc_putf(out, "%.*s, in place of %.*s\n", SHORT_DIGEST,
			t->after.s, SHORT_DIGEST, t->before.s);
	else
		sc_putf(out, "%.*s, new\n", SHORT_DIGEST, t->after.s);
	if (t->words.n)
		sc_put_field(out, "", FIX_INDENT, t->words);
}

/* The types of containers that go with the modules. */
static int put_vanishing(struct sc_work *w, struct sc_buf *out,
			 struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf types = { 0 };
	struct sc_policy *policy = NULL;
	struct sc_str path = { 0 };
	int r = sc_store_policy(&w->place, &w->arena, &path, err);

	if (r == 0)
		r = sc_policy_open(path.s, &policy, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w->targets.n; i++) {
		const struct sc_target *t = &w->targets.v[i];
		struct sc_str type;

		if (t->text.s ||
		    !sc_keepf(&w->arena, &type, SC_FMT ".process",
			      SC_ARG(t->name)) ||
		    !sc_policy_has(policy, SC_NAME_TYPE, type))
			continue;
		sc_putf(&types, "%s" SC_FMT, types.n ? ", " : "", SC_ARG(type));
	}
	if (types.n) {
		sc_putf(&types, ": these types vanish; a container that runs "
				"with one is left without a label that means "
				"anything, and does not start again: stop it "
				"first");
		sc_put_field(out, "warning", 9,
			     (struct sc_str){ types.s, types.n });
	}
	out->failed = out->failed || types.failed;
	sc_policy_close(policy);
	return 0;
}

static int put_plan(struct sc_work *w, const struct sc_plan *plan,
		    struct sc_buf *out, struct sc_error *err)
{
	sc_putf(out, "plan for the module store '%s'%s", w->place.name,
		w->place.root ? " below " : "");
	if (w->place.root)
		sc_put_safe(out, (struct sc_str){ w->place.root,
						  strlen(w->place.root) });
	sc_put(out, SC_STR("\n"));
	sc_plan_show(plan, out);
	for (size_t i = 0; i < w->targets.n; i++) {
		put_target(&w->targets.v[i], out);
		sc_work_put_claims(&w->targets.v[i], out);
	}
	sc_putf(out, "     the policy is compiled, and %s\n",
		sc_store_reloads(w->store) ? "loaded into the kernel"
					   : "not loaded into a kernel");
	sc_work_put_relabel(w, out);
	return put_vanishing(w, out, err);
}

/* ---- doing */

/* The texts that are put in place and taken away, on disk before either. */
static int keep_texts(struct sc_work *w, struct sc_error *err)
{
	struct sc_str text, digest;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->targets.n; i++) {
		const struct sc_target *t = &w->targets.v[i];

		if (t->text.s)
			r = sc_ledger_keep(&w->ledger, t->text, &digest, err);
		if (r < 0 || !t->before.n)
			continue;
		r = sc_store_read(w->store, t->name, &w->arena, &text, err);
		if (r == 0)
			r = sc_ledger_keep(&w->ledger, text, &digest, err);
	}
	return r;
}

static int fill_install(struct sc_work *w, struct sc_install *in,
			struct sc_error *err)
{
	struct sc_store_edit *edits =
		sc_new_array(&w->arena, struct sc_store_edit, w->targets.n);

	*in = (struct sc_install){
		.store = w->store,
		.serial = w->serial,
		.edits = edits,
		.ledger = &w->ledger,
		.changes = { .kind = SC_LOADED_KIND,
			     .place = { w->place.name,
					strlen(w->place.name) } },
	};
	for (size_t i = 0; edits && i < w->targets.n; i++) {
		const struct sc_target *t = &w->targets.v[i];
		struct sc_change c = { t->name, t->before, t->after };

		edits[i] = (struct sc_store_edit){ t->name, t->text };
		if (!SC_PUSH(&w->arena, &in->changes, c))
			edits = NULL;
	}
	return edits ? 0 : sc_no_memory(err);
}

static const char *title_of(struct sc_work *w)
{
	size_t in = 0, n = w->targets.n;
	struct sc_str title;

	for (size_t i = 0; i < n; i++)
		in += w->targets.v[i].text.s != NULL;
	return sc_keepf(&w->arena, &title,
			"%s %zu module%s at priority %d, in one transaction",
			in ? "install" : "remove", n, n == 1 ? "" : "s",
			SC_STORE_PRIORITY)
		       ? title.s
		       : NULL;
}

static int print_and_clear(struct sc_buf *text, FILE *out, struct sc_error *err)
{
	int r = sc_print(text, out, err);

	sc_buf_free(text);
	*text = (struct sc_buf){ 0 };
	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

/* Versions of long ago. Where it fails, the next change tries again. */
static void forget_texts(struct sc_work *w)
{
	struct sc_error ignored;
	size_t gone;
	int r = sc_history_prune(&w->ledger, &w->arena, &gone, &ignored);

	(void)r;
}

static int perform(struct sc_work *w, const struct sc_plan *plan, FILE *out,
		   struct sc_error *err)
{
	size_t n = w->targets.n;
	int r = keep_texts(w, err);

	if (r == 0)
		r = sc_plan_apply(plan, &w->ledger, &w->arena, err);
	if (r < 0)
		return r;
	forget_texts(w);
	fprintf(out, "\n%s %zu module%s\n", installs(w) ? "loaded" : "unloaded",
		n, n == 1 ? "" : "s");
	if (plan->n > 1)
		fprintf(out, "labelled %zu files anew\n", w->relabel.changed);
	if (w->relabel.no_room)
		fprintf(out, "%zu files are where no labels are kept\n",
			w->relabel.no_room);
	return SC_EXIT_CLEAN;
}

/* Install, then label: only a policy that is loaded knows the labels. */
static int make_steps(struct sc_work *w, struct sc_install *install,
		      struct sc_step *steps, size_t *n, struct sc_error *err)
{
	int r = fill_install(w, install, err);

	if (r < 0)
		return r;
	*n = 1;
	steps[0] = sc_install_step(install, title_of(w));
	if (!steps[0].title)
		return sc_no_memory(err);
	if (!w->relabel.n || !sc_store_reloads(w->store))
		return 0;
	*n = 2;
	return sc_relabel_step(&w->relabel, steps[0].changes.place, &w->arena,
			       &steps[1], err);
}

int sc_work_run(struct sc_work *w, const struct sc_change_options *o, FILE *out,
		struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_install install;
	struct sc_step steps[2];
	struct sc_plan plan = { steps, 0 };
	int r;

	if (w->targets.n == 0) {
		fputs("nothing to do: the store has just these modules\n", out);
		return SC_EXIT_CLEAN;
	}
	r = sc_work_find_claims(w, err);
	if (r < 0)
		return r;
	r = 1;
	if (installs(w))
		r = prove(w, o->policy, sc_has_colour(out), &text, err);
	if (r < 1) {
		struct sc_error second;
		int p = print_and_clear(&text, out, &second);

		(void)p; /* what stopped the proof is what to tell */
		return r < 0 ? r : SC_EXIT_FOUND;
	}
	r = make_steps(w, &install, steps, &plan.n, err);
	if (r < 0)
		return r;
	r = put_plan(w, &plan, &text, err);
	if (r == 0)
		r = print_and_clear(&text, out, err);
	if (r < 0 || o->dry_run)
		return r;
	r = sc_ask(o->yes, err);
	return r < 0 ? r : perform(w, &plan, out, err);
}
