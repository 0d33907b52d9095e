#include "base/clean.h"
#include "cli/learn.h"
#include "policy/store_files.h"

static int add_loaded(struct sc_learning *l, struct sc_work *w,
		      const struct sc_loaded *one, struct sc_error *err)
{
	struct sc_source s;
	int r;

	if (one->drift == SC_DRIFT_GONE)
		return 0;
	r = sc_store_read(w->store, one->name, l->arena, &s.text, err);
	if (r < 0)
		return r;
	if (sc_fix_is(one->name, s.text))
		return 0;
	if (!sc_keepf(l->arena, &s.name, SC_FMT ".cil", SC_ARG(one->name)) ||
	    !SC_PUSH(l->arena, &l->modules, s))
		return sc_no_memory(err);
	return 0;
}

/* The store is closed again: who learns for an hour must not hold it. */
static int read_store(struct sc_learning *l, struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	const struct sc_change_options *o = &l->options->common;
	struct sc_str policy = { 0 };
	/* what was interrupted is settled before anything is made of it */
	bool write = !o->dry_run && !l->options->output;
	int r = sc_work_open(o, write, &w, err);

	for (size_t i = 0; r == 0 && i < w.loaded.n; i++)
		r = add_loaded(l, &w, &w.loaded.v[i], err);
	if (r < 0 || o->policy || !o->root)
		return r;
	r = sc_store_policy(&w.place, l->arena, &policy, err);
	l->ground.policy = policy.s;
	return r;
}

int sc_learn_modules(struct sc_learning *l, struct sc_error *err)
{
	const struct sc_learn_options *o = l->options;
	char *path = (char *)o->with;

	l->ground =
		(struct sc_ground){ o->common.policy, o->with, o->contexts };
	if (!o->with)
		return read_store(l, err);
	return sc_modules_read(&path, 1, l->arena, &l->modules, err);
}
