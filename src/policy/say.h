/* say.h - an access in plain words. */
#ifndef SC_POLICY_SAY_H
#define SC_POLICY_SAY_H

#include "base/buf.h"
#include "policy/vectors.h"

/*
 * Append what @v lets a domain do, a verb first: "listens on tcp ports of
 * redis_port_t (6379)", "reads and changes files of var_t". The names behind it
 * are those of the policy.
 */
void sc_say_vector(const struct sc_policy *p, const struct sc_vector *v,
		   struct sc_buf *out);

/* What a block of the base gives (data/blocks.tsv); its name if not listed. */
struct sc_str sc_say_block(struct sc_str block);

#endif
