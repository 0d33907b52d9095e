#include "base/clean.h"
#include "base/file.h"
#include "cli/ask.h"
#include "cli/learn.h"
#include "cli/span.h"

#define ROUNDS_MAX 10 /* of --enforcing */
#define SPAN_MAX ((uint64_t)24 * 60 * 60)
#define AT(member) offsetof(struct sc_learn_options, member)

static const struct sc_option options[] = {
	{ 0, "for", "TIME", "for so long at most, such as 30m (without it), 2h",
	  AT(time) },
	{ 0, "quiet-for", "TIME", "end when nothing new came for so long",
	  AT(quiet_for) },
	{ 0, "canary", "TIME",
	  "look on when it is loaded, and roll back if it fails", AT(canary) },
	{ 0, "enforcing", NULL, "never permissive: learn from what is refused",
	  AT(enforcing) },
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
		return sc_no_memory(err);
	file.path = path.s;
	return sc_files_replace(&file, 1, err);
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
		r = sc_learn_load(l, out, err);
	if (r != SC_EXIT_CLEAN)
		return r;
	return sc_learn_count_left(l) ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

/* ---- what is wanted, while nothing has happened yet */

static int check_spans(const struct sc_learn_options *o, struct sc_error *err)
{
	const struct {
		const char *option, *text;
	} spans[] = {
		{ "--for", o->time },
		{ "--quiet-for", o->quiet_for },
		{ "--canary", o->canary },
	};
	uint64_t seconds = 0;

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		if (!spans[i].text)
			continue;
		if (sc_span_read(spans[i].option, spans[i].text, &seconds,
				 err) < 0)
			return err->code;
		if (seconds > SPAN_MAX)
			return sc_fail(err, SC_EREFUSED, "%s: 24h at most",
				       spans[i].option);
	}
	return 0;
}

/* TARGET:CLASS or TARGET:CLASS:PERMISSION */
static bool is_grant(struct sc_str name)
{
	struct sc_str part;
	size_t n = 0;

	while (sc_take_part(&name, ':', &part)) {
		if (!sc_is_name(part))
			return false;
		n++;
	}
	return n == 2 || n == 3;
}

static int check_grants(const struct sc_values *grants, struct sc_error *err)
{
	for (size_t i = 0; i < grants->n; i++)
		if (!is_grant(sc_view(grants->v[i])))
			return sc_fail(err, SC_ESYNTAX,
				       "--grant: '%s' is not "
				       "TARGET:CLASS[:PERMISSION], such as "
				       "redis_port_t:tcp_socket",
				       grants->v[i]);
	return 0;
}

static int check_together(const struct sc_learn_options *o, int argc,
			  struct sc_error *err)
{
	if (o->with && !o->from.n && !o->output)
		return sc_fail(err, SC_ESYNTAX,
			       "--with goes with --from or --output: what is "
			       "loaded is what the store has");
	if (o->common.root && !o->from.n)
		return sc_fail(err, SC_ESYNTAX,
			       "--root goes with --from: what runs, and is "
			       "made permissive, is this host");
	if (o->canary && (o->from.n || o->output))
		return sc_fail(err, SC_ESYNTAX,
			       "--canary is for what is learned live, and "
			       "loaded");
	if (o->from.n && (o->time || o->quiet_for || o->enforcing || argc > 1))
		return sc_fail(err, SC_ESYNTAX,
			       "--from is a log: nothing is made permissive, "
			       "and no command run");
	return 0;
}

static int check_options(const struct sc_learn_options *o, int argc,
			 struct sc_error *err)
{
	int r;

	if (argc == 0)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the domain to learn, or its service: "
			       "selcage learn misp_db");
	r = check_together(o, argc, err);
	if (r == 0)
		r = check_spans(o, err);
	if (r == 0)
		r = check_grants(&o->grants, err);
	return r;
}

/* What all containers run with that nobody confined is no one's to learn. */
static int check_domain(const struct sc_learning *l, struct sc_error *err)
{
	const struct sc_policy *p = l->judge.policy;
	struct sc_family family;
	struct sc_error ignored;

	if (!sc_policy_may_be_domain(p, l->domain))
		return sc_fail(err, SC_EREFUSED,
			       "'" SC_FMT "' is no domain: no process runs "
			       "with it",
			       SC_ARG(l->domain));
	if (sc_family_find(p, &family, &ignored) < 0 ||
	    !sc_str_eq(l->domain, family.container))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "'" SC_FMT "' is what every container runs with that "
		       "has no domain of its own: give this one its own first "
		       "(selcage confine)",
		       SC_ARG(l->domain));
}

/* By the name that the kernel has for it, which denials and modules have. */
static int find_domain(struct sc_learning *l, struct sc_error *err)
{
	struct sc_str type = { 0 };
	int r = sc_policy_find_type(l->judge.policy, "the policy",
				    sc_view(l->whose.type), &type, err);

	if (r < 0)
		return r;
	if (!sc_keep(l->arena, type, &l->domain))
		return sc_no_memory(err);
	if (l->domain.n >= sizeof(l->whose.type))
		return sc_fail(err, SC_ELIMIT, "its name is too long");
	snprintf(l->whose.type, sizeof(l->whose.type), SC_FMT,
		 SC_ARG(l->domain));
	return check_domain(l, err);
}

static int find_whose(struct sc_learning *l, const char *name,
		      struct sc_error *err)
{
	int r = sc_whose_find(name, &l->whose, err);

	if (r == 0 && !*l->whose.type)
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is a level: name the domain to learn, or "
			       "its service",
			       name);
	return r;
}

static int see(struct sc_learning *l, char *const *command, FILE *out,
	       struct sc_error *err)
{
	return l->options->from.n ? read_logs(l, err)
				  : sc_learn_collect(l, command, out, err);
}

static int learn(struct sc_learning *l, char *const *argv, FILE *out,
		 struct sc_error *err)
{
	const struct sc_learn_options *o = l->options;
	int r = find_whose(l, argv[0], err);

	if (r == 0)
		r = sc_learn_modules(l, err);
	if (r == 0)
		r = sc_judge_open(&l->judge, &l->ground, l->arena, err);
	if (r == 0)
		r = find_domain(l, err);
	if (r == 0)
		r = sc_learn_spec(l, err);
	if (r == 0 && o->output && !o->common.dry_run)
		r = sc_folder_make(o->output, err);
	if (r == 0)
		r = see(l, argv + 1, out, err);
	if (r == 0 && o->common.dry_run && !o->from.n)
		return SC_EXIT_CLEAN;
	if (r == 0)
		r = propose(l, out, err);
	return r < 0 ? r : finish(l, out, err);
}

/* Go on, with what was loaded, and the service started again? */
static bool wants_more(const struct sc_learning *l, int argc)
{
	const struct sc_learn_options *o = l->options;

	if (!o->enforcing || !l->loaded)
		return false;
	if (argc > 1)
		return true;
	fprintf(stderr,
		"selcage: what was refused hides what is asked for next: start "
		"the service again, and learn once more\n");
	return isatty(STDIN_FILENO) && sc_ask_whether("go on?");
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	int r = check_options(data, argc, err);
	bool more = r == 0;

	for (unsigned i = 0; more && i < ROUNDS_MAX; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		SC_CLEAN(sc_learning_free)
		struct sc_learning l = { .options = data,
					 .arena = &arena,
					 .round = i };

		r = learn(&l, argv, out, err);
		more = r >= 0 && wants_more(&l, argc);
	}
	return r;
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
