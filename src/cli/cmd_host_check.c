#include "base/clean.h"
#include "cli/checks.h"

struct options {
	const char *root, *profiles, *exceptions, *format;
	bool verbose, json, deep;
};

#define OPTION(member) offsetof(struct options, member)

static const struct sc_option options[] = {
	{ 0, "root", "DIR", "the host whose files are below DIR",
	  OPTION(root) },
	{ 0, "profile", "NAMES",
	  "cis-k8s-1.12, cis-k8s-2.0, cis-k8s-2.1 or\n"
	  "                           cis-eks-1.8 (each with -l1 for level 1), "
	  "selinux,\n                           selinux-base; default: those "
	  "that fit the host",
	  OPTION(profiles) },
	{ 0, "exceptions", "FILE", "lines CHECK UNTIL WHO: WHY; UNTIL is a day",
	  OPTION(exceptions) },
	{ 'v', "verbose", NULL, "every check, and all that was looked at",
	  OPTION(verbose) },
	{ 0, "format", "FORM", "text, json, junit or sarif", OPTION(format) },
	SC_JSON_OPTION(OPTION(json)),
	{ 0, "deep", NULL, "look at the label of every file, too",
	  OPTION(deep) },
	{ 0 },
};

typedef void write_fn(const struct sc_checks_report *r, struct sc_buf *out);

static write_fn *find_form(const struct options *o)
{
	static const struct {
		const char *name;
		write_fn *write;
	} forms[] = {
		{ "text", sc_checks_text },
		{ "json", sc_checks_json },
		{ "junit", sc_checks_junit },
		{ "sarif", sc_checks_sarif },
	};
	const char *name = o->json ? "json" : o->format ? o->format : "text";

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].name, name) == 0)
			return forms[i].write;
	return NULL;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	const struct sc_host_ask ask = {
		.root = o->root,
		.profiles = o->profiles,
		.exceptions = o->exceptions,
		.deep = o->deep,
	};
	struct sc_host_answer answer = { 0 };
	struct sc_checks_report report = {
		.machine = &answer.machine,
		.profiles = &answer.profiles,
		.verdicts = &answer.verdicts,
		.verbose = o->verbose,
		.colour = sc_has_colour(out),
	};
	write_fn *write = find_form(o);
	bool found = false;
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	if (!write)
		return sc_fail(err, SC_ESYNTAX,
			       "no format '%s': text, json, junit or sarif",
			       o->format);
	r = sc_host_open(o->root, &host, err);
	if (r == 0)
		r = sc_host_ask(&ask, &host, &arena, &answer, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < answer.verdicts.n; i++) {
		report.count[answer.verdicts.v[i].kind]++;
		found = found || sc_verdict_counts(answer.verdicts.v[i].kind);
	}
	write(&report, &text);
	r = sc_print(&text, out, err);
	return r < 0 ? r : found ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_check = {
	.name = "host check",
	.operands = "",
	.summary = "what is wrong with a host; exit 1 if something is",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
