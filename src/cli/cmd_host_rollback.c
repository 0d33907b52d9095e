#include "base/clean.h"
#include "base/safe.h"
#include "cli/ask.h"
#include "cli/host_change.h"
#include "cli/host_timer.h"
#include "policy/config.h"
#include "policy/enforce.h"
#include "policy/kernel.h"

#define CONFIG SC_STR("/etc/selinux/config")

struct options {
	const char *root;
	bool dry_run, yes, timer;
};

static const struct sc_option options[] = {
	{ 0, "root", "DIR", "the host whose files are below DIR",
	  offsetof(struct options, root) },
	{ 'n', "dry-run", NULL, "show what would be put back and stop",
	  offsetof(struct options, dry_run) },
	{ 'y', "yes", NULL, "do not ask", offsetof(struct options, yes) },
	{ 0, "timer", NULL, "nobody asks: only what nobody has confirmed",
	  offsetof(struct options, timer) },
	{ 0 },
};

static bool is_in_force(const struct sc_host_past *p)
{
	return p->files.n > 0;
}

/* The one called @place, or the last one that is in force; NULL: none. */
static const struct sc_host_past *find(const struct sc_host_pasts *all,
				       const char *place)
{
	for (size_t i = all->n; i-- > 0;) {
		const struct sc_host_past *p = &all->v[i];

		if (place ? sc_str_eq(p->place, sc_view(place))
			  : is_in_force(p))
			return p;
	}
	return NULL;
}

static int put_plan(const struct sc_host_past *p, const struct sc_host_step *s,
		    struct sc_buf *out, struct sc_error *err)
{
	int r = 0;

	sc_put(out, SC_STR("transaction "));
	sc_put_safe(out, p->place);
	sc_put(out, SC_STR(" of "));
	sc_put_safe(out, p->time);
	sc_put(out, SC_STR(" is taken back\n"));
	for (size_t i = 0; r == 0 && i < s->files.n; i++)
		r = sc_host_put_file(&s->files.v[i], out, err);
	for (size_t i = 0; i < s->commands.n; i++)
		sc_host_put_command(&s->commands.v[i], out);
	if (p->programs)
		sc_putf(out,
			"     what %zu program%s did (packages, labels) stays\n",
			p->programs, p->programs == 1 ? "" : "s");
	return r < 0 ? r : sc_buf_check(out, err);
}

/* Does it take back that the host boots enforcing? */
static bool ends_enforcing(const struct sc_host_step *s)
{
	struct sc_config was, is;

	for (size_t i = 0; i < s->files.n; i++) {
		const struct sc_file_change *c = &s->files.v[i];

		if (!sc_str_eq(c->path, CONFIG))
			continue;
		sc_config_read(c->before.bytes, &was);
		sc_config_read(c->after.bytes, &is);
		return was.mode == SC_MODE_ENFORCING && is.mode != was.mode;
	}
	return false;
}

static bool kernel_enforces(void)
{
	struct sc_error ignored;

	return sc_kernel_enforces(&ignored) == 1;
}

/* Who is locked out by a boot that enforces cannot wait for the next one. */
static int release(struct sc_host_work *w, struct sc_enforce_step *e,
		   struct sc_step *out, struct sc_error *err)
{
	struct sc_str boot = { 0 };
	int r = sc_kernel_boot(&w->arena, &boot, err);

	if (r == 0)
		r = sc_enforce_settle(&w->ledger, boot, err);
	if (r == 0)
		r = sc_enforce_plan(false, &w->ledger, boot, e, err);
	if (r == 0)
		*out = sc_enforce_step(e, "switch the kernel to permissive");
	return r;
}

/* The kernel first: who is killed in between still finds the files to put
 * back. */
static int perform(struct sc_host_work *w, const struct sc_host_past *p,
		   struct sc_host_step *s, bool timer, struct sc_error *err)
{
	struct sc_enforce_step kernel;
	struct sc_step steps[2];
	struct sc_plan plan = { steps, 0 };
	int r = 0;

	s->runner = w->runner;
	if (!w->runner)
		s->commands.n = 0;
	if (timer && w->runner && ends_enforcing(s) && kernel_enforces())
		r = release(w, &kernel, &steps[plan.n++], err);
	if (r == 0)
		r = sc_host_step(s, p->place, "take it back", &w->ledger,
				 &w->arena, &steps[plan.n++], err);
	if (r == 0)
		r = sc_plan_apply(&plan, &w->ledger, &w->arena, err);
	if (r == 0 && w->runner)
		sc_host_timer_stop(p->place);
	return r;
}

static int take_back(struct sc_host_work *w, const struct options *o,
		     const struct sc_host_past *p, FILE *out,
		     struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_host_step step;
	int r = sc_host_back(p, &w->host, &w->ledger, &w->arena, &step, err);

	if (r == 0)
		r = put_plan(p, &step, &text, err);
	if (r == 0 && !o->timer)
		r = sc_print(&text, out, err);
	if (r < 0 || o->dry_run)
		return r;
	fflush(out);
	r = sc_ask(o->yes || o->timer, err);
	if (r == 0)
		r = perform(w, p, &step, o->timer, err);
	if (r < 0 || o->timer)
		return r;
	fprintf(out, "\nput back: %zu file%s\n", step.files.n,
		step.files.n == 1 ? "" : "s");
	if (w->runner && ends_enforcing(&step) && kernel_enforces())
		fputs("the kernel enforces until the next boot, or until "
		      "selcage mode permissive\n",
		      out);
	return 0;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_host_work_free) struct sc_host_work w = SC_HOST_WORK_EMPTY;
	const struct options *o = values;
	const struct sc_host_past *p;
	struct sc_host_pasts all = { 0 };
	int r;

	if (argc > 1)
		return sc_fail(err, SC_ESYNTAX,
			       "one transaction at a time, the last one first");
	r = sc_host_work_open(o->root, &w, err);
	if (r == 0)
		r = sc_host_work_ledger(!o->dry_run, &w, err);
	if (r == 0)
		r = sc_host_pasts(&w.ledger, &w.arena, &all, err);
	if (r < 0)
		return r;
	p = find(&all, argc ? argv[0] : NULL);
	if (o->timer && (!p || p->confirmed || !is_in_force(p))) {
		/* nothing of it, or all of it, was done before a crash */
		if (argc && !o->root)
			sc_host_timer_stop(sc_view(argv[0]));
		return SC_EXIT_CLEAN;
	}
	if (!p && argc)
		return sc_fail(err, SC_ENOTFOUND, "no transaction '%s'",
			       argv[0]);
	if (!p || !is_in_force(p)) {
		fputs("nothing to take back\n", out);
		return SC_EXIT_CLEAN;
	}
	r = take_back(&w, o, p, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_rollback = {
	.name = "host rollback",
	.operands = "[TRANSACTION]",
	.summary = "put files back as they were before a host apply",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};

/* ---- confirm */

static int keep(struct sc_host_work *w, const struct sc_host_past *p,
		struct sc_error *err)
{
	const struct sc_change_set set = { .kind = SC_HOST_CONFIRMED,
					   .place = p->place };
	uint64_t id = 0;
	int r = sc_ledger_begin(&w->ledger, &set, &id, err);

	return r < 0 ? r : sc_ledger_end(&w->ledger, id, SC_ENTRY_DONE, err);
}

static int confirm(int argc, char **argv, const void *values, FILE *out,
		   struct sc_error *err)
{
	SC_CLEAN(sc_host_work_free) struct sc_host_work w = SC_HOST_WORK_EMPTY;
	const struct sc_host_past *p;
	struct sc_host_pasts all = { 0 };
	int r;

	(void)values;
	if (argc > 1)
		return sc_fail(err, SC_ESYNTAX, "one transaction at a time");
	r = sc_host_work_open(NULL, &w, err);
	if (r == 0)
		r = sc_host_work_ledger(true, &w, err);
	if (r == 0)
		r = sc_host_pasts(&w.ledger, &w.arena, &all, err);
	if (r < 0)
		return r;
	p = find(&all, argc ? argv[0] : NULL);
	if (!p || !is_in_force(p))
		return sc_fail(err, SC_ENOTFOUND,
			       "nothing to confirm: it was taken back, or "
			       "never done");
	if (!p->confirmed)
		r = keep(&w, p, err);
	if (r < 0)
		return r;
	sc_host_timer_stop(p->place);
	fprintf(out, "transaction " SC_FMT " stays\n", SC_ARG(p->place));
	return SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_confirm = {
	.name = "host confirm",
	.operands = "[TRANSACTION]",
	.summary = "keep what host apply --confirm-within would take back",
	.run = confirm,
};
