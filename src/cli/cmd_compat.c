#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"
#include "cli/allow_files.h"
#include "cli/compat.h"
#include "rules/te.h"

#include <inttypes.h>
#include <string.h>

/* As the tools whose names these are end when something fails. */
#define EXIT_FAILED 1
#define XML_MAX ((size_t)64 << 20)

struct collecting {
	struct sc_collection all;
	struct sc_arena arena;
	bool explain;
};

struct job {
	const struct sc_compat_options *options;
	struct sc_policy *policy;
	struct sc_guards *guards;
	struct sc_arena arena;
	struct collecting collecting;
	struct sc_buf text; /* of audit2why */
	struct sc_str xml;  /* that describes booleans, once it was wanted */
	bool has_xml;
	FILE *out;
	struct sc_error *err;
};

static void close_job(struct job *j)
{
	sc_buf_free(&j->text);
	sc_arena_free(&j->collecting.arena);
	sc_arena_free(&j->arena);
	sc_policy_leave(j->policy);
}

/* ---- options that do not go together */

static void warn_inputs(const struct sc_compat_options *o)
{
	if ((o->all || o->boot) && o->input)
		fputs("error: --all/--boot conflicts with --input\n", stderr);
	if ((o->all || o->boot) && o->dmesg)
		fputs("error: --all/--boot conflicts with --dmesg\n", stderr);
	if (o->input && o->dmesg)
		fputs("error: --input conflicts with --dmesg\n", stderr);
}

static bool is_module_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

	return *s && strchr(letters, *s) && s[strspn(s, rest)] == '\0';
}

static int check_module(const struct sc_compat_options *o, struct sc_error *err)
{
	const char *name = o->module ? o->module : o->package;

	if (name && !is_module_name(name))
		return sc_fail(err, SC_ESYNTAX,
			       "error: module names must begin with a letter, "
			       "optionally followed by letters, numbers, "
			       "\"-\", \"_\", \".\"");
	if (o->package && o->output)
		return sc_fail(err, SC_ESYNTAX,
			       "error: --module-package conflicts with "
			       "--output");
	if (o->package && o->module)
		return sc_fail(err, SC_ESYNTAX,
			       "error: --module-package conflicts with "
			       "--module");
	if (o->package && o->cil)
		return sc_fail(err, SC_ESYNTAX,
			       "error: --module-package conflicts with --cil");
	return 0;
}

static int check_options(const struct sc_compat_options *o,
			 struct sc_error *err)
{
	if (o->reference || o->perm_map || o->interface_info)
		return sc_fail(err, SC_ESYNTAX,
			       "--reference is left out: an interface that "
			       "covers a denial opens more than was denied: "
			       "leave it away, and rules are written");
	if (o->debug)
		return sc_fail(err, SC_ESYNTAX,
			       "--debug is left out: no file is made on the "
			       "way to a package");
	warn_inputs(o);
	return check_module(o, err);
}

/* ---- audit2why */

/* A host has it only where policy is written. */
static void find_xml(struct job *j)
{
	struct sc_error why;

	if (!j->has_xml &&
	    sc_file_read(SC_COMPAT_XML, XML_MAX, &j->arena, &j->xml, &why) < 0)
		j->xml = (struct sc_str){ 0 };
	j->has_xml = true;
}

static int print_why(void *data, const struct sc_message *m,
		     struct sc_error *err)
{
	struct job *j = data;
	int r;

	if (m->verdict.kind == SC_VERDICT_BOOLEAN)
		find_xml(j);
	sc_compat_put_why(m, j->xml, &j->text);
	if (j->options->lastreload || j->text.n < 1 << 16)
		return sc_buf_check(&j->text, err);
	r = sc_print(&j->text, j->out, err);
	j->text.n = 0;
	return r;
}

static void forget_why(void *data)
{
	struct job *j = data;

	j->text.n = 0;
}

static int why(struct job *j)
{
	struct sc_compat_reader reader = {
		.message = print_why,
		.reload = forget_why,
		.data = j,
	};

	return sc_compat_read(j->options, j->policy, &reader, j->err);
}

/* ---- audit2allow */

static int collect(void *data, const struct sc_message *m, struct sc_error *err)
{
	struct collecting *c = data;

	if (m->avc.denied &&
	    !sc_compat_collect(&c->all, m, c->explain, &c->arena))
		return sc_no_memory(err);
	return 0;
}

static int collect_lacking(void *data, const struct sc_package_role *l,
			   struct sc_error *err)
{
	struct collecting *c = data;

	if (!sc_compat_collect_lacking(&c->all, l, &c->arena))
		return sc_no_memory(err);
	return 0;
}

static void forget(void *data)
{
	struct collecting *c = data;

	sc_arena_free(&c->arena);
	c->all = (struct sc_collection){ 0 };
}

static int open_guards(struct job *j)
{
	struct sc_family family;
	int r;

	if (j->options->dontaudit || j->options->unguarded)
		return 0;
	r = sc_family_find(j->policy, &family, j->err);
	if (r == SC_ENOTFOUND)
		return 0;
	return r < 0 ? r
		     : sc_guards_open(j->policy, &family, &j->arena, &j->guards,
				      j->err);
}

static int append(struct job *j, const struct sc_buf *text)
{
	SC_CLEAN(fclose_p) FILE *f = fopen(j->options->output, "ae");

	if (!f)
		return sc_fail_os(j->err, "cannot open '%s'",
				  j->options->output);
	if (sc_print(text, f, j->err) < 0)
		return j->err->code;
	if (fflush(f) != 0)
		return sc_fail_os(j->err, "cannot write '%s'",
				  j->options->output);
	return 0;
}

static int check_names(const struct sc_rules *rules, struct sc_error *err)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct sc_rule *r = &rules->v[i];
		struct sc_str name =
			sc_te_is_name(r->source) ? r->target : r->source;

		if (!sc_str_eq(name, SC_STR("self")) && !sc_te_is_name(name))
			return sc_fail(err, SC_EREFUSED,
				       "a package cannot name the type '" SC_FMT
				       "', only CIL can: 'selcage allow "
				       "--module' writes that",
				       SC_ARG(name));
	}
	return 0;
}

static int write_package(struct job *j, const struct sc_compat_text *t)
{
	const struct sc_collection *all = &j->collecting.all;
	SC_CLEAN(sc_buf_free) struct sc_buf package = { 0 };
	const char *name = j->options->package;
	struct sc_output files[2];
	struct sc_str te, pp;
	int r;

	if (!t->rules.n && !all->lacking.n)
		return sc_fail(j->err, SC_ENOTFOUND,
			       "there is no rule to write: no file was made");
	r = check_names(&t->rules, j->err);
	if (r == 0)
		r = sc_allow_package(sc_view(name), j->policy, &t->rules,
				     all->lacking.v, all->lacking.n, &package,
				     j->err);
	if (r < 0)
		return r;
	if (!sc_keepf(&j->arena, &te, "%s.te", name) ||
	    !sc_keepf(&j->arena, &pp, "%s.pp", name))
		return sc_no_memory(j->err);
	files[0] = (struct sc_output){ te.s, { t->text.s, t->text.n } };
	files[1] = (struct sc_output){ pp.s, { package.s, package.n } };
	r = sc_files_replace(files, 2, j->err);
	if (r == 0)
		fprintf(j->out,
			"******************** IMPORTANT "
			"***********************\n"
			"To make this policy package active, execute:\n\n"
			"semodule -i %s\n\n",
			pp.s);
	return r;
}

static void free_text(struct sc_compat_text *t)
{
	sc_buf_free(&t->text);
}

static int allow(struct job *j)
{
	SC_CLEAN(free_text) struct sc_compat_text text = { 0 };
	struct sc_compat_reader reader = {
		.message = collect,
		.lacking = collect_lacking,
		.reload = forget,
		.data = &j->collecting,
	};
	int r, seen;

	j->collecting.explain = j->options->explain;
	seen = sc_compat_read(j->options, j->policy, &reader, j->err);
	if (seen < 0)
		return seen;
	if (!seen && !j->options->all && !j->options->boot &&
	    !j->options->dmesg)
		return 0;
	if (j->collecting.all.notes_left)
		fprintf(stderr,
			"selcage: %" PRIu64 " records are not shown: together "
			"they are too long (--lastreload, --type)\n",
			j->collecting.all.notes_left);
	r = open_guards(j);
	if (r < 0)
		return r;
	sc_compat_sort(&j->collecting.all);
	r = sc_compat_make(j->options, j->guards, &j->collecting.all, &j->arena,
			   &text, j->err);
	if (r == 0 && j->options->package)
		r = write_package(j, &text);
	else if (r == 0 && j->options->output)
		r = append(j, &text.text);
	else if (r == 0)
		r = sc_print(&text.text, j->out, j->err);
	return r < 0 ? r : seen;
}

/* ---- */

static int work(struct job *j)
{
	const struct sc_compat_options *o = j->options;
	bool given = o->input || !(o->all || o->boot || o->dmesg);
	int r = sc_policy_open(sc_policy_path(o->policy), &j->policy, j->err);

	if (r < 0)
		return r;
	r = o->why ? why(j) : allow(j);
	if (r < 0)
		return r;
	if (r == 0 && given)
		fputs("Nothing to do\n", stderr);
	return sc_print(&j->text, j->out, j->err);
}

static int run_as(const char *name, const struct sc_compat_options *o,
		  FILE *out, struct sc_error *err)
{
	SC_CLEAN(close_job)
	struct job j = { .options = o, .out = out, .err = err };
	SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };
	int r;

	if (o->version) {
		fprintf(out, "%s .1\n", name);
		return SC_EXIT_CLEAN;
	}
	r = check_options(o, err);
	if (r < 0)
		return r;
	r = work(&j);
	if (r >= 0)
		return SC_EXIT_CLEAN;
	sc_put_safe(&words, sc_view(err->msg));
	fprintf(stderr, "%s: %s\n", name, words.s ? words.s : "");
	return EXIT_FAILED;
}

static int run_allow(int argc, char **argv, const void *values, FILE *out,
		     struct sc_error *err)
{
	(void)argc;
	(void)argv;
	return run_as("audit2allow", values, out, err);
}

static int run_why(int argc, char **argv, const void *values, FILE *out,
		   struct sc_error *err)
{
	struct sc_compat_options o = *(const struct sc_compat_options *)values;

	(void)argc;
	(void)argv;
	o.why = true;
	return run_as("audit2why", &o, out, err);
}

#define AT(member) offsetof(struct sc_compat_options, member)

static const struct sc_option options[] = {
	{ 'b', "boot", NULL, "the audit log since the machine was started",
	  AT(boot) },
	{ 'a', "all", NULL, "the audit log", AT(all) },
	{ 'p', "policy", "FILE", "a compiled policy, not the host's",
	  AT(policy) },
	{ 'd', "dmesg", NULL, "the messages of the kernel", AT(dmesg) },
	{ 'i', "input", "FILE", "this log; else standard input", AT(input) },
	{ 'l', "lastreload", NULL, "only what follows the last load of policy",
	  AT(lastreload) },
	{ 'r', "requires", NULL, "say what the rules require", AT(requires) },
	{ 'm', "module", "NAME", "begin with a line that names a module",
	  AT(module) },
	{ 'M', "module-package", "NAME", "write NAME.te and NAME.pp",
	  AT(package) },
	{ 'o', "output", "FILE", "append to FILE", AT(output) },
	{ 'D', "dontaudit", NULL, "dontaudit, not allow", AT(dontaudit) },
	{ 'v', "verbose", NULL, "say which records ask for a rule",
	  AT(verbose) },
	{ 'e', "explain", NULL, "show those records", AT(explain) },
	{ 't', "type", "REGEX", "only what has a type that starts with REGEX",
	  AT(type) },
	{ 'x', "xperms", NULL, "name the commands of ioctls", AT(xperms) },
	{ 'C', "cil", NULL, "write CIL", AT(cil) },
	{ 'w', "why", NULL, "say why it was denied, as audit2why does",
	  AT(why) },
	{ 'R', "reference", NULL, "left out: it opens too much",
	  AT(reference) },
	{ 'N', "noreference", NULL, "no effect", AT(noreference) },
	{ 0, "perm-map", "FILE", "left out, as --reference", AT(perm_map) },
	{ 0, "interface-info", "FILE", "left out, as --reference",
	  AT(interface_info) },
	{ 0, "debug", NULL, "left out", AT(debug) },
	{ 0, "unguarded", NULL, "write also what a guard refuses",
	  AT(unguarded) },
	{ 0, "trust-syslog", NULL,
	  "write also rules from records that anybody can forge",
	  AT(trust_syslog) },
	{ 0, "version", NULL, "name the version", AT(version) },
	{ 0 },
};

const struct sc_command sc_cmd_audit2allow = {
	.name = "audit2allow",
	.operands = "",
	.summary = "rules for denials, as the tool of this name writes them",
	.options = options,
	.run = run_allow,
	.options_size = sizeof(struct sc_compat_options),
};

const struct sc_command sc_cmd_audit2why = {
	.name = "audit2why",
	.operands = "",
	.summary = "why it was denied, as the tool of this name says it",
	.options = options,
	.run = run_why,
	.options_size = sizeof(struct sc_compat_options),
};
