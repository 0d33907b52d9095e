/*
 * family.h - which family of policies a policy belongs to.
 *
 * Names of types differ between distributions: in Debian's policy
 * container_runtime_t is a kind of file, in Fedora's it is the engine. So each
 * family has a base of its own and names of its own in the guards
 * (data/families.tsv, data/bases/, data/guards.tsv).
 */
#ifndef SC_POLICY_FAMILY_H
#define SC_POLICY_FAMILY_H

#include "policy/policy.h"

struct sc_family {
	struct sc_str name;      /* "refpolicy", "fedora" */
	struct sc_str base_file; /* below data/: "bases/refpolicy.cil" */
	struct sc_str base;      /* its text */
	struct sc_str container; /* the type that engines give: "container_t" */
	struct sc_str content;   /* of images and volumes: "container_file_t" */
};

/*
 * The first family of data/families.tsv whose names are all in @p. Errors:
 * SC_ENOTFOUND, with the name that is missing from the nearest family and what
 * to do about it.
 */
int sc_family_find(const struct sc_policy *p, struct sc_family *out,
		   struct sc_error *err) SC_MUST_USE;

#endif
