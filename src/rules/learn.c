#include "rules/learn.h"

#include "base/clean.h"
#include "base/table.h"
#include "base/vec.h"
#include "rules/cil.h"
#include "rules/ioctl.h"
#include "rules/rules.h"

#define WHY_NAMES 3 /* programs and objects that a reason names, of each */

/* What asks for one rule: several denials may, with other permissions. */
struct asked {
	struct sc_str source;
	struct sc_str target; /* or "self" */
	struct sc_str tclass;
	struct sc_str perm;
	const struct sc_denial *denial;
	const struct sc_why *reason;
	const struct sc_guard *despite;
};

struct all_asked {
	struct asked *v;
	size_t n;
	size_t room;
};

static int compare_rule(const struct asked *a, const struct asked *b)
{
	int r = sc_str_compare(a->source, b->source);

	r = r ? r : sc_str_compare(a->target, b->target);
	return r ? r : sc_str_compare(a->tclass, b->tclass);
}

static int by_rule(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;
	int r = compare_rule(a, b);

	return r ? r : sc_str_compare(a->perm, b->perm);
}

/* Denials stand in one array, most frequent first: addresses tell the order. */
static int by_denial(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;

	return (a->denial > b->denial) - (a->denial < b->denial);
}

static bool can_name(const struct sc_denial *d, struct sc_str perm)
{
	return sc_cil_is_name(d->source) && sc_cil_is_name(d->target) &&
	       sc_cil_is_name(d->tclass) && sc_cil_is_name(perm);
}

bool sc_learn_can_name(const struct sc_denial *d)
{
	struct sc_str perms = d->perms, word;

	while (sc_take_word(&perms, &word))
		if (!can_name(d, word))
			return false;
	return true;
}

/* Can the permission @p of @d become a rule? */
static bool is_rule(const struct sc_denial *d, const struct sc_finding_perm *p)
{
	bool refused = p->guard && p->guard->blocks && !p->partly;

	return p->class == SC_CLASS_RULE && !refused &&
	       sc_denial_is_believed(d) && can_name(d, p->perm);
}

static bool ask(const struct sc_advice *advice, struct sc_arena *a,
		struct all_asked *all)
{
	const struct sc_denial *d = advice->denial;
	bool self = sc_str_eq(d->source, d->target);

	for (size_t i = 0; i < advice->n_perms; i++) {
		struct asked one = {
			.source = d->source,
			.target = self ? SC_STR("self") : d->target,
			.tclass = d->tclass,
			.perm = advice->perms[i].perm,
			.denial = d,
			.reason = advice->perms[i].why,
			.despite = advice->perms[i].despite,
		};

		if (is_rule(d, &advice->perms[i]) && !SC_PUSH(a, all, one))
			return false;
	}
	return true;
}

/* Names seen with the denials of one rule, each once, in their order. */
struct seen {
	struct sc_str v[WHY_NAMES];
	size_t n;
	bool more;
};

static void see(struct seen *all, const struct sc_seen *v, size_t n,
		uint64_t more)
{
	all->more |= more > 0;
	for (size_t i = 0; i < n; i++) {
		bool known = !v[i].text.n;

		for (size_t k = 0; k < all->n; k++)
			known |= sc_str_eq(all->v[k], v[i].text);
		if (known)
			continue;
		if (all->n < WHY_NAMES)
			all->v[all->n++] = v[i].text;
		else
			all->more = true;
	}
}

static void put_seen(struct sc_buf *out, const char *before,
		     const struct seen *all)
{
	for (size_t i = 0; i < all->n; i++)
		sc_putf(out, "%s" SC_FMT, i ? ", " : before, SC_ARG(all->v[i]));
	if (all->n && all->more)
		sc_put(out, SC_STR(", ..."));
}

/* The guards that were passed over, each once. */
static void put_despite(struct sc_buf *out, const struct asked *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct sc_guard *g = v[i].despite;
		bool said = !g;

		for (size_t k = 0; k < i; k++)
			said |= v[k].despite == g;
		if (!said)
			sc_putf(out,
				" [despite " SC_FMT ": it could " SC_FMT "]",
				SC_ARG(g->id), SC_ARG(g->words));
	}
}

/* "denied 12 times: mysql, php; port 3306" for the @n items of one rule, which
 * are in the order of their denials. */
static void put_why(struct sc_buf *out, const struct asked *v, size_t n)
{
	struct seen programs = { 0 }, objects = { 0 };
	bool permissive = true;
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sc_denial *d = v[i].denial;

		if (i && v[i - 1].denial == d)
			continue;
		count += d->count;
		permissive &= d->permissive;
		see(&programs, d->programs, d->n_programs, d->more_programs);
		see(&objects, d->objects, d->n_objects, d->more_objects);
	}
	sc_putf(out, "%s %llu time%s", permissive ? "seen" : "denied",
		(unsigned long long)count, count == 1 ? "" : "s");
	put_seen(out, ": ", &programs);
	put_seen(out, programs.n ? "; " : ": ", &objects);
	put_despite(out, v, n);
}

/* The commands of ioctl that one item asks for: those that no rule allows. */
static const uint16_t *commands_of(const struct asked *one, size_t *n)
{
	bool some;

	*n = 0;
	if (!sc_str_eq(one->perm, SC_STR("ioctl")))
		return NULL;
	some = one->reason->n_commands > 0;
	*n = some ? one->reason->n_commands : one->denial->n_ioctls;
	return some ? one->reason->commands : one->denial->ioctls;
}

/* A rule for ioctl gives the commands that were seen, and no others; where the
 * log tells none, as that of old kernels, it gives all. */
static bool limit_commands(struct sc_rule *rule, const struct asked *v,
			   size_t n, struct sc_arena *a)
{
	const uint16_t *commands;
	size_t all = 0, count;
	uint16_t *list;

	for (size_t i = 0; i < n; i++) {
		(void)commands_of(&v[i], &count);
		all += count;
	}
	if (!all)
		return true;
	list = sc_new_array(a, uint16_t, all);
	if (!list)
		return false;
	all = 0;
	for (size_t i = 0; i < n; i++) {
		commands = commands_of(&v[i], &count);
		if (count)
			memcpy(list + all, commands, count * sizeof(*list));
		all += count;
	}
	return sc_ioctl_limit(rule, list, all, a);
}

/* Make one rule of the @n items at @v, which are sorted by permission and are
 * sorted otherwise afterwards. */
static bool make_rule(struct asked *v, size_t n, struct sc_arena *a,
		      struct sc_rules *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf perms = { 0 }, why = { 0 };
	struct sc_rule rule = {
		.kind = SC_ALLOW,
		.source = v[0].source,
		.target = v[0].target,
		.tclass = v[0].tclass,
	};

	for (size_t i = 0; i < n; i++)
		if (i == 0 || !sc_str_eq(v[i].perm, v[i - 1].perm))
			sc_putf(&perms, "%s" SC_FMT, i ? " " : "",
				SC_ARG(v[i].perm));
	qsort(v, n, sizeof(*v), by_denial);
	put_why(&why, v, n);
	return !perms.failed && !why.failed && limit_commands(&rule, v, n, a) &&
	       sc_keep(a, (struct sc_str){ perms.s, perms.n }, &rule.perms) &&
	       sc_keep(a, (struct sc_str){ why.s, why.n }, &rule.why) &&
	       SC_PUSH(a, out, rule);
}

int sc_learn(const struct sc_advice *advice, size_t n, struct sc_arena *a,
	     struct sc_rules *out, struct sc_error *err)
{
	struct all_asked all = { 0 };

	for (size_t i = 0; i < n; i++)
		if (!ask(&advice[i], a, &all))
			return sc_no_memory(err);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_rule);
	for (size_t i = 0, end; i < all.n; i = end) {
		for (end = i + 1; end < all.n; end++)
			if (compare_rule(&all.v[i], &all.v[end]) != 0)
				break;
		if (!make_rule(&all.v[i], end - i, a, out))
			return sc_no_memory(err);
	}
	return 0;
}

/* "tcp" of "tcp_socket", for a rule that names a port. */
static bool is_port_rule(const struct sc_rule *r, struct sc_str *proto)
{
	struct sc_str class = r->tclass, perms = r->perms, word;

	while (sc_take_word(&perms, &word))
		if (sc_str_eq(word, SC_STR("name_connect")) ||
		    sc_str_eq(word, SC_STR("name_bind")))
			return sc_take_until(&class, '_', proto);
	return false;
}

static bool say_width(const struct sc_policy *p, struct sc_rule *r,
		      struct sc_arena *a)
{
	struct sc_str proto, width;

	if (!is_port_rule(r, &proto))
		return true;
	if (!sc_rules_width(p, proto, r->target, a, &width))
		return false;
	return !width.n || sc_keepf(a, &r->why, SC_FMT " [" SC_FMT "]",
				    SC_ARG(r->why), SC_ARG(width));
}

static bool part_ioctl(const struct sc_guards *guards, struct sc_rule *r,
		       struct sc_arena *a, struct sc_refusals *out)
{
	struct sc_ioctl_refusal part;
	struct sc_refusal refusal;

	if (!sc_ioctl_part(guards, r, a, &part))
		return false;
	refusal = (struct sc_refusal){ part.rule, part.guard };
	return !part.guard || SC_PUSH(a, out, refusal);
}

int sc_learn_judge(const struct sc_policy *p, const struct sc_guards *guards,
		   struct sc_rules *rules, struct sc_arena *a,
		   struct sc_refusals *out, struct sc_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < rules->n; i++) {
		struct sc_rule r = rules->v[i];
		struct sc_vector asked = { r.target, r.tclass, r.perms };
		struct sc_refusal refusal = { .rule = r };
		struct sc_parted parted = { .kept = r.perms };
		int e = guards ? sc_guards_part(guards, &asked, r.source, a,
						&parted, err)
			       : 0;

		if (e < 0)
			return e;
		r.perms = parted.kept;
		refusal.rule.perms = parted.dropped;
		refusal.guard = parted.guard;
		if (guards && !part_ioctl(guards, &r, a, out))
			return sc_no_memory(err);
		if (!say_width(p, &r, a) ||
		    (parted.guard && !SC_PUSH(a, out, refusal)))
			return sc_no_memory(err);
		if (r.perms.n)
			rules->v[n++] = r;
	}
	rules->n = n;
	return 0;
}
