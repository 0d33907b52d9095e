/* traps.h - what is the matter with a host, and the cure of each: the words are
 * in data/traps.tsv. */
#ifndef SC_HOST_TRAPS_H
#define SC_HOST_TRAPS_H

#include "base/finding.h"
#include "host/status.h"

/*
 * The findings of @s, in the order of the table; .id is "status/..." and .where
 * what was found. Errors: SC_ENOMEM.
 */
int sc_traps_find(const struct sc_status *s, struct sc_arena *a,
		  struct sc_findings *out, struct sc_error *err) SC_MUST_USE;

/* How the finding @id is found, by the table. */
struct sc_str sc_trap_how(struct sc_str id);

/* Of a boolean that is @on: what is open by that; empty: nothing that the table
 * knows. @weight is "act", "note" or "info". */
struct sc_str sc_boolean_opens(struct sc_str name, bool on,
			       struct sc_str *weight);

/* How a container comes to run in the domain @type; empty: not known. */
struct sc_str sc_domain_means(struct sc_str type);

#endif
