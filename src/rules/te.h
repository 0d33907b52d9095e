/* te.h - write rules in the language of checkmodule: a .te file. */
#ifndef SC_RULES_TE_H
#define SC_RULES_TE_H

#include "base/buf.h"
#include "rules/rule.h"

/*
 * Append the module @name with @rules to @out: what it requires, sorted, then
 * each rule under a comment that says why it is there. checkmodule -M -m takes
 * all that is written here. Errors: SC_EREFUSED if a name cannot stand in a .te
 * (a type with a dot: that is CIL's alone; a word of the language), or if there
 * are no rules, since a module cannot be empty; SC_ENOMEM.
 */
int sc_te_write(struct sc_str name, const struct sc_rules *rules,
		struct sc_buf *out, struct sc_error *err) SC_MUST_USE;

/* Can a .te take @name for a module, type, class or permission? */
bool sc_te_is_name(struct sc_str name);

/* Append "allow S T:C { P };" alone, unchecked. */
void sc_te_put_rule(const struct sc_rule *r, struct sc_buf *out);
/* Append "allowxperm S T:C ioctl { N-M };" for the commands of @r. */
void sc_te_put_ioctls(const struct sc_rule *r, struct sc_buf *out);

#endif
