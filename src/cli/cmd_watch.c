#include "base/clean.h"
#include "cli/cli.h"
#include "cli/filter.h"
#include "cli/watch_view.h"
#include "cli/when.h"

#define BUFFER_MIN 4096
#define BUFFER_MAX (1 << 30)
#define QUIET_MS 2000 /* after which counts are said */

struct options {
	const char *container, *domain, *since, *buffer;
	struct sc_ground ground;
	bool json, lines;
};

#define OPTION(member) offsetof(struct options, member)

static const struct sc_option options[] = {
	{ 's', "since", "TIME", "begin with what the log has since TIME",
	  OPTION(since) },
	{ 'c', "container", "NAME", "of this container, type or level only",
	  OPTION(container) },
	{ 'd', "domain", "TYPE", "of this domain only; * and ? are wildcards",
	  OPTION(domain) },
	SC_GROUND_OPTIONS(struct options, ground),
	{ 0, "buffer", "BYTES", "that the kernel keeps for us; 16777216",
	  OPTION(buffer) },
	{ 0, "lines", NULL, "a line for each on a terminal as well",
	  OPTION(lines) },
	SC_JSON_OPTION(OPTION(json)),
	{ 0 },
};

static int take_signals(struct sc_watch *w, struct sc_signals *signals,
			struct sc_error *err)
{
	struct sc_signalled s = sc_signals_take(signals);

	w->ended |= s.end;
	if (w->show->signalled)
		return w->show->signalled(w->to, s, err);
	if (s.stop)
		sc_signals_stop(signals);
	return 0;
}

/* Is there something to say of? */
static bool is_change(const struct sc_live_state *a,
		      const struct sc_live_state *b)
{
	return a->overflows != b->overflows || a->unmended != b->unmended ||
	       a->catching_up != b->catching_up || a->gaps != b->gaps ||
	       a->given_up != b->given_up;
}

/* One turn: what came, and what there is to say of it. */
static int turn(struct sc_watch *w, struct sc_live *live,
		struct sc_signals *signals, uint64_t *came,
		struct sc_error *err)
{
	const struct sc_live_state *now = sc_live_state(live);
	struct sc_live_state before = *now;
	int r = sc_live_poll(live, w->wait_ms, w->wake, err);
	uint64_t ms = sc_when_now().ms;

	if (r < 0)
		return r;
	if (r > 0)
		*came = ms;
	if (is_change(&before, now) &&
	    w->show->source(w->to, w, &before, now, err) < 0)
		return err->code;
	r = sc_watch_refresh(w, err);
	if (r >= 0)
		r = take_signals(w, signals, err);
	return r < 0 ? r
		     : w->show->pause(w->to, w, ms - *came >= QUIET_MS, err);
}

static int end(struct sc_watch *w, struct sc_live *live, struct sc_error *err)
{
	const struct sc_live_state *now = sc_live_state(live);
	struct sc_live_state before = *now;
	int r = sc_live_end(live, err);

	if (r >= 0 && is_change(&before, now))
		r = w->show->source(w->to, w, &before, now, err);
	return r;
}

/* Until a signal, a key, or the end of a pipe. */
static int follow(struct sc_watch *w, struct sc_signals *signals,
		  const struct sc_live_wish *wish, struct sc_error *err)
{
	SC_CLEAN(sc_live_close_p) struct sc_live *live = NULL;
	uint64_t came = sc_when_now().ms;
	int r = sc_live_open(wish, sc_watch_add, w, &live, err);

	if (r >= 0)
		r = w->show->source(w->to, w, NULL, sc_live_state(live), err);
	while (r >= 0 && !w->ended && !sc_live_state(live)->ended)
		r = turn(w, live, signals, &came, err);
	if (r >= 0)
		r = end(w, live, err);
	if (r >= 0)
		r = w->show->end(w->to, w, sc_live_counts(live), err);
	return r;
}

static int on_screen(struct sc_watch *w, FILE *out,
		     const struct sc_live_wish *wish, struct sc_error *err)
{
	SC_CLEAN(sc_signals_close) struct sc_signals signals = { .fd = -1 };
	SC_CLEAN(sc_watch_view_close)
	struct sc_watch_view view = { .screen.in = -1, .wake = -1 };

	if (sc_signals_open(&signals, err) < 0 ||
	    sc_watch_view_open(&view, out, &signals, err) < 0)
		return err->code;
	w->show = &sc_watch_view;
	w->to = &view;
	w->wake = view.wake;
	return follow(w, &signals, wish, err);
}

static int in_lines(struct sc_watch *w, FILE *out, bool json,
		    const struct sc_live_wish *wish, struct sc_error *err)
{
	SC_CLEAN(sc_signals_close) struct sc_signals signals = { .fd = -1 };
	struct sc_watch_lines lines = { .out = out,
					.json = json,
					.colour = sc_has_colour(out),
					.said_ms = sc_when_now().ms };

	if (sc_signals_open(&signals, err) < 0)
		return err->code;
	w->show = &sc_watch_lines;
	w->to = &lines;
	w->wake = signals.fd;
	return follow(w, &signals, wish, err);
}

static int read_buffer(const char *text, size_t *out, struct sc_error *err)
{
	struct sc_str rest = sc_view(text);
	uint64_t n;

	if (!sc_take_u64(&rest, &n) || rest.n || n < BUFFER_MIN ||
	    n > BUFFER_MAX)
		return sc_fail(err, SC_ESYNTAX,
			       "--buffer: '%s' is no number of bytes from %d "
			       "to %d",
			       text, BUFFER_MIN, BUFFER_MAX);
	*out = (size_t)n;
	return 0;
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	const struct options *o = values;
	SC_CLEAN(sc_watch_close)
	struct sc_watch w = { .ground = &o->ground,
			      .log = argc ? argv[0] : NULL,
			      .wait_ms = QUIET_MS };
	struct sc_filter_words words = { .since = o->since,
					 .source = o->domain,
					 .container = o->container };
	struct sc_live_wish wish = { .log = w.log,
				     .log_alone = w.log != NULL,
				     .whole = o->since != NULL };
	int r;

	if (argc > 1)
		return sc_fail(err, SC_ESYNTAX, "watch takes one log at most");
	if (o->buffer && read_buffer(o->buffer, &wish.room, err) < 0)
		return err->code;
	if (sc_filter_read(&words, &w.filter, err) < 0 ||
	    sc_watch_open(&w, err) < 0)
		return err->code;
	r = !o->json && !o->lines && sc_screen_can(out)
		    ? on_screen(&w, out, &wish, err)
		    : in_lines(&w, out, o->json, &wish, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_watch = {
	.name = "watch",
	.operands = "[FILE|-]",
	.summary = "show denials as they come, explained and counted",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
