#include "base/clean.h"
#include "base/member.h"
#include "cli/advice.h"
#include "cli/allow_files.h"
#include "cli/cli.h"
#include "cli/despite.h"
#include "cli/filter.h"
#include "cli/judge.h"
#include "rules/cil.h"
#include "rules/learn.h"
#include "rules/te.h"

#include <stddef.h>

struct options {
	struct sc_filter_words filter;
	struct sc_ground ground;
	const char *format;
	const char *module;
	const char *folder;
	const char *despite;
	bool force;
	bool json;
	bool exit_code;
	bool trust_syslog;
};

/* Of a .te on standard output, if it is not said. */
#define TE_NAME "local"

/* Why no rule is written for a class. */
static const char *const left_out[SC_CLASSES] = {
	[SC_CLASS_UNKNOWN] = "the policy lacks a name in it",
	[SC_CLASS_ALLOWED] = "the policy allows it now",
	[SC_CLASS_GUARDED] = "it must stay denied, a guard says",
	[SC_CLASS_LABEL] = "it is a matter of labels",
	[SC_CLASS_LEVEL] = "it is a matter of levels",
	[SC_CLASS_CONSTRAINT] = "a constraint denies it, whatever the rules",
	[SC_CLASS_ROLE] = "it is a matter of roles",
	[SC_CLASS_BOUNDS] = "a parent type bounds it",
	[SC_CLASS_BOOLEAN] = "it is a matter of a boolean",
	[SC_CLASS_NOISE] = "it is noise that the policy knows",
};

struct left {
	size_t by_class[SC_CLASSES];
	size_t from_user; /* of the class of rules, but not believed */
	size_t forgeable; /* the same */
	size_t unnamed;   /* the same, but CIL has no such name */
	struct sc_refusals refused;
};

static void count_left(const struct sc_judge *j, struct left *left)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct sc_advice *a = &j->advice[i];

		if (a->class == SC_CLASS_RULE && a->denial->forgeable)
			left->forgeable++;
		else if (a->class == SC_CLASS_RULE &&
			 !sc_denial_is_believed(a->denial))
			left->from_user++;
		else if (a->class == SC_CLASS_RULE &&
			 !sc_learn_can_name(a->denial))
			left->unnamed++;
		else
			left->by_class[a->class]++;
	}
}

static void say_refused(const struct sc_refusal *refusal)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	const struct sc_rule *r = &refusal->rule;
	bool alone = sc_str_eq(r->perms, SC_STR("ioctl"));

	sc_putf(&b,
		"no rule for " SC_FMT " " SC_FMT ":" SC_FMT " { " SC_FMT
		" }: %s it could " SC_FMT " (" SC_FMT ")",
		SC_ARG(r->source), SC_ARG(r->target), SC_ARG(r->tclass),
		SC_ARG(r->perms),
		alone ? "with some of its commands" : "together",
		SC_ARG(refusal->guard->words), SC_ARG(refusal->guard->id));
	if (!b.failed)
		fprintf(stderr, "selcage: %s\n", b.s);
}

/* What allow is silent about would be taken for settled. */
static bool say_left(const struct left *left)
{
	bool any = false;

	for (size_t c = 0; c < SC_CLASSES; c++) {
		size_t n = left->by_class[c];

		if (!n || c == SC_CLASS_RULE)
			continue;
		fprintf(stderr, "selcage: no rule for %zu denial%s: %s\n", n,
			n == 1 ? "" : "s", left_out[c]);
		any |= c != SC_CLASS_ALLOWED;
	}
	if (left->from_user)
		fprintf(stderr,
			"selcage: no rule for %zu denial%s: it is told by a "
			"program, and could be forged\n",
			left->from_user, left->from_user == 1 ? "" : "s");
	if (left->forgeable)
		fprintf(stderr,
			"selcage: no rule for %zu denial%s: any process can "
			"write into that log (--trust-syslog)\n",
			left->forgeable, left->forgeable == 1 ? "" : "s");
	if (left->unnamed)
		fprintf(stderr,
			"selcage: no rule for %zu denial%s: a name in it is a "
			"word of CIL's own\n",
			left->unnamed, left->unnamed == 1 ? "" : "s");
	for (size_t i = 0; i < left->refused.n; i++)
		say_refused(&left->refused.v[i]);
	any |= left->from_user > 0 || left->forgeable > 0 ||
	       left->unnamed > 0 || left->refused.n > 0;
	if (any)
		fputs("selcage: 'selcage explain' says what to do instead\n",
		      stderr);
	return any;
}

static void put_ioctls(struct sc_buf *out, const struct sc_rule *r)
{
	sc_put(out, SC_STR(",\"ioctls\":["));
	for (size_t i = 0; i < r->n_ioctls; i++) {
		const struct sc_ioctl_range *x = &r->ioctls[i];

		sc_putf(out, "%s\"0x%04x", i ? "," : "", x->first);
		if (x->last > x->first)
			sc_putf(out, "-0x%04x", x->last);
		sc_put(out, SC_STR("\""));
	}
	sc_put(out, SC_STR("]"));
}

static void put_rule(struct sc_buf *out, const struct sc_rule *r)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"allow\""));
	sc_member_text(out, "source", r->source);
	sc_member_text(out, "target", r->target);
	sc_member_text(out, "class", r->tclass);
	sc_member_words(out, "perms", r->perms);
	if (r->n_ioctls)
		put_ioctls(out, r);
	sc_member_text(out, "why", r->why);
	sc_put(out, SC_STR("}\n"));
}

static int put_rules(const struct sc_rules *rules, const struct options *o,
		     struct sc_buf *out, struct sc_error *err)
{
	if (o->json) {
		for (size_t i = 0; i < rules->n; i++)
			put_rule(out, &rules->v[i]);
		return 0;
	}
	if (!o->format || strcmp(o->format, "cil") == 0)
		return sc_cil_write(rules, out, err);
	return rules->n ? sc_te_write(SC_STR(TE_NAME), rules, out, err) : 0;
}

static int check_options(const struct options *o, struct sc_error *err)
{
	if (o->format && strcmp(o->format, "cil") != 0 &&
	    strcmp(o->format, "te") != 0)
		return sc_fail(err, SC_ESYNTAX,
			       "--format is cil or te, not '%.100s'",
			       o->format);
	if (o->module && (o->format || o->json))
		return sc_fail(err, SC_ESYNTAX,
			       "--module writes files in every format: give it "
			       "without --format and --json");
	if (o->json && o->format)
		return sc_fail(err, SC_ESYNTAX,
			       "--format and --json are two formats: give one");
	if (!o->module && (o->folder || o->force))
		return sc_fail(err, SC_ESYNTAX,
			       "--output and --force go with --module NAME");
	if (o->module && o->filter.checkpoint)
		return sc_fail(err, SC_ESYNTAX,
			       "a module of what is new alone would lose the "
			       "rules of the one before: --checkpoint goes "
			       "without --module");
	return o->module ? sc_allow_files_check(o->module, err) : 0;
}

static int write_rules(const struct options *o, const struct sc_policy *p,
		       const struct sc_rules *rules, FILE *out,
		       struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_allow_files files = { o->module, o->folder, o->force };
	int r;

	if (o->module)
		return sc_allow_files_write(&files, p, rules, out, err);
	r = put_rules(rules, o, &text, err);
	return r < 0 ? r : sc_print(&text, out, err);
}

static int find_rules(const struct options *o, struct sc_judge *j,
		      struct sc_arena *a, struct sc_rules *rules,
		      struct left *left, struct sc_error *err)
{
	int r = sc_despite_judge(o->despite, j, err);

	if (r == 0)
		r = sc_learn(j->advice, j->n, a, rules, err);
	if (r == 0)
		r = sc_learn_judge(j->policy, j->guards, rules, a,
				   &left->refused, err);
	if (r == 0)
		r = sc_despite_rules(o->despite, &left->refused, a, rules, err);
	return r;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_judge_leave) struct sc_judge judge = { 0 };
	const struct options *o = values;
	struct sc_rules rules = { 0 };
	struct left left = { 0 };
	struct sc_filter filter;
	bool found;
	int r = check_options(o, err);

	if (r == 0)
		r = sc_filter_read(&o->filter, &filter, err);
	if (r < 0)
		return r;
	filter.trust_syslog = o->trust_syslog;
	r = sc_judge_logs(&judge, &o->ground, argv, (size_t)argc, &filter,
			  &arena, err);
	if (r < 0)
		return r;
	r = find_rules(o, &judge, &arena, &rules, &left, err);
	if (r < 0)
		return r;
	count_left(&judge, &left);
	found = say_left(&left);
	r = write_rules(o, judge.policy, &rules, out, err);
	if (r < 0)
		return r;
	r = found && o->exit_code ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
	r = sc_logs_end(&judge.tally, r, err);
	if (r >= 0 && sc_filter_end(&o->filter, &filter, out, err) < 0)
		return err->code;
	return r;
}

static const struct sc_option options[] = {
	SC_FILTER_OPTIONS(struct options, filter),
	SC_GROUND_OPTIONS(struct options, ground),
	{ 'f', "format", "cil|te", "on standard output: CIL, or a .te",
	  offsetof(struct options, format) },
	{ 'M', "module", "NAME", "write NAME.cil, NAME.te and NAME.pp",
	  offsetof(struct options, module) },
	{ 'o', "output", "DIR", "write them to DIR",
	  offsetof(struct options, folder) },
	{ 0, "force", NULL, "write over files that are there already",
	  offsetof(struct options, force) },
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0, "exit-code", NULL, "exit with 1 if a denial got no rule",
	  offsetof(struct options, exit_code) },
	{ 0, "despite", "GUARD[,GUARD]",
	  "rules also for what these guards refuse",
	  offsetof(struct options, despite) },
	{ 0, "trust-syslog", NULL, "rules also from logs that anyone can write",
	  offsetof(struct options, trust_syslog) },
	{ 0 },
};

const struct sc_command sc_cmd_allow = {
	.name = "allow",
	.operands = "[FILE...]",
	.summary = "write rules for the denials that a rule should settle",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
