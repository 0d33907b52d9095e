/* advise_fault.h - what an error that SELinux logged means, and what to do: not
 * an access that was denied, but a label that could not be made or given. */
#ifndef SC_RULES_ADVISE_FAULT_H
#define SC_RULES_ADVISE_FAULT_H

#include "audit/faults.h"
#include "rules/advise.h"

struct sc_fault_advice {
	const struct sc_fault *fault;
	struct sc_str id;    /* of the row of data/advice.tsv that fits */
	struct sc_str words; /* as in struct sc_advice */
	struct sc_str todo;
};

/* Errors: SC_ENOMEM; SC_EPOLICY as sc_why_ask(). */
int sc_advise_fault(const struct sc_adviser *by, const struct sc_fault *f,
		    struct sc_arena *a, struct sc_fault_advice *out,
		    struct sc_error *err) SC_MUST_USE;

#endif
