#include "base/clean.h"
#include "base/safe.h"
#include "cli/host_change.h"

struct options {
	struct sc_host_ask ask;
	struct sc_values only;
	bool json;
};

static const struct sc_option options[] = {
	SC_ASK_OPTIONS(offsetof(struct options, ask)),
	SC_ONLY_OPTION(offsetof(struct options, only)),
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0 },
};

static int put_text(const struct sc_host_work *w, struct sc_buf *out,
		    struct sc_error *err)
{
	size_t n = w->plan.steps.n;
	int r;

	if (n)
		sc_putf(out, "plan of %zu step%s, the least risk first\n", n,
			n == 1 ? "" : "s");
	else
		sc_put(out, SC_STR("nothing to do: no check fails that selcage "
				   "can put right\n"));
	r = sc_host_put_steps(w, SC_RISK_BOOT, out, err);
	sc_host_put_left(w, out);
	if (n) {
		sc_put(out, SC_STR("\nto do it: selcage host apply"));
		sc_put(out, w->host.root ? SC_STR(" --root ") : SC_STR(""));
		if (w->host.root)
			sc_put_safe(out, sc_view(w->host.root));
		sc_putf(out, " --risk %s\n",
			sc_risk_name(w->plan.steps.v[n - 1].risk));
	}
	return r < 0 ? r : sc_buf_check(out, err);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_work_free) struct sc_host_work w = SC_HOST_WORK_EMPTY;
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	r = sc_host_work_open(o->ask.root, &w, err);
	if (r == 0)
		r = sc_host_work_only(&w, &o->only, err);
	if (r == 0)
		r = sc_host_work_plan(&o->ask, &w, err);
	if (r == 0)
		r = o->json ? sc_host_put_plan_json(&w, &o->ask, &text, err)
			    : put_text(&w, &text, err);
	if (r == 0)
		r = sc_print(&text, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_plan = {
	.name = "host plan",
	.operands = "",
	.summary = "what would put right what host check finds, step by step",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
