#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/advice.h"
#include "cli/ask.h"
#include "cli/learn.h"
#include "cli/learn_run.h"
#include "cli/mode.h"
#include "cli/signals.h"
#include "cli/span.h"
#include "cli/watch.h"
#include "cli/when.h"
#include "cli/wrap.h"
#include "host/live.h"
#include "policy/running_state.h"
#include "policy/say.h"

#include <sys/wait.h>

#define DEFAULT_FOR "30m"
#define TURN_MS 300
#define ENFORCE_TRIES 3
#define FORGET_MS 10000 /* how often the kernel is made to tell all again */
#define DRAIN_MS 1000   /* for what is on its way when a run ends */
#define CLASS_INDENT 16

struct run {
	struct sc_learning *l;
	struct sc_filter filter;
	FILE *out;
	struct sc_live *live;
	struct sc_signals signals;
	struct sc_child child;
	bool has_command;
	bool relaxed;              /* permissive by us */
	uint64_t for_ms, quiet_ms; /* 0: no matter */
	/* on the clock of sc_run_ms() */
	uint64_t timer_ms, end_ms, new_ms, forget_ms;
	bool loaded; /* a policy, by others or by us */
	enum sc_learn_end why;
};

static void run_free(struct run *run)
{
	sc_live_close_p(&run->live);
	sc_child_end(&run->child);
	sc_signals_close(&run->signals);
}

static int flush(struct sc_buf *text, FILE *out, struct sc_error *err)
{
	int r = sc_print(text, out, err);

	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

/* ---- what comes */

static void put_need_json(const struct sc_advice *a, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"need\""));
	sc_advice_members(out, a);
	sc_put(out, SC_STR("}\n"));
}

/* "  missing-rule  connects to tcp ports of redis_port_t (6379); by php-fpm" */
static void put_need(const struct run *run, const struct sc_advice *a,
		     struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf access = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };
	const struct sc_denial *d = a->denial;
	bool self = sc_str_eq(d->source, d->target);
	const struct sc_vector v = { self ? SC_STR("self") : d->target,
				     d->tclass, d->perms };

	sc_putf(&label, "  %s", sc_class_name(a->class));
	sc_say_vector(run->l->judge.policy, &v, &access);
	sc_put_safe(&words, (struct sc_str){ access.s, access.n });
	if (d->n_programs) {
		sc_put(&words, SC_STR("; by "));
		sc_put_name(&words, d->programs[0].text);
	}
	if (d->n_objects && sc_denial_has_object(d)) {
		sc_put(&words, SC_STR("; on "));
		sc_put_name(&words, d->objects[0].text);
	}
	sc_put_field(out, label.s ? label.s : "", CLASS_INDENT,
		     (struct sc_str){ words.s, words.n });
	out->failed |= label.failed || access.failed || words.failed;
}

static int tell(struct run *run, const struct sc_denial *d,
		struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_adviser by = sc_judge_adviser(&run->l->judge);
	struct sc_advice advice;
	int r = sc_advise(&by, d, &scratch, &advice, err);

	if (r < 0)
		return r;
	run->new_ms = sc_run_ms();
	if (run->l->options->json)
		put_need_json(&advice, &text);
	else
		put_need(run, &advice, &text);
	return flush(&text, run->out, err);
}

static bool is_load(const struct sc_event *e, const struct sc_notice *n)
{
	return n->kind == SC_NOTICE_LOAD && !n->refused && !n->from_user &&
	       !e->forgeable;
}

static int take_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct run *run = data;
	struct sc_tally *t = &run->l->judge.tally;
	size_t known = t->n;
	int r;

	for (size_t i = 0; i < e->n_notices; i++)
		run->loaded |= is_load(e, &e->notices[i]);
	if (!sc_filter_event(&run->filter, e))
		return 0;
	r = sc_tally_add(t, run->l->arena, e, err);
	for (size_t i = known; r == 0 && i < t->n; i++)
		r = tell(run, &t->v[i], err);
	return r;
}

/* ---- permissive, and not */

/* The plan, and whether whoever sits there wants it. */
static int ask(const struct sc_learning *l, FILE *out, struct sc_error *err)
{
	const struct sc_learn_options *o = l->options;
	const struct sc_mode_options mode = { .time = o->time,
					      .no_dontaudit = true,
					      .audit_only = o->enforcing,
					      .dry_run = true,
					      .json = o->json };
	int r = sc_mode_domain(&mode, true, l->whose.type, out, err);

	if (r < 0 || o->common.dry_run)
		return r;
	return sc_ask(o->common.yes, err);
}

/* 1: it is permissive by us still; 0: others loaded a policy, or the timer was
 * faster. */
static int is_relaxed(struct run *run, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	SC_CLEAN(sc_kernel_close) struct sc_kernel kernel = { 0 };
	SC_CLEAN(sc_running_close) struct sc_running running = { .lock = -1 };
	int r = sc_kernel_open(&kernel, err);

	/* with the lock: who changes it now has noted half of it */
	if (r == 0)
		r = sc_running_open(SC_RUNNING_DIR, true, &kernel, &scratch,
				    &running, err);
	return r < 0 ? r : sc_running_find(&running, run->l->domain) != NULL;
}

static int relax(struct run *run, struct sc_error *err)
{
	bool enforcing = run->l->options->enforcing;
	const struct sc_mode_options mode = { .time = run->l->options->time,
					      .no_dontaudit = true,
					      .audit_only = enforcing,
					      .quiet = true,
					      .yes = true };
	struct sc_error ignored;
	int r;

	run->timer_ms = sc_run_ms() + run->for_ms;
	r = sc_mode_domain(&mode, true, run->l->whose.type, run->out, err);

	/* what failed may have failed when it was done */
	run->relaxed = r == SC_EXIT_CLEAN || is_relaxed(run, &ignored) != 0;
	return r;
}

static int enforce(struct run *run, struct sc_error *err)
{
	const struct sc_mode_options mode = { .quiet = true, .yes = true };
	struct sc_error ignored;
	int r = SC_EREFUSED, left;

	if (!run->relaxed)
		return 0;
	run->relaxed = false;
	/* who came between may not come again */
	for (int i = 0; r == SC_EREFUSED && i < ENFORCE_TRIES; i++)
		r = sc_mode_domain(&mode, false, run->l->whose.type, run->out,
				   err);
	if (r == SC_EXIT_CLEAN)
		return 0;
	left = is_relaxed(run, &ignored);
	/* its type went with a policy that others loaded */
	if (left == 0 && r == SC_ENOTFOUND)
		return 0;
	if (left == 0)
		return r;
	return sc_while(err,
			"'%s' IS STILL %s until its timer ends it "
			"(selcage mode enforcing %s)",
			run->l->whose.type,
			run->l->options->enforcing ? "WITHOUT DONTAUDIT"
						   : "PERMISSIVE",
			run->l->whose.type);
}

/* ---- the run */

static bool has_ended(struct run *run)
{
	uint64_t now = sc_run_ms();

	if (sc_signals_take(&run->signals).end)
		run->why = SC_LEARN_SIGNAL;
	else if (run->has_command && sc_child_ended(&run->child))
		run->why = SC_LEARN_COMMAND;
	else if (now >= run->end_ms)
		run->why = SC_LEARN_TIME;
	else if (run->quiet_ms && now - run->new_ms >= run->quiet_ms)
		run->why = SC_LEARN_QUIET;
	else
		return false;
	return true;
}

/* What is logged once is logged again, in case that it was lost; where it may
 * not, the log has the first of each all the same. */
static void remind(struct run *run)
{
	SC_CLEAN(close_p) int lock = -1;
	struct sc_error ignored;
	uint64_t now = sc_run_ms();

	if (!run->relaxed || now - run->forget_ms < FORGET_MS)
		return;
	run->forget_ms = now;
	/* It moves the number of the policy, as a load by others would: not
	 * while another selcage, or our timer, changes it. */
	lock = sc_running_lock(SC_RUNNING_DIR, false, &ignored);
	if (lock >= 0)
		(void)!sc_kernel_forget(&ignored);
}

/* Did others load a policy, so that it is enforcing already? */
static int look_after(struct run *run, struct sc_error *err)
{
	bool look = run->relaxed && run->loaded;
	int r = look ? is_relaxed(run, err) : 1;

	run->loaded = false;
	if (r != 0)
		return r < 0 ? r : 0;
	/* or the timer was faster than we */
	run->why = sc_run_ms() < run->timer_ms ? SC_LEARN_LOAD : SC_LEARN_TIME;
	return 1;
}

static int collect(struct run *run, struct sc_error *err)
{
	int r = 0;

	while (r >= 0 && !has_ended(run)) {
		r = sc_live_poll(run->live, TURN_MS, run->signals.fd, err);
		if (r < 0)
			return r;
		remind(run);
		r = look_after(run, err);
		if (r > 0)
			break;
	}
	return r < 0 ? r : 0;
}

/* What the kernel told before it was made enforcing. */
static int drain(struct run *run, struct sc_error *err)
{
	uint64_t until = sc_run_ms() + DRAIN_MS;
	int r = 1;

	while (r >= 0 && sc_run_ms() < until)
		r = sc_live_poll(run->live, DRAIN_MS / 4, -1, err);
	return r < 0 ? r : sc_live_end(run->live, err);
}

static int read_spans(struct run *run, struct sc_error *err)
{
	const struct sc_learn_options *o = run->l->options;
	uint64_t seconds = 0, quiet = 0;
	int r = sc_span_read("--for", o->time ? o->time : DEFAULT_FOR, &seconds,
			     err);

	if (r == 0 && o->quiet_for)
		r = sc_span_read("--quiet-for", o->quiet_for, &quiet, err);
	run->for_ms = seconds * 1000;
	run->quiet_ms = quiet * 1000;
	return r;
}

/* The exit code, or the signal as a shell has it: 128 and more. */
static unsigned status_of(int status)
{
	return (unsigned)(WIFEXITED(status) ? WEXITSTATUS(status)
					    : 128 + WTERMSIG(status));
}

static int put_end_json(const struct run *run, struct sc_error *err)
{
	static const char *const names[] = {
		[SC_LEARN_TIME] = "time",     [SC_LEARN_QUIET] = "quiet",
		[SC_LEARN_SIGNAL] = "signal", [SC_LEARN_COMMAND] = "command",
		[SC_LEARN_LOAD] = "load",
	};
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, SC_STR("{\"v\":1,\"kind\":\"end\""));
	sc_member_text(&text, "why", sc_view(names[run->why]));
	if (run->why == SC_LEARN_COMMAND)
		sc_member_number(&text, "status", status_of(run->child.status));
	sc_member_number(&text, "lost", sc_live_state(run->live)->unmended);
	sc_member_number(&text, "given_up", sc_live_state(run->live)->given_up);
	sc_put(&text, SC_STR("}\n"));
	return flush(&text, run->out, err);
}

static int say_end(const struct run *run, struct sc_error *err)
{
	static const char *const words[] = {
		[SC_LEARN_TIME] = "the time is over",
		[SC_LEARN_QUIET] = "nothing new came for a while",
		[SC_LEARN_SIGNAL] = "ended by a signal",
		[SC_LEARN_COMMAND] = "the command ended",
		[SC_LEARN_LOAD] = "another policy was loaded, which ended it",
	};
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_live_state *s = sc_live_state(run->live);

	if (run->l->options->json)
		return put_end_json(run, err);
	sc_putf(&text, "selcage: %s", words[run->why]);
	if (run->why == SC_LEARN_COMMAND)
		sc_putf(&text, " with %u", status_of(run->child.status));
	if (!run->l->options->enforcing)
		sc_putf(&text, "; %s is enforcing", run->l->whose.type);
	sc_put(&text, SC_STR("\n"));
	if (s->unmended)
		sc_putf(&text,
			"selcage: the kernel dropped records %llu times "
			"that no log has: what came then may be "
			"missing\n",
			(unsigned long long)s->unmended);
	if (s->given_up) {
		sc_put(&text, SC_STR("selcage: "));
		sc_watch_put_given_up(&text, s->given_up);
		sc_put(&text, SC_STR("; what came then may be missing\n"));
	}
	if (sc_buf_check(&text, err) < 0)
		return SC_ENOMEM;
	fputs(text.s, stderr);
	return 0;
}

static void say_skipped(const struct run *run)
{
	struct sc_scan_counts counts = sc_live_counts(run->live);
	struct sc_tally *t = &run->l->judge.tally;

	t->bad_records = counts.bad_records;
	sc_logs_say_skipped(t);
}

/* All that goes on while it is permissive. */
static int observe(struct run *run, char *const *command, struct sc_error *err)
{
	int r = 0;

	run->new_ms = run->forget_ms = sc_run_ms();
	run->end_ms = run->new_ms + run->for_ms;
	run->has_command = command && *command;
	if (run->has_command)
		r = sc_child_start(command, &run->signals.before, &run->child,
				   err);
	return r < 0 ? r : collect(run, err);
}

static int open_run(struct run *run, struct sc_error *err)
{
	int r;

	/* A reader of ours that goes must not leave it permissive. */
	(void)signal(SIGPIPE, SIG_IGN);
	r = sc_signals_open(&run->signals, err);
	return r < 0 ? r
		     : sc_live_open(&(struct sc_live_wish){ 0 }, take_event,
				    run, &run->live, err);
}

/* Relaxed, observed, and enforced whatever came of that. */
static int go(struct run *run, char *const *command, struct sc_error *err)
{
	struct sc_error end;
	int r = relax(run, err);

	if (r == 0)
		r = observe(run, command, err);
	if (enforce(run, &end) == 0)
		return r;
	*err = end;
	return (int)end.code;
}

int sc_learn_collect(struct sc_learning *l, char *const *command, FILE *out,
		     struct sc_error *err)
{
	SC_CLEAN(run_free)
	struct run run = { .l = l,
			   .filter = { .container = l->whose },
			   .out = out,
			   .signals = { .fd = -1 } };
	int r = read_spans(&run, err);

	if (r == 0)
		r = ask(l, out, err);
	if (r < 0 || l->options->common.dry_run)
		return r;
	r = open_run(&run, err);
	if (r == 0)
		r = go(&run, command, err);
	if (r == 0)
		r = drain(&run, err);
	if (r == 0)
		r = say_end(&run, err);
	if (r == 0)
		say_skipped(&run);
	return r;
}
