/*
 * finding.h - what a check, a proof or a guard has to say.
 */
#ifndef SC_BASE_FINDING_H
#define SC_BASE_FINDING_H

#include "base/vec.h"

struct sc_finding {
	struct sc_str id; /* words or a guard's id: "structure/foreign-type" */
	bool blocks;      /* what it is about must not be loaded */
	struct sc_str where; /* "misp_db.cil:12"; empty: the whole */
	struct sc_str text;  /* what is the matter, one line, lower case */
	struct sc_str todo;  /* what to do next; may be empty */
};

struct sc_findings {
	struct sc_finding *v; /* in the order in which they were found */
	size_t n;
	size_t room;
};

#endif
