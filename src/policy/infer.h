/* infer.h - rules of a policy's source that its compiled form lost. */
#ifndef SC_POLICY_INFER_H
#define SC_POLICY_INFER_H

#include "policy/decompile.h"

/*
 * A compiled policy has two kinds of rules only as what became of them: "allow
 * ATTRIBUTE self" is there once for each member, and a set such as "all domains
 * but two" is a list of the rest. A new member of the attribute gets both when
 * the whole policy is compiled, so @to must not lack them: for each type of @to
 * that @from does not have or @anew defines, and each large attribute it joins,
 * add the access to itself that all members have in @from, and join the
 * generated sets that hold most of the members. Errors: SC_ENOMEM.
 */
int sc_infer_rules(const policydb_t *from, policydb_t *to,
		   const struct sc_anew *anew, struct sc_error *err)
	SC_MUST_USE;

#endif
