/* graft.h - rules added to a module that is text already, hand edits and all.
 */
#ifndef SC_RULES_GRAFT_H
#define SC_RULES_GRAFT_H

#include "base/buf.h"
#include "rules/rule.h"

struct sc_graft {
	struct sc_str name;   /* of the module, and of its block */
	struct sc_str domain; /* "NAME.process" is the block's own */
	struct sc_str text;   /* of the module; empty: there is none yet */
};

/*
 * The module that learned rules for @domain belong into: "shop_web" for
 * "shop_web.process"; else one of rules alone, "learned_web_t". In @a.
 * SC_ENOMEM.
 */
int sc_graft_name(struct sc_str domain, struct sc_arena *a, struct sc_str *out,
		  struct sc_error *err) SC_MUST_USE;

/*
 * Append to @out the text of @g with @rules in it: before the end of the block
 * of its name, or at its end if it is rules alone. Errors: SC_ESYNTAX, it is no
 * CIL, or has no such block; those of sc_cil_write().
 */
int sc_graft_write(const struct sc_graft *g, const struct sc_rules *rules,
		   struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
	SC_MUST_USE;

#endif
