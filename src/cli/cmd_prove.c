#include "base/clean.h"
#include "cli/cli.h"
#include "cli/logs.h"
#include "cli/modules.h"
#include "cli/proof.h"

struct options {
	const char *policy;
	struct sc_values denials;
	bool json;
};

static const struct sc_option options[] = {
	{ 'd', "denials", "LOG...",
	  "ask each denial of LOG again, with the modules",
	  offsetof(struct options, denials) },
	SC_POLICY_OPTION(offsetof(struct options, policy)),
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0 },
};

static int replay(const struct sc_values *logs, const struct sc_proof *proof,
		  struct sc_tally *tally, struct sc_arena *a,
		  struct sc_replay *out, struct sc_error *err)
{
	int r;

	if (!logs->n || !proof->policy)
		return 0;
	r = sc_logs_read(logs->v, logs->n, &(struct sc_filter){ 0 }, a, tally,
			 err);
	if (r == 0)
		r = sc_logs_end(tally, 0, err);
	if (r < 0)
		return r;
	sc_logs_say_skipped(tally);
	return sc_proof_replay(proof, tally, a, out, err);
}

struct parts {
	struct sc_proof proof;
	struct sc_arena arena;
};

static void parts_free(struct parts *p)
{
	sc_proof_close(&p->proof);
	sc_arena_free(&p->arena);
}

/* What was found before the compiler gave up is worth reading. */
static int print_findings(const struct parts *p, FILE *out,
			  const struct sc_error *why)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error second;
	int r;

	sc_proof_findings(&p->proof, sc_has_colour(out), &text);
	r = sc_print(&text, out, &second);
	(void)r; /* the error that stopped the proof is the one to tell */
	return (int)why->code;
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(parts_free) struct parts p = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = data;
	struct sc_sources modules = { 0 };
	struct sc_replay replayed = { 0 };
	struct sc_tally tally = { 0 };
	int r;

	if (argc == 0)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the modules to prove: selcage prove DIR");
	r = sc_modules_read(argv, (size_t)argc, &p.arena, &modules, err);
	if (r < 0)
		return r;
	r = sc_modules_prove(o->policy, &modules, &p.arena, &p.proof, err);
	if (r < 0)
		return print_findings(&p, out, err);
	r = replay(&o->denials, &p.proof, &tally, &p.arena, &replayed, err);
	if (r < 0)
		return r;
	if (o->json)
		sc_proof_json(&p.proof, &replayed, &text);
	else
		sc_proof_text(&p.proof, &replayed, sc_has_colour(out), &text);
	r = sc_print(&text, out, err);
	if (r < 0)
		return r;
	return sc_proof_fails(&p.proof) || replayed.open ? SC_EXIT_FOUND
							 : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_prove = {
	.name = "prove",
	.operands = "MODULE|DIR...",
	.summary =
		"compile modules in memory; exit 1 if they must not be loaded",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
