#include "base/clean.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/filter.h"
#include "cli/logs.h"
#include "cli/when.h"

#include <inttypes.h>

#define WIDTH 80
#define COLUMN_MAX 24 /* of a type's name, to keep the columns in line */

struct options {
	struct sc_filter_words filter;
	bool events, json, exit_code;
};

#define OPTION(member) offsetof(struct options, member)

static const struct sc_option options[] = {
	{ 'e', "events", NULL, "each denial by itself, in the order of the log",
	  OPTION(events) },
	SC_FILTER_OPTIONS(struct options, filter),
	{ 'j', "json", NULL, "write one JSON object a line", OPTION(json) },
	{ 0, "exit-code", NULL, "exit with 1 if there are denials",
	  OPTION(exit_code) },
	{ 0 },
};

/* --- for people: groups ------------------------------------------------ */

struct columns {
	int count, source, target;
	bool colour;
};

static int widest(int width, struct sc_str v)
{
	return v.n > (size_t)width && v.n <= COLUMN_MAX ? (int)v.n : width;
}

static struct columns measure(const struct sc_tally *t, FILE *out)
{
	struct columns c = { .count = 3, .colour = sc_has_colour(out) };

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

static size_t count_columns(struct sc_str v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += ((unsigned char)v.s[i] & 0xc0) != 0x80;
	return n;
}

static void put_flow(struct flow *f, const char *gap, const struct sc_buf *text)
{
	struct sc_str v = { text->s, text->n };
	size_t n = count_columns(v), space = strlen(gap);

	if (!f->column) {
		sc_putf(f->out, "%*s", (int)f->indent, "");
		f->column = f->indent;
	} else if (f->column + space + n > WIDTH) {
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
		sc_put_safe(&text, seen[i].text);
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

static void put_details(struct sc_buf *out, const struct sc_denial *d,
			const struct columns *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf last = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };
	struct flow f = { .out = out, .indent = (size_t)c->count + 2 };

	sc_putf(out, "%s", sc_colour(c->colour, SC_DIM));
	/* "capability { sys_admin }" has it already. */
	if (d->n_objects && !sc_str_eq(d->objects[0].text, d->perms))
		put_seen(&f, "", d->objects, d->n_objects, d->more_objects);
	put_ioctls(&f, d);
	put_seen(&f, "by ", d->programs, d->n_programs, d->more_programs);
	if (d->trawcon.n) {
		sc_putf(&label, "label on disk ");
		sc_put_safe(&label, d->trawcon);
		put_flow(&f, "  ", &label);
	}
	if (d->from_user)
		put_word(&f, "told by a process");
	if (d->permissive)
		put_word(&f, "permissive: let through");
	sc_putf(&last, "last ");
	sc_when_write(&last, d->last_ms, false);
	put_flow(&f, "  ", &last);
	sc_putf(out, "%s\n", sc_colour(c->colour, SC_PLAIN));
}

static void put_group(struct sc_buf *out, const struct sc_denial *d,
		      const struct columns *c)
{
	sc_putf(out, "%s%*" PRIu64 "%s  ", sc_colour(c->colour, SC_BOLD),
		c->count, d->count, sc_colour(c->colour, SC_PLAIN));
	put_padded(out, d->source, c->source);
	sc_put(out, SC_STR(" -> "));
	put_padded(out, d->target, c->target);
	sc_putf(out, " : " SC_FMT " { %s" SC_FMT "%s }\n", SC_ARG(d->tclass),
		sc_colour(c->colour, d->permissive ? SC_YELLOW : SC_RED),
		SC_ARG(d->perms), sc_colour(c->colour, SC_PLAIN));
	put_details(out, d, c);
}

/* --- for programs: groups ---------------------------------------------- */

static void put_member(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", name);
	sc_put_json(out, v);
}

static void put_present(struct sc_buf *out, const char *name, struct sc_str v)
{
	if (v.n)
		put_member(out, name, v);
}

static void put_time(struct sc_buf *out, const char *name, uint64_t ms)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_when_write(&text, ms, true);
	put_member(out, name, (struct sc_str){ text.s, text.n });
}

static void put_perms(struct sc_buf *out, struct sc_str perms)
{
	struct sc_str key, word;
	const char *gap = "";

	sc_put(out, SC_STR(",\"perms\":["));
	while (sc_take_field(&perms, &key, &word)) {
		sc_putf(out, "%s", gap);
		sc_put_json(out, word);
		gap = ",";
	}
	sc_put(out, SC_STR("]"));
}

static void put_seen_json(struct sc_buf *out, const char *name,
			  const struct sc_seen *seen, size_t n, uint64_t more)
{
	sc_putf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		sc_putf(out, "%s{\"text\":", i ? "," : "");
		sc_put_json(out, seen[i].text);
		sc_putf(out, ",\"count\":%" PRIu64 "}", seen[i].count);
	}
	sc_putf(out, "],\"more_%s\":%" PRIu64, name, more);
}

static void put_ioctls_json(struct sc_buf *out, const struct sc_denial *d)
{
	if (!d->ioctl)
		return;
	sc_put(out, SC_STR(",\"ioctls\":["));
	for (size_t i = 0; i < d->n_ioctls; i++)
		sc_putf(out, "%s\"0x%04x\"", i ? "," : "", d->ioctls[i]);
	sc_putf(out, "],\"more_ioctls\":%" PRIu64, d->more_ioctls);
}

static const char *bool_word(bool b)
{
	return b ? "true" : "false";
}

static void put_group_json(struct sc_buf *out, const struct sc_denial *d)
{
	static const struct sc_str levels[] = {
		[SC_LEVELS_NONE] = SC_STR("none"),
		[SC_LEVELS_EQUAL] = SC_STR("equal"),
		[SC_LEVELS_DOMINATES] = SC_STR("dominates"),
		[SC_LEVELS_DOMINATED] = SC_STR("dominated"),
		[SC_LEVELS_INCOMPARABLE] = SC_STR("incomparable"),
		[SC_LEVELS_OTHER] = SC_STR("other"),
	};

	sc_putf(out, "{\"v\":1,\"count\":%" PRIu64, d->count);
	put_member(out, "source", d->source);
	put_member(out, "target", d->target);
	put_member(out, "class", d->tclass);
	put_perms(out, d->perms);
	put_member(out, "scontext", d->scontext);
	put_member(out, "tcontext", d->tcontext);
	put_present(out, "trawcon", d->trawcon);
	put_member(out, "levels", levels[d->levels]);
	sc_putf(out, ",\"permissive\":%s,\"from_user\":%s",
		bool_word(d->permissive), bool_word(d->from_user));
	put_time(out, "first", d->first_ms);
	put_time(out, "last", d->last_ms);
	put_seen_json(out, "objects", d->objects, d->n_objects,
		      d->more_objects);
	put_seen_json(out, "programs", d->programs, d->n_programs,
		      d->more_programs);
	put_ioctls_json(out, d);
	if (d->port)
		sc_putf(out, ",\"port\":%u", d->port);
	sc_put(out, SC_STR("}\n"));
}

/* --- events ------------------------------------------------------------ */

struct listing {
	const struct options *options;
	FILE *out;
	bool colour;
	struct sc_tally tally; /* for its numbers alone */
};

static struct sc_str program_of(const struct sc_event *e)
{
	return e->exe.n ? e->exe : e->comm;
}

static void put_event(struct sc_buf *out, const struct sc_event *e, size_t i,
		      bool colour)
{
	const struct sc_avc *avc = &e->avcs[i];
	struct sc_str program = program_of(e);

	sc_putf(out, "%s", sc_colour(colour, SC_DIM));
	sc_when_write(out, e->stamp.ms, true);
	sc_putf(out, "%s ", sc_colour(colour, SC_PLAIN));
	sc_put_safe(out, program.n ? program : SC_STR("?"));
	if (e->pid.n) {
		sc_put(out, SC_STR("["));
		sc_put_safe(out, e->pid);
		sc_put(out, SC_STR("]"));
	}
	sc_putf(out,
		" " SC_FMT " -> " SC_FMT " : " SC_FMT " { %s" SC_FMT "%s }",
		SC_ARG(sc_type_of(avc->source)),
		SC_ARG(sc_type_of(avc->target)), SC_ARG(avc->tclass),
		sc_colour(colour, avc->permissive ? SC_YELLOW : SC_RED),
		SC_ARG(avc->perms), sc_colour(colour, SC_PLAIN));
	if (e->objects[i].n && !sc_str_eq(e->objects[i], avc->perms)) {
		sc_put(out, SC_STR(" "));
		sc_put_safe(out, e->objects[i]);
	}
	if (avc->ioctlcmd.n) {
		sc_put(out, SC_STR(" ioctl "));
		sc_put_safe(out, avc->ioctlcmd);
	}
	sc_putf(out, "%s\n", avc->permissive ? " (permissive)" : "");
}

static void put_event_json(struct sc_buf *out, const struct sc_event *e,
			   size_t i)
{
	const struct sc_avc *avc = &e->avcs[i];

	sc_put(out, SC_STR("{\"v\":1"));
	put_time(out, "time", e->stamp.ms);
	sc_putf(out, ",\"serial\":%" PRIu64, e->stamp.serial);
	put_present(out, "node", e->node);
	put_member(out, "source", sc_type_of(avc->source));
	put_member(out, "target", sc_type_of(avc->target));
	put_member(out, "class", avc->tclass);
	put_perms(out, avc->perms);
	put_member(out, "scontext", avc->source);
	put_member(out, "tcontext", avc->target);
	sc_putf(out, ",\"permissive\":%s,\"from_user\":%s",
		bool_word(avc->permissive), bool_word(e->from_user));
	put_present(out, "object", e->objects[i]);
	put_present(out, "ioctlcmd", avc->ioctlcmd);
	put_present(out, "comm", e->comm);
	put_present(out, "exe", e->exe);
	put_present(out, "pid", e->pid);
	put_present(out, "proctitle", e->proctitle);
	put_present(out, "address", e->address);
	sc_put(out, SC_STR("}\n"));
}

static int list_event(void *data, struct sc_event *e, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct listing *l = data;

	for (size_t i = 0; i < e->n_avcs; i++) {
		if (!e->avcs[i].denied) {
			l->tally.granted++;
			continue;
		}
		l->tally.records++;
		if (l->options->json)
			put_event_json(&text, e, i);
		else
			put_event(&text, e, i, l->colour);
	}
	return sc_print(&text, l->out, err);
}

/* --- the command ------------------------------------------------------- */

static int finish(const struct sc_tally *t, const struct options *o)
{
	sc_logs_say_skipped(t);
	if (!t->records) {
		fputs("selcage: no denials\n", stderr);
		return SC_EXIT_CLEAN;
	}
	return o->exit_code ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

static int list_groups(char **paths, size_t n, const struct sc_filter *f,
		       const struct options *o, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_tally tally = { 0 };
	struct columns columns;

	if (sc_logs_read(paths, n, f, &arena, &tally, err) < 0)
		return err->code;
	columns = measure(&tally, out);
	for (size_t i = 0; i < tally.n; i++) {
		if (o->json)
			put_group_json(&text, &tally.v[i]);
		else
			put_group(&text, &tally.v[i], &columns);
	}
	if (sc_print(&text, out, err) < 0)
		return err->code;
	return finish(&tally, o);
}

static int list_events(char **paths, size_t n, const struct sc_filter *f,
		       const struct options *o, FILE *out, struct sc_error *err)
{
	struct listing l = { o, out, sc_has_colour(out), { 0 } };

	if (sc_logs_scan(paths, n, f, list_event, &l, &l.tally, err) < 0)
		return err->code;
	return finish(&l.tally, o);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	const struct options *o = values;
	struct sc_filter filter;

	if (sc_filter_read(&o->filter, &filter, err) < 0)
		return err->code;
	if (o->events)
		return list_events(argv, (size_t)argc, &filter, o, out, err);
	return list_groups(argv, (size_t)argc, &filter, o, out, err);
}

const struct sc_command sc_cmd_log = {
	.name = "log",
	.operands = "[FILE...]",
	.summary = "show what was denied, counted",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
