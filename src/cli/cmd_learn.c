#include "base/clean.h"
#include "base/file.h"
#include "cli/ask.h"
#include "cli/learn.h"

#define AT(member) offsetof(struct sc_learn_options, member)

static const struct sc_option options[] = {
	{ 'f', "from", "LOG...", "from what LOG holds, not from a live run",
	  AT(from) },
	{ 's', "spec", "SPEC...", "what this spec speaks for is not doubtful",
	  AT(specs) },
	{ 0, "project", "NAME", "the project of the spec, as for confine",
	  AT(project) },
	{ 0, "env-file", "FILE", "its variables, as for confine",
	  AT(env_file) },
	{ 'g', "grant", "WHAT...",
	  "grant TARGET:CLASS[:PERMISSION], though doubtful", AT(grants) },
	{ 'w', "with", "DIR", "as if the modules in DIR were loaded",
	  AT(with) },
	{ 0, "file-contexts", "FILE", "which labels belong on paths",
	  AT(contexts) },
	{ 'o', "output", "DIR", "write the module there, and load nothing",
	  AT(output) },
	{ 0, "trust-syslog", NULL, "rules also from logs that anyone can write",
	  AT(trust_syslog) },
	SC_CHANGE_OPTIONS(struct sc_learn_options),
	SC_JSON_OPTION(AT(json)),
	{ 0 },
};

static int print(struct sc_buf *text, FILE *out, struct sc_error *err)
{
	int r = sc_print(text, out, err);

	sc_buf_free(text);
	*text = (struct sc_buf){ 0 };
	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

/* ---- what was seen */

static int read_logs(struct sc_learning *l, struct sc_error *err)
{
	const struct sc_learn_options *o = l->options;
	struct sc_filter f = { .container = l->whose,
			       .trust_syslog = o->trust_syslog };
	int r = sc_logs_read(o->from.v, o->from.n, &f, l->arena,
			     &l->judge.tally, err);

	/* Half of a log says nothing of what was not needed. */
	if (r == 0)
		r = sc_logs_end(&l->judge.tally, 0, err);
	if (r == 0)
		sc_logs_say_skipped(&l->judge.tally);
	return r;
}

/* ---- what is proposed, and proven */

static int show_offers(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = 0;

	if (l->options->json)
		sc_learn_put_offers_json(l, &text);
	else
		r = sc_learn_put_offers(l, sc_has_colour(out), &text, err);
	return r < 0 ? r : print(&text, out, err);
}

static int show_proof(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (l->options->json)
		sc_learn_put_proof_json(l, &text);
	else
		sc_learn_put_proof(l, sc_has_colour(out), &text);
	return print(&text, out, err);
}

static int propose(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	int r = sc_learn_propose(l, err);

	if (r == 0)
		r = sc_learn_grant(l, err);
	if (r == 0)
		r = show_offers(l, out, err);
	if (r == 0)
		r = sc_learn_ask(l, err);
	if (r == 0)
		r = sc_learn_prove(l, err);
	return r < 0 ? r : show_proof(l, out, err);
}

/* ---- what becomes of it */

static int write_module(const struct sc_learning *l, struct sc_error *err)
{
	struct sc_output file = { .bytes = l->text };
	struct sc_str path;

	if (!sc_keepf(l->arena, &path, "%s/" SC_FMT ".cil", l->options->output,
		      SC_ARG(l->graft.name)))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	file.path = path.s;
	return sc_files_replace(&file, 1, err);
}

static int load(const struct sc_learning *l, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	const struct sc_change_options *o = &l->options->common;
	int r = sc_work_open(o, !o->dry_run, &w, err);

	if (r == 0)
		r = sc_work_install(&w, l->graft.name, l->text, err);
	return r < 0 ? r : sc_work_run(&w, o, out, err);
}

static int finish(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	const struct sc_learn_options *o = l->options;
	int r = SC_EXIT_CLEAN;

	if (!sc_learn_is_proven(l))
		return SC_EXIT_FOUND;
	if (l->text.n && o->output && !o->common.dry_run)
		r = write_module(l, err);
	else if (l->text.n && !o->with && !o->output)
		r = load(l, out, err);
	if (r != SC_EXIT_CLEAN)
		return r;
	return sc_learn_count_left(l) ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

static int check_options(const struct sc_learn_options *o, int argc,
			 struct sc_error *err)
{
	if (argc == 0)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the domain to learn, or its service: "
			       "selcage learn misp_db");
	if (o->with && !o->from.n)
		return sc_fail(err, SC_ESYNTAX,
			       "--with goes with --from: what runs has what is "
			       "loaded");
	return 0;
}

static int learn(struct sc_learning *l, const char *name, FILE *out,
		 struct sc_error *err)
{
	int r = sc_whose_find(name, &l->whose, err);

	if (r < 0)
		return r;
	l->domain = sc_view(l->whose.type);
	r = sc_learn_modules(l, err);
	if (r == 0)
		r = sc_judge_open(&l->judge, &l->ground, l->arena, err);
	if (r == 0)
		r = sc_learn_spec(l, err);
	if (r == 0)
		r = read_logs(l, err);
	if (r == 0)
		r = propose(l, out, err);
	return r < 0 ? r : finish(l, out, err);
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_learning_free)
	struct sc_learning l = { .options = data, .arena = &arena };
	int r = check_options(data, argc, err);

	return r < 0 ? r : learn(&l, argv[0], out, err);
}

const struct sc_command sc_cmd_learn = {
	.name = "learn",
	.operands = "DOMAIN|SERVICE [-- COMMAND...]",
	.summary =
		"learn what a domain needs; exit 1 if something stays denied",
	.options = options,
	.run = run,
	.options_size = sizeof(struct sc_learn_options),
};
