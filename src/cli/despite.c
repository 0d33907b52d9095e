#include "cli/despite.h"

#include "base/buf.h"
#include "base/vec.h"

static bool is_named(const char *ids, const struct sc_guard *g)
{
	return ids && g && sc_has_part(sc_view(ids), ',', g->id);
}

static bool is_guard(const struct sc_guards *g, struct sc_str id)
{
	for (size_t i = 0; g && i < sc_guards_count(g); i++)
		if (sc_str_eq(sc_guards_at(g, i)->id, id))
			return true;
	return false;
}

static int check(const char *ids, const struct sc_guards *g,
		 struct sc_error *err)
{
	struct sc_str list = sc_view(ids), id;

	while (sc_take_part(&list, ',', &id))
		if (!is_guard(g, id))
			return sc_fail(err, SC_ENOTFOUND,
				       "--despite: no guard '" SC_FMT
				       "'; explain names those that refuse",
				       SC_ARG(id));
	return 0;
}

static void judge_again(const char *ids, struct sc_advice *a)
{
	size_t guarded = 0;

	for (size_t i = 0; i < a->n_perms; i++) {
		struct sc_finding_perm *p = &a->perms[i];

		if (p->class != SC_CLASS_GUARDED)
			continue;
		guarded++;
		if (!is_named(ids, p->guard))
			continue;
		guarded--;
		p->despite = p->guard;
		p->guard = NULL;
		p->class = SC_CLASS_RULE;
	}
	if (a->class == SC_CLASS_GUARDED && !guarded)
		a->class = SC_CLASS_RULE;
}

int sc_despite_judge(const char *ids, struct sc_judge *j, struct sc_error *err)
{
	int r = ids ? check(ids, j->guards, err) : 0;

	for (size_t i = 0; r == 0 && ids && i < j->n; i++)
		judge_again(ids, &j->advice[i]);
	return r;
}

int sc_despite_rules(const char *ids, struct sc_refusals *refused,
		     struct sc_arena *a, struct sc_rules *rules,
		     struct sc_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < refused->n; i++) {
		struct sc_refusal *r = &refused->v[i];

		if (!is_named(ids, r->guard)) {
			refused->v[n++] = *r;
			continue;
		}
		if (!sc_keepf(a, &r->rule.why,
			      SC_FMT " [despite " SC_FMT ": it could " SC_FMT
				     "]",
			      SC_ARG(r->rule.why), SC_ARG(r->guard->id),
			      SC_ARG(r->guard->words)) ||
		    !SC_PUSH(a, rules, r->rule))
			return sc_no_memory(err);
	}
	refused->n = n;
	return 0;
}
