#include "audit/faults.h"

#include "audit/tally.h"
#include "base/label.h"
#include "base/vec.h"

#define TEXT_MAX 4096 /* bytes of a field that we keep */
#define PARTS 7

/* What tells faults apart: levels differ from container to container. */
static void parts_of(const struct sc_notice *n, struct sc_str out[PARTS])
{
	out[0] = n->op;
	out[1] = sc_label_type(n->source);
	out[2] = sc_label_type(n->target);
	out[3] = sc_label_type(n->context);
	out[4] = n->tclass;
	out[5] = n->perms;
	out[6] = n->op.n ? (struct sc_str){ 0 } : n->text;
}

static bool is_same(const struct sc_notice *a, const struct sc_notice *b)
{
	struct sc_str one[PARTS], two[PARTS];

	parts_of(a, one);
	parts_of(b, two);
	for (size_t i = 0; i < PARTS; i++)
		if (!sc_str_eq(one[i], two[i]))
			return false;
	return a->from_user == b->from_user;
}

static struct sc_fault *find(struct sc_faults *f, const struct sc_notice *n)
{
	for (size_t i = 0; i < f->n; i++)
		if (is_same(&f->v[i].notice, n))
			return &f->v[i];
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

	return keep(a, &kept->op) && keep(a, &kept->source) &&
	       keep(a, &kept->target) && keep(a, &kept->context) &&
	       keep(a, &kept->tclass) && keep(a, &kept->perms) &&
	       keep(a, &kept->text) && keep(a, &fault.program) &&
	       SC_PUSH(a, f, fault);
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
	struct sc_str one[PARTS], two[PARTS];

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	parts_of(&a->notice, one);
	parts_of(&b->notice, two);
	for (size_t i = 0; i < PARTS; i++) {
		int r = sc_str_compare(one[i], two[i]);

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
