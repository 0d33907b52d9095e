#include "policy/verdict.h"

#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"
#include "policy/asker.h"
#include "policy/switches.h"

struct asking {
	struct sc_policy *policy;
	policydb_t *db;
	struct sc_context source, target;
	const class_datum_t *class;
	uint32_t perms;
	struct sc_asker asker;
	struct sc_arena *arena;
	struct sc_error *err;
};

static void close_asking(struct asking *k)
{
	sc_asker_close(&k->asker);
	sc_context_free(&k->source);
	sc_context_free(&k->target);
}

/* Is the type in @text known? Where it is not, nobody wants to hear which one
 * is spelled most like it, and to find that out takes long. */
static bool has_type(const struct asking *k, struct sc_str text)
{
	return sc_db_type(k->db, sc_label_part(text, SC_LABEL_TYPE)) != NULL;
}

/* Returns 1; 0 if the policy has no such context. */
static int read_context(struct asking *k, struct sc_str text,
			struct sc_context *out)
{
	struct sc_misfit misfit = { 0 };

	if (!has_type(k, text))
		return 0;
	return sc_context_read(k->policy, text, k->arena, out, &misfit, k->err);
}

/* Returns 1 if the policy has every name; 0 with the kind of what it lacks. */
static int read_names(struct asking *k, const struct sc_verdict_question *q,
		      enum sc_verdict_kind *lack)
{
	struct sc_str perms = q->perms, word;
	int r;

	*lack = SC_VERDICT_NO_SOURCE;
	r = read_context(k, q->scontext, &k->source);
	if (r > 0) {
		*lack = SC_VERDICT_NO_TARGET;
		r = read_context(k, q->tcontext, &k->target);
	}
	if (r <= 0)
		return r;
	*lack = SC_VERDICT_NO_CLASS;
	k->class = sc_db_find(k->db->p_classes.table, q->tclass);
	if (!k->class)
		return 0;
	*lack = SC_VERDICT_NO_PERM;
	while (sc_take_word(&perms, &word)) {
		uint32_t bit = sc_db_perm(k->class, word);

		if (!bit)
			return 0;
		k->perms |= bit;
	}
	return 1;
}

/* Bounds are why.c's to answer for. */
static int compute(struct asking *k, struct sc_answer *out)
{
	struct sc_asked asked = { SC_ASK_SOURCE, SC_ASK_TARGET,
				  k->class->s.value, k->perms };

	return sc_asker_ask(&k->asker, &asked, out, k->err);
}

/* ---- booleans */

static cond_bool_datum_t *find_boolean(struct asking *k, struct sc_str name)
{
	return sc_db_find(k->db->p_bools.table, name);
}

/* Would @boolean's other value leave no reason at all? */
static int try_boolean(struct asking *k, cond_bool_datum_t *boolean, bool *out)
{
	SC_CLEAN(sc_answer_free) struct sc_answer a = { 0 };
	int r = 0;

	boolean->state = !boolean->state;
	if (evaluate_conds(k->db) < 0)
		r = sc_no_memory(k->err);
	if (r == 0)
		r = compute(k, &a);
	*out = r == 0 && !a.reason;
	boolean->state = !boolean->state;
	if (evaluate_conds(k->db) < 0)
		return sc_no_memory(k->err);
	return r;
}

static void add_switch(struct asking *k, struct sc_verdict *out,
		       struct sc_why_switch s)
{
	uint32_t value = find_boolean(k, s.boolean)->s.value;
	size_t i = out->n_switches++;

	for (; i; i--) {
		cond_bool_datum_t *b =
			find_boolean(k, out->switches[i - 1].boolean);

		if (b->s.value <= value)
			break;
		out->switches[i] = out->switches[i - 1];
	}
	out->switches[i] = s;
}

/*
 * Those that alone put all of it right. Such a one is among those that help the
 * first permission that no rule gives, so only these are tried.
 */
static int find_booleans(struct asking *k, uint32_t missing,
			 struct sc_verdict *out)
{
	struct sc_access access = {
		.source = k->source.c.type,
		.target = k->target.c.type,
		.tclass = k->class->s.value,
		.perm = missing & -missing,
	};
	struct sc_why why = { 0 };
	int r = sc_switches_find(k->policy, &access, k->arena, &why, k->err);

	if (r <= 0)
		return r;
	out->switches =
		sc_new_array(k->arena, struct sc_why_switch, why.n_options);
	if (!out->switches)
		return sc_no_memory(k->err);
	for (size_t i = 0; i < why.n_options; i++) {
		const struct sc_why_option *o = &why.options[i];
		bool helps;

		if (o->n != 1)
			continue;
		r = try_boolean(k, find_boolean(k, o->v[0].boolean), &helps);
		if (r < 0)
			return r;
		if (helps)
			add_switch(k, out, o->v[0]);
	}
	return 0;
}

/* ---- */

/* The permissions that no rule gives: libsepol does not say which. */
static int find_missing(struct asking *k, uint32_t *out)
{
	SC_CLEAN(sc_answer_free) struct sc_answer a = { 0 };
	uint32_t all = k->perms;
	int r = 0;

	*out = 0;
	for (uint32_t rest = all; r == 0 && rest; rest &= rest - 1) {
		k->perms = rest & -rest;
		r = compute(k, &a);
		if (r == 0 && (a.reason & SEPOL_COMPUTEAV_TE))
			*out |= k->perms;
	}
	k->perms = all;
	return r;
}

static int judge_rule(struct asking *k, const struct sc_answer *a,
		      struct sc_verdict *out)
{
	uint32_t missing;
	int r = find_missing(k, &missing);

	if (r == 0)
		r = find_booleans(k, missing, out);
	if (r < 0)
		return r;
	out->kind = SC_VERDICT_RULE;
	if (out->n_switches)
		out->kind = SC_VERDICT_BOOLEAN;
	else if (k->perms & ~a->av.auditdeny)
		out->kind = SC_VERDICT_DONTAUDIT;
	return 0;
}

static int judge(struct asking *k, struct sc_verdict *out)
{
	SC_CLEAN(sc_answer_free) struct sc_answer a = { 0 };
	int r = compute(k, &a);

	if (r < 0)
		return r;
	if (a.reason & SEPOL_COMPUTEAV_TE)
		return judge_rule(k, &a, out);
	if (a.reason & SEPOL_COMPUTEAV_CONS) {
		out->kind = SC_VERDICT_CONSTRAINT;
		if (a.text &&
		    !sc_keep(k->arena, sc_view(a.text), &out->constraint))
			return sc_no_memory(k->err);
		return 0;
	}
	if (a.reason & SEPOL_COMPUTEAV_RBAC)
		out->kind = SC_VERDICT_ROLE;
	return 0;
}

/* Returns 1 if a parent of the source type decides; that is why.c's to say. */
static int has_parent(struct asking *k)
{
	return k->db->type_val_to_struct[k->source.c.type - 1]->bounds != 0;
}

static int ask(struct asking *k, const struct sc_verdict_question *q,
	       bool *bounded, struct sc_verdict *out)
{
	enum sc_verdict_kind lack;
	int r = read_names(k, q, &lack);

	*bounded = false;
	if (r == 0)
		out->kind = lack;
	if (r <= 0)
		return r;
	r = sc_asker_begin(&k->asker, &k->source, &k->target, k->err);
	if (r == 0)
		r = judge(k, out);
	*bounded = r == 0 && out->kind == SC_VERDICT_ALLOWED && has_parent(k);
	return r;
}

static int ask_bounds(struct sc_policy *p, const struct sc_verdict_question *q,
		      struct sc_arena *a, struct sc_verdict *out,
		      struct sc_error *err)
{
	struct sc_whys whys = { 0 };
	int r = sc_why_ask(p, q->scontext, q->tcontext, q->tclass, q->perms, a,
			   &whys, err);

	for (size_t i = 0; r == 0 && i < whys.n; i++)
		if (whys.v[i].reasons & SC_WHY_BOUNDS)
			out->kind = SC_VERDICT_BOUNDS;
	return r;
}

static int ask_plain(struct sc_policy *p, const struct sc_verdict_question *q,
		     struct sc_arena *a, bool *bounded, struct sc_verdict *out,
		     struct sc_error *err)
{
	SC_CLEAN(close_asking)
	struct asking k = {
		.policy = p,
		.db = sc_policy_db(p),
		.arena = a,
		.err = err,
	};

	sc_asker_open(&k.asker, k.db);
	return ask(&k, q, bounded, out);
}

int sc_verdict_ask(struct sc_policy *p, const struct sc_verdict_question *q,
		   struct sc_arena *a, struct sc_verdict *out,
		   struct sc_error *err)
{
	struct sc_verdict v = { 0 };
	bool bounded;
	int r = ask_plain(p, q, a, &bounded, &v, err);

	if (r == 0 && bounded)
		r = ask_bounds(p, q, a, &v, err);
	if (r == 0)
		*out = v;
	return r;
}
