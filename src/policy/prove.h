/*
 * prove.h - what modules add to a policy, and whether that may be loaded.
 */
#ifndef SC_POLICY_PROVE_H
#define SC_POLICY_PROVE_H

#include "base/finding.h"
#include "policy/claim.h"
#include "policy/compile.h"
#include "policy/guard.h"
#include "policy/vectors.h"

/* One domain that the modules define, or have rules for. */
struct sc_caged {
	struct sc_str domain;      /* "misp_db.process" */
	struct sc_str module;      /* the file that its block is in; or empty */
	size_t vectors;            /* access vectors, all together */
	size_t over_bare;          /* of them, not of a bare container; if it
				    * was there before: not had before */
	bool was_there;            /* rules alone are added to it */
	struct sc_names blocks;    /* of the base that it inherits */
	struct sc_vector_list own; /* granted by the module's own rules */
	struct sc_hits hits;       /* guards that .own violates */
	bool is_label;             /* no domain: a type of ports or files */
};

struct sc_caged_list {
	struct sc_caged *v; /* in the order of their names */
	size_t n;
	size_t room;
};

struct sc_proof {
	/* with the modules in it; NULL if their form alone refuses them:
	 * macros and the like are not even compiled */
	struct sc_policy *policy; /* sc_proof_close() */
	struct sc_guards *guards; /* resolved against it; or NULL */
	struct sc_caged_list cages;
	struct sc_claims claims;     /* of all modules */
	struct sc_findings findings; /* structure and guards */
	size_t floor, bare; /* vectors of any domain, of a bare container */
	size_t container;   /* and of the engines' own container type */
	bool base_known;    /* the base is the one that selcage writes */
	bool base_added;    /* no module brought a base: selcage's was put in */
};

void sc_proof_close(struct sc_proof *proof); /* an SC_CLEAN() function */

/* Does a finding block? */
bool sc_proof_fails(const struct sc_proof *proof);

/*
 * Prove @modules on top of @p. @base is the text of the strict base as selcage
 * writes it for this policy: a module with just this text is trusted; if none
 * has a base, it is put in. What the modules grant is compared with a domain
 * that inherits the same blocks of the base, and with nothing but the floor if
 * the base is not known.
 *
 * A module that has findings is an answer; one that cannot be read or does not
 * compile is an error: SC_ESYNTAX, SC_EPOLICY, SC_ELIMIT, also SC_ENOMEM. Then
 * .findings holds what was found before.
 */
int sc_prove(struct sc_policy *p, const struct sc_family *family,
	     const struct sc_sources *modules, struct sc_str base,
	     struct sc_arena *a, struct sc_proof *out, struct sc_error *err)
	SC_MUST_USE;

#endif
