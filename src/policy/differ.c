#include "policy/differ.h"

#include "policy/db.h"

#include <sepol/policydb/expand.h>

#define DONTAUDIT (AVTAB_AUDITDENY | AVTAB_XPERMS_DONTAUDIT)
#define RULES_MAX ((size_t)4 << 20) /* of one kind, of one policy */
#define XPERM_WORDS 8

/* A rule, with no byte of padding: they are compared as memory. */
struct rule {
	uint16_t source, target, class, kind;
	uint32_t data;     /* what it says; of dontaudit: what it hides */
	uint32_t extended; /* kind of xperms, and their driver */
	uint32_t xperms[XPERM_WORDS];
};

struct rules {
	struct rule *v;
	size_t n;
	size_t room;
};

/* Those of the one policy and of the other. */
struct pair {
	struct rules of[2];
};

static void pair_free(struct pair *pair)
{
	free(pair->of[0].v);
	free(pair->of[1].v);
}

/* What is compared, and what is passed over. */
struct comparison {
	struct sc_policy *p[2];
	const struct sc_relaxed *but;
	size_t n;
	bool has_audit; /* dontaudit rules may differ for some domain */
	const char *words;
};

static bool add(struct rules *out, const struct rule *r)
{
	if (out->n == out->room) {
		size_t room = out->room ? 2 * out->room : 1024;
		struct rule *v = room > RULES_MAX
					 ? NULL
					 : realloc(out->v, room * sizeof(*v));

		if (!v)
			return false;
		out->v = v;
		out->room = room;
	}
	out->v[out->n++] = *r;
	return true;
}

static struct rule rule_of(const struct avtab_node *node)
{
	const avtab_extended_perms_t *x = node->datum.xperms;
	struct rule r = {
		.source = node->key.source_type,
		.target = node->key.target_type,
		.class = node->key.target_class,
		.kind = (uint16_t)(node->key.specified & ~AVTAB_ENABLED),
	};

	if (r.kind & AVTAB_AUDITDENY) {
		r.data = ~node->datum.data;
	} else if (r.kind & AVTAB_XPERMS) {
		r.extended = ((uint32_t)x->specified << 8) | x->driver;
		memcpy(r.xperms, x->perms, sizeof(r.xperms));
	} else {
		r.data = node->datum.data;
	}
	return r;
}

/* Is @type one for which dontaudit rules may differ? */
static bool is_excused(const struct comparison *c, const policydb_t *db,
		       uint32_t type)
{
	for (size_t i = 0; i < c->n; i++) {
		const type_datum_t *t = sc_db_type(db, c->but[i].domain);

		if ((c->but[i].flags & SC_RELAX_AUDIT) && t &&
		    t->s.value == type)
			return true;
	}
	return false;
}

/* A dontaudit rule as one for each type, of those that are compared. */
static bool add_for_each(const struct comparison *c, const policydb_t *db,
			 struct rule r, struct rules *out)
{
	const ebitmap_t *types = &db->attr_type_map[r.source - 1];
	ebitmap_node_t *node;
	uint32_t i;

	if (db->type_val_to_struct[r.source - 1]->flavor != TYPE_ATTRIB)
		return is_excused(c, db, r.source) || add(out, &r);
	ebitmap_for_each_positive_bit(types, node, i)
	{
		r.source = (uint16_t)(i + 1);
		if (db->type_val_to_struct[i]->flavor == TYPE_ATTRIB)
			continue;
		if (!is_excused(c, db, i + 1) && !add(out, &r))
			return false;
	}
	return true;
}

static bool collect(const struct comparison *c, const policydb_t *db,
		    const struct avtab_node *node, struct rules *out)
{
	struct rule r = rule_of(node);

	return c->has_audit && (r.kind & DONTAUDIT)
		       ? add_for_each(c, db, r, out)
		       : add(out, &r);
}

static int by_key(const void *x, const void *y)
{
	const struct rule *a = x, *b = y;
	uint64_t one = ((uint64_t)a->source << 48) |
		       ((uint64_t)a->target << 32) |
		       ((uint64_t)a->class << 16) | a->kind;
	uint64_t two = ((uint64_t)b->source << 48) |
		       ((uint64_t)b->target << 32) |
		       ((uint64_t)b->class << 16) | b->kind;

	if (one != two)
		return one < two ? -1 : 1;
	return (a->extended > b->extended) - (a->extended < b->extended);
}

static int by_all(const void *x, const void *y)
{
	int r = by_key(x, y);

	return r ? r : memcmp(x, y, sizeof(struct rule));
}

static bool hides_nothing(const struct rule *r)
{
	uint32_t all = r->data;

	for (size_t i = 0; i < XPERM_WORDS; i++)
		all |= r->xperms[i];
	return (r->kind & DONTAUDIT) && !all;
}

/* Dontaudit rules of one key become one; those that hide nothing go. */
static void tidy(struct rules *rules)
{
	size_t n = 0;

	if (!rules->n)
		return;
	qsort(rules->v, rules->n, sizeof(*rules->v), by_all);
	for (size_t i = 0; i < rules->n; i++) {
		struct rule *r = &rules->v[i];
		struct rule *last = n ? &rules->v[n - 1] : NULL;

		if (hides_nothing(r))
			continue;
		if (last && (r->kind & DONTAUDIT) && by_key(r, last) == 0) {
			last->data |= r->data;
			for (size_t k = 0; k < XPERM_WORDS; k++)
				last->xperms[k] |= r->xperms[k];
			continue;
		}
		rules->v[n++] = *r;
	}
	rules->n = n;
}

static int compare(struct comparison *c, struct pair *pair, const char *words)
{
	struct rules *a = &pair->of[0], *b = &pair->of[1];

	tidy(a);
	tidy(b);
	c->words = words;
	return a->n == b->n &&
	       (!a->n || memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

static bool collect_table(const struct comparison *c, const policydb_t *db,
			  struct rules *out)
{
	const avtab_t *t = &db->te_avtab;

	for (uint32_t i = 0; i < t->nslot; i++)
		for (avtab_ptr_t node = t->htable[i]; node; node = node->next)
			if (!collect(c, db, node, out))
				return false;
	return true;
}

static int compare_tables(struct comparison *c, struct sc_error *err)
{
	SC_CLEAN(pair_free) struct pair pair = { 0 };

	for (int i = 0; i < 2; i++)
		if (!collect_table(c, sc_policy_db(c->p[i]), &pair.of[i]))
			return sc_no_memory(err);
	return compare(c, &pair, "their rules");
}

static bool collect_branch(const struct comparison *c, const policydb_t *db,
			   const cond_av_list_t *l, struct rules *out)
{
	for (; l; l = l->next)
		if (!collect(c, db, l->node, out))
			return false;
	return true;
}

static int compare_branches(struct comparison *c, const cond_av_list_t *one,
			    const cond_av_list_t *two, struct sc_error *err)
{
	SC_CLEAN(pair_free) struct pair pair = { 0 };

	if (!collect_branch(c, sc_policy_db(c->p[0]), one, &pair.of[0]) ||
	    !collect_branch(c, sc_policy_db(c->p[1]), two, &pair.of[1]))
		return sc_no_memory(err);
	return compare(c, &pair, "their conditional rules");
}

static bool is_same_expression(const cond_expr_t *a, const cond_expr_t *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->expr_type != b->expr_type || a->boolean != b->boolean)
			return false;
	return !a && !b;
}

static int compare_conditions(struct comparison *c, struct sc_error *err)
{
	const cond_node_t *a = sc_policy_db(c->p[0])->cond_list;
	const cond_node_t *b = sc_policy_db(c->p[1])->cond_list;
	int r = 1;

	for (; r > 0 && a && b; a = a->next, b = b->next) {
		if (!is_same_expression(a->expr, b->expr))
			break;
		r = compare_branches(c, a->true_list, b->true_list, err);
		if (r > 0)
			r = compare_branches(c, a->false_list, b->false_list,
					     err);
	}
	if (r <= 0)
		return r;
	c->words = "their conditions";
	return !a && !b;
}

/* Is @p permissive for the type of that @value, or excused from being asked? */
static bool has_bit(const struct comparison *c, const policydb_t *db,
		    uint32_t value)
{
	for (size_t i = 0; i < c->n; i++) {
		const type_datum_t *t = sc_db_type(db, c->but[i].domain);

		if ((c->but[i].flags & SC_RELAX_PERMISSIVE) && t &&
		    t->s.value == value)
			return true;
	}
	return ebitmap_get_bit(&db->permissive_map, value);
}

static int compare_permissive(struct comparison *c)
{
	const policydb_t *a = sc_policy_db(c->p[0]);
	const policydb_t *b = sc_policy_db(c->p[1]);
	uint32_t n = a->p_types.nprim;

	if (b->p_types.nprim > n)
		n = b->p_types.nprim;
	c->words = "the domains that are permissive";
	for (uint32_t i = 1; i <= n; i++)
		if (has_bit(c, a, i) != has_bit(c, b, i))
			return 0;
	return 1;
}

/* What is left of a policy when what is compared elsewhere is taken away. */
struct rest {
	avtab_t rules;
	cond_node_t *conditions;
	ebitmap_t permissive;
};

/* One rule stays: libsepol writes no policy without. False without memory. */
static bool take_away(policydb_t *db, struct rest *out)
{
	avtab_key_t key = { 1, 1, 1, AVTAB_ALLOWED };
	avtab_datum_t datum = { .data = 1 };
	avtab_t one;

	if (avtab_init(&one) < 0 || avtab_alloc(&one, 1) < 0 ||
	    avtab_insert(&one, &key, &datum) < 0) {
		avtab_destroy(&one);
		return false;
	}
	*out = (struct rest){ db->te_avtab, db->cond_list, db->permissive_map };
	db->te_avtab = one;
	db->cond_list = NULL;
	ebitmap_init(&db->permissive_map);
	return true;
}

static void put_back(policydb_t *db, const struct rest *rest)
{
	avtab_destroy(&db->te_avtab);
	db->te_avtab = rest->rules;
	db->cond_list = rest->conditions;
	db->permissive_map = rest->permissive;
}

/* Swap the values of @db's booleans and those in @states. */
static void swap_states(policydb_t *db, int *states)
{
	for (uint32_t i = 0; i < db->p_bools.nprim; i++) {
		int state = db->bool_val_to_struct[i]->state;

		db->bool_val_to_struct[i]->state = states[i];
		states[i] = state;
	}
}

static int write_rest(struct sc_policy *p, struct sc_arena *a,
		      struct sc_str *out, struct sc_error *err)
{
	policydb_t *db = sc_policy_db(p);
	int *states = sc_new_array(a, int, db->p_bools.nprim + 1UL);
	struct rest rest;
	int r;

	if (!states)
		return sc_no_memory(err);
	if (!take_away(db, &rest))
		return sc_no_memory(err);
	swap_states(db, states);
	r = sc_policy_write(p, a, out, err);
	swap_states(db, states);
	put_back(db, &rest);
	return r;
}

static int compare_rest(struct comparison *c, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str one = { 0 }, two = { 0 };
	int r = write_rest(c->p[0], &a, &one, err);

	if (r == 0)
		r = write_rest(c->p[1], &a, &two, err);
	if (r < 0)
		return r;
	c->words = "their names, contexts or constraints";
	return sc_str_eq(one, two);
}

int sc_policy_is_same(struct sc_policy *a, struct sc_policy *b,
		      const struct sc_relaxed *but, size_t n,
		      const char **words, struct sc_error *err)
{
	struct comparison c = { .p = { a, b }, .but = but, .n = n };
	int r;

	for (size_t i = 0; i < n; i++)
		c.has_audit = c.has_audit || (but[i].flags & SC_RELAX_AUDIT);
	r = compare_rest(&c, err);
	if (r > 0)
		r = compare_permissive(&c);
	if (r > 0)
		r = compare_tables(&c, err);
	if (r > 0)
		r = compare_conditions(&c, err);
	*words = c.words;
	return r;
}
