#include "base/clean.h"
#include "base/safe.h"
#include "cli/ask.h"
#include "cli/mode.h"
#include "cli/wrap.h"
#include "policy/enforce.h"
#include "policy/kernel.h"

#define AT(member) offsetof(struct sc_mode_options, member)

static const struct sc_option options[] = {
	{ 0, "for", "TIME", "how long, such as 45s, 30m (without it), 2h",
	  AT(time) },
	{ 0, "no-dontaudit", NULL, "log what the policy hides as well",
	  AT(no_dontaudit) },
	{ 'n', "dry-run", NULL, "show the plan and stop", AT(dry_run) },
	{ 'y', "yes", NULL, "do not ask", AT(yes) },
	{ 'q', "quiet", NULL, "say nothing but what went wrong", AT(quiet) },
	{ 0, "timer", NULL, "as the timer does: a domain that is gone is fine",
	  AT(timer) },
	SC_JSON_OPTION(AT(json)),
	{ 0 },
};

static const char *name_of(bool enforcing)
{
	return enforcing ? "enforcing" : "permissive";
}

static void put_host(bool on, bool changed, bool json, struct sc_buf *out)
{
	if (json)
		sc_putf(out,
			"{\"v\":1,\"kind\":\"mode\",\"mode\":\"%s\","
			"\"changed\":%s}\n",
			name_of(on), changed ? "true" : "false");
	else if (changed)
		sc_putf(out, "\n%s until the next boot\n", name_of(on));
	else
		sc_putf(out, "nothing to do: %s already\n", name_of(on));
}

static const char *const warning =
	"permissive, the whole host lets everything through that the policy "
	"denies, every container included. To find out what one of them needs, "
	"make its domain alone permissive, and for a while: selcage mode "
	"permissive DOMAIN --for 30m";

static void put_warning(bool json, struct sc_buf *out)
{
	if (!json) {
		sc_put_field(out, "warning", 9, sc_view(warning));
		return;
	}
	sc_putf(out, "{\"v\":1,\"kind\":\"warning\",\"text\":");
	sc_put_json(out, sc_view(warning));
	sc_putf(out, "}\n");
}

static int print(struct sc_buf *text, const struct sc_mode_options *o,
		 FILE *out, struct sc_error *err)
{
	int r = o->quiet ? sc_buf_check(text, err) : sc_print(text, out, err);

	sc_buf_free(text);
	*text = (struct sc_buf){ 0 };
	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

struct host_change {
	struct sc_arena arena;
	struct sc_ledger ledger;
	struct sc_enforce_step step;
};

static void host_change_free(struct host_change *c)
{
	sc_ledger_close(&c->ledger);
	sc_arena_free(&c->arena);
}

static int prepare(struct host_change *c, bool on, bool dry_run,
		   struct sc_error *err)
{
	struct sc_str boot = { 0 };
	int r = sc_kernel_boot(&c->arena, &boot, err);

	c->step = (struct sc_enforce_step){ .on = on };
	if (r < 0 || dry_run)
		return r;
	r = sc_ledger_open(SC_LEDGER_DIR, true, &c->arena, &c->ledger, err);
	if (r < 0)
		return r;
	sc_say_ledger(&c->ledger);
	r = sc_enforce_settle(&c->ledger, boot, err);
	return r < 0 ? r : sc_enforce_plan(on, &c->ledger, boot, &c->step, err);
}

static int change_host(const struct sc_mode_options *o, bool on, FILE *out,
		       struct sc_error *err)
{
	SC_CLEAN(host_change_free)
	struct host_change c = { .ledger = { .journal = -1, .lock = -1 } };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_step step;
	struct sc_plan plan = { &step, 1 };
	int r = prepare(&c, on, o->dry_run, err);

	if (r < 0)
		return r;
	step = sc_enforce_step(&c.step, on ? "switch the kernel to enforcing"
					   : "switch the kernel to permissive");
	sc_mode_put_plan(&plan, o->json, &text);
	if (!on)
		put_warning(o->json, &text);
	r = print(&text, o, out, err);
	if (r < 0 || o->dry_run)
		return r;
	r = sc_ask(o->yes, err);
	if (r == 0)
		r = sc_plan_apply(&plan, &c.ledger, &c.arena, err);
	if (r < 0)
		return r;
	put_host(on, true, o->json, &text);
	r = print(&text, o, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

static int run_host(const struct sc_mode_options *o, bool on, FILE *out,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r;

	if (o->time)
		return sc_fail(err, SC_ESYNTAX,
			       "--for is for one domain: the whole host is not "
			       "switched for a while (selcage mode permissive "
			       "DOMAIN --for 30m)");
	if (o->no_dontaudit)
		return sc_fail(err, SC_ESYNTAX,
			       "--no-dontaudit is for one domain (semodule -DB "
			       "is for the whole host)");
	r = sc_kernel_enforces(err);
	if (r < 0)
		return r;
	if ((r == 1) != on)
		return change_host(o, on, out, err);
	put_host(on, false, o->json, &text);
	r = print(&text, o, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	const struct sc_mode_options *o = data;
	bool on;

	if (argc == 0)
		return sc_mode_show(o, out, err);
	on = strcmp(argv[0], "enforcing") == 0;
	if (!on && strcmp(argv[0], "permissive") != 0)
		return sc_fail(err, SC_ESYNTAX,
			       "no mode '%s': it is enforcing or permissive "
			       "(selcage mode permissive DOMAIN)",
			       argv[0]);
	if (argc > 2)
		return sc_fail(err, SC_ESYNTAX,
			       "one domain at a time: '%s' is one too many",
			       argv[2]);
	if (argc == 2)
		return sc_mode_domain(o, !on, argv[1], out, err);
	return run_host(o, on, out, err);
}

const struct sc_command sc_cmd_mode = {
	.name = "mode",
	.operands = "[enforcing|permissive [DOMAIN]]",
	.summary = "show or switch the mode of the kernel, or of one domain",
	.options = options,
	.run = run,
	.options_size = sizeof(struct sc_mode_options),
};
