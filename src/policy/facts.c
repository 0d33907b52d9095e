#include "policy/facts.h"

#include "base/vec.h"
#include "policy/db.h"

/* ---- counting and the digest */

/* Bits that a running kernel turns on and off with a boolean. */
#define STATE_BITS ((uint16_t)AVTAB_ENABLED)
#define HIDING (AVTAB_AUDITDENY | AVTAB_XPERMS_DONTAUDIT)

struct count {
	size_t allows;
	size_t dontaudits;
	uint64_t digest;
};

/* FNV-1a; each thing is hashed by itself and the sums added, since the order of
 * tables is no part of a policy. */
static uint64_t hash(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t hash_start(char kind)
{
	return hash(UINT64_C(0xcbf29ce484222325), &kind, 1);
}

static int count_rule(avtab_key_t *key, avtab_datum_t *datum, void *data)
{
	uint16_t kind = key->specified & (uint16_t)~STATE_BITS;
	const uint16_t numbers[] = { key->source_type, key->target_type,
				     key->target_class, kind };
	uint64_t h = hash(hash_start('r'), numbers, sizeof(numbers));
	struct count *c = data;

	if (kind & HIDING) {
		c->dontaudits++;
		return 0;
	}
	if (kind & AVTAB_XPERMS) {
		const avtab_extended_perms_t *x = datum->xperms;

		h = hash(h, &x->specified, sizeof(x->specified));
		h = hash(h, &x->driver, sizeof(x->driver));
		h = hash(h, x->perms, sizeof(x->perms));
	} else {
		h = hash(h, &datum->data, sizeof(datum->data));
	}
	c->digest += h;
	c->allows += (kind & AVTAB_ALLOWED) != 0;
	return 0;
}

static int count_name(struct count *c, char kind, const char *name,
		      uint32_t value)
{
	uint64_t h = hash(hash_start(kind), &value, sizeof(value));

	c->digest += hash(h, name, strlen(name));
	return 0;
}

static int count_class(hashtab_key_t key, hashtab_datum_t datum, void *data)
{
	const class_datum_t *class = datum;
	const char defaults[] = { class->default_user, class->default_role,
				  class->default_type, class->default_range };
	struct count *c = data;

	c->digest += hash(hash(hash_start('d'), key, strlen(key)), defaults,
			  sizeof(defaults));
	return count_name(c, 'c', key, class->s.value);
}

static int count_all(const policydb_t *db, struct count *c,
		     struct sc_error *err)
{
	avtab_t always = db->te_avtab, sometimes = db->te_cond_avtab;

	for (uint32_t i = 0; i < db->p_types.nprim; i++)
		if (db->p_type_val_to_name[i])
			count_name(c, 't', db->p_type_val_to_name[i], i);
	if (avtab_map(&always, count_rule, c) < 0 ||
	    avtab_map(&sometimes, count_rule, c) < 0 ||
	    hashtab_map(db->p_classes.table, count_class, c) < 0)
		return sc_fail(err, SC_EPOLICY, "cannot walk the policy");
	return 0;
}

/* ---- the state of booleans */

static int compare_switches(const void *x, const void *y)
{
	const struct sc_switch_state *a = x, *b = y;

	return strcmp(a->name.s, b->name.s);
}

static int keep_switches(const policydb_t *db, struct sc_arena *a,
			 struct sc_facts *out, struct sc_error *err)
{
	for (uint32_t i = 0; i < db->p_bools.nprim; i++) {
		const cond_bool_datum_t *b = db->bool_val_to_struct[i];
		struct sc_switch_state one = { .on = b && b->state };

		if (!b)
			continue;
		if (!sc_keep(a, sc_view(db->p_bool_val_to_name[i]),
			     &one.name) ||
		    !SC_PUSH(a, &out->switches, one))
			return sc_no_memory(err);
	}
	if (out->switches.n)
		qsort(out->switches.v, out->switches.n,
		      sizeof(*out->switches.v), compare_switches);
	return 0;
}

static int keep_permissive(const struct sc_policy *p, struct sc_arena *a,
			   struct sc_facts *out, struct sc_error *err)
{
	int r = sc_policy_permissive(p, a, &out->permissive, err);

	for (size_t i = 0; i < out->permissive.n && r == 0; i++)
		if (!sc_keep(a, out->permissive.v[i], &out->permissive.v[i]))
			r = sc_no_memory(err);
	return r;
}

int sc_facts_read(const struct sc_policy *p, struct sc_arena *a,
		  struct sc_facts *out, struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);
	struct sc_facts f = { .version = db->policyvers, .mls = db->mls };
	struct count c = { 0 };
	int r = keep_permissive(p, a, &f, err);

	if (r == 0)
		r = keep_switches(db, a, &f, err);
	if (r == 0)
		r = count_all(db, &c, err);
	if (r < 0)
		return r;
	f.unknown = db->handle_unknown == DENY_UNKNOWN     ? SC_UNKNOWN_DENY
		    : db->handle_unknown == REJECT_UNKNOWN ? SC_UNKNOWN_REJECT
							   : SC_UNKNOWN_ALLOW;
	for (uint32_t i = 0; i < db->p_types.nprim; i++)
		f.types += db->type_val_to_struct[i] &&
			   db->type_val_to_struct[i]->flavor == TYPE_TYPE;
	f.rules = c.allows;
	f.dontaudits = c.dontaudits;
	f.digest = c.digest;
	*out = f;
	return 0;
}

/* ---- asking for a rule */

struct wanted {
	const policydb_t *db;
	uint32_t perm;
};

static bool has_rule(void *data, avtab_key_t *key)
{
	const struct wanted *w = data;
	avtab_t always = w->db->te_avtab, sometimes = w->db->te_cond_avtab;
	avtab_ptr_t node;

	for (node = avtab_search_node(&always, key); node;
	     node = avtab_search_node_next(node, key->specified))
		if (node->datum.data & w->perm)
			return true;
	for (node = avtab_search_node(&sometimes, key); node;
	     node = avtab_search_node_next(node, key->specified))
		if (node->key.specified & AVTAB_ENABLED &&
		    node->datum.data & w->perm)
			return true;
	return false;
}

bool sc_policy_allows(const struct sc_policy *p, struct sc_str source,
		      struct sc_str target, struct sc_str tclass,
		      struct sc_str perm)
{
	const policydb_t *db = sc_policy_db(p);
	const type_datum_t *from = sc_db_type(db, source);
	const type_datum_t *to = sc_db_type(db, target);
	const class_datum_t *class = sc_db_find(db->p_classes.table, tclass);
	struct wanted w = { db, class ? sc_db_perm(class, perm) : 0 };
	avtab_key_t key = { .specified = AVTAB_ALLOWED };

	if (!from || !to || !w.perm)
		return false;
	key.source_type = (uint16_t)from->s.value;
	key.target_type = (uint16_t)to->s.value;
	key.target_class = (uint16_t) class->s.value;
	return sc_db_each_key(db, &key, has_rule, &w);
}

bool sc_policy_has_default_range(const struct sc_policy *p,
				 struct sc_str tclass)
{
	const class_datum_t *class =
		sc_db_find(sc_policy_db(p)->p_classes.table, tclass);

	return class && class->default_range != 0;
}
