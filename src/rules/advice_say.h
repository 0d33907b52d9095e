/* advice_say.h - a row of data/advice.tsv, filled in for one denial. */
#ifndef SC_RULES_ADVICE_SAY_H
#define SC_RULES_ADVICE_SAY_H

#include "rules/advice_rows.h"

/*
 * Fill the id, words, todo and commands of @out from the first row of @key, or
 * of @out's class, that fits @p, the permission that decides. Errors:
 * SC_ENOMEM.
 */
int sc_advice_say(const struct sc_case *c, const char *key,
		  const struct sc_finding_perm *p, struct sc_arena *a,
		  struct sc_advice *out, struct sc_error *err) SC_MUST_USE;

#endif
