/* vectors_db.h - inside of struct sc_vectors, for guard.c. */
#ifndef SC_POLICY_VECTORS_DB_H
#define SC_POLICY_VECTORS_DB_H

#include "policy/db.h"
#include "policy/vectors.h"

/* A rule with numbers, of the domain or of one of its attributes. */
struct sc_extended {
	uint32_t target; /* value of a type or an attribute */
	uint32_t tclass;
	const avtab_extended_perms_t *numbers; /* in the policy */
};

struct sc_extended_list {
	struct sc_extended *v;
	size_t n;
};

struct sc_vectors {
	const policydb_t *db;
	uint32_t domain;  /* value of the type */
	uint32_t types;   /* rows */
	uint32_t classes; /* columns */
	struct sc_extended_list extended;
	uint32_t *v; /* [type value - 1][class value - 1] */
};

/* The names of @bits in @tclass, "open read", sorted; false without memory. */
bool sc_vectors_name_perms(const policydb_t *db, uint32_t tclass, uint32_t bits,
			   struct sc_arena *a, struct sc_str *out);

static inline uint32_t *sc_vectors_at(const struct sc_vectors *v, uint32_t type,
				      uint32_t tclass)
{
	return &v->v[(size_t)(type - 1) * v->classes + (tclass - 1)];
}

#endif
