#include "policy/vectors_db.h"

#include "base/clean.h"
#include "base/vec.h"

#define PERMS_MAX 32

SC_DEFINE_CLEAN(struct sc_vectors, sc_vectors_close)

struct walk {
	struct sc_vectors *v;
	uint8_t *
		is_source; /* [type value - 1]: the domain and its attributes */
	bool only_enabled; /* of the conditional rules */
	bool no_memory;
};

static void walk_free(struct walk *w)
{
	free(w->is_source);
}

static void add_extended(struct walk *w, const avtab_key_t *key,
			 const avtab_datum_t *datum)
{
	struct sc_extended_list *list = &w->v->extended;
	struct sc_extended *more =
		reallocarray(list->v, list->n + 1, sizeof(*list->v));

	if (!more) {
		w->no_memory = true;
		return;
	}
	list->v = more;
	list->v[list->n++] =
		(struct sc_extended){ key->target_type, key->target_class,
				      datum->xperms };
}

/* One rule: does it speak of our domain, and about which types? */
static int add_rule(avtab_key_t *key, avtab_datum_t *datum, void *data)
{
	struct walk *w = data;
	const policydb_t *db = w->v->db;
	const ebitmap_t *targets;
	ebitmap_node_t *node;
	unsigned i;

	if (!(key->specified & (AVTAB_ALLOWED | AVTAB_XPERMS_ALLOWED)) ||
	    (w->only_enabled && !(key->specified & AVTAB_ENABLED)) ||
	    !w->is_source[key->source_type - 1])
		return 0;
	if (key->specified & AVTAB_XPERMS_ALLOWED) {
		add_extended(w, key, datum);
		return 0;
	}
	targets = &db->attr_type_map[key->target_type - 1];
	ebitmap_for_each_positive_bit(targets, node, i) *
		sc_vectors_at(w->v, i + 1, key->target_class) |= datum->data;
	return 0;
}

int sc_vectors_open(const struct sc_policy *p, struct sc_str domain,
		    enum sc_switches switches, struct sc_vectors **out,
		    struct sc_error *err)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *v = NULL;
	policydb_t *db = sc_policy_db(p);
	char name[256];
	type_datum_t *type;
	SC_CLEAN(walk_free) struct walk w = { 0 };
	ebitmap_node_t *node;
	unsigned i;

	snprintf(name, sizeof(name), SC_FMT, SC_ARG(domain));
	type = domain.n < sizeof(name) ? hashtab_search(db->p_types.table, name)
				       : NULL;
	if (!type || type->flavor == TYPE_ATTRIB)
		return sc_fail(err, SC_ENOTFOUND, "no type '%s'", name);
	v = calloc(1, sizeof(*v));
	if (!v)
		return sc_no_memory(err);
	*v = (struct sc_vectors){ .db = db,
				  .domain = type->s.value,
				  .types = db->p_types.nprim,
				  .classes = db->p_classes.nprim };
	v->v = calloc((size_t)v->types * v->classes, sizeof(*v->v));
	w.v = v;
	w.is_source = calloc(v->types, 1);
	if (!v->v || !w.is_source)
		return sc_no_memory(err);
	ebitmap_for_each_positive_bit(&db->type_attr_map[v->domain - 1], node,
				      i) w.is_source[i] = 1;
	(void)avtab_map(&db->te_avtab, add_rule, &w);
	w.only_enabled = switches == SC_AS_SET;
	(void)avtab_map(&db->te_cond_avtab, add_rule, &w);
	if (w.no_memory)
		return sc_no_memory(err);
	*out = SC_TAKE(v);
	return 0;
}

int sc_vectors_copy(const struct sc_vectors *v, struct sc_vectors **out,
		    struct sc_error *err)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *copy = NULL;
	size_t n = (size_t)v->types * v->classes;

	copy = calloc(1, sizeof(*copy));
	if (!copy)
		return sc_no_memory(err);
	*copy = *v;
	copy->extended = (struct sc_extended_list){ 0 };
	copy->v = calloc(n, sizeof(*copy->v));
	if (!copy->v)
		return sc_no_memory(err);
	memcpy(copy->v, v->v, n * sizeof(*copy->v));
	*out = SC_TAKE(copy);
	return 0;
}

void sc_vectors_close(struct sc_vectors *v)
{
	if (!v)
		return;
	free(v->extended.v);
	free(v->v);
	free(v);
}

size_t sc_vectors_count(const struct sc_vectors *v)
{
	size_t n = 0;

	for (size_t i = 0; i < (size_t)v->types * v->classes; i++)
		n += (size_t)__builtin_popcount(v->v[i]);
	return n;
}

void sc_vectors_subtract(struct sc_vectors *v, const struct sc_vectors *base)
{
	for (uint32_t t = 1; t <= v->types; t++) {
		uint32_t same = t == v->domain ? base->domain : t;

		for (uint32_t c = 1; c <= v->classes; c++)
			*sc_vectors_at(v, t, c) &=
				~*sc_vectors_at(base, same, c);
	}
}

struct other {
	const class_datum_t *class; /* of the other policy */
	uint32_t theirs;            /* there */
	uint32_t ours;              /* the same, by our numbers */
};

static int add_same(hashtab_key_t key, hashtab_datum_t datum, void *data)
{
	const perm_datum_t *perm = datum;
	struct other *o = data;

	if (o->theirs & sc_db_perm(o->class, sc_view(key)))
		o->ours |= UINT32_C(1) << (perm->s.value - 1);
	return 0;
}

/* What @base has on the type and class of these names, by the numbers of @v. */
static uint32_t as_named(const struct sc_vectors *v,
			 const struct sc_vectors *base, uint32_t type,
			 uint32_t tclass)
{
	const class_datum_t *c = v->db->class_val_to_struct[tclass - 1];
	const type_datum_t *t = sc_db_type(
		base->db, sc_view(v->db->p_type_val_to_name[type - 1]));
	struct other o = {
		.class = sc_db_find(
			base->db->p_classes.table,
			sc_view(v->db->p_class_val_to_name[tclass - 1]))
	};

	if (!t || !o.class)
		return 0;
	o.theirs = *sc_vectors_at(base, t->s.value, o.class->s.value);
	if (!o.theirs)
		return 0;
	(void)hashtab_map(c->permissions.table, add_same, &o);
	if (c->comdatum)
		(void)hashtab_map(c->comdatum->permissions.table, add_same, &o);
	return o.ours;
}

void sc_vectors_subtract_other(struct sc_vectors *v,
			       const struct sc_vectors *base)
{
	for (uint32_t t = 1; t <= v->types; t++)
		for (uint32_t c = 1; c <= v->classes; c++)
			if (*sc_vectors_at(v, t, c))
				*sc_vectors_at(v, t, c) &=
					~as_named(v, base, t, c);
}

struct perm_names {
	struct sc_str v[PERMS_MAX];
	size_t n;
	uint32_t bits;
};

static int add_perm(hashtab_key_t key, hashtab_datum_t datum, void *data)
{
	const perm_datum_t *perm = datum;
	struct perm_names *names = data;

	if (perm->s.value && perm->s.value <= PERMS_MAX &&
	    names->n < PERMS_MAX &&
	    names->bits & (UINT32_C(1) << (perm->s.value - 1)))
		names->v[names->n++] = sc_view(key);
	return 0;
}

bool sc_vectors_name_perms(const policydb_t *db, uint32_t tclass, uint32_t bits,
			   struct sc_arena *a, struct sc_str *out)
{
	const class_datum_t *c = db->class_val_to_struct[tclass - 1];
	struct perm_names names = { .bits = bits };
	char *text, *end;
	size_t room = 1;

	(void)hashtab_map(c->permissions.table, add_perm, &names);
	if (c->comdatum)
		(void)hashtab_map(c->comdatum->permissions.table, add_perm,
				  &names);
	qsort(names.v, names.n, sizeof(names.v[0]), sc_str_order);
	for (size_t i = 0; i < names.n; i++)
		room += names.v[i].n + 1;
	text = end = sc_new_array(a, char, room);
	if (!text)
		return false;
	for (size_t i = 0; i < names.n; i++) {
		if (i)
			*end++ = ' ';
		memcpy(end, names.v[i].s, names.v[i].n);
		end += names.v[i].n;
	}
	*out = (struct sc_str){ text, (size_t)(end - text) };
	return true;
}

static int compare_vectors(const void *x, const void *y)
{
	const struct sc_vector *a = x, *b = y;
	int r = sc_str_compare(a->tclass, b->tclass);

	return r ? r : sc_str_compare(a->target, b->target);
}

static struct sc_str type_name(const struct sc_vectors *v, uint32_t type)
{
	const char *name = v->db->p_type_val_to_name[type - 1];

	return type == v->domain ? SC_STR("self") : sc_view(name);
}

int sc_vectors_list(const struct sc_vectors *v, struct sc_arena *a,
		    struct sc_vector_list *out, struct sc_error *err)
{
	struct sc_vector_list list = { 0 };

	for (uint32_t t = 1; t <= v->types; t++)
		for (uint32_t c = 1; c <= v->classes; c++) {
			const char *name = v->db->p_class_val_to_name[c - 1];
			uint32_t bits = *sc_vectors_at(v, t, c);
			struct sc_vector one = {
				.target = type_name(v, t),
				.tclass = { name, strlen(name) },
			};

			if (!bits)
				continue;
			if (!sc_vectors_name_perms(v->db, c, bits, a,
						   &one.perms) ||
			    !SC_PUSH(a, &list, one))
				return sc_no_memory(err);
		}
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), compare_vectors);
	*out = list;
	return 0;
}
