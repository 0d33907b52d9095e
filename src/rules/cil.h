/* cil.h - write rules and modules as CIL. */
#ifndef SC_RULES_CIL_H
#define SC_RULES_CIL_H

#include "base/buf.h"
#include "rules/rule.h"

/*
 * Append @rules to @out as CIL, each under a comment that says why it is there.
 * Every name is checked: one that is no CIL identifier is SC_ESYNTAX, so that
 * nothing from a spec or a log can become policy that we did not mean.
 */
int sc_cil_write(const struct sc_rules *rules, struct sc_buf *out,
		 struct sc_error *err) SC_MUST_USE;

/* The same, each line after @indent. */
int sc_cil_write_under(const char *indent, const struct sc_rules *rules,
		       struct sc_buf *out, struct sc_error *err) SC_MUST_USE;

/* Append "(allowx S T (ioctl C (N ...)))" for the commands of @r, unchecked. */
void sc_cil_put_ioctls(const struct sc_rule *r, struct sc_buf *out);

/* Append the whole module @m: title, block, inherits, rules. Errors likewise.
 */
int sc_cil_write_module(const struct sc_module *m, struct sc_buf *out,
			struct sc_error *err) SC_MUST_USE;

/* Can CIL take @name as the name of a block, type, class or permission? A
 * letter first, then letters, digits, '_', '-' (and '.' between parts); no word
 * that CIL reads in another sense ("all", "not", "self", "*", ...). */
bool sc_cil_is_name(struct sc_str name);

#endif
