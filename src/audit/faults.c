#include "audit/faults.h"

#include "audit/tally.h"
#include "base/label.h"
#include "base/vec.h"

#define TEXT_MAX 4096 /* bytes of a field that we keep */

/* What tells faults apart: levels differ from container to container. */
static void parts_of(const struct sc_notice *n,
		     struct sc_str out[SC_FAULT_PARTS])
{
	out[0] = n->op;
	out[1] = sc_label_type(n->source);
	out[2] = sc_label_type(n->target);
	out[3] = sc_label_type(n->context);
	out[4] = n->tclass;
	out[5] = n->perms;
	out[6] = n->op.n ? (struct sc_str){ 0 } : n->text;
}

static struct sc_fault *find(struct sc_faults *f, const struct sc_notice *n)
{
	struct sc_str parts[SC_FAULT_PARTS];

	parts_of(n, parts);
	for (size_t i = 0; i < f->n; i++) {
		struct sc_fault *old = &f->v[i];
		size_t same = 0;

		while (same < SC_FAULT_PARTS &&
		       sc_str_eq(old->parts[same], parts[same]))
			same++;
		if (same == SC_FAULT_PARTS &&
		    old->notice.from_user == n->from_user)
			return old;
	}
	return NULL;
}

static bool keep(struct sc_arena *a, struct sc_str *v)
{
	if (v->n > TEXT_MAX)
		v->n = TEXT_MAX;
	return !v->n || sc_keep(a, *v, v);
}

static bool add(struct sc_faults *f, struct sc_arena *a,
		const struct sc_notice *n, struct sc_str program)
{
	struct sc_fault fault = { .notice = *n, .program = program };
	struct sc_notice *kept = &fault.notice;

	if (!keep(a, &kept->op) || !keep(a, &kept->source) ||
	    !keep(a, &kept->target) || !keep(a, &kept->context) ||
	    !keep(a, &kept->tclass) || !keep(a, &kept->perms) ||
	    !keep(a, &kept->text) || !keep(a, &fault.program))
		return false;
	parts_of(kept, fault.parts);
	return SC_PUSH(a, f, fault);
}

static bool count(struct sc_faults *f, struct sc_arena *a,
		  const struct sc_event *e, const struct sc_notice *n)
{
	struct sc_fault *fault = find(f, n);
	uint64_t ms = e->stamp.ms;

	f->records++;
	if (!fault && f->n == SC_FAULTS_MAX) {
		f->over_limit++;
		return true;
	}
	if (!fault) {
		if (!add(f, a, n, e->exe.n ? e->exe : e->comm))
			return false;
		fault = &f->v[f->n - 1];
	}
	fault->count++;
	if (!fault->first_ms || (ms && ms < fault->first_ms))
		fault->first_ms = ms;
	if (ms > fault->last_ms)
		fault->last_ms = ms;
	return true;
}

bool sc_faults_add(struct sc_faults *f, struct sc_arena *a,
		   const struct sc_event *e)
{
	for (size_t i = 0; i < e->n_notices; i++)
		if (e->notices[i].kind == SC_NOTICE_ERROR &&
		    !count(f, a, e, &e->notices[i]))
			return false;
	return true;
}

static int by_count(const void *left, const void *right)
{
	const struct sc_fault *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	for (size_t i = 0; i < SC_FAULT_PARTS; i++) {
		int r = sc_str_compare(a->parts[i], b->parts[i]);

		if (r)
			return r;
	}
	return a->notice.from_user - b->notice.from_user;
}

void sc_faults_sort(struct sc_faults *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), by_count);
}
