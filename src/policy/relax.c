#include "policy/relax.h"

#include "base/vec.h"
#include "policy/db.h"

SC_DEFINE_CLEAN(sepol_handle_t, sepol_handle_destroy)

#define DONTAUDIT (AVTAB_AUDITDENY | AVTAB_XPERMS_DONTAUDIT)

/* One rule of an attribute, and the branch of a condition it stands in. */
struct shared {
	avtab_key_t key;
	avtab_datum_t datum; /* its xperms point to .xperms */
	avtab_extended_perms_t xperms;
	cond_av_list_t **branch; /* NULL: of no condition */
};

struct silence {
	policydb_t *db;
	uint32_t domain;             /* its value */
	const ebitmap_t *attributes; /* of the domain, and itself */
	struct sc_arena arena;
	struct {
		struct shared *v;
		size_t n;
		size_t room;
	} shared;
};

static void silence_free(struct silence *s)
{
	sc_arena_free(&s->arena);
}

/*
 * A rule that hides nothing. It stays in its place, so that lists of conditions
 * need no change: a set bit is audited, and no bit of xperms is hidden.
 */
static void empty_rule(avtab_ptr_t node)
{
	if (node->key.specified & AVTAB_AUDITDENY)
		node->datum.data = UINT32_MAX;
	else if (node->datum.xperms)
		memset(node->datum.xperms->perms, 0,
		       sizeof(node->datum.xperms->perms));
}

/* False without memory. */
static bool empty_if_ours(struct silence *s, avtab_ptr_t node,
			  cond_av_list_t **branch)
{
	struct shared copy = { .key = node->key,
			       .datum = node->datum,
			       .branch = branch };

	if (!(node->key.specified & DONTAUDIT) ||
	    !ebitmap_get_bit(s->attributes, node->key.source_type - 1U))
		return true;
	if (node->datum.xperms)
		copy.xperms = *node->datum.xperms;
	if (node->key.source_type != s->domain &&
	    !SC_PUSH(&s->arena, &s->shared, copy))
		return false;
	empty_rule(node);
	return true;
}

static bool empty_table(struct silence *s)
{
	avtab_t *t = &s->db->te_avtab;

	for (uint32_t i = 0; i < t->nslot; i++)
		for (avtab_ptr_t node = t->htable[i]; node; node = node->next)
			if (!empty_if_ours(s, node, NULL))
				return false;
	return true;
}

static bool empty_branch(struct silence *s, cond_av_list_t **branch)
{
	for (cond_av_list_t *l = *branch; l; l = l->next)
		if (!empty_if_ours(s, l->node, branch))
			return false;
	return true;
}

static bool empty_conditions(struct silence *s)
{
	for (cond_node_t *c = s->db->cond_list; c; c = c->next)
		if (!empty_branch(s, &c->true_list) ||
		    !empty_branch(s, &c->false_list))
			return false;
	return true;
}

/* Rules of no condition, and of one key, are one rule. */
static bool unite(struct silence *s, avtab_key_t *key,
		  const avtab_datum_t *datum)
{
	avtab_ptr_t known;

	if (!(key->specified & AVTAB_AUDITDENY))
		return false;
	known = avtab_search_node(&s->db->te_avtab, key);
	if (known)
		known->datum.data &= datum->data;
	return known != NULL;
}

static bool add_copy(struct silence *s, struct shared *rule, uint32_t source)
{
	avtab_t *table =
		rule->branch ? &s->db->te_cond_avtab : &s->db->te_avtab;
	avtab_key_t key = rule->key;
	cond_av_list_t *item;

	key.source_type = (uint16_t)source;
	if (rule->datum.xperms)
		rule->datum.xperms = &rule->xperms;
	if (!rule->branch)
		return unite(s, &key, &rule->datum) ||
		       avtab_insert_nonunique(table, &key, &rule->datum);
	item = calloc(1, sizeof(*item));
	if (!item)
		return false;
	item->node = avtab_insert_nonunique(table, &key, &rule->datum);
	if (!item->node) {
		free(item);
		return false;
	}
	item->node->parse_context = item; /* without it, it is not written */
	item->next = *rule->branch;
	*rule->branch = item;
	return true;
}

/* The rule of an attribute, for each other type that is in it; to libsepol an
 * attribute is in itself as well. */
static bool share_out(struct silence *s, struct shared *rule)
{
	ebitmap_node_t *node;
	uint32_t i;

	ebitmap_for_each_positive_bit(
		&s->db->attr_type_map[rule->key.source_type - 1], node, i)
	{
		if (i + 1 == s->domain ||
		    s->db->type_val_to_struct[i]->flavor == TYPE_ATTRIB)
			continue;
		if (!add_copy(s, rule, i + 1))
			return false;
	}
	return true;
}

static bool break_silence(policydb_t *db, uint32_t domain)
{
	SC_CLEAN(silence_free)
	struct silence s = { .db = db,
			     .domain = domain,
			     .attributes = &db->type_attr_map[domain - 1] };
	bool ok = empty_table(&s) && empty_conditions(&s);

	for (size_t i = 0; ok && i < s.shared.n; i++)
		ok = share_out(&s, &s.shared.v[i]);
	return ok;
}

static int find(const struct sc_policy *p, struct sc_str domain, uint32_t *out,
		struct sc_error *err)
{
	const type_datum_t *type = sc_db_type(sc_policy_db(p), domain);

	if (!type)
		return sc_fail(err, SC_ENOTFOUND,
			       "the policy has no type '" SC_FMT "'",
			       SC_ARG(domain));
	*out = type->s.value;
	return 0;
}

int sc_policy_relax(struct sc_policy *p, const struct sc_relaxed *r,
		    struct sc_error *err)
{
	SC_CLEAN(sc_words_drop) struct sc_words words;
	policydb_t *db = sc_policy_db(p);
	uint32_t value = 0;
	int code = find(p, r->domain, &value, err);

	if (code < 0)
		return code;
	sc_words_keep(&words);
	/* its bits are counted from 1, unlike those of other maps */
	if ((r->flags & SC_RELAX_PERMISSIVE) &&
	    ebitmap_set_bit(&db->permissive_map, value, 1) < 0)
		return sc_no_memory(err);
	if ((r->flags & SC_RELAX_AUDIT) && !break_silence(db, value))
		return sc_no_memory(err);
	return 0;
}

int sc_policy_enforce(struct sc_policy *p, struct sc_str domain,
		      struct sc_error *err)
{
	uint32_t value = 0;
	int code = find(p, domain, &value, err);

	if (code == 0 &&
	    ebitmap_set_bit(&sc_policy_db(p)->permissive_map, value, 0) < 0)
		return sc_no_memory(err);
	return code;
}

int sc_policy_write(struct sc_policy *p, struct sc_arena *a, struct sc_str *out,
		    struct sc_error *err)
{
	SC_CLEAN(sepol_handle_destroy_p) sepol_handle_t *handle = NULL;
	SC_CLEAN(sc_words_drop) struct sc_words words;
	SC_CLEAN(free_p) void *bytes = NULL;
	size_t n = 0;

	sc_words_keep(&words);
	handle = sepol_handle_create();
	if (!handle)
		return sc_no_memory(err);
	sc_words_hear(&words, handle);
	if (sepol_policydb_to_image(handle, p->db, &bytes, &n) < 0)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol cannot write the policy: %s",
			       *words.text ? words.text : "no reason given");
	return sc_keep(a, (struct sc_str){ bytes, n }, out) ? 0
							    : sc_no_memory(err);
}
