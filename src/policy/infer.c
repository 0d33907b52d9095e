#include "policy/infer.h"

#include "base/clean.h"

/* Few members can have an access in common by chance; many can't. */
#define MEMBERS_MIN 20

struct search {
	const policydb_t *from;
	policydb_t *to;
	const struct sc_anew *anew;
	struct sc_error *err;
	/* what common_access() said of .members last: it takes its time */
	const ebitmap_t *members;
	uint32_t *common; /* [class value - 1] */
};

static void search_free(struct search *s)
{
	free(s->common);
}

/* Did the modules bring @type of the new policy? */
static bool is_new(const struct search *s, uint32_t type)
{
	const char *name = s->to->p_type_val_to_name[type - 1];

	return s->to->type_val_to_struct[type - 1]->flavor != TYPE_ATTRIB &&
	       (!sc_db_find(s->from->p_types.table, sc_view(name)) ||
		sc_anew_has(s->anew, sc_view(name)));
}

static uint32_t type_in(const policydb_t *db, const char *name)
{
	const type_datum_t *t = sc_db_find(db->p_types.table, sc_view(name));

	return t ? t->s.value : 0;
}

static uint32_t self_access(const policydb_t *db, uint32_t type,
			    uint32_t tclass)
{
	avtab_key_t key = { .source_type = (uint16_t)type,
			    .target_type = (uint16_t)type,
			    .target_class = (uint16_t)tclass,
			    .specified = AVTAB_ALLOWED };
	const struct avtab_node *n =
		avtab_search_node((avtab_t *)&db->te_avtab, &key);

	return n ? n->datum.data : 0;
}

/* What every one of @members, types in blocks aside, may do to itself in
 * @tclass. */
static uint32_t common_access(const policydb_t *db, const ebitmap_t *members,
			      uint32_t tclass)
{
	uint32_t bits = UINT32_MAX;
	ebitmap_node_t *node;
	unsigned i;

	ebitmap_for_each_positive_bit(members, node, i)
	{
		/* modules were put into some policies in this very way */
		if (strchr(db->p_type_val_to_name[i], '.'))
			continue;
		bits &= self_access(db, i + 1, tclass);
		if (!bits)
			return 0;
	}
	return bits;
}

static int add_self(struct search *s, uint32_t type, const char *tclass,
		    uint32_t bits)
{
	const class_datum_t *c =
		sc_db_find(s->to->p_classes.table, sc_view(tclass));
	avtab_key_t key = { .source_type = (uint16_t)type,
			    .target_type = (uint16_t)type,
			    .target_class = (uint16_t)(c ? c->s.value : 0),
			    .specified = AVTAB_ALLOWED };
	avtab_datum_t datum = { .data = bits };
	avtab_ptr_t known;

	if (!c)
		return 0;
	known = avtab_search_node(&s->to->te_avtab, &key);
	if (known) {
		known->datum.data |= bits;
		return 0;
	}
	return avtab_insert(&s->to->te_avtab, &key, &datum) < 0
		       ? sc_no_memory(s->err)
		       : 0;
}

static int infer_self(struct search *s, uint32_t type, const ebitmap_t *members)
{
	for (uint32_t c = 1; c <= s->from->p_classes.nprim; c++)
		if (s->members != members)
			s->common[c - 1] = common_access(s->from, members, c);
	s->members = members;
	for (uint32_t c = 1; c <= s->from->p_classes.nprim; c++) {
		uint32_t bits = s->common[c - 1];
		int r = bits ? add_self(s, type,
					s->from->p_class_val_to_name[c - 1],
					bits)
			     : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

/* A set that the compiler made, of members of @members alone and most of them?
 */
static bool is_rest_of(const policydb_t *db, uint32_t set,
		       const ebitmap_t *members)
{
	const ebitmap_t *part = &db->attr_type_map[set - 1];

	return db->type_val_to_struct[set - 1]->flavor == TYPE_ATTRIB &&
	       strstr(db->p_type_val_to_name[set - 1], "_typeattr_") &&
	       ebitmap_contains(members, part) &&
	       ebitmap_cardinality(part) * 2 > ebitmap_cardinality(members);
}

static int join(struct search *s, uint32_t type, const char *set)
{
	uint32_t attribute = type_in(s->to, set);

	if (!attribute)
		return 0;
	if (ebitmap_set_bit(&s->to->type_attr_map[type - 1], attribute - 1, 1) <
		    0 ||
	    ebitmap_set_bit(&s->to->attr_type_map[attribute - 1], type - 1, 1) <
		    0)
		return sc_no_memory(s->err);
	return 0;
}

static int infer_sets(struct search *s, uint32_t type, const ebitmap_t *members)
{
	for (uint32_t set = 1; set <= s->from->p_types.nprim; set++) {
		int r = is_rest_of(s->from, set, members)
				? join(s, type,
				       s->from->p_type_val_to_name[set - 1])
				: 0;

		if (r < 0)
			return r;
	}
	return 0;
}

/* What @type, new in @to, gets from @attribute. */
static int infer_from(struct search *s, uint32_t type, uint32_t attribute)
{
	const char *name = s->to->p_type_val_to_name[attribute - 1];
	uint32_t known = type_in(s->from, name);
	const ebitmap_t *members;
	int r;

	if (!known ||
	    s->from->type_val_to_struct[known - 1]->flavor != TYPE_ATTRIB)
		return 0;
	members = &s->from->attr_type_map[known - 1];
	if (ebitmap_cardinality(members) < MEMBERS_MIN)
		return 0;
	r = infer_self(s, type, members);
	return r < 0 ? r : infer_sets(s, type, members);
}

static int infer_type(struct search *s, uint32_t type)
{
	SC_CLEAN(ebitmap_destroy) ebitmap_t attributes = { 0 };
	ebitmap_node_t *node;
	unsigned i;

	/* a copy: joining a set changes the map that is walked */
	if (ebitmap_cpy(&attributes, &s->to->type_attr_map[type - 1]) < 0)
		return sc_no_memory(s->err);
	ebitmap_for_each_positive_bit(&attributes, node, i)
	{
		int r = i + 1 == type ? 0 : infer_from(s, type, i + 1);

		if (r < 0)
			return r;
	}
	return 0;
}

int sc_infer_rules(const policydb_t *from, policydb_t *to,
		   const struct sc_anew *anew, struct sc_error *err)
{
	SC_CLEAN(search_free)
	struct search s = { .from = from, .to = to, .anew = anew, .err = err };

	s.common = calloc(from->p_classes.nprim, sizeof(*s.common));
	if (!s.common)
		return sc_no_memory(err);

	for (uint32_t t = 1; t <= to->p_types.nprim; t++) {
		int r = is_new(&s, t) ? infer_type(&s, t) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}
