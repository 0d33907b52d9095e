#include "host/live.h"

#include "base/clean.h"
#include "base/clock.h"
#include "host/follow.h"
#include "host/listen.h"
#include "host/repeats.h"

#include <errno.h>
#include <poll.h>

#define LOOK_MS 200 /* how often a log is looked at */
#define IDLE_MS 200 /* without a record: the last event is whole */
/* auditd writes a record soon after the kernel told it, busy as it may be. */
#define CATCH_UP_MS 5000
#define BLOCKS 64 /* of a log, before others get their turn */

/* Where events come from: the kernel, or a log. */
struct feed {
	struct sc_live *live;
	struct sc_scan *scan;
	bool log;
	bool open_events; /* there may be some */
};

struct sc_live {
	sc_event_fn *fn;
	void *data;
	struct sc_live_state state;
	struct feed kernel, log;
	struct sc_listen listen;
	struct sc_follow follow;
	const char *late; /* a log that was not there yet; else NULL */
	struct sc_repeats *repeats; /* NULL: there is one source only */

	uint64_t came;         /* the last time that something did */
	uint64_t lost;         /* of .listen's count, so far */
	bool counts;           /* the kernel says what it gave up */
	uint32_t given_up;     /* its count, when we last asked */
	uint64_t asked;        /* the value of .came then */
	uint64_t catch_up_end; /* on the clock of sc_clock_ms() */
	bool mended;           /* the log had something in this episode */
	/* The log up to here is known, if nothing is lost until it is quiet
	 * once more. */
	bool marked;
	struct sc_follow mark;
	bool stale; /* something came since the last mark */
};

static int hand_out(void *data, struct sc_event *e, struct sc_error *err)
{
	struct feed *f = data;
	struct sc_live *l = f->live;

	if (l->repeats)
		sc_repeats_drop(l->repeats, e, f->log);
	if (!e->n_avcs && !e->n_notices)
		return 0;
	if (l->repeats && f->log)
		l->state.caught_up++;
	return l->fn(l->data, e, err);
}

/* ---- open, close */

static int open_feed(struct sc_live *l, struct feed *f, bool log,
		     struct sc_error *err)
{
	int r = sc_scan_new(hand_out, f, &f->scan, err);

	f->live = l;
	f->log = log;
	if (r == 0)
		sc_scan_begin(f->scan);
	return r;
}

static const char *log_of(const struct sc_live_wish *w)
{
	return w->log ? w->log : SC_LIVE_LOG;
}

static int open_log(struct sc_live *l, const struct sc_live_wish *w,
		    struct sc_error *err)
{
	const char *path = log_of(w);
	int fd;

	if (!w->log_alone || strcmp(path, "-") != 0)
		return sc_follow_open(path, w->whole, &l->follow, err);
	fd = dup(STDIN_FILENO);
	if (fd < 0)
		return sc_fail_os(err, "cannot read standard input");
	sc_follow_fd(fd, &l->follow);
	return 0;
}

/* auditd may begin after we did: all that it writes then is told since. */
static void find_late_log(struct sc_live *l)
{
	struct sc_error ignored;

	if (!l->late || sc_follow_open(l->late, true, &l->follow, &ignored) < 0)
		return;
	l->late = NULL;
	l->state.log_there = l->follow.path != NULL;
	l->stale = true;
}

/* The kernel, with the log behind it if there is one. */
static int open_kernel(struct sc_live *l, const struct sc_live_wish *w,
		       struct sc_error *err)
{
	struct sc_error ignored;
	int r = 0;

	if (w->has_socket)
		sc_listen_fd(w->socket, &l->listen);
	else
		r = sc_listen_open(w->room, &l->listen, err);
	if (r < 0)
		return r;
	r = sc_repeats_new(&l->repeats, err);
	if (r < 0)
		return r;
	l->state.way = SC_LIVE_KERNEL;
	l->counts = !w->has_socket && sc_listen_given_up(&l->given_up);
	/* A pipe could not be read again. */
	l->state.log_there = open_log(l, w, &ignored) == 0 && l->follow.path;
	if (access(log_of(w), F_OK) < 0 && errno == ENOENT)
		l->late = log_of(w);
	if (!l->state.log_there || !w->whole)
		return 0;
	l->state.catching_up = l->mended = true;
	l->catch_up_end = sc_clock_ms();
	return 0;
}

static int open_sources(struct sc_live *l, const struct sc_live_wish *w,
			struct sc_error *err)
{
	struct sc_error log;
	int r = w->log_alone ? 0 : open_kernel(l, w, &l->state.refusal);

	if (r == SC_ENOMEM) {
		*err = l->state.refusal;
		return r;
	}
	if (!w->log_alone && r == 0)
		return 0;
	if (open_log(l, w, &log) < 0) {
		if (w->log_alone) {
			*err = log;
			return log.code;
		}
		return sc_fail(err, SC_ESYSTEM, "%.240s; %.240s",
			       l->state.refusal.msg, log.msg);
	}
	l->state.way = l->follow.path ? SC_LIVE_FILE : SC_LIVE_PIPE;
	l->state.log_there = l->follow.path != NULL;
	return 0;
}

int sc_live_open(const struct sc_live_wish *wish, sc_event_fn *fn, void *data,
		 struct sc_live **out, struct sc_error *err)
{
	SC_CLEAN(sc_live_close_p)
	struct sc_live *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return sc_no_memory(err);
	l->fn = fn;
	l->data = data;
	l->listen.fd = l->follow.fd = l->mark.fd = -1;
	r = open_feed(l, &l->kernel, false, err);
	if (r == 0)
		r = open_feed(l, &l->log, true, err);
	if (r == 0)
		r = open_sources(l, wish, err);
	if (r < 0)
		return r;
	*out = SC_TAKE(l);
	return 0;
}

void sc_live_close(struct sc_live *l)
{
	sc_listen_close(&l->listen);
	sc_follow_close(&l->follow);
	sc_follow_close(&l->mark);
	sc_scan_free_p(&l->kernel.scan);
	sc_scan_free_p(&l->log.scan);
	sc_repeats_free_p(&l->repeats);
	free(l);
}

void sc_live_close_p(struct sc_live **l)
{
	if (*l)
		sc_live_close(*l);
}

/* ---- what comes */

static int feed(struct feed *f, struct sc_str lines, struct sc_error *err)
{
	f->open_events = true;
	return sc_scan_lines(f->scan, lines, err);
}

/* The kernel dropped records. */
static void begin_catching_up(struct sc_live *l)
{
	l->lost = l->listen.counts.lost;
	l->catch_up_end = sc_clock_ms() + CATCH_UP_MS;
	sc_follow_close(&l->mark);
	l->marked = false;
	find_late_log(l);
	if (l->state.catching_up)
		return;
	l->state.overflows++;
	l->state.catching_up = true;
	l->mended = false;
}

static int hear(struct sc_live *l, struct sc_error *err)
{
	struct sc_str lines;
	int r = sc_listen_next(&l->listen, &lines, err);

	if (r >= 0 && l->listen.counts.lost != l->lost)
		begin_catching_up(l);
	l->stale |= r > 0;
	if (r > 0 && lines.n && feed(&l->kernel, lines, err) < 0)
		return err->code;
	return r;
}

static void copy_counts(struct sc_live *l)
{
	l->state.rotations = l->follow.rotations;
	l->state.gaps = l->follow.gaps;
	l->state.long_lines = l->follow.long_lines;
	l->state.ended = l->follow.ended;
	/* A stream that was recorded says where the kernel dropped some. */
	if (l->state.way == SC_LIVE_PIPE)
		l->state.overflows = l->state.unmended = l->follow.counts.lost;
}

static int read_log(struct sc_live *l, struct sc_error *err)
{
	struct sc_str lines;
	int r = 1;

	for (int i = 0; r > 0 && i < BLOCKS; i++) {
		r = sc_follow_next(&l->follow, &lines, err);
		if (r > 0 && feed(&l->log, lines, err) < 0)
			return err->code;
		l->mended |= r > 0;
		if (!l->follow.path)
			break;
	}
	copy_counts(l);
	/* Where the kernel is heard, it is as if there were none. */
	if (r == SC_ESYSTEM && l->state.way == SC_LIVE_KERNEL) {
		l->state.log_there = false;
		return 0;
	}
	return r;
}

/* The log had all that it will have of what was lost. */
static void end_catching_up(struct sc_live *l)
{
	if (sc_clock_ms() < l->catch_up_end)
		return;
	l->state.catching_up = false;
	l->state.unmended += !l->mended;
	l->stale = true;
}

/* All was heard, and nothing came for a while: what the log has is known. */
static void move_mark(struct sc_live *l)
{
	struct sc_error ignored;

	find_late_log(l);
	if (!l->state.log_there || l->state.catching_up)
		return;
	if (l->marked) {
		uint64_t rotations = l->follow.rotations;
		uint64_t gaps = l->follow.gaps;

		sc_follow_close(&l->follow);
		l->follow = l->mark;
		l->follow.rotations = rotations;
		l->follow.gaps = gaps;
		l->mark = (struct sc_follow){ .fd = -1 };
		l->marked = false;
	} else if (l->stale) {
		l->stale = false;
		l->marked = sc_follow_open(l->follow.path, false, &l->mark,
					   &ignored) == 0;
	}
}

static void count_given_up(struct sc_live *l)
{
	uint32_t now;

	if (!l->counts || !sc_listen_given_up(&now))
		return;
	/* somebody may have set it to 0 meanwhile: auditctl --reset-lost */
	l->state.given_up += now >= l->given_up ? now - l->given_up : now;
	l->given_up = now;
	l->asked = l->came;
}

/* Nothing came for a moment: no record is missing of what is open. */
static int finish(struct feed *f, struct sc_error *err)
{
	bool any = f->open_events;
	int r;

	f->open_events = false;
	r = any ? sc_scan_end(f->scan, err) : 0;
	return r < 0 ? r : any;
}

static int finish_all(struct sc_live *l, struct sc_error *err)
{
	int kernel = finish(&l->kernel, err), log;

	if (kernel < 0)
		return kernel;
	log = finish(&l->log, err);
	return log < 0 ? log : kernel || log;
}

/* One look at all that is open. 1: something came. */
static int look(struct sc_live *l, bool pipe_ready, struct sc_error *err)
{
	bool kernel = l->state.way == SC_LIVE_KERNEL;
	int heard = kernel ? hear(l, err) : 0, more = 0;

	if (heard < 0)
		return heard;
	if (l->state.way == SC_LIVE_FILE || (pipe_ready && !kernel) ||
	    (l->state.catching_up && l->state.log_there))
		more = read_log(l, err);
	if (more < 0)
		return more;
	if (l->state.catching_up && !heard && !more)
		end_catching_up(l);
	if (heard || more)
		l->came = sc_clock_ms();
	return heard || more;
}

static bool is_quiet(const struct sc_live *l)
{
	return l->state.ended || sc_clock_ms() >= l->came + IDLE_MS;
}

/* Until when to sleep: something open must be handed out, a log looked at. */
static int sleep_ms(const struct sc_live *l, uint64_t now, uint64_t end)
{
	uint64_t n = end > now ? end - now : 0;

	if (l->state.ended)
		return 0;
	if ((l->kernel.open_events || l->log.open_events) && n > IDLE_MS)
		n = IDLE_MS;
	if ((l->state.way == SC_LIVE_FILE || l->state.catching_up ||
	     l->marked || l->stale) &&
	    n > LOOK_MS)
		n = LOOK_MS;
	return n > INT32_MAX ? -1 : (int)n;
}

int sc_live_poll(struct sc_live *l, int timeout_ms, int wake,
		 struct sc_error *err)
{
	uint64_t end = timeout_ms < 0 ? UINT64_MAX
				      : sc_clock_ms() + (uint64_t)timeout_ms;
	bool pipe = l->state.way == SC_LIVE_PIPE && !l->state.ended;
	struct pollfd p[2] = {
		{ .fd = pipe ? l->follow.fd : l->listen.fd, .events = POLLIN },
		{ .fd = wake, .events = POLLIN },
	};
	int r;

	for (;;) {
		r = poll(p, 2, sleep_ms(l, sc_clock_ms(), end));
		if (r < 0 && errno == EINTR)
			return 0;
		if (r < 0)
			return sc_fail_os(err, "cannot wait");
		r = look(l, p[0].revents != 0, err);
		if (r == 0 && is_quiet(l)) {
			r = finish_all(l, err);
			move_mark(l);
			if (l->asked != l->came)
				count_given_up(l);
		}
		if (r != 0)
			return r;
		if (p[1].revents || l->state.ended || sc_clock_ms() >= end)
			return 0;
	}
}

int sc_live_end(struct sc_live *l, struct sc_error *err)
{
	int r = finish_all(l, err);

	count_given_up(l);
	return r < 0 ? r : 0;
}

const struct sc_live_state *sc_live_state(const struct sc_live *l)
{
	return &l->state;
}

struct sc_scan_counts sc_live_counts(const struct sc_live *l)
{
	struct sc_scan_counts all = sc_scan_counts(l->kernel.scan);
	struct sc_scan_counts log = sc_scan_counts(l->log.scan);

	all.lines += log.lines;
	all.other_lines += log.other_lines;
	all.wrapped += log.wrapped;
	all.bad_records += log.bad_records + l->listen.counts.bad +
			   l->follow.counts.bad + l->follow.long_lines;
	all.echoes += log.echoes;
	return all;
}
