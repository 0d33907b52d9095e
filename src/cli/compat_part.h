/* compat_part.h - which rules audit2allow writes, and what it leaves out. */
#ifndef SC_CLI_COMPAT_PART_H
#define SC_CLI_COMPAT_PART_H

#include "cli/compat.h"
#include "rules/ioctl.h"

/* One set of accesses, as far as it is written, and what is left out of it. */
struct sc_compat_part {
	const struct sc_access_set *set;
	struct sc_rule rule; /* .perms empty: nothing is written */
	struct sc_str left_out;
	struct sc_rule left_ioctls; /* of a rule that is written; often none */
	struct sc_str why;          /* it is left out */
};

/* All that was collected, parted. */
struct sc_compat_parts {
	const struct sc_compat_options *options;
	const struct sc_guards *guards; /* NULL: none is asked */
	const struct sc_collection *all;
	struct sc_compat_part *v; /* one for each set, in the same order */
	struct sc_arena *arena;
};

/* Fill .v, and append to @rules what is written. Errors: SC_ENOMEM; those of
 * asking guards. */
int sc_compat_part(struct sc_compat_parts *m, struct sc_rules *rules,
		   struct sc_error *err) SC_MUST_USE;

/* Are both about the same source, target and class? */
bool sc_compat_same_rule(const struct sc_compat_part *a,
			 const struct sc_compat_part *b);

#endif
