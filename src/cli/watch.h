/*
 * watch.h - denials as they come, each told once and then counted.
 *
 * What came is one tally; a new denial in it is judged as explain does, and
 * handed to whoever shows it. How many different ones are kept is limited as in
 * every tally (SC_TALLY_MAX); the rest is counted.
 */
#ifndef SC_CLI_WATCH_H
#define SC_CLI_WATCH_H

#include "cli/judge.h"
#include "cli/logs.h"
#include "cli/signals.h"
#include "host/live.h"

struct sc_watch_row {
	enum sc_class class;
	uint64_t said; /* of its count: lines have told it */
};

struct sc_watch {
	const struct sc_ground *ground;
	struct sc_filter filter;
	const char *log; /* as it was named; NULL: the host's own */
	const struct sc_watch_show *show;
	void *to;    /* of .show */
	int wake;    /* what .show waits for, too; can be read then */
	int wait_ms; /* for anything to come */
	bool ended;  /* somebody wants it so */

	struct sc_judge judge; /* no tally of its own */
	struct sc_arena policy_arena;
	bool stale; /* the kernel has another policy by now */

	struct sc_arena arena;
	struct sc_tally tally;
	/* for each denial of the tally, in its order */
	struct sc_watch_row *v;
	size_t n;
	size_t room;
};

/* Who shows them. Each returns 0, or negative with @err filled. */
struct sc_watch_show {
	/* number @i is new */
	int (*denial)(void *to, const struct sc_watch *w, size_t i,
		      const struct sc_advice *a, struct sc_error *err);
	int (*notice)(void *to, const struct sc_event *e,
		      const struct sc_notice *n, struct sc_error *err);
	/* what it is watched by (@before is NULL), or what befell that */
	int (*source)(void *to, const struct sc_watch *w,
		      const struct sc_live_state *before,
		      const struct sc_live_state *now, struct sc_error *err);
	/* NULL: it cares for none */
	int (*signalled)(void *to, struct sc_signalled s, struct sc_error *err);
	/* some time has passed, and @quiet: nothing came in it */
	int (*pause)(void *to, struct sc_watch *w, bool quiet,
		     struct sc_error *err);
	int (*end)(void *to, struct sc_watch *w, struct sc_scan_counts counts,
		   struct sc_error *err);
};

/* Open the policy that .ground names. */
int sc_watch_open(struct sc_watch *w, struct sc_error *err) SC_MUST_USE;
void sc_watch_close(struct sc_watch *w); /* an SC_CLEAN() function */

/* Take @e in; a sc_event_fn, whose data is the struct sc_watch. */
int sc_watch_add(void *watch, struct sc_event *e, struct sc_error *err)
	SC_MUST_USE;

/* If the kernel has another policy by now, judge all by that. */
int sc_watch_refresh(struct sc_watch *w, struct sc_error *err) SC_MUST_USE;

/* Denial number @i, explained; what @out holds lives in @a. */
int sc_watch_judge(const struct sc_watch *w, size_t i, struct sc_arena *a,
		   struct sc_advice *out, struct sc_error *err) SC_MUST_USE;

/* What to do about @a in a few words; a command, if that is all of it. */
void sc_watch_put_fix(struct sc_buf *out, const struct sc_advice *a);

/* "the kernel's audit gave up 3 records, ..." */
void sc_watch_put_given_up(struct sc_buf *out, uint64_t n);

/* "the kernel's records", "'audit.log'", "standard input" */
void sc_watch_put_source(struct sc_buf *out, const struct sc_watch *w,
			 const struct sc_live_state *s);

/* What there is to say of the change from @before to @now; nothing, most often.
 */
void sc_watch_put_change(struct sc_buf *out, const struct sc_live_state *before,
			 const struct sc_live_state *now);

/* On standard error: what was passed over, and how many there were. */
int sc_watch_say_end(struct sc_watch *w, struct sc_scan_counts counts);

/* Lines, of text or JSON. */
struct sc_watch_lines {
	FILE *out;
	bool json, colour;
	uint64_t said_ms; /* when counts were said last */
	bool said_full;   /* that no new ones are kept */
};
extern const struct sc_watch_show sc_watch_lines;

#endif
