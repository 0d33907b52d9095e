/*
 * differ.h - do two policies mean the same?
 *
 * Two files can hold one policy in different orders, as the kernel's own
 * writer shows. Values of booleans are no part of a policy here: they are the
 * running kernel's.
 */
#ifndef SC_POLICY_DIFFER_H
#define SC_POLICY_DIFFER_H

#include "policy/relax.h"

/*
 * 1: @a and @b are the same but for what the @n of @but were relaxed in; 0:
 * they differ, and @words, a text that does not go, says in what. Neither
 * changes. A dontaudit rule of an attribute is the same as one for each of its
 * types. Errors: SC_ENOMEM; SC_EPOLICY.
 */
int sc_policy_is_same(struct sc_policy *a, struct sc_policy *b,
		      const struct sc_relaxed *but, size_t n,
		      const char **words, struct sc_error *err) SC_MUST_USE;

#endif
