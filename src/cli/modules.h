/* modules.h - the part that prove, explain and allow share: CIL modules from
 * files and folders, put into a policy. */
#ifndef SC_CLI_MODULES_H
#define SC_CLI_MODULES_H

#include "policy/prove.h"

/*
 * Read each of @paths into @out: a file, or all *.cil of a folder, by name.
 * Errors: SC_ESYSTEM, SC_ELIMIT (size, count), SC_ENOTFOUND (an empty folder).
 */
int sc_modules_read(char *const *paths, size_t n, struct sc_arena *a,
		    struct sc_sources *out, struct sc_error *err) SC_MUST_USE;

/*
 * Prove @modules on top of the policy in @policy (NULL: as sc_policy_path()
 * finds it). @out is closed with sc_proof_close(). Errors: as sc_prove(), and
 * those of opening the policy and finding its family.
 */
int sc_modules_prove(const char *policy, const struct sc_sources *modules,
		     struct sc_arena *a, struct sc_proof *out,
		     struct sc_error *err) SC_MUST_USE;

/* Is @text rules for domains that the policy has? Then it needs no base. What
 * is no CIL is not. */
bool sc_module_is_rules(struct sc_str text, struct sc_arena *a);

#endif
