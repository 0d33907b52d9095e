/* decompile.h - the names of a compiled policy as CIL, for compile.c. */
#ifndef SC_POLICY_DECOMPILE_H
#define SC_POLICY_DECOMPILE_H

#include "base/buf.h"
#include "policy/cil_read.h"
#include "policy/compile.h"
#include "policy/db.h"

/* What @sources define anew, so that a policy must not bring it. */
struct sc_anew {
	struct sc_names blocks;     /* "misp_db": all of "misp_db.*" */
	struct sc_names attributes; /* declared at the top of a module */
	bool has_core;              /* the abstract block selcage_core */
};

/* Read @sources, as far as needed to fill @out. Errors: as sc_cil_read(). */
int sc_anew_read(const struct sc_sources *sources, struct sc_arena *a,
		 struct sc_anew *out, struct sc_error *err) SC_MUST_USE;

/* Is type or attribute @name defined anew? */
bool sc_anew_has(const struct sc_anew *anew, struct sc_str name);

/*
 * Append the names in @db as CIL that libsepol takes again: no rules, dotted
 * names as blocks, attributes marked to be kept, nothing that is in @anew.
 * @db's rules are gone after the call: it must be a copy that is thrown away.
 */
int sc_names_write(policydb_t *db, const struct sc_anew *anew,
		   struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
	SC_MUST_USE;

#endif
