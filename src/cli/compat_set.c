#include "base/clean.h"
#include "base/hex.h"
#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"
#include "cli/compat.h"

#define SETS_MAX 20000               /* as a tally keeps denials */
#define NOTES_MAX ((size_t)16 << 20) /* bytes of them */
#define IOCTLS 65536

static bool is_same(const struct sc_access_set *a,
		    const struct sc_access_set *b)
{
	return sc_str_eq(a->source, b->source) &&
	       sc_str_eq(a->target, b->target) &&
	       sc_str_eq(a->tclass, b->tclass) &&
	       a->verdict.kind == b->verdict.kind &&
	       a->forgeable == b->forgeable;
}

static uint64_t hash_set(const struct sc_access_set *s)
{
	uint64_t h = sc_compat_hash(SC_COMPAT_HASH, s->source);

	h = sc_compat_hash(h, s->target);
	h = sc_compat_hash(h, s->tclass);
	return h + (uint64_t)s->verdict.kind * 2 + s->forgeable;
}

static size_t find_slot(const struct sc_collection *c,
			const struct sc_access_set *s)
{
	size_t i = hash_set(s) % c->index_size;

	while (c->index[i] && !is_same(&c->v[c->index[i] - 1], s))
		i = (i + 1) % c->index_size;
	return i;
}

/* Verdicts live only as long as they are the last ones asked for. */
static bool keep_verdict(struct sc_verdict *v, struct sc_arena *a)
{
	struct sc_why_switch *copy =
		sc_new_array(a, struct sc_why_switch, v->n_switches + 1);

	if (!copy || !sc_keep(a, v->constraint, &v->constraint))
		return false;
	if (v->n_switches)
		memcpy(copy, v->switches, v->n_switches * sizeof(*copy));
	v->switches = copy;
	return true;
}

static bool add_set(struct sc_collection *c, size_t slot,
		    struct sc_access_set s, const struct sc_message *m,
		    struct sc_arena *a)
{
	s.number = c->n;
	if (!sc_keep(a, s.source, &s.source) ||
	    !sc_keep(a, s.target, &s.target) ||
	    !sc_keep(a, s.tclass, &s.tclass) || !keep_verdict(&s.verdict, a) ||
	    !sc_keep(a, m->avc.source, &s.scontext) ||
	    !sc_keep(a, m->avc.target, &s.tcontext) ||
	    !sc_keep(a, m->comm, &s.comm) || !sc_keep(a, m->exe, &s.exe) ||
	    !SC_PUSH(a, c, s))
		return false;
	c->index[slot] = (uint32_t)c->n;
	return true;
}

static bool add_perms(struct sc_access_set *s, struct sc_str perms,
		      struct sc_arena *a)
{
	struct sc_str word;

	while (sc_take_word(&perms, &word))
		if (!sc_require_add(&s->perms, word, true, a))
			return false;
	return true;
}

static bool add_ioctl(struct sc_access_set *s, struct sc_str word,
		      struct sc_arena *a)
{
	uint64_t number;

	if (!sc_hex_read(word, 4, &number))
		return true;
	if (!s->ioctls)
		s->ioctls = sc_new_array(a, uint64_t, IOCTLS / 64);
	if (!s->ioctls)
		return false;
	s->ioctls[number / 64] |= UINT64_C(1) << (number % 64);
	return true;
}

static void put_note(const struct sc_message *m, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(out, SC_STR("# "));
	sc_compat_put_value(out, m->header);
	sc_putf(out, "\n#  scontext=\"" SC_FMT "\" tcontext=\"" SC_FMT "\"\n",
		SC_ARG(m->avc.source), SC_ARG(m->avc.target));
	sc_putf(out, "#  class=\"" SC_FMT "\" perms=\"", SC_ARG(m->avc.tclass));
	sc_require_put_set(out, m->avc.perms);
	sc_put(out, SC_STR("\"\n#  comm=\""));
	sc_compat_put_value(out, m->comm);
	sc_put(out, SC_STR("\" exe=\""));
	sc_compat_put_value(out, m->exe);
	sc_put(out, SC_STR("\" path=\"\"\n"));
	sc_put(&text, SC_STR("message=\""));
	sc_compat_put_line(&text, m->line);
	sc_put(&text, SC_STR("\""));
	sc_compat_wrap(out, (struct sc_str){ text.s, text.n }, "#  ", "#   ");
	out->failed |= text.failed;
}

static bool add_note(struct sc_collection *c, struct sc_access_set *s,
		     const struct sc_message *m, struct sc_arena *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_compat_note *note;

	if (c->note_bytes > NOTES_MAX) {
		c->notes_left++;
		return true;
	}
	put_note(m, &text);
	note = sc_new(a, struct sc_compat_note);
	if (!note || text.failed ||
	    !sc_keep(a, (struct sc_str){ text.s, text.n }, &note->text))
		return false;
	c->note_bytes += text.n;
	if (s->notes)
		s->last_note->next = note;
	else
		s->notes = note;
	s->last_note = note;
	return true;
}

bool sc_compat_collect(struct sc_collection *c, const struct sc_message *m,
		       bool explain, struct sc_arena *a)
{
	struct sc_access_set s = {
		.source = sc_label_part(m->avc.source, SC_LABEL_TYPE),
		.target = sc_label_part(m->avc.target, SC_LABEL_TYPE),
		.tclass = m->avc.tclass,
		.forgeable = m->forgeable,
		.verdict = m->verdict,
	}, *in;
	size_t slot;

	if (sc_str_eq(s.source, s.target))
		s.target = SC_STR("self");
	if (!c->index) {
		c->index_size = 2 * SETS_MAX + 1;
		c->index = sc_new_array(a, uint32_t, c->index_size);
		if (!c->index)
			return false;
	}
	slot = find_slot(c, &s);
	if (!c->index[slot] && c->n == SETS_MAX)
		return true;
	if (!c->index[slot] && !add_set(c, slot, s, m, a))
		return false;
	in = &c->v[c->index[slot] - 1];
	return add_perms(in, m->avc.perms, a) &&
	       (!m->avc.ioctlcmd.n || add_ioctl(in, m->avc.ioctlcmd, a)) &&
	       (!explain || add_note(c, in, m, a));
}

bool sc_compat_collect_lacking(struct sc_collection *c,
			       const struct sc_package_role *l,
			       struct sc_arena *a)
{
	struct sc_package_role copy = { 0 };

	for (size_t i = 0; i < c->lacking.n; i++)
		if (sc_str_eq(c->lacking.v[i].role, l->role) &&
		    sc_str_eq(c->lacking.v[i].type, l->type))
			return true;
	return c->lacking.n == SETS_MAX || (sc_keep(a, l->role, &copy.role) &&
					    sc_keep(a, l->type, &copy.type) &&
					    SC_PUSH(a, &c->lacking, copy));
}

/* ---- order */

static int by_text(const void *left, const void *right)
{
	const struct sc_access_set *a = left, *b = right;
	int r = sc_str_compare(a->source, b->source);

	r = r ? r : sc_str_compare(a->target, b->target);
	r = r ? r : sc_str_compare(a->tclass, b->tclass);
	return r ? r : (a->number > b->number) - (a->number < b->number);
}

static int by_role(const void *left, const void *right)
{
	const struct sc_package_role *a = left, *b = right;
	int r = sc_str_compare(a->role, b->role);

	return r ? r : sc_str_compare(a->type, b->type);
}

/* One number for all of a source, and of a source and target: when the first
 * of them was seen. */
static size_t first_of(const struct sc_access_set *v, size_t n, bool target)
{
	size_t first = v[0].number;

	for (size_t i = 1; i < n; i++) {
		if (!sc_str_eq(v[i].source, v[0].source) ||
		    (target && !sc_str_eq(v[i].target, v[0].target)))
			break;
		if (v[i].number < first)
			first = v[i].number;
	}
	return first;
}

/* The old tool keeps sources, in them targets, in them classes, each in the
 * order first seen. */
void sc_compat_sort(struct sc_collection *c)
{
	size_t source = 0, target = 0;

	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_text);
	if (c->lacking.n)
		qsort(c->lacking.v, c->lacking.n, sizeof(*c->lacking.v),
		      by_role);
	for (size_t i = 0; i < c->n; i++) {
		struct sc_access_set *s = &c->v[i];
		bool other = !i || !sc_str_eq(s->source, s[-1].source);

		if (other)
			source = first_of(s, c->n - i, false);
		if (other || !sc_str_eq(s->target, s[-1].target))
			target = first_of(s, c->n - i, true);
		s->rank = (source * SETS_MAX + target) * SETS_MAX + s->number;
	}
}
