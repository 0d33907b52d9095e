/*
 * base.h - the strict base, as the module that stands beside the services'.
 *
 * data/bases/ has it for each family of policies. Before it is written, every
 * name in it is looked up: what this policy lacks becomes a comment and is
 * said, where an (optional ...) would have left it out in silence.
 */
#ifndef SC_RULES_BASE_H
#define SC_RULES_BASE_H

#include "base/buf.h"
#include "policy/family.h"
#include "spec/spec.h"

#define SC_BASE_MODULE "selcage_base"

/*
 * Append to @out the base of @family for @p. The first line holds the SHA-256
 * of all that follows it; the same policy gives the same bytes, so a file that
 * differs from them was changed, or written for another policy. What @p lacks
 * goes to @lacks, a note for each name, in @a. Errors: SC_ENOTFOUND if nothing
 * in @p could start a container, or a name is missing that the base cannot do
 * without; SC_ENOMEM.
 */
int sc_base_write(const struct sc_policy *p, const struct sc_family *family,
		  struct sc_buf *out, struct sc_notes *lacks,
		  struct sc_arena *a, struct sc_error *err) SC_MUST_USE;

#endif
