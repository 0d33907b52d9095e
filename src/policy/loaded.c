#include "policy/loaded.h"

#include "base/sha256.h"

const struct sc_loaded *sc_loaded_named(const struct sc_loaded_list *list,
					struct sc_str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (sc_str_eq(list->v[i].name, name))
			return &list->v[i];
	return NULL;
}

static int compare_loaded(const void *x, const void *y)
{
	const struct sc_loaded *a = x, *b = y;

	return sc_str_compare(a->name, b->name);
}

static struct sc_loaded from_history(const struct sc_history *h)
{
	struct sc_loaded l = { .name = h->name,
			       .time = h->time,
			       .digest = h->digests[h->n - 1],
			       .older = h->n - 1 };

	if (l.older)
		l.previous = h->digests[h->n - 2];
	return l;
}

static int by_ledger(const struct sc_ledger *ledger, struct sc_str place,
		     struct sc_arena *a, struct sc_loaded_list *out,
		     struct sc_error *err)
{
	struct sc_histories all = { 0 };
	int r = sc_history_read(ledger, a, &all, err);

	*out = (struct sc_loaded_list){ 0 };
	for (size_t i = 0; r == 0 && i < all.n; i++)
		if (all.v[i].n && sc_str_eq(all.v[i].place, place) &&
		    !SC_PUSH(a, out, from_history(&all.v[i])))
			return sc_no_memory(err);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_loaded);
	return r;
}

int sc_loaded_digest(struct sc_store *store, const struct sc_stored_list *list,
		     struct sc_str name, struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str text;

	for (size_t i = 0; i < list->n; i++) {
		int r;

		if (list->v[i].priority != SC_STORE_PRIORITY ||
		    !sc_str_eq(list->v[i].name, name))
			continue;
		r = sc_store_read(store, name, a, &text, err);
		if (r < 0)
			return r;
		sc_sha256_hex(text, hex);
		return sc_keep(a, (struct sc_str){ hex, SC_SHA256_HEX }, out)
			       ? 0
			       : sc_no_memory(err);
	}
	*out = (struct sc_str){ 0 };
	return 0;
}

int sc_loaded_find(const struct sc_ledger *ledger, struct sc_store *store,
		   struct sc_str place, struct sc_arena *a,
		   struct sc_loaded_list *out, struct sc_error *err)
{
	struct sc_stored_list stored = { 0 };
	int r = by_ledger(ledger, place, a, out, err);

	if (r == 0 && out->n)
		r = sc_store_list(store, a, &stored, err);
	for (size_t i = 0; r == 0 && i < out->n; i++) {
		struct sc_loaded *l = &out->v[i];

		r = sc_loaded_digest(store, &stored, l->name, a, &l->found,
				     err);
		if (!l->found.n)
			l->drift = SC_DRIFT_GONE;
		else if (!sc_str_eq(l->found, l->digest))
			l->drift = SC_DRIFT_CHANGED;
	}
	return r;
}

/* Is the store as @set wanted it, or as it was before? */
static int compare(const struct sc_change_set *set, struct sc_store *store,
		   struct sc_arena *a, struct sc_settled *out,
		   struct sc_error *err)
{
	bool is_before = true, is_after = true;
	struct sc_stored_list stored = { 0 };
	int r = sc_store_list(store, a, &stored, err);

	for (size_t i = 0; r == 0 && i < set->n; i++) {
		const struct sc_change *c = &set->v[i];
		struct sc_str now = { 0 };

		r = sc_loaded_digest(store, &stored, c->name, a, &now, err);
		is_before = is_before && sc_str_eq(now, c->before);
		is_after = is_after && sc_str_eq(now, c->after);
	}
	out->state = is_after ? SC_ENTRY_DONE : SC_ENTRY_UNDONE;
	out->mixed = !is_after && !is_before;
	return r;
}

/* The crash may have come after the store was changed, and before the compiled
 * policy was put where the host boots from, or was loaded. */
static int install(struct sc_store *store, struct sc_arena *a,
		   struct sc_settled *out, struct sc_error *err)
{
	struct sc_str serial;
	int r = sc_store_is_installed(store, a, err);

	if (r < 0)
		return r;
	if (r == 1)
		return sc_store_reload(store, err);
	r = sc_store_serial(store, a, &serial, err);
	if (r == 0)
		r = sc_store_change(store, serial, NULL, 0, err);
	out->installed = r == 0;
	return r;
}

int sc_loaded_settle(struct sc_ledger *ledger, struct sc_store *store,
		     struct sc_arena *a, struct sc_settled *out,
		     struct sc_error *err)
{
	struct sc_settled s = { .entry = sc_ledger_interrupted(
					ledger, SC_LOADED_KINDS) };
	int r = 0;

	s.labels = s.entry && !sc_str_eq(s.entry->changes.kind, SC_LOADED_KIND);
	if (s.entry && !s.labels) {
		r = compare(&s.entry->changes, store, a, &s, err);
		if (r == 0)
			r = install(store, a, &s, err);
		if (r == 0)
			r = sc_ledger_end(ledger, s.entry->id, s.state, err);
	}
	if (r < 0)
		return sc_while(err, "settling the change that was "
				     "interrupted");
	*out = s;
	return 0;
}
