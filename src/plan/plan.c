#include "plan/plan.h"

void sc_plan_show(const struct sc_plan *plan, struct sc_buf *out)
{
	for (size_t i = 0; i < plan->n; i++)
		sc_putf(out, "  %zu. %s\n", i + 1, plan->v[i].title);
}

/* The entry that takes @set back. */
static int reverse(const struct sc_change_set *set, struct sc_arena *a,
		   struct sc_change_set *out, struct sc_error *err)
{
	*out = *set;
	out->v = sc_new_array(a, struct sc_change, set->n);
	if (!out->v)
		return sc_no_memory(err);
	for (size_t i = 0; i < set->n; i++)
		out->v[i] = (struct sc_change){ .name = set->v[i].name,
						.before = set->v[i].after,
						.after = set->v[i].before };
	return 0;
}

static int undo_step(const struct sc_step *step, struct sc_ledger *ledger,
		     struct sc_arena *a, struct sc_error *err)
{
	struct sc_change_set back = { 0 };
	uint64_t id = 0;
	int r = reverse(&step->changes, a, &back, err);

	if (r == 0)
		r = sc_ledger_begin(ledger, &back, &id, err);
	if (r == 0)
		r = step->undo(step->data, err);
	return r < 0 ? r : sc_ledger_end(ledger, id, SC_ENTRY_DONE, err);
}

static int undo_all(const struct sc_plan *plan, const bool *did, size_t n,
		    struct sc_ledger *ledger, struct sc_arena *a,
		    struct sc_error *err)
{
	struct sc_error second;

	while (n-- > 0)
		if (did[n] && undo_step(&plan->v[n], ledger, a, &second) < 0)
			return sc_while(err, "cannot undo '%s' (%s), after",
					plan->v[n].title, second.msg);
	return err->code;
}

/*
 * Apply a step that is not done. One that failed may have changed the host all
 * the same, such as when only its tidying up failed: so ask once more, and tell
 * the ledger what is true. If nobody can tell, the entry stays open and the
 * next command settles it.
 */
int sc_plan_resume(const struct sc_step *step, uint64_t id,
		   struct sc_ledger *ledger, struct sc_error *err)
{
	struct sc_error second;
	int r = step->apply(step->data, err), is = 1;

	if (r < 0)
		is = step->done(step->data, &second);
	if (is < 0)
		return sc_while(err,
				"nobody can tell what changed (%s): the next "
				"command asks again",
				second.msg);
	if (is > 0) {
		r = sc_ledger_end(ledger, id, SC_ENTRY_DONE, err);
		return r < 0 ? sc_while(err, "done, but not noted as done: "
					     "the next command does")
			     : 0;
	}
	r = sc_ledger_end(ledger, id, SC_ENTRY_UNDONE, &second);
	(void)r; /* an open entry is settled later; @err is what to tell */
	return sc_while(err, "nothing changed");
}

static int apply_step(const struct sc_step *step, struct sc_ledger *ledger,
		      struct sc_error *err)
{
	uint64_t id = 0;
	int r = sc_ledger_begin(ledger, &step->changes, &id, err);

	return r < 0 ? sc_while(err, "nothing changed")
		     : sc_plan_resume(step, id, ledger, err);
}

int sc_plan_apply(const struct sc_plan *plan, struct sc_ledger *ledger,
		  struct sc_arena *a, struct sc_error *err)
{
	bool *did = sc_new_array(a, bool, plan->n);

	if (!did)
		return sc_no_memory(err);
	for (size_t i = 0; i < plan->n; i++) {
		const struct sc_step *step = &plan->v[i];
		int r = step->done(step->data, err);

		if (r == 0) {
			r = apply_step(step, ledger, err);
			did[i] = r >= 0;
		}
		if (r < 0) {
			sc_while(err, "%s", step->title);
			return undo_all(plan, did, i, ledger, a, err);
		}
	}
	return 0;
}
