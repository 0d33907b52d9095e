/* despite.h - rules that guards refuse, written because the user named those
 * guards. */
#ifndef SC_CLI_DESPITE_H
#define SC_CLI_DESPITE_H

#include "cli/judge.h"
#include "rules/learn.h"

/*
 * From here on, take what only the guards @ids ("G13,G22"; NULL: none) refuse
 * for a matter of rules. Errors: SC_ENOTFOUND if one is no guard.
 */
int sc_despite_judge(const char *ids, struct sc_judge *j, struct sc_error *err)
	SC_MUST_USE;

/* Move what they refuse of @refused into @rules. Errors: SC_ENOMEM. */
int sc_despite_rules(const char *ids, struct sc_refusals *refused,
		     struct sc_arena *a, struct sc_rules *rules,
		     struct sc_error *err) SC_MUST_USE;

#endif
