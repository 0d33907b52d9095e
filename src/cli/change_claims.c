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
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	return 0;
}

static int add_paths(struct sc_work *w, const struct sc_claims *claims,
		     bool given_up, struct sc_error *err)
{
	for (size_t i = 0; i < claims->n; i++) {
		const struct sc_claim *c = &claims->v[i];
		struct sc_relabel_path p = { .path = c->path,
					     .below = c->below };

		if (given_up)
			p.only = c->type;
		if (c->path.n && !SC_PUSH(&w->arena, &w->relabel, p))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	return 0;
}

static int find_claims(struct sc_work *w, struct sc_target *t,
		       struct sc_error *err)
{
	struct sc_claims old = { 0 }, fresh = { 0 };
	struct sc_str text = { 0 };
	int r = 0;

	if (t->before.n) {
		r = sc_store_read(w->store, t->name, &w->arena, &text, err);
		if (r == 0)
			r = read_claims(w, t->name, text, &old, err);
	}
	if (r == 0 && t->text.s)
		r = read_claims(w, t->name, t->text, &fresh, err);
	if (r == 0)
		r = add_fresh(w, &fresh, &old, &t->gives, err);
	if (r == 0)
		r = add_fresh(w, &old, &fresh, &t->takes, err);
	if (r == 0)
		r = add_paths(w, &t->takes, true, err);
	return r < 0 ? r : add_paths(w, &t->gives, false, err);
}

int sc_work_find_claims(struct sc_work *w, struct sc_error *err)
{
	struct sc_str path = { 0 };
	int r = sc_store_contexts(&w->place, &w->arena, &path, err);

	for (size_t i = 0; r == 0 && i < w->targets.n; i++)
		r = find_claims(w, &w->targets.v[i], err);
	if (r < 0 || !w->relabel.n)
		return r;
	w->relabel.contexts = path.s;
	return sc_contexts_open(path.s, &w->relabel.before, err);
}

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
