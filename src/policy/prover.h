/*
 * prover.h - the part that prove.c and prover.c share: what is known of the
 * modules that are judged, before they are compiled.
 */
#ifndef SC_POLICY_PROVER_H
#define SC_POLICY_PROVER_H

#include "base/buf.h"
#include "policy/prove.h"
#include "policy/structure.h"

#define SC_PROVER_DOMAINS 2000   /* blocks, and types, of all modules */
#define SC_LIKE SC_PROBE "like_" /* + block: the same base, no more */

/* A module's tree, kept to explain why it does not compile. */
struct sc_prover_tree {
	struct sc_str module;
	const struct sc_cil *top;
};

struct sc_prover_trees {
	struct sc_prover_tree *v;
	size_t n;
	size_t room;
};

/* One block at the top of a module. */
struct sc_prover_block {
	struct sc_str name;
	struct sc_str module;
	struct sc_names inherits; /* of the base */
};

struct sc_prover_blocks {
	struct sc_prover_block *v;
	size_t n;
	size_t room;
};

struct sc_prover {
	struct sc_policy *p;
	const struct sc_family *family;
	struct sc_arena *arena;
	struct sc_proof *out;
	struct sc_error *err;
	struct sc_base_names base;
	struct sc_sources sources; /* modules, the base, the probes */
	struct sc_prover_blocks blocks;
	struct sc_prover_blocks extended; /* domains that rules are added to */
	struct sc_prover_trees trees;     /* of all modules but the base */
	struct sc_buf probes;
	struct sc_vectors *bare; /* of SC_BARE; NULL if there is none */
};

/* Read @modules and the names of @base: fill the sources to compile, what is
 * known of their blocks, and the findings of their structure. */
int sc_prover_read(struct sc_prover *v, const struct sc_sources *modules,
		   struct sc_str base) SC_MUST_USE;

/* The note of a domain that rules are added to; or NULL. */
const struct sc_prover_block *sc_prover_extended(const struct sc_prover *v,
						 struct sc_str name);

#endif
