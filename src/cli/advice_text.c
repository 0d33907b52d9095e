#include "cli/advice.h"

#include "base/clean.h"
#include "base/safe.h"
#include "cli/log_notice.h"
#include "cli/wrap.h"

#define INDENT 8 /* of what stands beside "why", "do", ... */

/* How grave a class is: what must not be missed comes first. */
static const struct {
	enum sc_class class;
	enum sc_colour colour;
} ranks[SC_CLASSES] = {
	{ SC_CLASS_GUARDED, SC_RED },       { SC_CLASS_UNKNOWN, SC_YELLOW },
	{ SC_CLASS_LABEL, SC_YELLOW },      { SC_CLASS_LEVEL, SC_YELLOW },
	{ SC_CLASS_CONSTRAINT, SC_YELLOW }, { SC_CLASS_ROLE, SC_YELLOW },
	{ SC_CLASS_BOUNDS, SC_YELLOW },     { SC_CLASS_BOOLEAN, SC_YELLOW },
	{ SC_CLASS_RULE, SC_GREEN },        { SC_CLASS_NOISE, SC_DIM },
	{ SC_CLASS_ALLOWED, SC_DIM },
};

static void put_field(struct sc_buf *out, const char *label, struct sc_str text)
{
	char indented[INDENT + 1];

	snprintf(indented, sizeof(indented), "  %s", label);
	sc_put_field(out, indented, INDENT, text);
}

static void put_seen(struct sc_buf *out, const char *before,
		     const struct sc_seen *v, size_t n, uint64_t more)
{
	for (size_t i = 0; i < n; i++) {
		sc_putf(out, "%s", i ? ", " : before);
		sc_put_name(out, v[i].text);
	}
	if (n && more)
		sc_putf(out, " and %llu more", (unsigned long long)more);
}

static void put_count(struct sc_buf *out, const struct sc_denial *d)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

	sc_putf(&line, "%llu time%s", (unsigned long long)d->count,
		d->count == 1 ? "" : "s");
	if (d->permissive)
		sc_put(&line, SC_STR(", let through (permissive)"));
	if (d->manager.n)
		sc_putf(&line, ", told by " SC_FMT, SC_ARG(d->manager));
	else if (d->from_user)
		sc_put(&line, SC_STR(", told by a program, not the kernel: "
				     "anyone's word"));
	put_seen(&line, "; by ", d->programs, d->n_programs, d->more_programs);
	if (sc_denial_has_object(d))
		put_seen(&line, "; on ", d->objects, d->n_objects,
			 d->more_objects);
	put_field(out, "seen", (struct sc_str){ line.s, line.n });
	out->failed |= line.failed;
}

void sc_denial_put(struct sc_buf *out, const struct sc_denial *d)
{
	sc_put_safe(out, d->source);
	sc_put(out, SC_STR(" -> "));
	sc_put_safe(out, d->target);
	sc_put(out, SC_STR(":"));
	sc_put_safe(out, d->tclass);
	sc_put(out, SC_STR(" { "));
	sc_put_safe(out, d->perms);
	sc_put(out, SC_STR(" }"));
}

static void put_head(struct sc_buf *out, const struct sc_advice *a,
		     enum sc_colour colour, bool on)
{
	const struct sc_denial *d = a->denial;

	sc_putf(out, "%s%s%s  %s", sc_colour(on, colour),
		sc_class_name(a->class), sc_colour(on, SC_PLAIN),
		sc_colour(on, SC_BOLD));
	sc_denial_put(out, d);
	sc_putf(out, "%s\n", sc_colour(on, SC_PLAIN));
}

/* Permissions of @a that are of another class than the whole. */
static void put_other_classes(struct sc_buf *out, const struct sc_advice *a)
{
	for (size_t c = 0; c < SC_CLASSES; c++) {
		SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

		if (ranks[c].class == a->class)
			continue;
		for (size_t i = 0; i < a->n_perms; i++) {
			if (a->perms[i].class != ranks[c].class)
				continue;
			sc_put(&line, line.n ? SC_STR(", ") : SC_STR(""));
			sc_put_safe(&line, a->perms[i].perm);
		}
		if (!line.n)
			continue;
		sc_putf(&line, ": %s", sc_class_name(ranks[c].class));
		put_field(out, "also", (struct sc_str){ line.s, line.n });
	}
}

static void put_switches(struct sc_buf *line, const struct sc_why_option *o)
{
	for (size_t i = 0; i < o->n; i++) {
		sc_put(line, i ? SC_STR(" and ") : SC_STR(""));
		sc_put_safe(line, o->v[i].boolean);
		sc_putf(line, "=%s", o->v[i].needed ? "on" : "off");
	}
}

/* All reasons of the permissions of one class, each as first found. */
struct reasons {
	unsigned bits; /* enum sc_reason */
	struct sc_str constraint;
	const struct sc_why_option *switches;
	const struct sc_guard *guard;
	bool permissive_domain;
};

static struct reasons unite(const struct sc_advice *a)
{
	struct reasons r = { 0 };

	for (size_t i = 0; i < a->n_perms; i++) {
		const struct sc_why *why = a->perms[i].why;

		if (a->perms[i].class != a->class)
			continue;
		r.bits |= why->reasons;
		if (why->reasons & SC_WHY_CONSTRAINT && !r.constraint.n)
			r.constraint = why->words;
		if (why->n_options && !r.switches)
			r.switches = &why->options[0];
		if (!r.guard)
			r.guard = a->perms[i].guard;
		r.permissive_domain |= why->permissive_domain;
	}
	return r;
}

static void put_also(struct sc_buf *out, struct sc_buf *line)
{
	put_field(out, "also", (struct sc_str){ line->s, line->n });
	out->failed |= line->failed;
	line->n = 0;
}

/* What else denies it, beside what made it of its class. */
static void put_other_reasons(struct sc_buf *out, enum sc_class class,
			      const struct reasons *r)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	bool by_constraint =
		class == SC_CLASS_LEVEL || class == SC_CLASS_CONSTRAINT;

	if (r->bits & SC_WHY_CONSTRAINT && !by_constraint) {
		sc_put(&line, SC_STR("a constraint denies it as well: "));
		sc_put_safe(&line, r->constraint);
		put_also(out, &line);
	}
	if (r->bits & SC_WHY_ROLE && class != SC_CLASS_ROLE)
		put_field(out, "also", SC_STR("the roles may not change so"));
	if (r->bits & SC_WHY_BOUNDS && class != SC_CLASS_BOUNDS)
		put_field(out, "also", SC_STR("a parent type bounds it"));
	if (r->bits & SC_WHY_RULE && by_constraint)
		put_field(out, "also", SC_STR("no rule allows it either"));
	if (r->switches && class != SC_CLASS_BOOLEAN) {
		sc_put(&line, SC_STR("a boolean opens it: "));
		put_switches(&line, r->switches);
		put_also(out, &line);
	}
	if (r->bits & SC_WHY_DONTAUDIT && class != SC_CLASS_NOISE)
		put_field(out, "also",
			  SC_STR("a dontaudit rule keeps it out of the log"));
}

static void put_warnings(struct sc_buf *out, enum sc_class class,
			 const struct reasons *r)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

	if (r->guard && class != SC_CLASS_GUARDED) {
		sc_putf(&line,
			"with a rule for it the domain could " SC_FMT
			" (" SC_FMT ")",
			SC_ARG(r->guard->words), SC_ARG(r->guard->id));
		put_also(out, &line);
	}
	if (r->permissive_domain)
		put_field(out, "also",
			  SC_STR("the policy has the domain permissive: "
				 "nothing is refused to it"));
}

static void put_owner(struct sc_buf *out, const struct sc_advice *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

	if (!a->owner.n)
		return;
	sc_put(&line, SC_STR("these categories are those of the container "));
	sc_put_name(&line, a->owner);
	put_also(out, &line);
}

/* Why, and what to do: all that may be the same for several denials. */
static void put_tail(struct sc_buf *out, const struct sc_advice *a)
{
	struct reasons reasons = unite(a);

	put_field(out, "why", a->words);
	put_owner(out, a);
	put_other_classes(out, a);
	put_other_reasons(out, a->class, &reasons);
	put_warnings(out, a->class, &reasons);
	if (a->todo.n)
		put_field(out, "do", a->todo);
	for (size_t i = 0; i < a->commands.n; i++)
		sc_putf(out, "  %-*s" SC_FMT "\n", INDENT - 2,
			i && a->class == SC_CLASS_BOOLEAN ? "or" : "run",
			SC_ARG(a->commands.v[i]));
}

static void put_fault(struct sc_buf *out, const struct sc_fault_advice *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf head = { 0 }, seen = { 0 };
	const struct sc_fault *f = a->fault;

	sc_put_fault(&head, &f->notice);
	sc_put_field(out, "error", INDENT - 1,
		     (struct sc_str){ head.s, head.n });
	sc_putf(&seen, "%llu time%s", (unsigned long long)f->count,
		f->count == 1 ? "" : "s");
	if (f->program.n)
		sc_put(&seen, SC_STR("; by "));
	sc_put_name(&seen, f->program);
	put_field(out, "seen", (struct sc_str){ seen.s, seen.n });
	put_field(out, "why", a->words);
	if (a->todo.n)
		put_field(out, "do", a->todo);
	sc_put(out, SC_STR("\n"));
	out->failed |= head.failed || seen.failed;
}

static void put_summary(struct sc_buf *out, const struct sc_judge *j)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	size_t counts[SC_CLASSES] = { 0 };
	const char *between = ": ";

	for (size_t i = 0; i < j->n; i++)
		counts[j->advice[i].class]++;
	sc_putf(&line, "%zu denial%s", j->n, j->n == 1 ? "" : "s");
	for (size_t c = 0; c < SC_CLASSES; c++) {
		if (!counts[ranks[c].class])
			continue;
		sc_putf(&line, "%s%zu %s", between, counts[ranks[c].class],
			sc_class_name(ranks[c].class));
		between = ", ";
	}
	if (j->tally.faults.n)
		sc_putf(&line, "; %zu error%s", j->tally.faults.n,
			j->tally.faults.n == 1 ? "" : "s");
	sc_put_field(out, "", 0, (struct sc_str){ line.s, line.n });
	if (!j->n)
		sc_put_field(out, "", 0,
			     SC_STR("if something is denied all the same, "
				    "dontaudit rules may hide it: semodule -DB "
				    "shows all, semodule -B hides it again"));
	out->failed |= line.failed;
}

/* A denial where it is shown: those with the same tail stand together, where
 * the first of them would. */
struct entry {
	const struct sc_advice *advice;
	size_t rank;
	size_t group; /* index of the first with the same tail */
	size_t index;
	struct sc_str tail;
};

static int compare_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_tail(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int r = compare_size(a->rank, b->rank);

	r = r ? r : compare_size(a->tail.n, b->tail.n);
	r = r ? r : memcmp(a->tail.s, b->tail.s, a->tail.n);
	return r ? r : compare_size(a->index, b->index);
}

static int by_group(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int r = compare_size(a->rank, b->rank);

	r = r ? r : compare_size(a->group, b->group);
	return r ? r : compare_size(a->index, b->index);
}

static size_t rank_of(enum sc_class class)
{
	size_t rank = 0;

	while (ranks[rank].class != class)
		rank++;
	return rank;
}

enum sc_colour sc_advice_colour(enum sc_class class)
{
	return ranks[rank_of(class)].colour;
}

void sc_advice_put(struct sc_buf *out, const struct sc_advice *a, bool colour)
{
	put_head(out, a, sc_advice_colour(a->class), colour);
	put_count(out, a->denial);
	put_tail(out, a);
}

static void sort(struct entry *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_tail);
	for (size_t i = 0; i < n; i++) {
		bool same = i && v[i].rank == v[i - 1].rank &&
			    sc_str_eq(v[i].tail, v[i - 1].tail);

		v[i].group = same ? v[i - 1].group : v[i].index;
	}
	qsort(v, n, sizeof(*v), by_group);
}

static bool fill(struct entry *v, const struct sc_judge *j, struct sc_arena *a)
{
	for (size_t i = 0; i < j->n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf tail = { 0 };

		put_tail(&tail, &j->advice[i]);
		v[i].advice = &j->advice[i];
		v[i].index = i;
		v[i].rank = rank_of(j->advice[i].class);
		if (tail.failed ||
		    !sc_keep(a, (struct sc_str){ tail.s, tail.n }, &v[i].tail))
			return false;
	}
	return true;
}

int sc_advice_text(struct sc_buf *out, const struct sc_judge *j, bool colour,
		   struct sc_arena *a, struct sc_error *err)
{
	struct entry *v = sc_new_array(a, struct entry, j->n + 1);

	if (!v || !fill(v, j, a))
		return sc_no_memory(err);
	sort(v, j->n);
	for (size_t i = 0; i < j->n; i++) {
		put_head(out, v[i].advice, ranks[v[i].rank].colour, colour);
		put_count(out, v[i].advice->denial);
		if (i + 1 < j->n && v[i + 1].rank == v[i].rank &&
		    v[i + 1].group == v[i].group)
			continue;
		sc_put(out, v[i].tail);
		sc_put(out, SC_STR("\n"));
	}
	for (size_t i = 0; i < j->tally.faults.n; i++)
		put_fault(out, &j->faults[i]);
	put_summary(out, j);
	return sc_buf_check(out, err);
}
