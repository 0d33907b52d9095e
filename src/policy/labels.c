#include "policy/labels.h"

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
