#include "cli/watch.h"

#include "base/clean.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/wrap.h"

#include <inttypes.h>

int sc_watch_open(struct sc_watch *w, struct sc_error *err)
{
	return sc_judge_open(&w->judge, w->ground, &w->policy_arena, err);
}

static void close_policy(struct sc_watch *w)
{
	sc_judge_close(&w->judge);
	w->judge = (struct sc_judge){ 0 };
	sc_arena_free(&w->policy_arena);
	w->policy_arena = (struct sc_arena){ 0 };
}

void sc_watch_close(struct sc_watch *w)
{
	close_policy(w);
	sc_arena_free(&w->arena);
}

int sc_watch_judge(const struct sc_watch *w, size_t i, struct sc_arena *a,
		   struct sc_advice *out, struct sc_error *err)
{
	struct sc_adviser by = sc_judge_adviser(&w->judge);

	return sc_advise(&by, &w->tally.v[i], a, out, err);
}

static int add_row(struct sc_watch *w, size_t i, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_watch_row row = { 0 };
	struct sc_advice advice;

	if (sc_watch_judge(w, i, &scratch, &advice, err) < 0)
		return err->code;
	row.class = advice.class;
	row.said = w->tally.v[i].count;
	if (!SC_PUSH(&w->arena, w, row))
		return sc_no_memory(err);
	return w->show->denial(w->to, w, i, &advice, err);
}

/* Does @n say, in words that are believed, that the policy is another? */
static bool changes_policy(const struct sc_event *e, const struct sc_notice *n)
{
	return (n->kind == SC_NOTICE_LOAD || n->kind == SC_NOTICE_BOOLEAN) &&
	       !n->refused && !n->from_user && !e->forgeable;
}

int sc_watch_add(void *watch, struct sc_event *e, struct sc_error *err)
{
	struct sc_watch *w = watch;
	size_t faults = w->tally.faults.n;

	for (size_t i = 0; i < e->n_notices; i++)
		w->stale |= changes_policy(e, &e->notices[i]);
	if (!sc_filter_event(&w->filter, e))
		return 0;
	if (sc_tally_add(&w->tally, &w->arena, e, err) < 0)
		return err->code;
	while (w->n < w->tally.n)
		if (add_row(w, w->n, err) < 0)
			return err->code;
	for (size_t i = 0; i < e->n_notices; i++) {
		const struct sc_notice *n = &e->notices[i];

		/* Of errors those that are new. */
		if (n->kind == SC_NOTICE_ERROR && faults == w->tally.faults.n)
			continue;
		if (w->show->notice(w->to, e, n, err) < 0)
			return err->code;
	}
	return 0;
}

int sc_watch_refresh(struct sc_watch *w, struct sc_error *err)
{
	bool stale = w->stale && sc_policy_is_hosts(w->ground->policy);

	w->stale = false;
	if (!stale)
		return 0;
	close_policy(w);
	if (sc_watch_open(w, err) < 0)
		return err->code;
	for (size_t i = 0; i < w->n; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
		struct sc_advice advice;

		if (sc_watch_judge(w, i, &scratch, &advice, err) < 0)
			return err->code;
		w->v[i].class = advice.class;
	}
	return 0;
}

/* ---- words */

/* For classes of which the first words of the advice are not enough. */
static const char *const fixes[SC_CLASSES] = {
	[SC_CLASS_UNKNOWN] = ("the policy lacks a name: load its module, or "
			      "name another policy"),
	[SC_CLASS_ALLOWED] = "nothing: the policy allows it by now",
	[SC_CLASS_GUARDED] = "no rule: it must stay denied",
	[SC_CLASS_LEVEL] = "no rule: the levels do not fit",
	[SC_CLASS_CONSTRAINT] = "no rule: a constraint forbids it",
	[SC_CLASS_ROLE] = "no rule: the role may not change so",
};

/* The rest is more than a few: "; else ...", " (which ...)". */
static bool ends_words(struct sc_str todo, size_t at)
{
	return todo.s[at] == ';' ||
	       (at + 1 < todo.n && todo.s[at] == ' ' && todo.s[at + 1] == '(');
}

void sc_watch_put_fix(struct sc_buf *out, const struct sc_advice *a)
{
	const struct sc_denial *d = a->denial;
	struct sc_str first = { a->todo.s, 0 };

	if (!sc_denial_is_believed(d) || d->forgeable) {
		sc_put(out, SC_STR("no rule: anybody can have written it"));
	} else if ((a->class == SC_CLASS_LABEL ||
		    a->class == SC_CLASS_BOOLEAN) &&
		   a->commands.n) {
		sc_put(out, a->commands.v[0]);
	} else if (fixes[a->class]) {
		sc_putf(out, "%s", fixes[a->class]);
	} else {
		while (first.n < a->todo.n && !ends_words(a->todo, first.n))
			first.n++;
		sc_put(out, first);
	}
}

void sc_watch_put_source(struct sc_buf *out, const struct sc_watch *w,
			 const struct sc_live_state *s)
{
	if (s->way == SC_LIVE_KERNEL) {
		sc_put(out, SC_STR("the kernel's records"));
	} else if (w->log && strcmp(w->log, "-") == 0) {
		sc_put(out, SC_STR("standard input"));
	} else {
		sc_put_name(out, sc_view(w->log ? w->log : SC_LIVE_LOG));
	}
}

static void put_sentence(struct sc_buf *out, const char *text)
{
	sc_putf(out, "%s%s", out->n ? "; " : "", text);
}

void sc_watch_put_given_up(struct sc_buf *out, uint64_t n)
{
	sc_putf(out,
		"the kernel's audit gave up %llu records, which no log has: "
		"its backlog was full (auditctl -b)",
		(unsigned long long)n);
}

void sc_watch_put_change(struct sc_buf *out, const struct sc_live_state *before,
			 const struct sc_live_state *now)
{
	bool caught_up =
		before->catching_up && !now->catching_up && now->overflows;

	if (now->overflows != before->overflows)
		put_sentence(out, now->log_there
					  ? "the kernel dropped records, which "
					    "came too fast: reading the log"
					  : "the kernel dropped records, which "
					    "came too fast, and there is no "
					    "log to have them from");
	if (caught_up && now->unmended != before->unmended && now->log_there)
		put_sentence(out, "the log has nothing of what was dropped");
	else if (caught_up && now->log_there)
		put_sentence(out, "the log was read for what was dropped");
	if (now->given_up != before->given_up) {
		put_sentence(out, "");
		sc_watch_put_given_up(out, now->given_up - before->given_up);
	}
	if (now->gaps != before->gaps)
		put_sentence(out, "the log was deleted before the next one was "
				  "found: some of it may be missing");
}

int sc_watch_say_end(struct sc_watch *w, struct sc_scan_counts counts)
{
	struct sc_tally *t = &w->tally;

	t->other_lines = counts.other_lines;
	t->wrapped = counts.wrapped;
	t->bad_records = counts.bad_records;
	sc_logs_say_skipped(t);
	fprintf(stderr, "selcage: %" PRIu64 " denial%s, %zu different\n",
		t->records, t->records == 1 ? "" : "s", t->n);
	return 0;
}
