#include "base/clean.h"
#include "cli/advice.h"
#include "cli/learn.h"
#include "cli/learn_run.h"
#include "cli/signals.h"
#include "cli/span.h"
#include "host/live.h"

#define TURN_MS 300

/* ---- into the store */

/* Rules were added to the module as it was when the run began. */
static int check_same(struct sc_learning *l, struct sc_work *w,
		      struct sc_error *err)
{
	const struct sc_loaded *now =
		sc_loaded_named(&w->loaded, l->graft.name);
	struct sc_str text = { 0 };
	int r = 0;

	if (now && now->drift != SC_DRIFT_GONE)
		r = sc_store_read(w->store, now->name, l->arena, &text, err);
	if (r < 0 || sc_str_eq(text, l->graft.text))
		return r;
	return sc_fail(err, SC_EREFUSED,
		       "the module '" SC_FMT "' was changed while its domain "
		       "was learned: learn it again",
		       SC_ARG(l->graft.name));
}

static int load(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	const struct sc_change_options *o = &l->options->common;
	int r = sc_work_open(o, !o->dry_run, &w, err);

	if (r == 0)
		r = check_same(l, &w, err);
	if (r == 0)
		r = sc_work_install(&w, l->graft.name, l->text, err);
	return r < 0 ? r : sc_work_run(&w, o, out, err);
}

/* ---- watched for a while */

struct canary {
	struct sc_learning *l;
	struct sc_filter filter;
	struct sc_arena arena;
	struct sc_tally tally;
	struct sc_live *live;
	struct sc_signals signals;
	size_t decided; /* different denials that were decided on */
	size_t fresh;   /* that nobody saw before */
	bool broken;    /* what is granted is denied */
};

static void canary_free(struct canary *c)
{
	sc_live_close_p(&c->live);
	sc_signals_close(&c->signals);
	sc_arena_free(&c->arena);
}

static bool was_seen(const struct sc_learning *l, const struct sc_denial *d)
{
	const struct sc_tally *t = &l->judge.tally;

	for (size_t i = 0; i < t->n; i++)
		if (sc_str_eq(t->v[i].target, d->target) &&
		    sc_str_eq(t->v[i].tclass, d->tclass))
			return true;
	return false;
}

static int say(const struct sc_denial *d, const char *what,
	       struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text, "selcage: %s: ", what);
	sc_denial_put(&text, d);
	sc_put(&text, SC_STR("\n"));
	if (sc_buf_check(&text, err) < 0)
		return SC_ENOMEM;
	fputs(text.s, stderr);
	return 0;
}

static int judge(struct canary *c, const struct sc_denial *d,
		 struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_learning *l = c->l;
	const struct sc_adviser by = { .policy = l->proof.policy,
				       .guards = l->proof.guards };
	struct sc_advice advice;

	if (d->permissive)
		return 0;
	if (sc_advise(&by, d, &scratch, &advice, err) < 0)
		return err->code;
	if (advice.class == SC_CLASS_ALLOWED) {
		c->broken = true;
		return say(d, "denied, though it is granted", err);
	}
	if (was_seen(l, d)) {
		c->decided++;
		return 0;
	}
	c->fresh++;
	return say(d, "denied, and not seen before", err);
}

static int take_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct canary *c = data;
	size_t known = c->tally.n;
	int r;

	if (!sc_filter_event(&c->filter, e))
		return 0;
	r = sc_tally_add(&c->tally, &c->arena, e, err);
	for (size_t i = known; r == 0 && i < c->tally.n; i++)
		r = judge(c, &c->tally.v[i], err);
	return r;
}

static int look_on(struct canary *c, uint64_t seconds, struct sc_error *err)
{
	const struct sc_live_state *state = sc_live_state(c->live);
	uint64_t end = sc_run_ms() + seconds * 1000;
	bool ended = false;
	int r = 0;

	while (r >= 0 && !c->broken && !ended && sc_run_ms() < end) {
		r = sc_live_poll(c->live, TURN_MS, c->signals.fd, err);
		ended = sc_signals_take(&c->signals).end;
	}
	if (r >= 0)
		r = sc_live_end(c->live, err);
	if (r < 0)
		return r;
	if (state->unmended || state->given_up)
		fputs("selcage: the kernel dropped records that no log has: "
		      "not all that was denied was seen\n",
		      stderr);
	fprintf(stderr,
		"selcage: watched: %zu different denials as decided, %zu "
		"new%s\n",
		c->decided, c->fresh,
		c->fresh ? " (learn once more, if it needs them)" : "");
	return 0;
}

static int roll_back(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	struct sc_change_options o = l->options->common;
	const struct sc_loaded *now;
	int r = sc_work_open(&o, true, &w, err);

	o.yes = true;
	if (r < 0)
		return r;
	now = sc_loaded_named(&w.loaded, l->graft.name);
	if (!now)
		return sc_fail(err, SC_ENOTFOUND,
			       "the module '" SC_FMT "' is gone by now",
			       SC_ARG(l->graft.name));
	r = l->graft.text.n ? sc_work_put_back(&w, now, err)
			    : sc_work_remove(&w, now, err);
	if (r == 0)
		r = sc_work_run(&w, &o, out, err);
	if (r == SC_EXIT_CLEAN)
		fputs("selcage: rolled back: the module is what it was\n",
		      stderr);
	return r < 0 ? sc_while(err, "rolling back") : r;
}

static int watch(struct sc_learning *l, uint64_t seconds, FILE *out,
		 struct sc_error *err)
{
	SC_CLEAN(canary_free)
	struct canary c = { .l = l,
			    .filter = { .container = l->whose },
			    .signals = { .fd = -1 } };
	int r = sc_signals_open(&c.signals, err);

	if (r == 0)
		r = sc_live_open(&(struct sc_live_wish){ 0 }, take_event, &c,
				 &c.live, err);
	if (r == 0)
		r = look_on(&c, seconds, err);
	if (r < 0 || !c.broken)
		return r < 0 ? r : SC_EXIT_CLEAN;
	l->loaded = false;
	r = roll_back(l, out, err);
	return r < 0 ? r : SC_EXIT_FOUND;
}

int sc_learn_load(struct sc_learning *l, FILE *out, struct sc_error *err)
{
	const char *canary = l->options->canary;
	uint64_t seconds = 0;
	int r = canary ? sc_span_read("--canary", canary, &seconds, err) : 0;

	if (r == 0)
		r = load(l, out, err);
	l->loaded = r == SC_EXIT_CLEAN && !l->options->common.dry_run;
	if (!l->loaded || !seconds)
		return r;
	if (fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return watch(l, seconds, out, err);
}
