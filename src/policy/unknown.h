/* unknown.h - the name at which the compiler stopped. */
#ifndef SC_POLICY_UNKNOWN_H
#define SC_POLICY_UNKNOWN_H

#include "policy/cil_read.h"
#include "policy/compile.h"

/*
 * libsepol says which statement it could not resolve, and not which name in it.
 * Look through the rules of @top, a module called @name, for a type, class or
 * permission that neither @p has nor a block in @blocks can have declared. If
 * there is one, @err says it, with its line and the nearest known name; the
 * return value tells whether there was.
 */
bool sc_unknown_find(const struct sc_policy *p, struct sc_str name,
		     const struct sc_cil *top, const struct sc_names *blocks,
		     struct sc_arena *a, struct sc_error *err);

#endif
