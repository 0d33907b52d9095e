#include "base/clean.h"
#include "cli/denials.h"
#include "cli/status.h"

struct options {
	const char *root;
	bool contexts, booleans, json, exit_code;
};

#define OPTION(member) offsetof(struct options, member)

static const struct sc_option options[] = {
	{ 'v', "contexts", NULL, "and the contexts that sestatus -v shows",
	  OPTION(contexts) },
	{ 'b', "booleans", NULL, "and every boolean, not those of note alone",
	  OPTION(booleans) },
	{ 0, "root", "DIR", "of the host whose files are below DIR",
	  OPTION(root) },
	SC_JSON_OPTION(OPTION(json)),
	{ 0, "exit-code", NULL, "exit with 1 if something is to be seen to",
	  OPTION(exit_code) },
	{ 0 },
};

/* A log that cannot be read is no reason to say nothing else. */
static int count_denials(const struct sc_host *h, struct sc_arena *a,
			 struct sc_status *s, struct sc_status_report *report,
			 struct sc_error *err)
{
	struct sc_denials denials;
	int r = sc_denials_count(h, a, &denials, err);

	if (r < 0)
		return r;
	report->whole_log = denials.whole_log;
	report->denials = denials.n;
	report->different = denials.different;
	s->log_trouble = denials.trouble;
	return 0;
}

static int gather(const struct options *o, const struct sc_host *h,
		  struct sc_arena *a, struct sc_status *s,
		  struct sc_status_report *report, struct sc_error *err)
{
	const char *home = o->root ? NULL : getenv("HOME");
	int r = sc_status_read(h, home, a, s, err);

	if (r == 0)
		r = count_denials(h, a, s, report, err);
	if (r == 0)
		r = sc_traps_find(s, a, &report->findings, err);
	if (r == 0)
		r = sc_contexts_show(h, s, a, &report->contexts, err);
	return r;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	const struct sc_status_show show = {
		o->contexts,
		o->booleans,
		sc_has_colour(out),
	};
	struct sc_status s = { 0 };
	struct sc_status_report report = { .s = &s };
	bool found = false;
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	r = sc_host_open(o->root, &host, err);
	if (r == 0)
		r = gather(o, &host, &arena, &s, &report, err);
	if (r < 0)
		return r;
	if (o->json)
		sc_status_json(&report, &text);
	else
		sc_status_text(&report, &show, &text);
	for (size_t i = 0; i < report.findings.n; i++)
		found = found || report.findings.v[i].blocks;
	r = sc_print(&text, out, err);
	return r < 0                   ? r
	       : found && o->exit_code ? SC_EXIT_FOUND
				       : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_status = {
	.name = "status",
	.operands = "",
	.summary = "SELinux, engines and containers of this host, and cures",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
