#include "policy/history.h"

static struct sc_history *find(struct sc_histories *all, struct sc_str place,
			       struct sc_str name)
{
	for (size_t i = 0; i < all->n; i++)
		if (sc_str_eq(all->v[i].place, place) &&
		    sc_str_eq(all->v[i].name, name))
			return &all->v[i];
	return NULL;
}

static void push(struct sc_history *h, struct sc_str digest)
{
	if (h->n && sc_str_eq(h->digests[h->n - 1], digest))
		return;
	if (h->n == SC_VERSIONS_MAX)
		memmove(h->digests, h->digests + 1,
			--h->n * sizeof(h->digests[0]));
	h->digests[h->n++] = digest;
}

/* What is replaced may be what others put there since: then that is the version
 * before. */
static void note(struct sc_history *h, const struct sc_change *c)
{
	if (!c->after.n) {
		h->n = 0;
		return;
	}
	if (c->before.n)
		push(h, c->before);
	if (h->n > 1 && sc_str_eq(h->digests[h->n - 2], c->after))
		h->n--;
	else
		push(h, c->after);
}

static struct sc_history *find_or_add(struct sc_histories *all,
				      const struct sc_entry *e,
				      struct sc_str name, struct sc_arena *a)
{
	struct sc_history fresh = { .place = e->changes.place, .name = name };
	struct sc_history *h = find(all, fresh.place, name);

	if (h)
		return h;
	return SC_PUSH(a, all, fresh) ? &all->v[all->n - 1] : NULL;
}

static bool note_entry(struct sc_histories *all, const struct sc_entry *e,
		       struct sc_arena *a)
{
	for (size_t i = 0; i < e->changes.n; i++) {
		const struct sc_change *c = &e->changes.v[i];
		struct sc_history *h = find_or_add(all, e, c->name, a);

		if (!h)
			return false;
		h->time = e->time;
		note(h, c);
	}
	return true;
}

static bool is_ours(const struct sc_entry *e)
{
	return sc_str_eq(e->changes.kind, SC_LOADED_KIND);
}

int sc_history_read(const struct sc_ledger *ledger, struct sc_arena *a,
		    struct sc_histories *out, struct sc_error *err)
{
	struct sc_histories all = { 0 };

	for (size_t i = 0; i < ledger->n; i++) {
		const struct sc_entry *e = &ledger->v[i];

		if (e->state == SC_ENTRY_DONE && is_ours(e) &&
		    !note_entry(&all, e, a))
			return sc_no_memory(err);
	}
	*out = all;
	return 0;
}

const struct sc_entry *sc_history_unlabelled(const struct sc_ledger *ledger,
					     struct sc_str place)
{
	for (size_t i = ledger->n; i-- > 0;) {
		const struct sc_entry *e = &ledger->v[i];

		if (!sc_has_part(SC_LOADED_KINDS, ' ', e->changes.kind) ||
		    !sc_str_eq(e->changes.place, place))
			continue;
		if (is_ours(e))
			return e->state == SC_ENTRY_DONE ? e : NULL;
		if (e->state != SC_ENTRY_OPEN)
			return NULL;
	}
	return NULL;
}

static bool keep(struct sc_digests *to, struct sc_str digest,
		 struct sc_arena *a)
{
	return !digest.n || SC_PUSH(a, to, digest);
}

/* Of an entry that may be undone yet, or is none of ours to judge. */
static bool keep_entry(struct sc_digests *to, const struct sc_entry *e,
		       struct sc_arena *a)
{
	if (is_ours(e) && e->state != SC_ENTRY_OPEN)
		return true;
	for (size_t i = 0; i < e->changes.n; i++)
		if (!keep(to, e->changes.v[i].before, a) ||
		    !keep(to, e->changes.v[i].after, a))
			return false;
	return true;
}

int sc_history_prune(struct sc_ledger *ledger, struct sc_arena *a, size_t *gone,
		     struct sc_error *err)
{
	struct sc_histories all = { 0 };
	struct sc_digests used = { 0 };
	bool ok = true;
	int r = sc_history_read(ledger, a, &all, err);

	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < all.v[i].n; k++)
			ok = ok && keep(&used, all.v[i].digests[k], a);
	for (size_t i = 0; i < ledger->n; i++)
		ok = ok && keep_entry(&used, &ledger->v[i], a);
	if (r == 0 && !ok)
		r = sc_no_memory(err);
	return r < 0 ? r : sc_ledger_prune(ledger, &used, gone, err);
}
