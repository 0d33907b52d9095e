/* merge.h - put a policy's rules into one that was compiled from its names. */
#ifndef SC_POLICY_MERGE_H
#define SC_POLICY_MERGE_H

#include "policy/decompile.h"

/*
 * Add to @to every allow, dontaudit and extended-permission rule of @from, the
 * conditional ones with their conditions, translated by name. Rules about names
 * that @anew defines are left out: @to has the new ones. Errors: SC_ENOMEM;
 * SC_EPOLICY if @to lacks a name that a rule needs.
 */
int sc_merge_rules(const policydb_t *from, policydb_t *to,
		   const struct sc_anew *anew, struct sc_error *err)
	SC_MUST_USE;

#endif
