#include "base/clean.h"
#include "cli/advice.h"
#include "cli/cli.h"
#include "cli/filter.h"
#include "cli/judge.h"
#include "cli/wrap.h"

#include <stddef.h>

struct options {
	struct sc_filter_words filter;
	struct sc_ground ground;
	bool json;
	bool exit_code;
};

/* Is anything still denied? */
static bool is_denied(const struct sc_judge *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->advice[i].class != SC_CLASS_ALLOWED)
			return true;
	return false;
}

/* What stands at the margin names a denial; what is below it is broken where it
 * must, but for commands, which are there to be copied. */
static void fit(struct sc_buf *text, struct sc_buf *out)
{
	struct sc_str all = { text->s, text->n }, line;

	while (sc_take_until(&all, '\n', &line)) {
		if (line.n && *line.s != ' ') {
			sc_put_wrapped(out, line, 8);
			continue;
		}
		sc_put(out, line);
		sc_put(out, SC_STR("\n"));
	}
	out->failed |= text->failed;
}

static int print(struct sc_buf *text, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf fitting = { 0 };

	if (!sc_is_screen(out))
		return sc_print(text, out, err);
	fit(text, &fitting);
	return sc_print(&fitting, out, err);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_judge_leave) struct sc_judge judge = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	struct sc_filter filter;
	int r = sc_filter_read(&o->filter, &filter, err);

	if (r < 0)
		return r;
	r = sc_judge_logs(&judge, &o->ground, argv, (size_t)argc, &filter,
			  &arena, err);
	if (r < 0)
		return r;
	if (o->json)
		sc_advice_json(&text, &judge);
	else
		r = sc_advice_text(&text, &judge, sc_has_colour(out), &arena,
				   err);
	if (r < 0)
		return r;
	r = o->json ? sc_print(&text, out, err) : print(&text, out, err);
	if (r < 0)
		return r;
	r = o->exit_code && is_denied(&judge) ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
	r = sc_logs_end(&judge.tally, r, err);
	if (r >= 0 && sc_filter_end(&o->filter, &filter, out, err) < 0)
		return err->code;
	return r;
}

static const struct sc_option options[] = {
	SC_FILTER_OPTIONS(struct options, filter),
	SC_GROUND_OPTIONS(struct options, ground),
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0, "exit-code", NULL, "exit with 1 if anything is still denied",
	  offsetof(struct options, exit_code) },
	{ 0 },
};

const struct sc_command sc_cmd_explain = {
	.name = "explain",
	.operands = "[FILE...]",
	.summary = "say why accesses were denied, and what to do",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
