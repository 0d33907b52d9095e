#include "policy/why.h"

#include "base/table.h"
#include "base/vec.h"
#include "policy/asker.h"
#include "policy/constraint.h"
#include "policy/switches.h"

#define BOUNDS_MAX 32 /* parents above a type */

/* The contexts of parents have numbers from here on. */
enum { PARENTS = 4 };

struct question {
	struct sc_policy *policy;
	policydb_t *db;
	struct sc_context source, target;
	struct sc_str class_name;
	const class_datum_t *class;
	struct sc_asker asker;
	struct sc_arena *arena;
};

static void close_question(struct question *q)
{
	sc_asker_close(&q->asker);
	sc_context_free(&q->source);
	sc_context_free(&q->target);
}

static int ask(struct question *q, uint32_t source, uint32_t target,
	       uint32_t perm, struct sc_answer *out, struct sc_error *err)
{
	struct sc_asked asked = { source, target, q->class->s.value, perm };

	return sc_asker_ask(&q->asker, &asked, out, err);
}

/*
 * Ask as if a rule allowed @perm. The rule is in the table while libsepol
 * looks; an empty one stays behind, which allows nothing.
 */
static int ask_with_rule(struct question *q, uint32_t perm,
			 struct sc_answer *out, struct sc_error *err)
{
	avtab_key_t key = {
		.source_type = (uint16_t)q->source.c.type,
		.target_type = (uint16_t)q->target.c.type,
		.target_class = (uint16_t)q->class->s.value,
		.specified = AVTAB_ALLOWED,
	};
	avtab_datum_t empty = { 0 }, *rule;
	uint32_t before;
	int r;

	rule = avtab_search(&q->db->te_avtab, &key);
	if (!rule) {
		if (avtab_insert(&q->db->te_avtab, &key, &empty) < 0)
			return sc_no_memory(err);
		rule = avtab_search(&q->db->te_avtab, &key);
	}
	before = rule->data;
	rule->data |= perm;
	r = ask(q, SC_ASK_SOURCE, SC_ASK_TARGET, perm, out, err);
	rule->data = before;
	return r;
}

/* A process may change its role only as "role allow" rules say. */
static bool is_role_denied(const struct question *q, uint32_t perm)
{
	const policydb_t *db = q->db;

	if (q->class->s.value != db->process_class ||
	    !(perm & db->process_trans_dyntrans) ||
	    q->source.c.role == q->target.c.role)
		return false;
	for (const role_allow_t *r = db->role_allow; r; r = r->next)
		if (r->role == q->source.c.role &&
		    r->new_role == q->target.c.role)
			return false;
	return true;
}

enum bounds {
	WITHIN,
	OTHERWISE, /* what denies a parent is no missing rule */
	OUTSIDE,   /* a parent has no rule for it */
};

/* Put the parents of @c in its place; 0 if @c has none. */
static uint32_t go_up(const policydb_t *db, context_struct_t *c)
{
	uint32_t parent = db->type_val_to_struct[c->type - 1]->bounds;

	if (parent)
		c->type = parent;
	return parent;
}

static int add_contexts(struct question *q, uint32_t number,
			context_struct_t *source, context_struct_t *target)
{
	if (sepol_sidtab_search(&q->asker.sids, number + 1))
		return 0;
	if (sepol_sidtab_insert(&q->asker.sids, number, source) < 0)
		return -1;
	return sepol_sidtab_insert(&q->asker.sids, number + 1, target);
}

/*
 * Are all parents of the source type allowed to do it? Where the target has a
 * parent too, it is that one which counts, as in the kernel.
 */
static int check_bounds(struct question *q, uint32_t perm, enum bounds *out,
			struct sc_error *err)
{
	SC_CLEAN(sc_answer_free) struct sc_answer a = { 0 };
	context_struct_t source = q->source.c, target = q->target.c;

	*out = WITHIN;
	for (uint32_t i = 0; i < BOUNDS_MAX && go_up(q->db, &source); i++) {
		uint32_t number = PARENTS + 2 * i;

		(void)go_up(q->db, &target);
		if (add_contexts(q, number, &source, &target) < 0)
			return sc_no_memory(err);
		if (ask(q, number, number + 1, perm, &a, err) < 0)
			return err->code;
		if (a.reason & SEPOL_COMPUTEAV_TE)
			*out = OUTSIDE;
		else if (!(a.av.allowed & perm) && *out == WITHIN)
			*out = OTHERWISE;
	}
	return 0;
}

static int add_missing_rule(struct question *q, uint32_t perm,
			    struct sc_answer *answer, struct sc_why *why,
			    struct sc_error *err)
{
	struct sc_access access = {
		.source = q->source.c.type,
		.target = q->target.c.type,
		.tclass = q->class->s.value,
		.perm = perm,
	};
	int r = sc_switches_find(q->policy, &access, q->arena, why, err);

	if (r < 0)
		return r;
	why->reasons |= r > 0 ? SC_WHY_BOOLEAN : SC_WHY_RULE;
	if (!(answer->av.auditdeny & perm))
		why->reasons |= SC_WHY_DONTAUDIT;
	return ask_with_rule(q, perm, answer, err);
}

static int add_constraint(struct question *q, const struct sc_answer *answer,
			  struct sc_why *why, struct sc_error *err)
{
	struct sc_constrained c = {
		.source = &q->source,
		.target = &q->target,
		.tclass = q->class_name,
		.perm = why->perm,
	};

	why->reasons |= SC_WHY_CONSTRAINT;
	return sc_constraint_say(
		&c, answer->text ? sc_view(answer->text) : SC_STR(""), q->arena,
		why, err);
}

/*
 * libsepol stops at the first of rule, constraint and role: what one hides is
 * asked for by itself.
 */
static int find_reasons(struct question *q, uint32_t perm, struct sc_why *why,
			struct sc_error *err)
{
	SC_CLEAN(sc_answer_free) struct sc_answer answer = { 0 };
	enum bounds bounds;

	if (ask(q, SC_ASK_SOURCE, SC_ASK_TARGET, perm, &answer, err) < 0)
		return err->code;
	if ((answer.reason & SEPOL_COMPUTEAV_TE) &&
	    add_missing_rule(q, perm, &answer, why, err) < 0)
		return err->code;
	if ((answer.reason & SEPOL_COMPUTEAV_CONS) &&
	    add_constraint(q, &answer, why, err) < 0)
		return err->code;
	if (is_role_denied(q, perm))
		why->reasons |= SC_WHY_ROLE;
	if (check_bounds(q, perm, &bounds, err) < 0)
		return err->code;
	if (bounds == OUTSIDE || (bounds == OTHERWISE && !why->reasons))
		why->reasons |= SC_WHY_BOUNDS;
	if (!why->reasons && !(answer.av.allowed & perm))
		return sc_asker_fail(&q->asker, err);
	return 0;
}

static int answer_perm(struct question *q, struct sc_why *why,
		       struct sc_error *err)
{
	uint32_t perm = sc_db_perm(q->class, why->perm);

	if (perm)
		return find_reasons(q, perm, why, err);
	why->reasons = SC_WHY_UNKNOWN;
	why->unknown = SC_UNKNOWN_PERM;
	why->unknown_name = why->perm;
	why->nearest = sc_policy_nearest_perm(q->policy, q->class_name,
					      why->perm, q->arena);
	return 0;
}

/*
 * One answer for each word of @perms. @known is what is known of all of them:
 * if that a name is unknown, there is no more to ask.
 */
static int answer_all(struct question *q, struct sc_str perms,
		      const struct sc_why *known, struct sc_whys *out,
		      struct sc_error *err)
{
	struct sc_whys whys = { 0 };
	struct sc_str name, rest = perms;

	/* no room for more: most denials are of one permission */
	while (sc_take_word(&rest, &name))
		whys.room++;
	whys.v = sc_new_array(q->arena, struct sc_why, whys.room);
	if (!whys.v)
		return sc_no_memory(err);
	while (sc_take_word(&perms, &name)) {
		struct sc_why why = *known;

		if (!sc_keep(q->arena, name, &why.perm))
			return sc_no_memory(err);
		if (!known->reasons && answer_perm(q, &why, err) < 0)
			return err->code;
		whys.v[whys.n++] = why;
	}
	*out = whys;
	return 0;
}

/* Returns 1; or 0 with @known filled if the policy has no such context. */
static int read_context(struct question *q, struct sc_str text,
			enum sc_unknown whose, struct sc_context *out,
			struct sc_why *known, struct sc_error *err)
{
	struct sc_misfit misfit = { 0 };
	int r = sc_context_read(q->policy, text, q->arena, out, &misfit, err);

	if (r != 0)
		return r;
	known->reasons = SC_WHY_UNKNOWN;
	known->unknown = whose;
	known->unknown_name = misfit.name;
	known->nearest = misfit.nearest;
	known->words = misfit.words;
	return 0;
}

static int find_class(struct question *q, struct sc_why *known)
{
	q->class = sc_db_find(q->db->p_classes.table, q->class_name);
	if (q->class)
		return 1;
	known->reasons = SC_WHY_UNKNOWN;
	known->unknown = SC_UNKNOWN_CLASS;
	known->unknown_name = q->class_name;
	known->nearest = sc_policy_nearest(q->policy, SC_NAME_CLASS,
					   q->class_name, q->arena);
	return 0;
}

/* All names first, so that libsepol is asked about known ones only. */
static int read_names(struct question *q, struct sc_str scontext,
		      struct sc_str tcontext, struct sc_why *known,
		      struct sc_error *err)
{
	int r;

	r = read_context(q, scontext, SC_UNKNOWN_SOURCE, &q->source, known,
			 err);
	if (r > 0)
		known->permissive_domain = ebitmap_get_bit(
			&q->db->permissive_map, q->source.c.type);
	if (r > 0)
		r = read_context(q, tcontext, SC_UNKNOWN_TARGET, &q->target,
				 known, err);
	return r > 0 ? find_class(q, known) : r;
}

/* A denial is four words: a struct for them would have this one user. */
// NOLINTNEXTLINE(readability-function-size)
int sc_why_ask(struct sc_policy *p, struct sc_str scontext,
	       struct sc_str tcontext, struct sc_str tclass,
	       struct sc_str perms, struct sc_arena *a, struct sc_whys *out,
	       struct sc_error *err)
{
	SC_CLEAN(close_question)
	struct question q = {
		.policy = p,
		.db = sc_policy_db(p),
		.arena = a,
	};
	struct sc_why known = { 0 };
	int r;

	sc_asker_open(&q.asker, q.db);
	if (!sc_keep(a, tclass, &q.class_name))
		return sc_no_memory(err);
	r = read_names(&q, scontext, tcontext, &known, err);
	if (r < 0 ||
	    (r > 0 && sc_asker_begin(&q.asker, &q.source, &q.target, err) < 0))
		return err->code;
	return answer_all(&q, perms, &known, out, err);
}
