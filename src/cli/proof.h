/* proof.h - what prove says, as text and as JSON. */
#ifndef SC_CLI_PROOF_H
#define SC_CLI_PROOF_H

#include "cli/cli.h"
#include "policy/prove.h"
#include "rules/advise.h"

/* A denial of the log, asked again of the policy with the modules. */
struct sc_replayed {
	struct sc_advice advice;
	bool ours; /* its source is a domain of the modules */
};

struct sc_replay {
	struct sc_replayed *v;
	size_t n;
	size_t open; /* ours, and a rule is still missing */
	bool asked;  /* a log was given */
};

/* Ask each denial of @tally, which must stay, of @proof's policy. */
int sc_proof_replay(const struct sc_proof *proof, const struct sc_tally *tally,
		    struct sc_arena *a, struct sc_replay *out,
		    struct sc_error *err) SC_MUST_USE;

void sc_proof_text(const struct sc_proof *proof, const struct sc_replay *replay,
		   bool colour, struct sc_buf *out);
void sc_proof_json(const struct sc_proof *proof, const struct sc_replay *replay,
		   struct sc_buf *out);

/* The findings alone. */
void sc_proof_findings(const struct sc_proof *proof, bool colour,
		       struct sc_buf *out);

#endif
