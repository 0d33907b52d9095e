#include "policy/install.h"

#include "base/clean.h"
#include "policy/loaded.h"

/*
 * A plan that the store fits already is still one to be done, once: the ledger
 * did not say so, such as of a module that others took away. After that, what
 * is installed counts as well, and what is loaded: if either lags behind the
 * store, the entry stays open, and the next command sees to it.
 */
static int is_done(void *data, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const struct sc_install *in = data;
	struct sc_stored_list stored = { 0 };
	int r;

	if (!in->tried)
		return 0;
	r = sc_store_list(in->store, &a, &stored, err);
	for (size_t i = 0; r == 0 && i < in->changes.n; i++) {
		const struct sc_change *c = &in->changes.v[i];
		struct sc_str now = { 0 };

		r = sc_loaded_digest(in->store, &stored, c->name, &a, &now,
				     err);
		if (r == 0 && !sc_str_eq(now, c->after))
			return 0;
	}
	if (r == 0)
		r = sc_store_is_installed(in->store, &a, err);
	if (r == 0)
		return sc_fail(err, SC_EPOLICY,
			       "the store holds it, but the host's compiled "
			       "policy is not the store's");
	if (r == 1 && sc_store_reload(in->store, err) < 0)
		return (int)err->code;
	return r;
}

static int apply(void *data, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_install *in = data;
	struct sc_store_edit *edits =
		sc_new_array(&a, struct sc_store_edit, in->changes.n);
	size_t n = 0;

	if (!edits)
		return sc_no_memory(err);
	in->tried = true;
	for (size_t i = 0; i < in->changes.n; i++)
		if (!sc_str_eq(in->changes.v[i].before, in->changes.v[i].after))
			edits[n++] = in->edits[i];
	return n ? sc_store_change(in->store, in->serial, edits, n, err) : 0;
}

static int undo(void *data, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const struct sc_install *in = data;
	struct sc_store_edit *back;
	struct sc_str serial;
	int r = sc_store_serial(in->store, &a, &serial, err);

	back = sc_new_array(&a, struct sc_store_edit, in->changes.n);
	if (!back)
		return sc_no_memory(err);
	for (size_t i = 0; r == 0 && i < in->changes.n; i++) {
		const struct sc_change *c = &in->changes.v[i];

		back[i].name = c->name;
		if (c->before.n)
			r = sc_ledger_fetch(in->ledger, c->before, &a,
					    &back[i].text, err);
	}
	return r < 0 ? r
		     : sc_store_change(in->store, serial, back, in->changes.n,
				       err);
}

struct sc_step sc_install_step(struct sc_install *install, const char *title)
{
	return (struct sc_step){
		.title = title,
		.changes = install->changes,
		.data = install,
		.done = is_done,
		.apply = apply,
		.undo = undo,
	};
}
