/*
 * structure.h - may this text be a container's module at all?
 *
 * Guards judge what a policy grants; some statements grant nothing to our
 * domain and are dangerous all the same: rules for foreign domains, macros,
 * labels of ports, permissive domains. So a module may only say what selcage
 * itself would write, and everything else is found here, on the tree, before it
 * is compiled.
 */
#ifndef SC_POLICY_STRUCTURE_H
#define SC_POLICY_STRUCTURE_H

#include "base/finding.h"
#include "policy/cil_read.h"
#include "policy/compile.h"

#define SC_MODULE_BYTES ((size_t)1 << 20) /* of one module, at most */
#define SC_MODULE_RULES 4000              /* of one module, at most */
#define SC_MODULE_NAMES 100               /* blocks, and types, of the same */
#define SC_RULE_NUMBERS 1000              /* of one extended rule */
#define SC_MODULE_NUMBERS 1000000         /* in the ranges of one module */

/* What the base declares at its top. */
struct sc_base_names {
	struct sc_names blocks;
	struct sc_names attributes;
};

/*
 * Is it rules for domains that the policy has already, as selcage allow writes
 * them? Then it has no block, and nothing but allow, allowx, dontaudit and
 * dontauditx.
 */
bool sc_structure_is_rules(const struct sc_cil *top);

/*
 * Append to @out what is wrong with @module, whose tree is @top. Where it is
 * rules alone: sources that are no types of @p. Else every statement that is
 * not
 *
 *   (block NAME ...), and in it  NAME none of @base's or of SC_PROBE
 *   (blockinherit B)             B a block of @base
 *   (allow process T (C (P...))) also allowx, dontaudit, dontauditx
 *   (type T)  (roletype system_r T)  (roletype object_r T)
 *   (typeattributeset A (T))     A domain or mcs_constrained_type; or one of
 *                                labels, for a type that is not the domain
 *   (portcon ...) (filecon ...)  claims: sc_claims_read() has looked at them
 *
 * where sources are types of the block. In both, targets are types or "self",
 * never attributes of @p or @base, and permissions are words, never "all" or an
 * expression. Errors: SC_ENOMEM.
 */
int sc_structure_check(const struct sc_policy *p,
		       const struct sc_source *module, const struct sc_cil *top,
		       const struct sc_base_names *base, struct sc_arena *a,
		       struct sc_findings *out, struct sc_error *err)
	SC_MUST_USE;

#endif
