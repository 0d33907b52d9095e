#include "rules/propose.h"

#include "base/clean.h"
#include "base/data.h"
#include "rules/advice_rows.h"

#define CONNECT SC_STR("name_connect")
#define SELF SC_STR("self")
#define HIGH SC_STR("high")
#define ROW_RISK SC_ROW_TODO

/* data/weigh.tsv has the columns of data/advice.tsv, and is asked like it. */
struct scale {
	const struct sc_propose *in;
	struct sc_arena *arena;
	struct sc_row rows[SC_ADVICE_ROWS];
	size_t n_rows;
};

static void read_table(struct scale *s)
{
	struct sc_str table = sc_data("weigh.tsv");
	struct sc_row row = { 0 };

	while (s->n_rows < SC_ADVICE_ROWS && sc_take_row(&table, &row))
		s->rows[s->n_rows++] = row;
}

static bool is_spoken(const struct sc_vector_list *spoken,
		      const struct sc_rule *r, struct sc_str perm)
{
	for (size_t i = 0; spoken && i < spoken->n; i++)
		if (sc_str_eq(spoken->v[i].target, r->target) &&
		    sc_str_eq(spoken->v[i].tclass, r->tclass) &&
		    sc_has_part(spoken->v[i].perms, ' ', perm))
			return true;
	return false;
}

/* A peer that the spec mentions, and perhaps for another reason. */
static const struct sc_need *find_hint(const struct sc_outcomes *hints,
				       const struct sc_rule *r,
				       struct sc_str perm)
{
	for (size_t i = 0; hints && i < hints->n; i++) {
		const struct sc_outcome *o = &hints->v[i];

		if (!o->granted && o->need->kind == SC_NEED_CONNECT &&
		    o->need->confidence >= SC_LOW &&
		    sc_str_eq(o->type, r->target) && sc_str_eq(perm, CONNECT))
			return o->need;
	}
	return NULL;
}

/* The fate of one permission of @r, into @out but for the rule. */
static void weigh(struct scale *s, const struct sc_rule *r, struct sc_str perm,
		  struct sc_offer *out)
{
	const struct sc_denial d = { .source = r->source,
				     .target = r->target,
				     .tclass = r->tclass };
	const struct sc_adviser by = {
		.policy = (void *)(uintptr_t)s->in->policy
	};
	const struct sc_case c = {
		.by = &by, .denial = &d, .rows = s->rows, .n_rows = s->n_rows
	};
	const struct sc_need *hint = find_hint(s->in->hints, r, perm);
	struct sc_row row = { 0 };

	*out = (struct sc_offer){ .fate = SC_FATE_ASK,
				  .id = SC_STR("other"),
				  .risk = HIGH };
	if (is_spoken(s->in->spoken, r, perm)) {
		out->fate = SC_FATE_GIVE;
		out->id = SC_STR("spec");
		out->risk = SC_STR("low");
		out->words = SC_STR("its spec speaks for it");
		return;
	}
	if (hint) {
		out->id = SC_STR("hint");
		out->risk = SC_STR("low");
		out->words = hint->why;
		return;
	}
	if (sc_case_row(&c, "give", perm, &row))
		out->fate = SC_FATE_GIVE;
	else if (!sc_case_row(&c, "ask", perm, &row))
		return;
	out->id = row.v[SC_ROW_ID];
	out->words = row.v[SC_ROW_WORDS];
	out->risk = row.v[ROW_RISK];
}

static bool append(struct scale *s, struct sc_str *list, struct sc_str word)
{
	if (!list->n)
		return sc_keep(s->arena, word, list);
	return sc_keepf(s->arena, list, SC_FMT " " SC_FMT, SC_ARG(*list),
			SC_ARG(word));
}

/* The offer that has this part of the rule, or a new one: each power of root is
 * a matter of its own. */
static struct sc_offer *find_part(struct scale *s, struct sc_offers *all,
				  size_t first, const struct sc_offer *like)
{
	bool alone = sc_str_eq(like->id, SC_STR("power"));

	for (size_t i = first; !alone && i < all->n; i++)
		if (sc_str_eq(all->v[i].id, like->id))
			return &all->v[i];
	return SC_PUSH(s->arena, all, *like) ? &all->v[all->n - 1] : NULL;
}

static bool split(struct scale *s, const struct sc_rule *r,
		  struct sc_offers *out)
{
	struct sc_str perms = r->perms, perm;
	size_t first = out->n;

	while (sc_take_word(&perms, &perm)) {
		struct sc_offer one, *part;

		weigh(s, r, perm, &one);
		one.rule = *r;
		one.rule.perms = (struct sc_str){ 0 };
		one.rule.ioctls = NULL;
		one.rule.n_ioctls = 0;
		part = find_part(s, out, first, &one);
		if (!part || !append(s, &part->rule.perms, perm))
			return false;
		if (!sc_str_eq(perm, SC_STR("ioctl")))
			continue;
		part->rule.ioctls = r->ioctls;
		part->rule.n_ioctls = r->n_ioctls;
	}
	return true;
}

/* The advice that asks for some of @o, with no other permissions in it. */
static bool narrow(struct scale *s, const struct sc_offer *o,
		   const struct sc_advice *from, struct sc_advice *out)
{
	bool self = sc_str_eq(from->denial->source, from->denial->target);
	struct sc_str target = self ? SELF : from->denial->target;

	*out = *from;
	out->n_perms = 0;
	if (!sc_str_eq(target, o->rule.target) ||
	    !sc_str_eq(from->denial->tclass, o->rule.tclass))
		return true;
	out->perms =
		sc_new_array(s->arena, struct sc_finding_perm, from->n_perms);
	for (size_t i = 0; out->perms && i < from->n_perms; i++)
		if (sc_has_part(o->rule.perms, ' ', from->perms[i].perm))
			out->perms[out->n_perms++] = from->perms[i];
	return out->perms != NULL;
}

/* Who asked for this part of the rule, and how often: others asked for the
 * rest. */
static int retell(struct scale *s, struct sc_offer *o, struct sc_error *err)
{
	const struct sc_propose *in = s->in;
	struct sc_advice *part =
		sc_new_array(s->arena, struct sc_advice, in->n + 1);
	struct sc_rules rules = { 0 };
	size_t n = 0;
	int r;

	for (size_t i = 0; part && i < in->n; i++) {
		if (!narrow(s, o, &in->advice[i], &part[n]))
			part = NULL;
		else
			n += part[n].n_perms > 0;
	}
	if (!part)
		return sc_no_memory(err);
	r = sc_learn(part, n, s->arena, &rules, err);
	if (r == 0 && rules.n == 1)
		o->rule.why = rules.v[0].why;
	return r;
}

static bool is_port(const struct sc_rule *r)
{
	return sc_has_part(r->perms, ' ', CONNECT) ||
	       sc_has_part(r->perms, ' ', SC_STR("name_bind"));
}

/* A type with thousands of ports is no answer to a need for one. */
static int widen(struct scale *s, struct sc_offer *o, struct sc_error *err)
{
	struct sc_str class = o->rule.tclass, proto, width = { 0 };

	if (!is_port(&o->rule) || !sc_take_until(&class, '_', &proto))
		return 0;
	if (!sc_rules_width(s->in->policy, proto, o->rule.target, s->arena,
			    &width))
		return sc_no_memory(err);
	if (!width.n)
		return 0;
	if (o->fate == SC_FATE_ASK)
		o->risk = HIGH;
	return sc_keepf(s->arena, &o->rule.why, SC_FMT " [" SC_FMT "]",
			SC_ARG(o->rule.why), SC_ARG(width))
		       ? 0
		       : sc_no_memory(err);
}

/* ---- a run as a whole */

/* Many a program asks for a power that it does without, or looks at the
 * processes that there are; nobody reaches for a disk by habit. */
static bool is_attack(const struct sc_finding_perm *p)
{
	return p->class == SC_CLASS_GUARDED && p->guard && p->guard->blocks &&
	       sc_str_eq(p->guard->severity, SC_STR("critical"));
}

static bool is_attacked(const struct sc_propose *in)
{
	for (size_t i = 0; i < in->n; i++)
		for (size_t k = 0; k < in->advice[i].n_perms; k++)
			if (is_attack(&in->advice[i].perms[k]))
				return true;
	return false;
}

static bool is_looking(const struct sc_offer *o)
{
	return sc_str_eq(o->id, SC_STR("connect"));
}

static bool refuse_scan(struct scale *s, struct sc_offers *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += is_looking(&all->v[i]);
	for (size_t i = 0; n > SC_PROPOSE_PORTS && i < all->n; i++) {
		struct sc_offer *o = &all->v[i];

		if (!is_looking(o))
			continue;
		o->fate = SC_FATE_REFUSE;
		o->id = SC_STR("scan");
		o->risk = HIGH;
		if (!sc_keepf(s->arena, &o->words,
			      "it asked for ports of %zu types that nothing "
			      "speaks for, as who looks around in a network "
			      "does",
			      n))
			return false;
	}
	return true;
}

/* Who attacks has a reason for each of the small things too. */
static void doubt(struct sc_offers *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct sc_offer *o = &all->v[i];

		if (o->fate != SC_FATE_GIVE || sc_str_eq(o->id, SC_STR("spec")))
			continue;
		o->fate = SC_FATE_ASK;
		o->words = SC_STR("harmless by itself; but the same run tried "
				  "what a guard refuses, and may have been an "
				  "attack");
	}
}

static bool add_refused(struct sc_arena *a, const struct sc_refusals *refused,
			struct sc_offers *out)
{
	for (size_t i = 0; i < refused->n; i++) {
		const struct sc_refusal *r = &refused->v[i];
		struct sc_offer o = { .rule = r->rule,
				      .fate = SC_FATE_REFUSE,
				      .id = r->guard->id,
				      .risk = r->guard->severity,
				      .guard = r->guard };

		if (!sc_keepf(a, &o.words, "together it could " SC_FMT,
			      SC_ARG(r->guard->words)) ||
		    !SC_PUSH(a, out, o))
			return false;
	}
	return true;
}

static bool judge(struct scale *s, const struct sc_refusals *refused,
		  struct sc_offers *out)
{
	out->attacked = is_attacked(s->in);
	if (out->attacked)
		doubt(out);
	if (!refuse_scan(s, out) || !add_refused(s->arena, refused, out))
		return false;
	for (size_t i = 0; i < out->n; i++)
		out->v[i].taken = out->v[i].fate == SC_FATE_GIVE;
	return true;
}

int sc_propose(const struct sc_propose *in, struct sc_arena *a,
	       struct sc_offers *out, struct sc_error *err)
{
	struct scale s = { .in = in, .arena = a };
	struct sc_refusals refused = { 0 };
	struct sc_rules rules = { 0 };
	int r = sc_learn(in->advice, in->n, a, &rules, err);

	*out = (struct sc_offers){ 0 };
	if (r == 0)
		r = sc_learn_judge(in->policy, in->guards, &rules, a, &refused,
				   err);
	if (r < 0)
		return r;
	read_table(&s);
	for (size_t i = 0; i < rules.n; i++)
		if (!split(&s, &rules.v[i], out))
			return sc_no_memory(err);
	for (size_t i = 0; r == 0 && i < out->n; i++) {
		r = retell(&s, &out->v[i], err);
		if (r == 0)
			r = widen(&s, &out->v[i], err);
	}
	if (r == 0 && !judge(&s, &refused, out))
		r = sc_no_memory(err);
	return r;
}

/* ---- what was taken */

static bool is_part_of(const struct sc_rule *a, const struct sc_rule *b)
{
	return sc_str_eq(a->target, b->target) &&
	       sc_str_eq(a->tclass, b->tclass);
}

static bool sort_words(struct sc_arena *a, struct sc_str *list)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_str rest = *list, *v;
	size_t n = 0, i = 0;

	for (struct sc_str w; sc_take_word(&rest, &w);)
		n++;
	v = sc_new_array(a, struct sc_str, n + 1);
	if (!v)
		return false;
	for (rest = *list; sc_take_word(&rest, &v[i]);)
		i++;
	qsort(v, n, sizeof(*v), sc_str_order);
	for (i = 0; i < n; i++)
		sc_putf(&out, "%s" SC_FMT, i ? " " : "", SC_ARG(v[i]));
	return !out.failed && sc_keep(a, (struct sc_str){ out.s, out.n }, list);
}

static bool join(struct sc_arena *a, struct sc_rule *to,
		 const struct sc_rule *part)
{
	if (part->n_ioctls) {
		to->ioctls = part->ioctls;
		to->n_ioctls = part->n_ioctls;
	}
	return sc_keepf(a, &to->perms, SC_FMT " " SC_FMT, SC_ARG(to->perms),
			SC_ARG(part->perms)) &&
	       sort_words(a, &to->perms);
}

int sc_offers_rules(const struct sc_offers *offers, struct sc_arena *a,
		    struct sc_rules *out, struct sc_error *err)
{
	bool ok = true;

	*out = (struct sc_rules){ 0 };
	for (size_t i = 0; ok && i < offers->n; i++) {
		const struct sc_offer *o = &offers->v[i];
		struct sc_rule *last = out->n ? &out->v[out->n - 1] : NULL;

		if (!o->taken)
			continue;
		ok = last && is_part_of(last, &o->rule)
			     ? join(a, last, &o->rule)
			     : SC_PUSH(a, out, o->rule);
	}
	return ok ? 0 : sc_no_memory(err);
}
