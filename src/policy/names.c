#include "policy/db.h"

#define NAME_MAX_BYTES 1024 /* longer ones are in no policy */
#define NEAR_MAX_BYTES 96   /* for longer ones nothing near is looked for */
#define NEAR_MAX_EDITS ((size_t)4)

void *sc_db_find(hashtab_t table, struct sc_str name)
{
	char key[NAME_MAX_BYTES + 1];

	if (!name.n || name.n > NAME_MAX_BYTES || memchr(name.s, 0, name.n))
		return NULL;
	memcpy(key, name.s, name.n);
	key[name.n] = '\0';
	return hashtab_search(table, key);
}

type_datum_t *sc_db_type(const policydb_t *db, struct sc_str name)
{
	type_datum_t *type = sc_db_find(db->p_types.table, name);

	return type && type->flavor != TYPE_ATTRIB ? type : NULL;
}

bool sc_db_each_key(const policydb_t *db, const avtab_key_t *key, sc_key_fn *fn,
		    void *data)
{
	ebitmap_node_t *s, *t;
	uint32_t i, j;

	ebitmap_for_each_positive_bit(&db->type_attr_map[key->source_type - 1],
				      s, i)
	{
		ebitmap_for_each_positive_bit(
			&db->type_attr_map[key->target_type - 1], t, j)
		{
			avtab_key_t pair = *key;

			pair.source_type = (uint16_t)(i + 1);
			pair.target_type = (uint16_t)(j + 1);
			if (fn(data, &pair))
				return true;
		}
	}
	return false;
}

uint32_t sc_db_perm(const class_datum_t *class, struct sc_str name)
{
	const perm_datum_t *perm = sc_db_find(class->permissions.table, name);

	if (!perm && class->comdatum)
		perm = sc_db_find(class->comdatum->permissions.table, name);
	if (!perm || !perm->s.value || perm->s.value > 32)
		return 0;
	return UINT32_C(1) << (perm->s.value - 1);
}

static hashtab_t table_of(const policydb_t *db, enum sc_name_kind kind)
{
	switch (kind) {
	case SC_NAME_TYPE:
	case SC_NAME_ATTRIBUTE:
		return db->p_types.table;
	case SC_NAME_CLASS:
		return db->p_classes.table;
	case SC_NAME_ROLE:
		return db->p_roles.table;
	case SC_NAME_USER:
		return db->p_users.table;
	case SC_NAME_BOOLEAN:
		return db->p_bools.table;
	}
	return NULL;
}

/* Types and attributes share a table. */
static bool is_kind(enum sc_name_kind kind, const void *datum)
{
	const type_datum_t *type = datum;

	if (kind == SC_NAME_ATTRIBUTE)
		return type->flavor == TYPE_ATTRIB;
	return kind != SC_NAME_TYPE || type->flavor != TYPE_ATTRIB;
}

bool sc_policy_has(const struct sc_policy *p, enum sc_name_kind kind,
		   struct sc_str name)
{
	const void *d = sc_db_find(table_of(sc_policy_db(p), kind), name);

	return d && is_kind(kind, d);
}

struct sc_str sc_policy_type(const struct sc_policy *p, struct sc_str name)
{
	const policydb_t *db = sc_policy_db(p);
	const type_datum_t *type = sc_db_type(db, name);

	return type ? sc_view(db->p_type_val_to_name[type->s.value - 1])
		    : (struct sc_str){ 0 };
}

bool sc_names_has(const struct sc_names *names, struct sc_str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (sc_str_eq(names->v[i], name))
			return true;
	return false;
}

bool sc_policy_has_perm(const struct sc_policy *p, struct sc_str tclass,
			struct sc_str perm)
{
	const class_datum_t *class =
		sc_db_find(sc_policy_db(p)->p_classes.table, tclass);

	return class && sc_db_perm(class, perm) != 0;
}

bool sc_policy_is_in(const struct sc_policy *p, struct sc_str type,
		     struct sc_str attribute)
{
	const policydb_t *db = sc_policy_db(p);
	const type_datum_t *t = sc_db_type(db, type);
	const type_datum_t *a = sc_db_find(db->p_types.table, attribute);

	return t && a && a->flavor == TYPE_ATTRIB &&
	       ebitmap_get_bit(&db->type_attr_map[t->s.value - 1],
			       a->s.value - 1);
}

/* The nearest name so far. */
struct near {
	struct sc_str wanted;
	enum sc_name_kind kind;
	size_t distance; /* of .name; while that is empty, the most allowed */
	struct sc_str name;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be put in, left out or replaced to make @b of @a, two
 * that changed places being one; any number above @most if it is more. A log
 * can ask for any number of names, so only the letters that can still stand
 * opposite each other, @most apart, are looked at.
 */
static size_t edit_distance(struct sc_str a, struct sc_str b, size_t most)
{
	size_t rows[3][NEAR_MAX_BYTES + 2];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.n; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t first = i > most ? i - most : 1;
		size_t last = least(b.n, i + most);
		size_t *oldest = before, best = most + 1;

		row[first - 1] = first == 1 ? i : most + 1;
		for (size_t j = first; j <= last; j++) {
			bool same = a.s[i - 1] == b.s[j - 1];

			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + !same);
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] &&
			    a.s[i - 2] == b.s[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
			best = least(best, row[j]);
		}
		if (best > most)
			return most + 1;
		row[last + 1] = most + 1;
		before = above;
		above = row;
		row = oldest;
	}
	return above[b.n];
}

/* Nearer, or as near and first by name: the table's order must not show. */
static bool is_better(const struct near *n, size_t distance, struct sc_str name)
{
	if (distance != n->distance || !n->name.n)
		return distance <= n->distance;
	return strcmp(name.s, n->name.s) < 0;
}

static int try_name(hashtab_key_t key, hashtab_datum_t datum, void *data)
{
	struct near *n = data;
	struct sc_str name = sc_view(key);
	size_t distance;

	if (!name.n || name.n > NEAR_MAX_BYTES || !is_kind(n->kind, datum) ||
	    name.n > n->wanted.n + n->distance ||
	    n->wanted.n > name.n + n->distance)
		return 0;
	distance = edit_distance(n->wanted, name, n->distance);
	if (is_better(n, distance, name)) {
		n->distance = distance;
		n->name = name;
	}
	return 0;
}

static struct near look_for(enum sc_name_kind kind, struct sc_str name)
{
	return (struct near){ .wanted = name,
			      .kind = kind,
			      .distance = least(name.n / 3, NEAR_MAX_EDITS) };
}

static bool can_be_near(struct sc_str name)
{
	return name.n >= 3 && name.n <= NEAR_MAX_BYTES;
}

/* Without memory nothing is near: it is a hint, no answer. */
static struct sc_str kept(struct sc_arena *a, struct sc_str name)
{
	struct sc_str copy = { 0 };

	if (name.n)
		(void)sc_keep(a, name, &copy);
	return copy;
}

struct sc_str sc_policy_nearest(const struct sc_policy *p,
				enum sc_name_kind kind, struct sc_str name,
				struct sc_arena *a)
{
	struct near n = look_for(kind, name);

	if (can_be_near(name))
		hashtab_map(table_of(sc_policy_db(p), kind), try_name, &n);
	return kept(a, n.name);
}

struct sc_str sc_policy_nearest_perm(const struct sc_policy *p,
				     struct sc_str tclass, struct sc_str name,
				     struct sc_arena *a)
{
	const class_datum_t *class =
		sc_db_find(sc_policy_db(p)->p_classes.table, tclass);
	struct near n = look_for(SC_NAME_CLASS, name);

	if (!class || !can_be_near(name))
		return (struct sc_str){ 0 };
	hashtab_map(class->permissions.table, try_name, &n);
	if (class->comdatum)
		hashtab_map(class->comdatum->permissions.table, try_name, &n);
	return kept(a, n.name);
}

static int no_type(const struct sc_policy *p, const char *whose,
		   struct sc_str name, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_str near = sc_policy_nearest(p, SC_NAME_TYPE, name, &scratch);

	if (sc_policy_has(p, SC_NAME_ATTRIBUTE, name))
		return sc_fail(err, SC_ENOTFOUND,
			       "'" SC_FMT "' is an attribute, a set of types: "
			       "name one of them",
			       SC_ARG(name));
	if (near.n)
		return sc_fail(err, SC_ENOTFOUND,
			       "%s has no type '" SC_FMT
			       "': did you mean '" SC_FMT "'?",
			       whose, SC_ARG(name), SC_ARG(near));
	return sc_fail(err, SC_ENOTFOUND,
		       "%s has no type '" SC_FMT
		       "' (ps -eZ shows those that run)",
		       whose, SC_ARG(name));
}

int sc_policy_find_type(const struct sc_policy *p, const char *whose,
			struct sc_str name, struct sc_str *out,
			struct sc_error *err)
{
	struct sc_str type = sc_policy_type(p, name);

	if (!type.n)
		return no_type(p, whose, name, err);
	*out = type;
	return 0;
}

bool sc_policy_may_be_domain(const struct sc_policy *p, struct sc_str type)
{
	const struct sc_str domains = SC_STR("domain");

	return !sc_policy_has(p, SC_NAME_ATTRIBUTE, domains) ||
	       sc_policy_is_in(p, type, domains);
}
