#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"
#include "cli/ask.h"
#include "cli/host_change.h"
#include "cli/host_timer.h"
#include "cli/span.h"

#define MAX_SECONDS ((uint64_t)24 * 60 * 60)
#define PLAN_BYTES ((size_t)16 << 20)

static const struct sc_option options[] = {
	SC_ASK_OPTIONS(offsetof(struct sc_host_change_options, ask)),
	SC_ONLY_OPTION(offsetof(struct sc_host_change_options, only)),
	{ 0, "risk", "RISK",
	  "the most that is done: safe (default), careful or boot",
	  offsetof(struct sc_host_change_options, risk) },
	{ 0, "confirm-within", "TIME",
	  "take it back after TIME (10m), over boots too,\n"
	  "                           unless selcage host confirm is called",
	  offsetof(struct sc_host_change_options, confirm) },
	{ 'n', "dry-run", NULL, "show the steps and stop",
	  offsetof(struct sc_host_change_options, dry_run) },
	{ 'y', "yes", NULL, "do not ask",
	  offsetof(struct sc_host_change_options, yes) },
	{ 0 },
};

/* ---- the plan */

static int read_risk(const char *name, enum sc_risk *out, struct sc_error *err)
{
	*out = SC_RISK_SAFE;
	for (int i = SC_RISK_SAFE; name && i <= SC_RISK_BOOT; i++)
		if (strcmp(name, sc_risk_name((enum sc_risk)i)) == 0) {
			*out = (enum sc_risk)i;
			return 0;
		}
	return !name ? 0
		     : sc_fail(err, SC_ESYNTAX,
			       "no risk '%s': safe, careful or boot", name);
}

static int read_only(const struct sc_doc_node *list, struct sc_host_work *w,
		     struct sc_error *err)
{
	struct sc_values names = { 0 };
	const struct sc_doc_node *one =
		sc_doc_is(list, SC_DOC_LIST) ? list->first : NULL;

	for (; one; one = one->next) {
		struct sc_str name;

		if (names.n == SC_VALUES_MAX)
			return sc_fail(err, SC_ELIMIT, "too many checks");
		if (!sc_keep(&w->arena, one->text, &name))
			return sc_no_memory(err);
		names.v[names.n++] = (char *)(uintptr_t)name.s;
	}
	return sc_host_work_only(w, &names, err);
}

/* Are the steps in @lines those of @digest? Who read them read what will be
 * done. */
static int check_steps(const char *path, struct sc_str lines,
		       struct sc_str digest, struct sc_error *err)
{
	static const struct sc_str notes = SC_STR(",\"notes\":[");
	SC_CLEAN(sc_buf_free) struct sc_buf steps = { 0 };
	char is[SC_SHA256_HEX + 1];
	struct sc_str line;

	sc_put(&steps, SC_STR(""));
	while (sc_take_part(&lines, '\n', &line)) {
		const char *end = memmem(line.s, line.n, notes.s, notes.n);

		if (!end)
			continue;
		sc_put(&steps,
		       (struct sc_str){ line.s, (size_t)(end - line.s) });
		sc_put(&steps, SC_STR("}\n"));
	}
	if (sc_buf_check(&steps, err) < 0)
		return SC_ENOMEM;
	sc_sha256_hex((struct sc_str){ steps.s, steps.n }, is);
	return sc_str_eq(digest, sc_view(is))
		       ? 0
		       : sc_fail(err, SC_EREFUSED,
				 "'%s' was changed since it was written: "
				 "nothing is done, plan anew (selcage host "
				 "plan)",
				 path);
}

/* The digest of the plan in the file @path, and of what it was made. */
static int read_plan(const char *path, struct sc_host_work *w,
		     struct sc_host_ask *ask, struct sc_str *digest,
		     struct sc_error *err)
{
	const struct sc_doc_node *profile;
	struct sc_arena *a = &w->arena;
	struct sc_doc doc = { 0 };
	struct sc_str text = { 0 }, line;
	int r = sc_file_read(path, PLAN_BYTES, a, &text, err);

	if (r == 0 && sc_take_part(&text, '\n', &line))
		r = sc_doc_read_json(line, a, &doc, err);
	if (r < 0)
		return sc_while(err, "the plan '%s'", path);
	if (!sc_doc_is(sc_doc_get(doc.root, "digest"), SC_DOC_STRING))
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no plan: selcage host plan --json "
			       "writes one",
			       path);
	*digest = sc_doc_get(doc.root, "digest")->text;
	r = check_steps(path, text, *digest, err);
	if (r < 0)
		return r;
	profile = sc_doc_get(doc.root, "profile");
	if (sc_doc_is(profile, SC_DOC_STRING) && !ask->profiles)
		ask->profiles = profile->text.s;
	return read_only(sc_doc_get(doc.root, "only"), w, err);
}

static int check_plan(const struct sc_host_work *w, struct sc_str digest,
		      struct sc_error *err)
{
	if (!digest.n || sc_str_eq(digest, sc_view(w->digest)))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "the host is not what it was when this was planned: "
		       "nothing is done, plan anew (selcage host plan)");
}

/* ---- doing it */

static size_t count(const struct sc_host_work *w, enum sc_risk most)
{
	size_t n = 0;

	for (size_t i = 0; i < w->plan.steps.n; i++)
		n += w->plan.steps.v[i].risk <= most;
	return n;
}

/* One more than all before. */
static int number_of(const struct sc_host_work *w, struct sc_arena *a,
		     struct sc_str *out, struct sc_error *err)
{
	uint64_t most = 0, n;

	for (size_t i = 0; i < w->ledger.n; i++) {
		const struct sc_change_set *c = &w->ledger.v[i].changes;
		struct sc_str place = c->place;

		if (sc_str_eq(c->kind, SC_HOST_KIND) &&
		    sc_take_u64(&place, &n) && n > most)
			most = n;
	}
	return sc_keepf(a, out, "%llu", (unsigned long long)most + 1)
		       ? 0
		       : sc_no_memory(err);
}

static int perform(struct sc_host_work *w, enum sc_risk most,
		   struct sc_str place, struct sc_error *err)
{
	size_t n = 0, all = count(w, most);
	struct sc_step *steps = sc_new_array(&w->arena, struct sc_step, all);
	struct sc_host_step **those =
		sc_new_array(&w->arena, struct sc_host_step *, all);
	struct sc_plan plan = { steps, all };
	int r = 0;

	if (!steps || !those)
		return sc_no_memory(err);
	for (size_t i = 0; i < w->plan.steps.n; i++)
		if (w->plan.steps.v[i].risk <= most)
			those[n++] = &w->plan.steps.v[i].step;
	sc_host_seal(those, n);
	n = 0;
	for (size_t i = 0; r == 0 && i < w->plan.steps.n; i++) {
		struct sc_cure_step *s = &w->plan.steps.v[i];

		if (s->risk > most)
			continue;
		s->step.runner = w->runner;
		r = sc_host_step(&s->step, place, s->title.s, &w->ledger,
				 &w->arena, &steps[n++], err);
	}
	return r < 0 ? r : sc_plan_apply(&plan, &w->ledger, &w->arena, err);
}

static void put_end(const struct sc_host_work *w, enum sc_risk most,
		    struct sc_str place, struct sc_buf *out)
{
	size_t n = count(w, most), more = w->plan.steps.n - n;
	bool boot = false;

	for (size_t i = 0; i < w->plan.steps.n; i++)
		boot = boot || (w->plan.steps.v[i].boot &&
				w->plan.steps.v[i].risk <= most);
	sc_putf(out,
		"\ndone: %zu step%s, as transaction " SC_FMT
		" (selcage host rollback " SC_FMT " takes it back)\n",
		n, n == 1 ? "" : "s", SC_ARG(place), SC_ARG(place));
	if (boot)
		sc_put(out, SC_STR("part of it holds from the next boot on: "
				   "boot, then selcage host check\n"));
	if (more)
		sc_putf(out, "%zu step%s with more risk (--risk %s)\n", more,
			more == 1 ? " is left" : "s are left",
			sc_risk_name(
				w->plan.steps.v[w->plan.steps.n - 1].risk));
}

static int flush(struct sc_buf *text, FILE *out, struct sc_error *err)
{
	int r = sc_print(text, out, err);

	sc_buf_free(text);
	*text = (struct sc_buf){ 0 };
	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

static int apply(struct sc_host_work *w, const struct sc_host_change_options *o,
		 enum sc_risk most, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_str place = { 0 };
	uint64_t seconds = 0;
	int r = number_of(w, &w->arena, &place, err);

	if (r == 0 && o->confirm)
		r = sc_span_read("--confirm-within", o->confirm, &seconds, err);
	if (r == 0 && seconds > MAX_SECONDS)
		return sc_fail(err, SC_EREFUSED,
			       "--confirm-within is a day at most");
	if (r == 0)
		r = sc_host_put_steps(w, most, &text, err);
	if (r == 0)
		r = flush(&text, out, err);
	if (r < 0 || o->dry_run)
		return r;
	r = sc_ask(o->yes, err);
	if (r < 0)
		return r;
	/* of a transaction of this number that came to nothing */
	if (w->runner)
		sc_host_timer_stop(place);
	if (o->confirm)
		r = sc_host_timer_start(place, seconds, err);
	if (r < 0)
		return r;
	r = perform(w, most, place, err);
	/* what could not be undone is left to the timer */
	if (r < 0 && o->confirm && !sc_host_is_left(&w->ledger, place))
		sc_host_timer_stop(place);
	if (r < 0)
		return r;
	put_end(w, most, place, &text);
	if (o->confirm)
		sc_putf(&text,
			"it is taken back in %s unless selcage host confirm "
			"is called\n",
			o->confirm);
	return flush(&text, out, err);
}

static int say_nothing(const struct sc_host_work *w, FILE *out)
{
	size_t n = w->plan.steps.n;

	fputs("nothing to do", out);
	if (n)
		fprintf(out, ": %zu step%s with more risk %s left (--risk %s)",
			n, n == 1 ? "" : "s", n == 1 ? "is" : "are",
			sc_risk_name(w->plan.steps.v[n - 1].risk));
	fputs("\n", out);
	return SC_EXIT_CLEAN;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_work_free) struct sc_host_work w = SC_HOST_WORK_EMPTY;
	const struct sc_host_change_options *o = values;
	struct sc_host_ask ask = o->ask;
	struct sc_str digest = { 0 };
	enum sc_risk most;
	int r;

	if (argc > 1)
		return sc_fail(err, SC_ESYNTAX, "one plan, not %d", argc);
	if (o->confirm && ask.root)
		return sc_fail(err, SC_EREFUSED,
			       "--confirm-within is for the host that we are "
			       "on: below a root nothing runs");
	r = read_risk(o->risk, &most, err);
	if (r == 0 && argc)
		r = read_plan(argv[0], &w, &ask, &digest, err);
	if (r == 0)
		r = sc_host_work_only(&w, &o->only, err);
	if (r == 0)
		r = sc_host_work_open(ask.root, &w, err);
	if (r == 0)
		r = sc_host_work_ledger(!o->dry_run, &w, err);
	if (r == 0)
		r = sc_host_work_plan(&ask, &w, err);
	if (r == 0)
		r = check_plan(&w, digest, err);
	if (r < 0)
		return r;
	if (!count(&w, most))
		return say_nothing(&w, out);
	r = apply(&w, o, most, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_apply = {
	.name = "host apply",
	.operands = "[PLAN.json]",
	.summary = "do what host plan says, as far as --risk lets it",
	.options = options,
	.run = run,
	.options_size = sizeof(struct sc_host_change_options),
};
