/* logs.h - the part that log, explain, allow, confine and prove share: read
 * logs, choose denials, count them. */
#ifndef SC_CLI_LOGS_H
#define SC_CLI_LOGS_H

#include "audit/scan.h"
#include "audit/tally.h"
#include "cli/checkpoint.h"
#include "cli/whose.h"

/* What to keep; a zeroed struct keeps everything. */
struct sc_filter {
	uint64_t since_ms;  /* since the epoch, UTC; inclusive */
	uint64_t until_ms;  /* inclusive; 0: no end */
	const char *source; /* a type, or a pattern with '*' and '?'; or NULL */
	const char *target;
	const char *tclass;
	const char *perm; /* denials that have this permission among theirs */
	const char *comm;
	struct sc_whose container; /* of this one, if any of it is set */
	bool trust_syslog;         /* what anybody can forge is not marked */

	/* Only what follows the last load of a policy: .restart is called with
	 * the data of the callback when one comes, to forget what came before;
	 * sc_logs_read() does that itself. */
	bool last_reload;
	void (*restart)(void *data);

	/* Called with the data of the callback when no line comes for a while
	 * and all that came was handed out; NULL: nobody waits for it. */
	sc_idle_fn *idle;

	/* Only what follows it; then it is moved on. NULL: all. */
	struct sc_checkpoint *checkpoint;
	struct sc_checkpoint point; /* room for it */
};

/* Drop from @e what @f does not keep, the times and patterns of it; false: that
 * is all. */
bool sc_filter_event(const struct sc_filter *f, struct sc_event *e);

/*
 * Read the @n logs at @paths ("-": standard input; a folder: all audit.log* in
 * it; none at all: the host's own) and count into @t what @f keeps; the tally
 * is sorted. Lines that are no records are counted in the tally. What cannot be
 * opened or is refused is an error; for what breaks off, see sc_logs_end().
 */
int sc_logs_read(char *const *paths, size_t n, const struct sc_filter *f,
		 struct sc_arena *a, struct sc_tally *t, struct sc_error *err)
	SC_MUST_USE;

/*
 * The same, event by event, in the order of the log: @fn gets each that has a
 * denial which @f keeps, an access granted, or a notice. What was passed over
 * is counted in .other_lines and .bad_records of @t.
 */
int sc_logs_scan(char *const *paths, size_t n, const struct sc_filter *f,
		 sc_event_fn *fn, void *data, struct sc_tally *t,
		 struct sc_error *err) SC_MUST_USE;

/* The exit code of a command that has printed what @t holds: @code, or if a log
 * broke off, the error that says so. */
int sc_logs_end(const struct sc_tally *t, int code, struct sc_error *err)
	SC_MUST_USE;

/* Say on standard error, once, what of the logs was passed over (no records,
 * bad records, over the limit), unless it is nothing. */
void sc_logs_say_skipped(const struct sc_tally *t);

#endif
