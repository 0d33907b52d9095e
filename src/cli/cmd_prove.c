#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/logs.h"
#include "cli/proof.h"
#include "rules/base.h"

#include <string.h>

#define MODULE_FILE_MAX ((size_t)4 << 20) /* bytes; the proof takes less */
#define MODULES_MAX 1000

struct options {
	const char *policy;
	const char *denials;
	bool json;
};

static const struct sc_option options[] = {
	{ 'd', "denials", "LOG",
	  "ask each denial of LOG again, with the modules",
	  offsetof(struct options, denials) },
	{ 'p', "policy", "FILE", "a compiled policy; default: the host's",
	  offsetof(struct options, policy) },
	{ 'j', "json", NULL, "write one JSON object a line",
	  offsetof(struct options, json) },
	{ 0 },
};

/* "dir/misp_db.cil" is called "misp_db.cil", also in libsepol's messages. */
static struct sc_str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return (struct sc_str){ name, strlen(name) };
}

static int read_modules(int n, char **paths, struct sc_arena *a,
			struct sc_sources *out, struct sc_error *err)
{
	if (n == 0)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the modules to prove: selcage prove "
			       "DIR/*.cil");
	if (n > MODULES_MAX)
		return sc_fail(err, SC_ELIMIT, "more than %d modules",
			       MODULES_MAX);
	for (int i = 0; i < n; i++) {
		struct sc_source s = { .name = base_name(paths[i]) };
		int r = sc_file_read(paths[i], MODULE_FILE_MAX, a, &s.text,
				     err);

		if (r < 0)
			return r;
		if (!SC_PUSH(a, out, s))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	return 0;
}

/* A denial is ours to settle if its source is a domain of the modules. */
static bool is_caged(const struct sc_proof *proof, struct sc_str type)
{
	for (size_t i = 0; i < proof->cages.n; i++)
		if (sc_str_eq(proof->cages.v[i].domain, type))
			return true;
	return false;
}

static int replay(const char *log, const struct sc_proof *proof,
		  struct sc_tally *tally, struct sc_arena *a,
		  struct sc_replay *out, struct sc_error *err)
{
	int r;

	if (!log || !proof->policy)
		return 0;
	r = sc_logs_read(&(char *const){ (char *)log }, 1,
			 &(struct sc_filter){ 0 }, a, tally, err);
	if (r < 0)
		return r;
	sc_logs_say_skipped(tally);
	out->asked = true;
	out->v = sc_new_array(a, struct sc_replayed, tally->n);
	if (!out->v)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	for (; out->n < tally->n && r == 0; out->n++) {
		struct sc_replayed *one = &out->v[out->n];

		one->ours = is_caged(proof, tally->v[out->n].source);
		r = sc_advise(proof->policy, proof->guards, &tally->v[out->n],
			      a, &one->advice, err);
		out->open += one->ours && one->advice.class == SC_CLASS_RULE;
	}
	return r;
}

struct parts {
	struct sc_policy *policy;
	struct sc_proof proof;
	struct sc_arena arena;
	struct sc_buf base;
};

static void parts_free(struct parts *p)
{
	sc_proof_close(&p->proof);
	sc_policy_close(p->policy);
	sc_buf_free(&p->base);
	sc_arena_free(&p->arena);
}

static int prove(struct parts *p, const struct options *o,
		 const struct sc_sources *modules, struct sc_error *err)
{
	struct sc_notes lacks = { 0 };
	struct sc_family family;
	int r = sc_policy_open(sc_policy_path(o->policy), &p->policy, err);

	if (r == 0)
		r = sc_family_find(p->policy, &family, err);
	if (r == 0)
		r = sc_base_write(p->policy, &family, &p->base, &lacks,
				  &p->arena, err);
	if (r < 0)
		return r;
	return sc_prove(p->policy, &family, modules,
			(struct sc_str){ p->base.s, p->base.n }, &p->arena,
			&p->proof, err);
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
	int r = read_modules(argc, argv, &p.arena, &modules, err);

	if (r < 0)
		return r;
	r = prove(&p, o, &modules, err);
	if (r < 0)
		return print_findings(&p, out, err);
	r = replay(o->denials, &p.proof, &tally, &p.arena, &replayed, err);
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
	.operands = "MODULE...",
	.summary = "compile modules in memory; say what they add; exit 1 if "
		   "that must not be loaded",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
