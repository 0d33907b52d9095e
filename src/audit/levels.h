/*
 * levels.h - how the levels of two contexts relate.
 *
 * Whether a constraint on levels holds depends on nothing else, so denials that
 * agree in it can be counted as one, whatever their categories are.
 */
#ifndef SC_AUDIT_LEVELS_H
#define SC_AUDIT_LEVELS_H

#include "audit/tally.h"

struct sc_levels_relation {
	enum sc_levels kind;
	/* Equal for equal relations; of ranges too, end by end. */
	uint64_t code;
};

struct sc_levels_relation sc_levels_relate(struct sc_str source,
					   struct sc_str target);

/* Do "s0:c1,c2" and "s0:c2,c1" say the same? They do; so do c1.c3 and c1,c2,c3.
 */
bool sc_levels_equal(struct sc_str a, struct sc_str b);

/* "equal", "dominates", ...: as JSON has it. */
const char *sc_levels_name(enum sc_levels levels);

#endif
