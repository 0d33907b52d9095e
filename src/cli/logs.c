#include "cli/logs.h"

#include "base/clean.h"
#include "cli/log_set.h"

#include <inttypes.h>

/* '*' is any text, '?' any byte. Goes back to the last '*' only, so its time is
 * at most the product of both lengths. */
static bool matches(const char *pattern, struct sc_str v)
{
	const char *star = NULL, *p = pattern;
	size_t at = 0, back = 0;

	while (at < v.n) {
		if (*p == '*') {
			star = p++;
			back = at;
		} else if (*p && (*p == '?' || *p == v.s[at])) {
			p++;
			at++;
		} else if (star) {
			p = star + 1;
			at = ++back;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return *p == '\0';
}

static bool keeps(const char *pattern, struct sc_str v)
{
	return !pattern || matches(pattern, v);
}

static bool keeps_perm(const char *pattern, struct sc_str perms)
{
	struct sc_str key, word;

	if (!pattern)
		return true;
	while (sc_take_field(&perms, &key, &word))
		if (matches(pattern, word))
			return true;
	return false;
}

static bool keeps_avc(const struct sc_filter *f, const struct sc_avc *avc)
{
	return keeps(f->source, sc_type_of(avc->source)) &&
	       keeps(f->target, sc_type_of(avc->target)) &&
	       keeps(f->tclass, avc->tclass) && keeps_perm(f->perm, avc->perms);
}

/* A notice is about types only if it is an error. */
static bool keeps_notice(const struct sc_filter *f, const struct sc_notice *n)
{
	return keeps(f->source, sc_type_of(n->source)) &&
	       keeps(f->target, sc_type_of(n->target)) &&
	       keeps(f->tclass, n->tclass) && !f->perm;
}

static bool keeps_event(const struct sc_filter *f, const struct sc_event *e)
{
	return e->stamp.ms >= f->since_ms &&
	       (!f->until_ms || e->stamp.ms <= f->until_ms) &&
	       keeps(f->comm, e->comm);
}

struct reading {
	const struct sc_filter *filter;
	sc_event_fn *fn;
	void *data;
};

static int filter_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct reading *r = data;
	size_t n = 0;

	if (!keeps_event(r->filter, e))
		return 0;
	if (r->filter->trust_syslog)
		e->forgeable = false;
	for (size_t i = 0; i < e->n_avcs; i++) {
		if (!keeps_avc(r->filter, &e->avcs[i]))
			continue;
		if (n < i) {
			e->avcs[n] = e->avcs[i];
			e->objects[n] = e->objects[i];
		}
		n++;
	}
	e->n_avcs = n;
	n = 0;
	for (size_t i = 0; i < e->n_notices; i++)
		if (keeps_notice(r->filter, &e->notices[i]))
			e->notices[n++] = e->notices[i];
	e->n_notices = n;
	return e->n_avcs || n ? r->fn(r->data, e, err) : 0;
}

/* A log that breaks off is told of at the end; what came before is good. */
static int read_log(struct sc_scan *scan, struct sc_log_set *set, size_t i,
		    struct sc_tally *t, struct sc_error *err)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct sc_error why;
	int fd = sc_log_set_take(set, i, err), r;

	if (fd < 0)
		return fd;
	if (sc_source_open(fd, &source, err) < 0)
		return err->code;
	r = sc_scan_source(scan, source, &why);
	if (r >= 0)
		return 0;
	(void)sc_while(&why, "reading '%s'", set->v[i].path);
	if (r == SC_ENOMEM || r == SC_EREFUSED || !sc_source_position(source)) {
		*err = why;
		return r;
	}
	if (!t->broken.code)
		t->broken = why;
	return 0;
}

int sc_logs_scan(char *const *paths, size_t n, const struct sc_filter *f,
		 sc_event_fn *fn, void *data, struct sc_tally *t,
		 struct sc_error *err)
{
	SC_CLEAN(sc_log_set_close) struct sc_log_set set = { 0 };
	SC_CLEAN(sc_scan_free_p) struct sc_scan *scan = NULL;
	struct reading reading = { f, fn, data };
	struct sc_scan_counts counts;
	int r = sc_log_set_open(paths, n, &set, err);

	if (r >= 0)
		r = sc_scan_new(filter_event, &reading, &scan, err);
	for (size_t i = 0; r >= 0 && i < set.n; i++) {
		t->source++;
		r = read_log(scan, &set, i, t, err);
		if (r >= 0 && sc_scan_is_text(scan) && !f->trust_syslog)
			sc_tally_distrust(t);
	}
	if (r >= 0)
		r = sc_scan_end(scan, err);
	if (r < 0)
		return r;
	counts = sc_scan_counts(scan);
	t->other_lines += counts.other_lines;
	t->bad_records += counts.bad_records;
	t->echoes += counts.echoes;
	return 0;
}

struct counting {
	struct sc_tally *tally;
	struct sc_arena *arena;
};

static int count_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct counting *c = data;

	return sc_tally_add(c->tally, c->arena, e, err);
}

int sc_logs_read(char *const *paths, size_t n, const struct sc_filter *f,
		 struct sc_arena *a, struct sc_tally *t, struct sc_error *err)
{
	struct counting c = { t, a };
	int r = sc_logs_scan(paths, n, f, count_event, &c, t, err);

	if (r < 0)
		return r;
	sc_tally_sort(t);
	return 0;
}

static void say(uint64_t n, const char *one, const char *many)
{
	if (n)
		fprintf(stderr, "selcage: %" PRIu64 " %s\n", n,
			n == 1 ? one : many);
}

int sc_logs_end(const struct sc_tally *t, int code, struct sc_error *err)
{
	if (!t->broken.code)
		return code;
	*err = t->broken;
	return err->code;
}

static uint64_t count_forgeable(const struct sc_tally *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->v[i].forgeable ? t->v[i].count : 0;
	return n;
}

void sc_logs_say_skipped(const struct sc_tally *t)
{
	say(count_forgeable(t),
	    "denial stands in a log that any process can write into: no rule "
	    "comes from it without --trust-syslog",
	    "denials stand in logs that any process can write into: no rules "
	    "come from them without --trust-syslog");
	say(t->other_lines, "line is no audit record and was passed over",
	    "lines are no audit records and were passed over");
	say(t->bad_records, "denial could not be read and was passed over",
	    "denials could not be read and were passed over");
	say(t->over_limit,
	    "denial was not kept: there are too many different ones",
	    "denials were not kept: there are too many different ones");
}
