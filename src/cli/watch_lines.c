#include "cli/watch.h"

#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/advice.h"
#include "cli/log_json.h"
#include "cli/log_notice.h"
#include "cli/when.h"
#include "cli/wrap.h"

#include <inttypes.h>

#define LATEST_MS 60000 /* counts are said as often, however busy it is */

static int print(const struct sc_watch_lines *l, const struct sc_buf *text,
		 struct sc_error *err)
{
	if (sc_print(text, l->out, err) < 0)
		return err->code;
	return fflush(l->out) == 0 ? 0
				   : sc_fail_os(err, "cannot write the output");
}

/* ---- a new denial */

static void put_denial(struct sc_buf *out, const struct sc_advice *a, bool on)
{
	const struct sc_denial *d = a->denial;

	sc_putf(out, "%s", sc_colour(on, SC_DIM));
	sc_when_put_event(out, d->last_ms);
	sc_putf(out, "%s %s%s%s  ", sc_colour(on, SC_PLAIN),
		sc_colour(on, sc_advice_colour(a->class)),
		sc_class_name(a->class), sc_colour(on, SC_PLAIN));
	sc_denial_put(out, d);
	if (d->n_objects && sc_denial_has_object(d)) {
		sc_put(out, SC_STR(" "));
		sc_put_name(out, d->objects[0].text);
	}
	if (d->n_programs) {
		sc_put(out, SC_STR(" by "));
		sc_put_name(out, d->programs[0].text);
	}
	if (d->permissive)
		sc_put(out, SC_STR(" (permissive)"));
	sc_put(out, SC_STR(": "));
	sc_watch_put_fix(out, a);
	sc_put(out, SC_STR("\n"));
}

static void put_denial_json(struct sc_buf *out, size_t i,
			    const struct sc_advice *a)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"denial\""));
	sc_member_number(out, "n", i + 1);
	sc_when_member(out, "time", a->denial->last_ms, true);
	sc_advice_members(out, a);
	sc_put(out, SC_STR("}\n"));
}

static int show_denial(void *to, const struct sc_watch *w, size_t i,
		       const struct sc_advice *a, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_watch_lines *l = to;

	(void)w;
	if (l->json)
		put_denial_json(&text, i, a);
	else
		put_denial(&text, a, l->colour);
	return print(l, &text, err);
}

static int show_notice(void *to, const struct sc_event *e,
		       const struct sc_notice *n, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_watch_lines *l = to;

	if (l->json)
		sc_log_notice_json(&text, e, n);
	else
		sc_log_notice(&text, e, n, l->colour);
	return print(l, &text, err);
}

/* ---- the same ones again */

static void put_again(struct sc_buf *out, const struct sc_denial *d,
		      uint64_t said, bool on)
{
	sc_putf(out, "%s", sc_colour(on, SC_DIM));
	sc_when_put_event(out, d->last_ms);
	sc_putf(out, "%s again %" PRIu64 " time%s, %" PRIu64 " in all  ",
		sc_colour(on, SC_PLAIN), d->count - said,
		d->count - said == 1 ? "" : "s", d->count);
	sc_denial_put(out, d);
	sc_put(out, SC_STR("\n"));
}

static void put_again_json(struct sc_buf *out, const struct sc_denial *d,
			   size_t i)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"count\""));
	sc_member_number(out, "n", i + 1);
	sc_member_number(out, "count", d->count);
	sc_when_member(out, "first", d->first_ms, true);
	sc_when_member(out, "last", d->last_ms, true);
	sc_put(out, SC_STR("}\n"));
}

static int show_counts(struct sc_watch_lines *l, struct sc_watch *w,
		       struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	for (size_t i = 0; i < w->n; i++) {
		const struct sc_denial *d = &w->tally.v[i];

		if (d->count == w->v[i].said)
			continue;
		if (l->json)
			put_again_json(&text, d, i);
		else
			put_again(&text, d, w->v[i].said, l->colour);
		w->v[i].said = d->count;
	}
	l->said_ms = sc_when_now().ms;
	return print(l, &text, err);
}

/* Once: who reads lines must know that no new ones come. */
static void say_full(struct sc_watch_lines *l, const struct sc_watch *w)
{
	if (l->said_full || !w->tally.over_limit)
		return;
	l->said_full = true;
	fprintf(stderr,
		"selcage: %zu different denials are all that is kept: of new "
		"ones, from here on, only the number is told, at the end\n",
		w->tally.n);
}

static int show_pause(void *to, struct sc_watch *w, bool quiet,
		      struct sc_error *err)
{
	struct sc_watch_lines *l = to;

	say_full(l, w);
	if (!quiet && sc_when_now().ms - l->said_ms < LATEST_MS)
		return 0;
	return show_counts(l, w, err);
}

/* ---- where it comes from */

static const char *const ways[] = {
	[SC_LIVE_KERNEL] = "kernel",
	[SC_LIVE_FILE] = "file",
	[SC_LIVE_PIPE] = "pipe",
};

static void put_source_json(struct sc_buf *out, const struct sc_live_state *now)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"source\""));
	sc_member_text(out, "way", sc_view(ways[now->way]));
	if (now->refusal.code)
		sc_member_text(out, "why", sc_view(now->refusal.msg));
	sc_member_bool(out, "log", now->log_there);
	sc_member_number(out, "overflows", now->overflows);
	sc_member_bool(out, "catching_up", now->catching_up);
	sc_member_number(out, "caught_up", now->caught_up);
	sc_member_number(out, "unmended", now->unmended);
	sc_member_number(out, "given_up", now->given_up);
	sc_member_number(out, "gaps", now->gaps);
	sc_put(out, SC_STR("}\n"));
}

static int show_source(void *to, const struct sc_watch *w,
		       const struct sc_live_state *before,
		       const struct sc_live_state *now, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_watch_lines *l = to;

	if (l->json) {
		put_source_json(&text, now);
		return print(l, &text, err);
	}
	if (before) {
		sc_watch_put_change(&text, before, now);
	} else {
		if (now->refusal.code)
			sc_put_safe(&text, sc_view(now->refusal.msg));
		sc_put(&text, now->refusal.code ? SC_STR("; watching ")
						: SC_STR("watching "));
		sc_watch_put_source(&text, w, now);
	}
	if (text.n)
		fprintf(stderr, "selcage: %s\n", text.s);
	return sc_buf_check(&text, err);
}

static int show_end(void *to, struct sc_watch *w, struct sc_scan_counts counts,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_watch_lines *l = to;
	const struct sc_tally *t = &w->tally;

	if (show_counts(l, w, err) < 0)
		return err->code;
	if (l->json) {
		sc_put(&text, SC_STR("{\"v\":1,\"kind\":\"end\""));
		sc_member_number(&text, "records", t->records);
		sc_member_number(&text, "different", t->n);
		sc_member_number(&text, "over_limit", t->over_limit);
		sc_put(&text, SC_STR("}\n"));
		return print(l, &text, err);
	}
	return sc_watch_say_end(w, counts);
}

const struct sc_watch_show sc_watch_lines = {
	.denial = show_denial,
	.notice = show_notice,
	.source = show_source,
	.pause = show_pause,
	.end = show_end,
};
