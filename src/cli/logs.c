#include "cli/logs.h"

#include "audit/levels.h"
#include "base/clean.h"
#include "base/label.h"
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

static bool keeps_type(const char *pattern, struct sc_str context)
{
	return !pattern || matches(pattern, sc_label_type(context));
}

static bool keeps_perm(const char *pattern, struct sc_str perms)
{
	struct sc_str word;

	if (!pattern)
		return true;
	while (sc_take_word(&perms, &word))
		if (matches(pattern, word))
			return true;
	return false;
}

static bool is_of(const struct sc_whose *c, struct sc_str source)
{
	return (!*c->type ||
		sc_str_eq(sc_label_type(source), sc_view(c->type))) &&
	       (!*c->level ||
		sc_levels_equal(sc_label_part(source, SC_LABEL_LEVEL),
				sc_view(c->level)));
}

static bool keeps_avc(const struct sc_filter *f, const struct sc_avc *avc)
{
	return keeps_type(f->source, avc->source) &&
	       keeps_type(f->target, avc->target) &&
	       keeps(f->tclass, avc->tclass) &&
	       keeps_perm(f->perm, avc->perms) &&
	       is_of(&f->container, avc->source);
}

static bool keeps_notice(const struct sc_filter *f, const struct sc_notice *n)
{
	return keeps_type(f->source, n->source) &&
	       keeps_type(f->target, n->target) &&
	       keeps(f->tclass, n->tclass) && !f->perm &&
	       is_of(&f->container, n->source);
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
	struct sc_tally *tally;
	struct sc_stamp after; /* drop what is not; zeroed: nothing */
	struct sc_stamp last;
};

/* Was a policy loaded? If anybody could have written that, it hides nothing:
 * too much is better than too little. */
static bool tells_load(struct reading *r, const struct sc_event *e)
{
	for (size_t i = 0; i < e->n_notices; i++) {
		const struct sc_notice *n = &e->notices[i];

		if (n->kind != SC_NOTICE_LOAD || n->refused || n->from_user)
			continue;
		r->tally->doubtful_loads += e->forgeable;
		return !e->forgeable;
	}
	return false;
}

static void keep_avcs(const struct sc_filter *f, struct sc_event *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_avcs; i++) {
		if (!keeps_avc(f, &e->avcs[i]))
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
		if (keeps_notice(f, &e->notices[i]))
			e->notices[n++] = e->notices[i];
	e->n_notices = n;
}

bool sc_filter_event(const struct sc_filter *f, struct sc_event *e)
{
	if (!keeps_event(f, e))
		return false;
	keep_avcs(f, e);
	return e->n_avcs || e->n_notices;
}

static int tell_idle(void *data, struct sc_error *err)
{
	struct reading *r = data;

	return r->filter->idle(r->data, err);
}

static int filter_event(void *data, struct sc_event *e, struct sc_error *err)
{
	struct reading *r = data;
	const struct sc_filter *f = r->filter;

	if (r->after.ms && !sc_stamp_is_after(e->stamp, r->after))
		return 0;
	if (sc_stamp_is_after(e->stamp, r->last) && !e->forgeable)
		r->last = e->stamp;
	if (f->trust_syslog)
		e->forgeable = false;
	if (f->last_reload && tells_load(r, e))
		f->restart(r->data);
	if (!e->stamp.ms && (f->since_ms || f->until_ms)) {
		r->tally->untimed++;
		return 0;
	}
	return sc_filter_event(f, e) ? r->fn(r->data, e, err) : 0;
}

struct logs {
	struct sc_log_set set;
	struct sc_scan *scan;
	struct sc_resume resume;
	struct sc_checkpoint *checkpoint;
};

static void logs_close(struct logs *l)
{
	sc_log_set_close(&l->set);
	sc_scan_free_p(&l->scan);
}

/* A log that breaks off is told of at the end; what came before is good. */
static int read_log(struct logs *l, size_t i, struct sc_tally *t,
		    struct sc_error *err)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	uint64_t start = i == l->resume.first ? l->resume.start : 0;
	bool last = i + 1 == l->set.n;
	struct sc_error why;
	int fd = sc_log_set_take(&l->set, i, err), r;

	if (fd < 0)
		return fd;
	if (sc_source_open(fd, &source, err) < 0)
		return err->code;
	if (l->checkpoint && last)
		sc_source_leave_part(source);
	r = sc_scan_source(l->scan, source, &why);
	if (r >= 0 && l->checkpoint && last)
		r = sc_checkpoint_move(l->checkpoint, fd,
				       start + sc_source_position(source),
				       &why);
	if (r >= 0)
		return 0;
	(void)sc_while(&why, "reading '%s'", l->set.v[i].path);
	if (r == SC_ENOMEM || r == SC_EREFUSED || !sc_source_position(source)) {
		*err = why;
		return r;
	}
	if (!t->broken.code)
		t->broken = why;
	return 0;
}

static int read_logs(struct logs *l, const struct sc_filter *f,
		     struct sc_tally *t, struct sc_error *err)
{
	int r = 0;

	for (size_t i = l->resume.first; r >= 0 && i < l->set.n; i++) {
		t->source++;
		r = read_log(l, i, t, err);
		if (r >= 0 && sc_scan_is_text(l->scan) && !f->trust_syslog)
			sc_tally_distrust(t);
	}
	return r < 0 ? r : sc_scan_end(l->scan, err);
}

int sc_logs_scan(char *const *paths, size_t n, const struct sc_filter *f,
		 sc_event_fn *fn, void *data, struct sc_tally *t,
		 struct sc_error *err)
{
	SC_CLEAN(logs_close) struct logs l = { .checkpoint = f->checkpoint };
	struct reading reading = {
		.filter = f, .fn = fn, .data = data, .tally = t
	};
	struct sc_scan_counts counts;
	int r = sc_log_set_open(paths, n, &l.set, err);

	if (r >= 0 && f->checkpoint)
		r = sc_checkpoint_find(f->checkpoint, &l.set, &l.resume, err);
	if (r >= 0 && f->checkpoint) {
		reading.last = f->checkpoint->last;
		if (l.resume.by_stamp)
			reading.after = reading.last;
	}
	if (r >= 0)
		r = sc_scan_new(filter_event, &reading, &l.scan, err);
	if (r >= 0 && f->idle)
		sc_scan_live(l.scan, tell_idle);
	if (r >= 0)
		r = read_logs(&l, f, t, err);
	if (r < 0)
		return r;
	if (f->checkpoint)
		f->checkpoint->last = reading.last;
	counts = sc_scan_counts(l.scan);
	t->other_lines += counts.other_lines;
	t->wrapped += counts.wrapped;
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

static void forget(void *data)
{
	struct counting *c = data;

	sc_tally_restart(c->tally);
}

int sc_logs_read(char *const *paths, size_t n, const struct sc_filter *f,
		 struct sc_arena *a, struct sc_tally *t, struct sc_error *err)
{
	struct counting c = { t, a };
	struct sc_filter filter = *f;
	int r;

	filter.restart = forget;
	r = sc_logs_scan(paths, n, &filter, count_event, &c, t, err);

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
	say(t->wrapped,
	    "of them holds a denial in a wrapping of another program's, which "
	    "is not read: take the records out of it (for JSON: jq -r .message)"
	    ", or give the host's own log",
	    "of them hold denials in a wrapping of another program's, which is "
	    "not read: take the records out of it (for JSON: jq -r .message), "
	    "or give the host's own log");
	say(t->doubtful_loads,
	    "load of a policy could have been written by any process, so what "
	    "came before is not left out",
	    "loads of a policy could have been written by any process, so what "
	    "came before is not left out");
	say(t->untimed, "event has no time that can be told, and was left out",
	    "events have no time that can be told, and were left out");
	say(t->bad_records, "denial could not be read and was passed over",
	    "denials could not be read and were passed over");
	say(t->over_limit,
	    "denial was not kept: there are too many different ones",
	    "denials were not kept: there are too many different ones");
	say(t->faults.over_limit,
	    "error of SELinux was not kept: there are too many different ones",
	    "errors of SELinux were not kept: there are too many different "
	    "ones");
}
