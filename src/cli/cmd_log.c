#include "base/clean.h"
#include "base/label.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/filter.h"
#include "cli/log_csv.h"
#include "cli/log_event.h"
#include "cli/log_json.h"
#include "cli/log_notice.h"
#include "cli/when.h"
#include "cli/wrap.h"

#include <inttypes.h>

#define COLUMN_MAX 24 /* of a type's name, to keep the columns in line */

struct options {
	struct sc_filter_words filter;
	bool events, json, csv, exit_code;
};

#define OPTION(member) offsetof(struct options, member)

static const struct sc_option options[] = {
	{ 'e', "events", NULL, "each denial by itself, in the order of the log",
	  OPTION(events) },
	SC_FILTER_OPTIONS(struct options, filter),
	SC_JSON_OPTION(OPTION(json)),
	{ 0, "csv", NULL, "write a table, with a line of column names",
	  OPTION(csv) },
	{ 0, "exit-code", NULL, "exit with 1 if there are denials",
	  OPTION(exit_code) },
	{ 0 },
};

/* --- for people: groups ------------------------------------------------ */

struct columns {
	int count, source, target;
	bool colour, screen;
};

static int widest(int width, struct sc_str v)
{
	return v.n > (size_t)width && v.n <= COLUMN_MAX ? (int)v.n : width;
}

static struct columns measure(const struct sc_tally *t, FILE *out)
{
	struct columns c = { .count = 3,
			     .colour = sc_has_colour(out),
			     .screen = sc_is_screen(out) };

	for (size_t i = 0; i < t->n; i++) {
		int digits = snprintf(NULL, 0, "%" PRIu64, t->v[i].count);

		c.count = digits > c.count ? digits : c.count;
		c.source = widest(c.source, t->v[i].source);
		c.target = widest(c.target, t->v[i].target);
	}
	return c;
}

static void put_padded(struct sc_buf *out, struct sc_str v, int width)
{
	sc_put(out, v);
	sc_putf(out, "%*s", v.n < (size_t)width ? width - (int)v.n : 0, "");
}

/* Text that goes on in a new line, indented, where it would be too wide. */
struct flow {
	struct sc_buf *out;
	size_t indent;
	size_t column; /* 0: nothing is written yet */
};

static void put_flow(struct flow *f, const char *gap, const struct sc_buf *text)
{
	struct sc_str v = { text->s, text->n };
	size_t n = sc_columns(v), space = strlen(gap);

	if (!f->column) {
		sc_putf(f->out, "%*s", (int)f->indent, "");
		f->column = f->indent;
	} else if (f->column + space + n > SC_WIDTH) {
		/* A comma stays where it is, the space after it goes. */
		while (space && gap[space - 1] == ' ')
			space--;
		sc_put(f->out, (struct sc_str){ gap, space });
		sc_putf(f->out, "\n%*s", (int)f->indent, "");
		f->column = f->indent;
	} else {
		sc_put(f->out, (struct sc_str){ gap, space });
		f->column += space;
	}
	sc_put(f->out, v);
	f->column += n;
}

static void put_seen(struct flow *f, const char *before,
		     const struct sc_seen *seen, size_t n, uint64_t more)
{
	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		if (i == 0)
			sc_putf(&text, "%s", before);
		sc_put_name(&text, seen[i].text);
		put_flow(f, i ? ", " : "  ", &text);
	}
	if (n && more) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		sc_putf(&text, "and %" PRIu64 " more", more);
		put_flow(f, " ", &text);
	}
}

static void put_ioctls(struct flow *f, const struct sc_denial *d)
{
	for (size_t i = 0; i < d->n_ioctls; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		sc_putf(&text, "%s0x%04x", i ? "" : "ioctl ", d->ioctls[i]);
		put_flow(f, i ? ", " : "  ", &text);
	}
}

static void put_word(struct flow *f, const char *word)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text, "%s", word);
	put_flow(f, "  ", &text);
}

static void put_manager(struct flow *f, struct sc_str manager)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text, "told by " SC_FMT, SC_ARG(manager));
	put_flow(f, "  ", &text);
}

/* Where they can be the reason; without them, denials that differ in their
 * levels alone would look the same. */
static void put_levels(struct flow *f, const struct sc_denial *d)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (d->levels != SC_LEVELS_INCOMPARABLE &&
	    d->levels != SC_LEVELS_DOMINATED)
		return;
	sc_putf(&text, "levels " SC_FMT " against " SC_FMT,
		SC_ARG(sc_label_part(d->scontext, SC_LABEL_LEVEL)),
		SC_ARG(sc_label_part(d->tcontext, SC_LABEL_LEVEL)));
	put_flow(f, "  ", &text);
}

static void put_details(struct sc_buf *out, const struct sc_denial *d,
			const struct columns *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf last = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };
	struct flow f = { .out = out, .indent = (size_t)c->count + 2 };

	sc_putf(out, "%s", sc_colour(c->colour, SC_DIM));
	if (sc_denial_has_object(d))
		put_seen(&f, "", d->objects, d->n_objects, d->more_objects);
	put_ioctls(&f, d);
	put_seen(&f, "by ", d->programs, d->n_programs, d->more_programs);
	put_levels(&f, d);
	if (d->trawcon.n) {
		sc_putf(&label, "label on disk ");
		sc_put_name(&label, d->trawcon);
		put_flow(&f, "  ", &label);
	}
	if (d->from_user && d->manager.n)
		put_manager(&f, d->manager);
	else if (d->from_user)
		put_word(&f, "told by a program, anyone's word");
	if (d->forgeable)
		put_word(&f, "forgeable");
	if (d->permissive)
		put_word(&f, "permissive");
	sc_putf(&last, d->last_ms ? "last " : "at no known time");
	if (d->last_ms)
		sc_when_show(&last, d->last_ms, false);
	put_flow(&f, "  ", &last);
	sc_putf(out, "%s\n", sc_colour(c->colour, SC_PLAIN));
}

/* Columns in line, unless that made @d's line too long for the screen. */
static struct columns fit(const struct sc_denial *d, struct columns c)
{
	size_t source = (size_t)c.source, target = (size_t)c.target;
	size_t rest = strlen("   ->  :  {  }") + d->tclass.n + d->perms.n;

	source = d->source.n > source ? d->source.n : source;
	target = d->target.n > target ? d->target.n : target;
	if ((size_t)c.count + source + target + rest > SC_WIDTH)
		c.source = c.target = 0;
	return c;
}

/* On a screen, break what was put into @out after the first @from bytes. */
static void wrap(struct sc_buf *out, size_t from, size_t hang, bool screen)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!screen || out->failed)
		return;
	sc_put(&text, (struct sc_str){ out->s + from, out->n - from });
	out->n = from;
	sc_put_wrapped(out, (struct sc_str){ text.s, text.n }, hang);
	out->failed |= text.failed;
}

static void put_group(struct sc_buf *out, const struct sc_denial *d,
		      const struct columns *all)
{
	struct columns c = fit(d, *all);
	size_t from = out->n;

	sc_putf(out, "%s%*" PRIu64 "%s  ", sc_colour(c.colour, SC_BOLD),
		c.count, d->count, sc_colour(c.colour, SC_PLAIN));
	put_padded(out, d->source, c.source);
	sc_put(out, SC_STR(" -> "));
	put_padded(out, d->target, c.target);
	sc_putf(out, " : " SC_FMT " { %s" SC_FMT "%s }\n", SC_ARG(d->tclass),
		sc_colour(c.colour, d->permissive ? SC_YELLOW : SC_RED),
		SC_ARG(d->perms), sc_colour(c.colour, SC_PLAIN));
	wrap(out, from, (size_t)c.count + 4, c.screen);
	put_details(out, d, &c);
}

/* --- events ------------------------------------------------------------ */

struct listing {
	const struct options *options;
	FILE *out;
	bool colour, screen;
	struct sc_tally tally; /* for its numbers alone */
	bool hold;             /* until the end: more may be forgotten */
	struct sc_buf held;
};

#define HELD_MAX ((size_t)32 << 20)
#define EVENT_HANG 4 /* columns, before what of an event goes on */

static void put_events(struct listing *l, const struct sc_event *e,
		       struct sc_buf *out)
{
	const struct options *o = l->options;

	for (size_t i = 0; i < e->n_avcs; i++) {
		if (!e->avcs[i].denied) {
			l->tally.granted++;
			continue;
		}
		l->tally.records++;
		if (o->csv)
			sc_log_event_csv(out, e, i);
		else if (o->json)
			sc_log_event_json(out, e, i);
		else
			sc_log_event(out, e, i, l->colour);
	}
}

static void put_notices(struct listing *l, const struct sc_event *e,
			struct sc_buf *out)
{
	const struct options *o = l->options;

	for (size_t i = 0; i < e->n_notices; i++) {
		l->tally.faults.records +=
			e->notices[i].kind == SC_NOTICE_ERROR;
		if (o->json)
			sc_log_notice_json(out, e, &e->notices[i]);
		else if (!o->csv)
			sc_log_notice(out, e, &e->notices[i], l->colour);
	}
}

static int list_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct listing *l = data;
	size_t from = l->held.n;
	int r;

	put_events(l, e, &l->held);
	put_notices(l, e, &l->held);
	wrap(&l->held, from, EVENT_HANG, l->screen);
	if (l->hold && l->held.n > HELD_MAX)
		return sc_fail(err, SC_ELIMIT,
			       "too many events before the policy was last "
			       "loaded: use --since");
	if (l->hold)
		return sc_buf_check(&l->held, err);
	r = sc_print(&l->held, l->out, err);
	l->held.n = 0;
	return r;
}

/* Who follows a log sees what there is. */
static int show(void *data, struct sc_error *err)
{
	struct listing *l = data;

	return fflush(l->out) == 0 ? 0
				   : sc_fail_os(err, "cannot write the output");
}

static void forget(void *data)
{
	struct listing *l = data;

	l->held.n = 0;
	l->tally.records = l->tally.granted = l->tally.faults.records = 0;
}

/* --- the command ------------------------------------------------------- */

static int finish(const struct sc_tally *t, const struct options *o)
{
	sc_logs_say_skipped(t);
	if (t->granted)
		fprintf(stderr,
			"selcage: %" PRIu64 " logged as granted, which is no "
			"denial\n",
			t->granted);
	if (o->csv && t->faults.records)
		fprintf(stderr,
			"selcage: %" PRIu64 " errors that are no denials are "
			"not in the table\n",
			t->faults.records);
	if (!t->records && !t->faults.records) {
		fprintf(stderr, "selcage: no denials%s\n",
			t->wrapped || t->bad_records ? " that could be read"
						     : "");
		return SC_EXIT_CLEAN;
	}
	return o->exit_code ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

static int print_groups(const struct sc_tally *t, const struct options *o,
			FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct columns columns = measure(t, out);

	if (o->csv)
		sc_log_group_csv_head(&text);
	for (size_t i = 0; i < t->n; i++) {
		if (o->csv)
			sc_log_group_csv(&text, &t->v[i]);
		else if (o->json)
			sc_log_group_json(&text, &t->v[i]);
		else
			put_group(&text, &t->v[i], &columns);
		if (sc_print(&text, out, err) < 0)
			return err->code;
		text.n = 0;
	}
	for (size_t i = 0; !o->csv && i < t->faults.n; i++) {
		if (o->json)
			sc_log_fault_json(&text, &t->faults.v[i]);
		else
			sc_log_fault(&text, &t->faults.v[i], columns.count);
	}
	return sc_print(&text, out, err);
}

static int list_groups(char **paths, size_t n, const struct sc_filter *f,
		       const struct options *o, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally tally = { 0 };

	if (sc_logs_read(paths, n, f, &arena, &tally, err) < 0 ||
	    print_groups(&tally, o, out, err) < 0)
		return err->code;
	return sc_logs_end(&tally, finish(&tally, o), err);
}

static void listing_free(struct listing *l)
{
	sc_buf_free(&l->held);
}

static int list_events(char **paths, size_t n, const struct sc_filter *f,
		       const struct options *o, FILE *out, struct sc_error *err)
{
	SC_CLEAN(listing_free)
	struct listing l = {
		.options = o,
		.out = out,
		.colour = sc_has_colour(out),
		.screen = sc_is_screen(out) && !o->json && !o->csv,
		.hold = f->last_reload,
	};
	struct sc_filter filter = *f;

	filter.restart = forget;
	filter.idle = f->last_reload ? NULL : show;
	if (o->csv) {
		sc_log_event_csv_head(&l.held);
		if (sc_print(&l.held, out, err) < 0)
			return err->code;
		l.held.n = 0;
	}
	if (sc_logs_scan(paths, n, &filter, list_event, &l, &l.tally, err) < 0)
		return err->code;
	if (sc_print(&l.held, out, err) < 0)
		return err->code;
	return sc_logs_end(&l.tally, finish(&l.tally, o), err);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	const struct options *o = values;
	struct sc_filter filter;
	int r;

	if (o->csv && o->json)
		return sc_fail(err, SC_ESYNTAX, "--csv or --json, not both");
	if (sc_filter_read(&o->filter, &filter, err) < 0)
		return err->code;
	r = o->events ? list_events(argv, (size_t)argc, &filter, o, out, err)
		      : list_groups(argv, (size_t)argc, &filter, o, out, err);
	if (r >= 0 && sc_filter_end(&o->filter, &filter, out, err) < 0)
		return err->code;
	return r;
}

const struct sc_command sc_cmd_log = {
	.name = "log",
	.operands = "[FILE...]",
	.summary = "show what was denied, counted",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
