#include "base/clean.h"
#include "base/safe.h"
#include "cli/change.h"
#include "policy/store_files.h"

/* What @text claims, if anything: its form is judged by the proof. */
static int read_claims(struct sc_work *w, struct sc_str name,
		       struct sc_str text, struct sc_claims *out,
		       struct sc_error *err)
{
	struct sc_findings ignored = { 0 };
	struct sc_found found = { name, &w->arena, &ignored, false };
	struct sc_cil *top;

	if (sc_cil_read(text, &w->arena, &top, err) < 0)
		return err->code == SC_ENOMEM ? SC_ENOMEM : 0;
	if (sc_fix_is(name, text))
		return sc_claims_read_fix(top, &found, out, err);
	return sc_claims_read(top, &found, out, err);
}

static bool same(const struct sc_claim *a, const struct sc_claim *b)
{
	return sc_str_eq(a->type, b->type) && sc_str_eq(a->level, b->level) &&
	       sc_str_eq(a->spec, b->spec) && sc_str_eq(a->proto, b->proto) &&
	       a->first == b->first && a->last == b->last;
}

/* Those of @all that @without has not. */
static int add_fresh(struct sc_work *w, const struct sc_claims *all,
		     const struct sc_claims *without, struct sc_claims *out,
		     struct sc_error *err)
{
	for (size_t i = 0; i < all->n; i++) {
		bool known = false;

		for (size_t k = 0; k < without->n; k++)
			known = known || same(&all->v[i], &without->v[k]);
		if (!known && !SC_PUSH(&w->arena, out, all->v[i]))
			return sc_no_memory(err);
	}
	return 0;
}

static int add_paths(struct sc_work *w, const struct sc_claims *claims,
		     bool given_up, struct sc_labelling *to,
		     struct sc_error *err)
{
	for (size_t i = 0; i < claims->n; i++) {
		const struct sc_claim *c = &claims->v[i];
		struct sc_relabel_path p = { .path = c->path,
					     .below = c->below };

		if (given_up)
			p.only = c->type;
		if (c->path.n && !SC_PUSH(&w->arena, to, p))
			return sc_no_memory(err);
	}
	return 0;
}

/* @before and @after are texts of the target, or nothing: what it claims anew
 * and gives up, and of that the paths into @to. */
static int compare_claims(struct sc_work *w, struct sc_target *t,
			  struct sc_str before, struct sc_str after,
			  struct sc_labelling *to, struct sc_error *err)
{
	struct sc_claims old = { 0 }, fresh = { 0 };
	int r = 0;

	if (before.s)
		r = read_claims(w, t->name, before, &old, err);
	if (r == 0 && after.s)
		r = read_claims(w, t->name, after, &fresh, err);
	if (r == 0)
		r = add_fresh(w, &fresh, &old, &t->gives, err);
	if (r == 0)
		r = add_fresh(w, &old, &fresh, &t->takes, err);
	if (r == 0)
		r = add_paths(w, &t->takes, true, to, err);
	return r < 0 ? r : add_paths(w, &t->gives, false, to, err);
}

static int find_claims(struct sc_work *w, struct sc_target *t,
		       struct sc_error *err)
{
	struct sc_str before = { 0 };
	int r = 0;

	if (t->before.n)
		r = sc_store_read(w->store, t->name, &w->arena, &before, err);
	return r < 0 ? r
		     : compare_claims(w, t, before, t->text, &w->relabel, err);
}

static int open_contexts(struct sc_work *w, struct sc_labelling *to,
			 struct sc_error *err)
{
	struct sc_str path = { 0 };
	int r = sc_store_contexts(&w->place, &w->arena, &path, err);

	if (r < 0 || !to->n)
		return r;
	to->contexts = path.s;
	return sc_contexts_open(path.s, &to->before, err);
}

int sc_work_find_claims(struct sc_work *w, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->targets.n; i++)
		r = find_claims(w, &w->targets.v[i], err);
	return r < 0 ? r : open_contexts(w, &w->relabel, err);
}

/* ---- what was interrupted */

/* One that was pruned is of no change that was interrupted. */
static int fetch(struct sc_work *w, struct sc_str digest, struct sc_str *out,
		 struct sc_error *err)
{
	int r = digest.n ? sc_ledger_fetch(&w->ledger, digest, &w->arena, out,
					   err)
			 : 0;

	return r == SC_ENOMEM ? r : 0;
}

static int find_rest(struct sc_work *w, const struct sc_change_set *set,
		     struct sc_labelling *out, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->n; i++) {
		struct sc_target t = { .name = set->v[i].name };
		struct sc_str before = { 0 }, after = { 0 };

		r = fetch(w, set->v[i].before, &before, err);
		if (r == 0)
			r = fetch(w, set->v[i].after, &after, err);
		if (r == 0)
			r = compare_claims(w, &t, before, after, out, err);
	}
	return r < 0 ? r : open_contexts(w, out, err);
}

/* "selcage: ... 3 files labelled anew"; or which did not get theirs, and why */
static void say_rest(const struct sc_entry *e, const struct sc_labelling *rest,
		     const struct sc_error *why)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text,
		"selcage: giving files their labels was interrupted, at ");
	sc_put_safe(&text, e->time);
	if (why)
		sc_putf(&text, ": some may lack them (%s): restorecon -F -x -R",
			why->msg);
	else
		sc_putf(&text, ", and is done now: %zu files labelled anew",
			rest->changed);
	for (size_t i = 0; why && i < rest->n; i++) {
		sc_put(&text, SC_STR(" "));
		sc_put_safe(&text, rest->v[i].path);
	}
	if (!text.failed)
		fprintf(stderr, "%s\n", text.s);
}

static int label_rest(struct sc_work *w, const struct sc_entry *e,
		      const struct sc_entry *open, struct sc_labelling *rest,
		      struct sc_error *err)
{
	struct sc_error why;
	struct sc_step step;
	struct sc_plan plan = { &step, 1 };
	int r = sc_relabel_step(rest, e->changes.place, &w->arena, &step, err);

	if (r < 0)
		return r;
	r = open ? sc_plan_resume(&step, open->id, &w->ledger, &why)
		 : sc_plan_apply(&plan, &w->ledger, &w->arena, &why);
	if (open || r < 0 || rest->changed)
		say_rest(e, rest, r < 0 ? &why : NULL);
	return 0;
}

/* Where no label can be given now: say which they are, and be done with it. */
static int give_up(struct sc_work *w, const struct sc_entry *open,
		   struct sc_error *err)
{
	struct sc_labelling lost = { 0 };
	struct sc_error why;

	(void)sc_fail(&why, SC_EREFUSED, "no kernel here has the policy");
	for (size_t i = 0; i < open->changes.n; i++) {
		struct sc_relabel_path p = { .path = open->changes.v[i].name };

		if (!SC_PUSH(&w->arena, &lost, p))
			return sc_no_memory(err);
	}
	say_rest(open, &lost, &why);
	return sc_ledger_end(&w->ledger, open->id, SC_ENTRY_UNDONE, err);
}

int sc_work_label_rest(struct sc_work *w, struct sc_error *err)
{
	const struct sc_str place = sc_view(w->place.name);
	const struct sc_entry *e = sc_history_unlabelled(&w->ledger, place);
	const struct sc_entry *open =
		sc_ledger_interrupted(&w->ledger, SC_RELABEL_KIND);
	struct sc_labelling rest = { 0 };
	int r = 0;

	if (e && sc_store_reloads(w->store))
		r = find_rest(w, &e->changes, &rest, err);
	if (r == 0 && rest.n)
		r = label_rest(w, e, open, &rest, err);
	else if (r == 0 && open)
		r = give_up(w, open, err);
	sc_contexts_close(rest.before);
	return r;
}

/* ---- showing */

static void put_claims(const struct sc_claims *claims, const char *sign,
		       struct sc_buf *out)
{
	for (size_t i = 0; i < claims->n; i++) {
		const struct sc_claim *c = &claims->v[i];

		sc_putf(out, "         %s ", sign);
		sc_claim_say(c, out);
		sc_putf(out, ": " SC_FMT, SC_ARG(c->type));
		if (c->path.n)
			sc_putf(out, ":" SC_FMT, SC_ARG(c->level));
		sc_put(out, SC_STR("\n"));
	}
}

void sc_work_put_claims(const struct sc_target *t, struct sc_buf *out)
{
	put_claims(&t->takes, "-", out);
	put_claims(&t->gives, "+", out);
}

void sc_work_put_relabel(const struct sc_work *w, struct sc_buf *out)
{
	if (!w->relabel.n)
		return;
	if (sc_store_reloads(w->store)) {
		sc_put(out, SC_STR("     labels that files had by hand below "
				   "these paths are not kept\n"));
		return;
	}
	sc_put(out, SC_STR("     files are not labelled here; on the host:"));
	for (size_t i = 0; i < w->relabel.n; i++) {
		const struct sc_relabel_path *p = &w->relabel.v[i];

		sc_putf(out, "\n       restorecon -F -x%s ",
			p->below ? " -R" : "");
		sc_put_safe(out, p->path);
	}
	sc_put(out, SC_STR("\n"));
}
