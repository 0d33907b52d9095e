/*
 * name.h - what modules are called, and which level a container gets.
 */
#ifndef SC_RULES_NAME_H
#define SC_RULES_NAME_H

#include "spec/spec.h"

#define SC_MODULE_NAME_MAX 100 /* bytes; the store makes a folder of it */

/*
 * "misp_redis" out of project "misp" and service "redis", every character that
 * is no letter, digit or '_' turned into '_'. The project stands in front,
 * since a module called "redis" would take the place of the distribution's.
 * Errors: SC_EREFUSED if CIL would not take the name, with what to do;
 * SC_ENOMEM.
 */
int sc_module_name(struct sc_str project, struct sc_str service,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
	SC_MUST_USE;

struct sc_levels_taken {
	struct sc_str *v;
	size_t n;
	size_t room;
};

/*
 * A level with two categories, "s0:c12,c345": the same for the same name, and
 * none of @taken, to which it is added. Errors: SC_ELIMIT, SC_ENOMEM.
 */
int sc_level_choose(struct sc_str name, struct sc_levels_taken *taken,
		    struct sc_arena *a, struct sc_str *out,
		    struct sc_error *err) SC_MUST_USE;

/* Is @level "s0:cA,cB", A and B different and below 1024? */
bool sc_level_is_own(struct sc_str level);

/* Do both stand for the same categories, as "s0:c1,c2" and "s0:c2,c1" do? */
bool sc_level_same(struct sc_str x, struct sc_str y);

#endif
