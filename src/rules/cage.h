/*
 * cage.h - from specs to one cage for each container: its name, type, level,
 * needs, the module that grants them, and what it will not hold.
 */
#ifndef SC_RULES_CAGE_H
#define SC_RULES_CAGE_H

#include "policy/family.h"
#include "rules/peers.h"
#include "rules/rules.h"
#include "rules/warn.h"

/* Of containers that no project is named for: podman run, docker run. */
#define SC_LOOSE_PROJECT "cage"

struct sc_cage {
	const struct sc_container *container;
	const struct sc_spec *spec;
	struct sc_image image;
	struct sc_str type;  /* "misp_redis.process" */
	struct sc_str level; /* "s0:c12,c345" */
	bool level_kept;     /* it is the spec's own */
	bool unprotected;    /* the spec turns SELinux off for it */
	struct sc_needs needs;
	struct sc_outcomes outcomes;
	struct sc_module module;
};

struct sc_cages {
	struct sc_cage
		*v; /* one for each container, specs and files in order */
	size_t n;
	struct sc_containers all; /* the same containers, in the same order */
	struct sc_edges edges;    /* between them */
	struct sc_warnings warnings;
};

struct sc_cages_for {
	const struct sc_policy *policy;
	const struct sc_family *family;
	const struct sc_guards *guards;
	struct sc_str project; /* in place of the specs' own; or empty */
	const struct sc_spec *specs;
	const struct sc_str *folders; /* of each spec: absolute, in order */
	size_t n_specs;
};

/*
 * Make the cages of all containers of @in. Errors: SC_EREFUSED for a name that
 * no module can have, that two containers would share, or that is another's in
 * the policy; SC_ENOTFOUND if there is no container; SC_ELIMIT; SC_ENOMEM.
 */
int sc_cages_make(const struct sc_cages_for *in, struct sc_arena *a,
		  struct sc_cages *out, struct sc_error *err) SC_MUST_USE;

#endif
