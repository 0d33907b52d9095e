/*
 * compile.h - CIL modules, resolved against a compiled policy.
 *
 * A full compile of a distribution's policy takes seconds, since it is all done
 * again. Here the compiled policy lends its names only (types, attributes,
 * classes, constraints, ...) to libsepol's compiler, and the rules that it has
 * already are put back afterwards. libsepol still does all that CIL means:
 * blocks, inheritance, optionals, macros.
 *
 * Modules may be hostile, and libsepol leaves the process when memory runs out:
 * so the compiler works in a child with limits of memory and time.
 */
#ifndef SC_POLICY_COMPILE_H
#define SC_POLICY_COMPILE_H

#include "policy/policy.h"

struct sc_source {
	struct sc_str name; /* in messages: "misp_db.cil" */
	struct sc_str text; /* CIL */
};

struct sc_sources {
	struct sc_source *v;
	size_t n;
	size_t room;
};

/* Names that sc_compile() adds for comparison, where it can; see below. */
#define SC_PROBE "selcage__" /* the start of them all */
/* the base and nothing else */
#define SC_BARE SC_STR(SC_PROBE "bare.process")
/* any domain at all */
#define SC_FLOOR SC_STR(SC_PROBE "floor.process")

/*
 * Compile @sources on top of @p into @out, a policy that the caller closes. @p
 * stays as it is. Types in a block that @sources define, and attributes that
 * they declare, are taken out of @p first, so that modules that are loaded
 * already can be proven again; @out never has their old rules.
 *
 * @out has two more domains: SC_BARE, if @sources have the abstract block
 * selcage_core, and SC_FLOOR, if @p has the attribute "domain".
 *
 * Errors: SC_ESYNTAX or SC_EPOLICY with libsepol's words if a module does not
 * compile; SC_ELIMIT if the compiler ran out of memory or time; SC_ESYSTEM.
 */
int sc_compile(struct sc_policy *p, const struct sc_sources *sources,
	       struct sc_policy **out, struct sc_error *err) SC_MUST_USE;

#endif
