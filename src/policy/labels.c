#include "policy/labels.h"

#include "base/buf.h"
#include "base/vec.h"
#include "policy/db.h"

#define PORTS 65536

static const struct {
	struct sc_str name;
	uint8_t number;
} protocols[] = {
	{ { "tcp", 3 }, 6 },
	{ { "udp", 3 }, 17 },
	{ { "dccp", 4 }, 33 },
	{ { "sctp", 4 }, 132 },
};

/* 0, which is the number of no protocol with ports, if it is none of ours. */
static uint8_t number_of(struct sc_str proto)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (sc_str_eq(protocols[i].name, proto))
			return protocols[i].number;
	return 0;
}

int sc_port_type(const struct sc_policy *p, struct sc_str proto, uint16_t port,
		 struct sc_str *type, struct sc_error *err)
{
	uint16_t last;

	return sc_port_run(p, proto, port, type, &last, err);
}

int sc_port_run(const struct sc_policy *p, struct sc_str proto, uint16_t port,
		struct sc_str *type, uint16_t *last, struct sc_error *err)
{
	return sc_port_run_without(p, proto, port, (struct sc_str){ 0 }, type,
				   last, err);
}

/* "web.port" of the block "web" */
static bool is_of_block(const policydb_t *db, const ocontext_t *o,
			struct sc_str block)
{
	struct sc_str name =
		sc_view(db->p_type_val_to_name[o->context[0].type - 1]);

	return block.n && sc_take_prefix(&name, block) && name.n &&
	       *name.s == '.';
}

int sc_port_run_without(const struct sc_policy *p, struct sc_str proto,
			uint16_t port, struct sc_str block, struct sc_str *type,
			uint16_t *last, struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);
	uint8_t number = number_of(proto);
	uint32_t before = PORTS; /* where an earlier portcon takes over */

	for (const ocontext_t *o = db->ocontexts[OCON_PORT]; o; o = o->next) {
		if (!number || o->u.port.protocol != number ||
		    port > o->u.port.high_port || is_of_block(db, o, block))
			continue;
		if (port < o->u.port.low_port) {
			if (o->u.port.low_port < before)
				before = o->u.port.low_port;
			continue;
		}
		*type = sc_view(db->p_type_val_to_name[o->context[0].type - 1]);
		*last = o->u.port.high_port < before ? o->u.port.high_port
						     : (uint16_t)(before - 1);
		return 0;
	}
	return sc_fail(err, SC_ENOTFOUND,
		       "the policy has no type for %s port " SC_FMT "/%u",
		       number ? "the" : "an unknown kind of", SC_ARG(proto),
		       port);
}

/* Ports whose first portcon was found already, one bit each. */
struct ports {
	uint64_t v[PORTS / 64];
};

/* Mark the ports of @o, a word at a time; how many were not marked before. */
static size_t mark(struct ports *seen, const ocontext_t *o)
{
	uint32_t first = o->u.port.low_port, last = o->u.port.high_port;
	size_t fresh = 0;

	for (uint32_t i = first; i <= last; i = (i / 64 + 1) * 64) {
		uint32_t end = i / 64 == last / 64 ? last % 64 : 63;
		uint64_t bits =
			(UINT64_MAX >> (63 - end)) & (UINT64_MAX << (i % 64));

		fresh += (size_t)__builtin_popcountll(bits & ~seen->v[i / 64]);
		seen->v[i / 64] |= bits;
	}
	return fresh;
}

size_t sc_port_type_size(const struct sc_policy *p, struct sc_str proto,
			 struct sc_str type)
{
	const policydb_t *db = sc_policy_db(p);
	const type_datum_t *wanted = sc_db_type(db, type);
	uint8_t number = number_of(proto);
	struct ports seen = { 0 };
	size_t n = 0;

	if (!wanted || !number)
		return 0;
	for (const ocontext_t *o = db->ocontexts[OCON_PORT]; o; o = o->next) {
		size_t fresh;

		if (o->u.port.protocol != number)
			continue;
		fresh = mark(&seen, o);
		if (o->context[0].type == wanted->s.value)
			n += fresh;
	}
	return n;
}

#define WIDE 200 /* ports: a type of more is not for one service */

/* What rules give one source, as a set of types. */
struct given {
	const policydb_t *db;
	const ebitmap_t *sources; /* the type's own number, its attributes' */
	uint32_t tclass;
	uint32_t perm;
	ebitmap_t targets;
};

static int add_targets(avtab_key_t *key, avtab_datum_t *datum, void *data)
{
	struct given *g = data;

	if (!(key->specified & AVTAB_ALLOWED) ||
	    key->target_class != g->tclass || !(datum->data & g->perm) ||
	    !ebitmap_get_bit(g->sources, key->source_type - 1U))
		return 0;
	return ebitmap_union(&g->targets,
			     &g->db->attr_type_map[key->target_type - 1]);
}

static int name_targets(const struct sc_policy *p, const struct given *g,
			struct sc_str proto, struct sc_arena *a,
			struct sc_names *out)
{
	ebitmap_node_t *node;
	uint32_t i;

	ebitmap_for_each_positive_bit(&g->targets, node, i)
	{
		struct sc_str name = sc_view(g->db->p_type_val_to_name[i]);
		size_t size = sc_port_type_size(p, proto, name);

		if (size && size <= WIDE && !SC_PUSH(a, out, name))
			return -1;
	}
	return 0;
}

static int by_name(const void *one, const void *two)
{
	const struct sc_str *a = one, *b = two;

	return strcmp(a->s, b->s);
}

int sc_port_types_of(const struct sc_policy *p, struct sc_str source,
		     struct sc_str proto, struct sc_str perm,
		     struct sc_arena *a, struct sc_names *out,
		     struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);
	const type_datum_t *type = sc_db_type(db, source);
	avtab_t rules = db->te_avtab;
	struct given g = { .db = db };
	const class_datum_t *class;
	struct sc_str name;
	int r;

	*out = (struct sc_names){ 0 };
	if (!sc_keepf(a, &name, SC_FMT "_socket", SC_ARG(proto)))
		return sc_no_memory(err);
	class = sc_db_find(db->p_classes.table, name);
	if (!type || !class)
		return 0;
	g.sources = &db->type_attr_map[type->s.value - 1];
	g.tclass = class->s.value;
	g.perm = sc_db_perm(class, perm);
	r = avtab_map(&rules, add_targets, &g);
	if (r == 0)
		r = name_targets(p, &g, proto, a, out);
	ebitmap_destroy(&g.targets);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_name);
	return r < 0 ? sc_no_memory(err) : 0;
}
