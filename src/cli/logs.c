#include "cli/logs.h"

#include "base/clean.h"

#include <inttypes.h>

#define HOST_LOG "/var/log/audit/audit.log"

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

static int read_log(struct sc_scan *scan, const char *path,
		    struct sc_error *err)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;

	if (sc_source_open(path, &source, err) < 0)
		return err->code;
	if (sc_scan_source(scan, source, err) < 0)
		return sc_while(err, "reading '%s'", path);
	return 0;
}

int sc_logs_scan(char *const *paths, size_t n, const struct sc_filter *f,
		 sc_event_fn *fn, void *data, struct sc_tally *t,
		 struct sc_error *err)
{
	static char host_log[] = HOST_LOG;
	static char *const host[] = { host_log };
	SC_CLEAN(sc_scan_free_p) struct sc_scan *scan = NULL;
	struct reading reading = { f, fn, data };
	struct sc_scan_counts counts;
	int r;

	if (!n) {
		paths = host;
		n = 1;
	}
	r = sc_scan_new(filter_event, &reading, &scan, err);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = read_log(scan, paths[i], err);
	if (r >= 0)
		r = sc_scan_end(scan, err);
	if (r < 0)
		return r;
	counts = sc_scan_counts(scan);
	t->other_lines += counts.other_lines;
	t->bad_records += counts.bad_records;
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

void sc_logs_say_skipped(const struct sc_tally *t)
{
	say(t->other_lines, "line is no audit record and was passed over",
	    "lines are no audit records and were passed over");
	say(t->bad_records, "denial could not be read and was passed over",
	    "denials could not be read and were passed over");
	say(t->over_limit,
	    "denial was not kept: there are too many different ones",
	    "denials were not kept: there are too many different ones");
}
