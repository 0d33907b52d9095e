/*
 * finding.h - what a check, a proof or a guard has to say.
 */
#ifndef SC_BASE_FINDING_H
#define SC_BASE_FINDING_H

#include "base/buf.h"
#include "base/vec.h"

#define SC_FINDINGS_MAX 100 /* more say nothing new */

struct sc_finding {
	struct sc_str id; /* words or a guard's id: "structure/foreign-type" */
	bool blocks;      /* what it is about must not be loaded; of a host: it
			     is to be seen to, and no mere note */
	struct sc_str where;   /* "misp_db.cil:12"; empty: the whole */
	struct sc_str text;    /* what is the matter, one line, lower case */
	struct sc_str todo;    /* what to do next; may be empty */
	struct sc_str command; /* for a shell, to do it; may be empty */
};

struct sc_findings {
	struct sc_finding *v; /* in the order in which they were found */
	size_t n;
	size_t room;
};

/* Where what is found in one module goes. */
struct sc_found {
	struct sc_str module;
	struct sc_arena *arena;
	struct sc_findings *out;
	bool no_memory; /* once true, it stays so: ask at the end */
};

/* Note that line @line of the module @to is about is refused, as @id. False
 * without memory; past SC_FINDINGS_MAX nothing is noted. */
bool sc_find(struct sc_found *to, const char *id, uint32_t line,
	     const char *fmt, ...) SC_PRINTF(4, 5);

#endif
