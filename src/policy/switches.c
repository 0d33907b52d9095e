#include "policy/switches.h"

#define SETS_MAX 64

/* Booleans to flip, by number, ascending. */
struct set {
	uint32_t v[SC_WHY_SWITCHES];
	size_t n;
};

/* Sets of which none holds another one whole. */
struct sets {
	struct set v[SETS_MAX];
	size_t n;
};

/*
 * Write down in each conditional rule which condition it belongs to, so that a
 * rule found by its types leads there. The member serves compilers only, and
 * libsepol neither saves nor frees it.
 */
static void tie_rules(struct sc_policy *p)
{
	if (p->tied)
		return;
	for (cond_node_t *c = sc_policy_db(p)->cond_list; c; c = c->next) {
		for (cond_av_list_t *l = c->true_list; l; l = l->next)
			l->node->parse_context = c;
		for (cond_av_list_t *l = c->false_list; l; l = l->next)
			l->node->parse_context = c;
	}
	p->tied = true;
}

static bool has(const struct set *s, uint32_t boolean)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i] == boolean)
			return true;
	return false;
}

static bool holds(const struct set *s, const struct set *part)
{
	for (size_t i = 0; i < part->n; i++)
		if (!has(s, part->v[i]))
			return false;
	return true;
}

static void add_set(struct sets *sets, const struct set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < sets->n; i++)
		if (holds(s, &sets->v[i]))
			return;
	for (size_t i = 0; i < sets->n; i++)
		if (!holds(&sets->v[i], s))
			sets->v[n++] = sets->v[i];
	sets->n = n;
	if (sets->n < SETS_MAX)
		sets->v[sets->n++] = *s;
}

/* The booleans of @expr, each once: as many as a set may hold. */
static struct set booleans_of(const cond_expr_t *expr)
{
	struct set s = { 0 };

	for (; expr && s.n < SC_WHY_SWITCHES; expr = expr->next) {
		size_t i = s.n;

		if (expr->expr_type != COND_BOOL || has(&s, expr->boolean))
			continue;
		for (; i && s.v[i - 1] > expr->boolean; i--)
			s.v[i] = s.v[i - 1];
		s.v[i] = expr->boolean;
		s.n++;
	}
	return s;
}

static void flip(policydb_t *db, const struct set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		int *state = &db->bool_val_to_struct[s->v[i] - 1]->state;

		*state = !*state;
	}
}

/* The sets of flips that turn @c over. */
static void try_flips(policydb_t *db, cond_node_t *c, struct sets *sets)
{
	struct set all = booleans_of(c->expr);

	for (uint32_t mask = 1; mask < UINT32_C(1) << all.n; mask++) {
		struct set s = { 0 };
		int state;

		for (size_t i = 0; i < all.n; i++)
			if (mask & UINT32_C(1) << i)
				s.v[s.n++] = all.v[i];
		flip(db, &s);
		state = cond_evaluate_expr(db, c->expr);
		flip(db, &s);
		if (state == !c->cur_state)
			add_set(sets, &s);
	}
}

struct trying {
	policydb_t *db;
	uint32_t perm;
	struct sets *sets;
};

static bool try_rules(void *data, avtab_key_t *key)
{
	struct trying *t = data;
	avtab_ptr_t rule = avtab_search_node(&t->db->te_cond_avtab, key);

	for (; rule; rule = avtab_search_node_next(rule, AVTAB_ALLOWED)) {
		cond_node_t *c = rule->parse_context;

		if (!(rule->key.specified & AVTAB_ENABLED) && c &&
		    c->cur_state >= 0 && (rule->datum.data & t->perm))
			try_flips(t->db, c, t->sets);
	}
	return false;
}

static void find_sets(policydb_t *db, const struct sc_access *access,
		      struct sets *sets)
{
	struct trying t = { db, access->perm, sets };
	avtab_key_t key = {
		.source_type = (uint16_t)access->source,
		.target_type = (uint16_t)access->target,
		.target_class = (uint16_t)access->tclass,
		.specified = AVTAB_ALLOWED,
	};

	(void)sc_db_each_key(db, &key, try_rules, &t);
}

static uint32_t count_rules(const cond_av_list_t *list)
{
	uint32_t n = 0;

	for (; list; list = list->next)
		n += (list->node->key.specified & AVTAB_ALLOWED) != 0;
	return n;
}

/* A rule can be for sets of types: one for all ports opens more than ten for
 * one each. */
static void count_opened(const policydb_t *db, const cond_av_list_t *list,
			 uint32_t source, struct sc_why_option *out)
{
	out->opens += count_rules(list);
	for (; list; list = list->next) {
		const avtab_key_t *key = &list->node->key;
		const ebitmap_t *sources, *targets;
		uint64_t each;

		if (!(key->specified & AVTAB_ALLOWED))
			continue;
		sources = &db->attr_type_map[key->source_type - 1];
		targets = &db->attr_type_map[key->target_type - 1];
		each = (uint64_t)ebitmap_cardinality(targets) *
		       (uint64_t)__builtin_popcount(list->node->datum.data);
		out->vectors += each * ebitmap_cardinality(sources);
		if (!ebitmap_get_bit(sources, source - 1))
			continue;
		out->own++;
		out->own_vectors += each;
	}
}

/* What all of the policy's conditions come to with @s switched. */
static void measure(policydb_t *db, const struct set *s, uint32_t source,
		    struct sc_why_option *out)
{
	flip(db, s);
	for (cond_node_t *c = db->cond_list; c; c = c->next) {
		int now = cond_evaluate_expr(db, c->expr);

		if (now < 0 || c->cur_state < 0 || now == c->cur_state)
			continue;
		count_opened(db, now ? c->true_list : c->false_list, source,
			     out);
		out->closes += count_rules(now ? c->false_list : c->true_list);
	}
	flip(db, s);
}

static int by_boolean(const void *one, const void *two)
{
	const struct sc_why_switch *a = one, *b = two;

	return strcmp(a->boolean.s, b->boolean.s);
}

/* What changes least comes first. */
static int by_size(const void *one, const void *two)
{
	const struct sc_why_option *a = one, *b = two;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	if (a->vectors != b->vectors)
		return a->vectors < b->vectors ? -1 : 1;
	if (a->opens != b->opens)
		return a->opens < b->opens ? -1 : 1;
	if (a->closes != b->closes)
		return a->closes < b->closes ? -1 : 1;
	for (size_t i = 0; i < a->n; i++) {
		int r = by_boolean(&a->v[i], &b->v[i]);

		if (r)
			return r;
	}
	return 0;
}

static void name_set(const policydb_t *db, const struct set *s,
		     struct sc_why_option *out)
{
	out->n = s->n;
	for (size_t i = 0; i < s->n; i++) {
		uint32_t b = s->v[i] - 1;

		out->v[i].boolean = sc_view(db->p_bool_val_to_name[b]);
		out->v[i].needed = !db->bool_val_to_struct[b]->state;
	}
	qsort(out->v, out->n, sizeof(*out->v), by_boolean);
}

int sc_switches_find(struct sc_policy *p, const struct sc_access *access,
		     struct sc_arena *a, struct sc_why *why,
		     struct sc_error *err)
{
	policydb_t *db = sc_policy_db(p);
	struct sets sets = { .n = 0 };

	tie_rules(p);
	find_sets(db, access, &sets);
	if (!sets.n)
		return 0;
	why->options = sc_new_array(a, struct sc_why_option, sets.n);
	if (!why->options)
		return sc_no_memory(err);
	why->n_options = sets.n;
	for (size_t i = 0; i < sets.n; i++) {
		name_set(db, &sets.v[i], &why->options[i]);
		measure(db, &sets.v[i], access->source, &why->options[i]);
	}
	qsort(why->options, sets.n, sizeof(*why->options), by_size);
	return (int)sets.n;
}
