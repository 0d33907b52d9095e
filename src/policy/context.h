/* context.h - a security context as text, and what of it a policy knows. */
#ifndef SC_POLICY_CONTEXT_H
#define SC_POLICY_CONTEXT_H

#include "policy/db.h"

struct sc_context {
	context_struct_t c;                    /* goes with sc_context_free() */
	struct sc_str user, role, type, level; /* of the text; level may lack */
};

/* What is wrong with a context. */
struct sc_misfit {
	struct sc_str name;    /* the part at fault */
	struct sc_str nearest; /* that the policy has, or empty */
	struct sc_str words;   /* one line, no full stop */
};

/*
 * Read @text into @out. Returns 1; or 0 if the policy has no such context, and
 * then fills @misfit, whose texts live in @a. Errors: SC_ENOMEM. libsepol is
 * not asked about @text itself: it would print it.
 */
int sc_context_read(const struct sc_policy *p, struct sc_str text,
		    struct sc_arena *a, struct sc_context *out,
		    struct sc_misfit *misfit, struct sc_error *err) SC_MUST_USE;
void sc_context_free(struct sc_context *c); /* an SC_CLEAN() function */

/* The categories of the high level of @level: "c1,c2", or empty. */
struct sc_str sc_context_categories(struct sc_str level);

#endif
