#include "policy/merge.h"

#include "base/clean.h"

#define PERMS_MAX 32    /* of a class: the bits of an access vector */
#define GONE UINT32_MAX /* a name that is defined anew: its rules go */

struct class_map {
	uint32_t value;           /* in the other policy */
	uint8_t perms[PERMS_MAX]; /* bit here -> bit there */
	bool same;                /* all bits stay where they are */
};

struct map {
	const policydb_t *from;
	policydb_t *to;
	uint32_t *types;
	uint32_t *bools;
	struct class_map *classes;
	avtab_t *rules; /* where merge_rule() puts them */
	struct sc_error *err;
};

static void map_free(struct map *m)
{
	free(m->types);
	free(m->bools);
	free(m->classes);
}

static uint32_t value_of(const policydb_t *db, int table, const char *name)
{
	symtab_datum_t *d =
		hashtab_search(db->symtab[table].table, (hashtab_key_t)name);

	return d ? d->value : 0;
}

static int lacks(struct map *m, const char *what, const char *name)
{
	return sc_fail(m->err, SC_EPOLICY,
		       "the modules take %s '%s' away from the policy", what,
		       name);
}

static int map_types(struct map *m, const struct sc_anew *anew)
{
	for (uint32_t i = 0; i < m->from->p_types.nprim; i++) {
		const char *name = m->from->p_type_val_to_name[i];

		if (sc_anew_has(anew, sc_view(name)))
			m->types[i] = GONE;
		else
			m->types[i] = value_of(m->to, SYM_TYPES, name);
	}
	return 0;
}

struct perm_walk {
	const class_datum_t *to;
	struct class_map *map;
	bool lost;
};

static perm_datum_t *find_perm(const class_datum_t *c, char *name)
{
	perm_datum_t *p = hashtab_search(c->permissions.table, name);

	if (!p && c->comdatum)
		p = hashtab_search(c->comdatum->permissions.table, name);
	return p;
}

static int map_perm(hashtab_key_t key, hashtab_datum_t datum, void *data)
{
	const perm_datum_t *here = datum;
	struct perm_walk *w = data;
	const perm_datum_t *there = find_perm(w->to, key);

	if (!there || here->s.value > PERMS_MAX || !here->s.value) {
		w->lost = true;
		return 0;
	}
	w->map->perms[here->s.value - 1] = (uint8_t)(there->s.value - 1);
	w->map->same = w->map->same && here->s.value == there->s.value;
	return 0;
}

static int map_class(struct map *m, uint32_t i)
{
	const char *name = m->from->p_class_val_to_name[i];
	const class_datum_t *here = m->from->class_val_to_struct[i];
	struct perm_walk w = { .map = &m->classes[i] };

	w.map->value = value_of(m->to, SYM_CLASSES, name);
	if (!w.map->value)
		return lacks(m, "class", name);
	w.map->same = true;
	w.to = m->to->class_val_to_struct[w.map->value - 1];
	(void)hashtab_map(here->permissions.table, map_perm, &w);
	if (here->comdatum)
		(void)hashtab_map(here->comdatum->permissions.table, map_perm,
				  &w);
	return w.lost ? lacks(m, "a permission of class", name) : 0;
}

static int map_names(struct map *m, const struct sc_anew *anew)
{
	int r;

	m->types = calloc(m->from->p_types.nprim + 1, sizeof(*m->types));
	m->bools = calloc(m->from->p_bools.nprim + 1, sizeof(*m->bools));
	m->classes = calloc(m->from->p_classes.nprim + 1, sizeof(*m->classes));
	if (!m->types || !m->bools || !m->classes)
		return sc_no_memory(m->err);
	for (uint32_t i = 0; i < m->from->p_bools.nprim; i++) {
		const char *name = m->from->p_bool_val_to_name[i];

		m->bools[i] = value_of(m->to, SYM_BOOLS, name);
		if (!m->bools[i])
			return lacks(m, "boolean", name);
	}
	r = map_types(m, anew);
	for (uint32_t i = 0; i < m->from->p_classes.nprim && r == 0; i++)
		r = map_class(m, i);
	return r;
}

static uint32_t move_bits(const struct class_map *c, uint32_t bits)
{
	uint32_t moved = 0;

	if (c->same)
		return bits;
	for (unsigned i = 0; i < PERMS_MAX; i++)
		if (bits & (UINT32_C(1) << i))
			moved |= UINT32_C(1) << c->perms[i];
	return moved;
}

/* @key as the other policy has it; 0 if the rule goes, 1 if it stays. */
static int move_key(struct map *m, const avtab_key_t *key, avtab_key_t *out)
{
	uint32_t source = m->types[key->source_type - 1];
	uint32_t target = m->types[key->target_type - 1];

	if (source == GONE || target == GONE)
		return 0;
	if (!source || !target)
		return lacks(m, "type or attribute",
			     m->from->p_type_val_to_name
				     [(source ? key->target_type
					      : key->source_type) -
				      1]);
	*out = *key;
	out->source_type = (uint16_t)source;
	out->target_type = (uint16_t)target;
	out->target_class = (uint16_t)m->classes[key->target_class - 1].value;
	return 1;
}

/* avtab_insert_nonunique() wants the whole table to be ours: so does this. */
static avtab_ptr_t insert(struct map *m, avtab_t *into, avtab_key_t *key,
			  const avtab_datum_t *datum, uint32_t old_class)
{
	avtab_datum_t copy = *datum;

	if (!(key->specified & AVTAB_XPERMS))
		copy.data = move_bits(&m->classes[old_class - 1], copy.data);
	return avtab_insert_nonunique(into, key, &copy);
}

#define KEPT (AVTAB_ALLOWED | AVTAB_AUDITDENY | AVTAB_XPERMS_ALLOWED)

static int merge_rule(avtab_key_t *key, avtab_datum_t *datum, void *data)
{
	struct map *m = data;
	avtab_key_t moved = { 0 };
	avtab_ptr_t known;
	int r;

	if (!(key->specified & KEPT))
		return 0;
	r = move_key(m, key, &moved);
	if (r <= 0)
		return r;
	/* the compiler may have this rule from a module: unite them */
	known = moved.specified & AVTAB_XPERMS
			? NULL
			: avtab_search_node(m->rules, &moved);
	if (known) {
		uint32_t bits = move_bits(&m->classes[key->target_class - 1],
					  datum->data);

		if (moved.specified & AVTAB_AUDITDENY)
			known->datum.data &= bits; /* a set bit is audited */
		else
			known->datum.data |= bits;
		return 0;
	}
	if (!insert(m, m->rules, &moved, datum, key->target_class))
		return sc_no_memory(m->err);
	return 0;
}

static int merge_table(struct map *m)
{
	avtab_t bigger = { 0 }, old = m->to->te_avtab;

	if (avtab_init(&bigger) < 0 ||
	    avtab_alloc(&bigger, old.nel + m->from->te_avtab.nel) < 0)
		return sc_no_memory(m->err);
	for (uint32_t i = 0; i < old.nslot; i++)
		for (avtab_ptr_t n = old.htable[i]; n; n = n->next)
			if (!avtab_insert_nonunique(&bigger, &n->key,
						    &n->datum)) {
				avtab_destroy(&bigger);
				return sc_no_memory(m->err);
			}
	m->to->te_avtab = bigger;
	avtab_destroy(&old);
	m->rules = &m->to->te_avtab;
	return avtab_map((avtab_t *)&m->from->te_avtab, merge_rule, m);
}

static int merge_list(struct map *m, const cond_av_list_t *list,
		      cond_av_list_t **out)
{
	cond_av_list_t **tail = out;

	for (; list; list = list->next) {
		avtab_key_t moved = { 0 };
		cond_av_list_t *item;
		int r;

		if (!(list->node->key.specified & KEPT))
			continue;
		r = move_key(m, &list->node->key, &moved);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		item = calloc(1, sizeof(*item));
		if (!item)
			return sc_no_memory(m->err);
		*tail = item;
		tail = &item->next;
		item->node = insert(m, &m->to->te_cond_avtab, &moved,
				    &list->node->datum,
				    list->node->key.target_class);
		if (!item->node)
			return sc_no_memory(m->err);
	}
	return 0;
}

static int merge_expr(struct map *m, const cond_expr_t *expr, cond_node_t *to)
{
	cond_expr_t *copy = cond_copy_expr((cond_expr_t *)expr);

	to->expr = copy;
	if (!copy)
		return sc_no_memory(m->err);
	for (; copy; copy = copy->next)
		if (copy->expr_type == COND_BOOL)
			copy->boolean = m->bools[copy->boolean - 1];
	return 0;
}

static int merge_conditions(struct map *m)
{
	for (const cond_node_t *c = m->from->cond_list; c; c = c->next) {
		cond_node_t *copy = calloc(1, sizeof(*copy));
		int r;

		if (!copy)
			return sc_no_memory(m->err);
		copy->next = m->to->cond_list;
		m->to->cond_list = copy;
		copy->cur_state = c->cur_state;
		r = merge_expr(m, c->expr, copy);
		if (r == 0)
			r = merge_list(m, c->true_list, &copy->true_list);
		if (r == 0)
			r = merge_list(m, c->false_list, &copy->false_list);
		if (r < 0)
			return r;
	}
	return evaluate_conds(m->to) < 0
		       ? sc_fail(m->err, SC_EPOLICY, "a condition is broken")
		       : 0;
}

int sc_merge_rules(const policydb_t *from, policydb_t *to,
		   const struct sc_anew *anew, struct sc_error *err)
{
	SC_CLEAN(map_free)
	struct map m = { .from = from, .to = to, .err = err };
	int r = map_names(&m, anew);

	if (r < 0)
		return r;
	if (to->te_cond_avtab.nel == 0) {
		avtab_destroy(&to->te_cond_avtab);
		if (avtab_init(&to->te_cond_avtab) < 0 ||
		    avtab_alloc(&to->te_cond_avtab, from->te_cond_avtab.nel) <
			    0)
			return sc_no_memory(err);
	}
	r = merge_table(&m);
	return r < 0 ? r : merge_conditions(&m);
}
