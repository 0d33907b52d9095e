#include "base/clean.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/confine.h"
#include "policy/compile.h"
#include "policy/fix.h"
#include "rules/base.h"
#include "rules/cil.h"
#include "spec/show.h"

#define FIX "engine-unit" /* of data/fixes.tsv */
#define OPTION(member) offsetof(struct sc_confine_options, member)

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)
SC_DEFINE_CLEAN(struct sc_policy, sc_policy_leave)

static const struct sc_option options[] = {
	{ 'o', "output", "DIR", "write the modules and patched specs to DIR",
	  OPTION(output) },
	{ 0, "project", "NAME", "name modules NAME_SERVICE", OPTION(project) },
	SC_POLICY_OPTION(OPTION(policy)),
	{ 'd', "denials", "LOG...", "add what the denials in LOG justify",
	  OPTION(denials) },
	{ 0, "trust-syslog", NULL, "rules also from logs that anyone can write",
	  OPTION(trust_syslog) },
	{ 0, "env-file", "FILE", "variables for compose files, over .env",
	  OPTION(env_file) },
	{ 0, "store", "DIR", "the module store's active/modules",
	  OPTION(store) },
	{ 0, "show", NULL, "only show what the specs ask for", OPTION(show) },
	SC_JSON_OPTION(OPTION(json)),
	{ 0 },
};

static int show(const struct sc_confine *c, FILE *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	for (size_t i = 0; i < c->inputs.n; i++) {
		if (c->options->json)
			sc_spec_put_json(&c->inputs.specs[i], &b);
		else
			sc_spec_put(&c->inputs.specs[i], &b);
	}
	return sc_print(&b, out, c->err);
}

/* "selcage: compose.yaml:12: unknown key 'x'" */
static void say_notes(const struct sc_notes *notes, struct sc_str about)
{
	for (size_t i = 0; i < notes->n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
		const struct sc_note *n = &notes->v[i];

		sc_put(&b, SC_STR("selcage: "));
		sc_put_safe(&b, n->place.file.n ? n->place.file : about);
		if (n->place.line)
			sc_putf(&b, ":%u", n->place.line);
		sc_put(&b, SC_STR(": "));
		sc_put_safe(&b, n->text);
		if (!b.failed)
			fprintf(stderr, "%s\n", b.s);
	}
}

static bool has_health_check(const struct sc_confine *c)
{
	for (size_t i = 0; i < c->inputs.n; i++) {
		const struct sc_spec *spec = &c->inputs.specs[i];

		if (spec->format == SC_FORMAT_DOCKER)
			continue; /* its daemon runs them */
		for (size_t j = 0; j < spec->containers.n; j++)
			if (spec->containers.v[j].health.n)
				return true;
	}
	return false;
}

/* Podman has systemd run health checks, which not every policy lets it. */
static int check_health(struct sc_confine *c, const struct sc_policy *p)
{
	struct sc_note note = {
		.text = SC_STR("podman's health checks fail under it: add "
			       "--with-fix " FIX " when loading"),
	};
	struct sc_error unfit;
	struct sc_fix fix;
	int r;

	if (!has_health_check(c))
		return 0;
	r = sc_fix_find(SC_STR(FIX), c->arena, &fix, c->err);
	if (r < 0)
		return r;
	if (sc_fix_check(&fix, p, &unfit) < 0)
		return 0; /* it has that already, or is of another family */
	if (!SC_PUSH(c->arena, &c->lacks, note))
		return sc_no_memory(c->err);
	return 0;
}

/* Denials name types that the policy lacks until the modules are in it. */
static int learn(struct sc_confine *c, struct sc_policy *p)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *with = NULL;
	struct sc_sources sources = { 0 };
	int r = sc_confine_sources(c, &sources);

	if (r == 0)
		r = sc_compile(p, &sources, &with, c->err);
	if (r == 0)
		r = sc_confine_learn(c, with);
	return r;
}

/* The modules' names come from nowhere then. */
static void say_loose(const struct sc_confine *c)
{
	for (size_t i = 0; i < c->cages.n; i++) {
		const struct sc_cage *g = &c->cages.v[i];

		if (c->options->project || g->container->project.n ||
		    g->spec->project.n)
			continue;
		fputs("selcage: no project is named: modules are called " SC_LOOSE_PROJECT
		      "_NAME (--project NAME)\n",
		      stderr);
		return;
	}
}

static int confine(struct sc_confine *c)
{
	SC_CLEAN(sc_policy_leave_p) struct sc_policy *p = NULL;
	const char *path = sc_policy_path(c->options->policy);
	int r = sc_policy_open(path, &p, c->err);

	if (r == 0)
		r = sc_family_find(p, &c->family, c->err);
	if (r == 0)
		r = sc_confine_cages(c, p);
	if (r == 0)
		r = check_health(c, p);
	if (r == 0)
		r = sc_confine_check_store(c);
	if (r == 0 && c->options->denials.n)
		r = learn(c, p);
	if (r < 0)
		return r;
	say_loose(c);
	say_notes(&c->lacks, SC_STR("policy"));
	return 0;
}

static int tell(const struct sc_confine *c, FILE *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	if (c->options->json)
		sc_confine_put_json(c, &b);
	else
		sc_confine_put_text(c, sc_has_colour(out), &b);
	return sc_print(&b, out, c->err);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_confine c = { .options = values,
				.arena = &arena,
				.err = err };
	int r;

	if (!c.options->output && !c.options->show)
		return sc_fail(err, SC_ESYNTAX,
			       "where to write is not given: --output DIR");
	r = sc_confine_read(&c, argv, (size_t)argc);
	if (r < 0)
		return r;
	for (size_t i = 0; i < c.inputs.n; i++)
		say_notes(&c.inputs.specs[i].notes, c.inputs.specs[i].file);
	if (c.options->show)
		return show(&c, out);
	r = confine(&c);
	if (r == 0)
		r = sc_confine_files_make(&c);
	if (r == 0)
		r = sc_confine_files_write(&c);
	if (r == 0)
		r = tell(&c, out);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_confine = {
	.name = "confine",
	.operands = "SPEC...",
	.summary =
		"write a policy for each container, and the spec that uses it",
	.options = options,
	.options_size = sizeof(struct sc_confine_options),
	.run = run,
};
