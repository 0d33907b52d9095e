#include "cli/proof.h"

/* A denial is ours to settle if its source is a domain of the modules. */
static bool is_caged(const struct sc_proof *proof, struct sc_str type)
{
	for (size_t i = 0; i < proof->cages.n; i++)
		if (sc_str_eq(proof->cages.v[i].domain, type))
			return true;
	return false;
}

int sc_proof_replay(const struct sc_proof *proof, const struct sc_tally *tally,
		    struct sc_arena *a, struct sc_replay *out,
		    struct sc_error *err)
{
	struct sc_adviser by = { .policy = proof->policy,
				 .guards = proof->guards };
	int r = 0;

	*out = (struct sc_replay){ .asked = true };
	out->v = sc_new_array(a, struct sc_replayed, tally->n + 1);
	if (!out->v)
		return sc_no_memory(err);
	for (; out->n < tally->n && r == 0; out->n++) {
		struct sc_replayed *one = &out->v[out->n];

		one->ours = is_caged(proof, tally->v[out->n].source);
		r = sc_advise(&by, &tally->v[out->n], a, &one->advice, err);
		out->open += one->ours && one->advice.class == SC_CLASS_RULE;
	}
	return r;
}
