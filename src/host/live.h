/*
 * live.h - denials as they come.
 *
 * The kernel tells them itself (listen.h). If it drops some, since they came
 * faster than we read, the log has them: it is read again from where the kernel
 * was last heard without a gap, and what was heard already is left out. Where
 * the kernel may not be asked, the log is followed instead.
 */
#ifndef SC_HOST_LIVE_H
#define SC_HOST_LIVE_H

#include "audit/scan.h"

#define SC_LIVE_LOG "/var/log/audit/audit.log"

struct sc_live;

enum sc_live_way {
	SC_LIVE_KERNEL,
	SC_LIVE_FILE, /* a log, followed as it grows and is rotated */
	SC_LIVE_PIPE, /* until its end */
};

/* Zeroed: the kernel, with the host's own log behind it, from now on. */
struct sc_live_wish {
	const char *log; /* instead of the host's own; must outlive it all */
	bool log_alone;  /* don't ask the kernel; "-" is standard input */
	bool whole;      /* what the log has already comes first */
	size_t room;     /* bytes that the kernel keeps for us; 0: 16 MB */
	/* a socket of the caller's in the kernel's place; for tests */
	bool has_socket;
	int socket; /* owned from then on */
};

/* What became of it so far; counts only grow. */
struct sc_live_state {
	enum sc_live_way way;
	/* .code is not 0: why not the kernel, which was asked */
	struct sc_error refusal;
	bool log_there;     /* a log can be read, also once more */
	uint64_t overflows; /* episodes in which the kernel dropped records */
	bool catching_up;   /* such a one: the log is being read */
	uint64_t unmended;  /* episodes of which the log had nothing */
	uint64_t given_up;  /* records that the kernel's audit could not keep */
	uint64_t caught_up; /* events that only the log had */
	uint64_t rotations; /* of the log */
	uint64_t gaps;      /* see struct sc_follow */
	uint64_t long_lines; /* passed over */
	bool ended;          /* a pipe: no more comes */
};

/*
 * Events, from the time of this call on, are handed to @fn with @data by
 * sc_live_poll() and sc_live_end(). Errors: SC_ESYSTEM, neither the kernel nor
 * the log can be had, with both reasons.
 */
int sc_live_open(const struct sc_live_wish *wish, sc_event_fn *fn, void *data,
		 struct sc_live **out, struct sc_error *err) SC_MUST_USE;
void sc_live_close(struct sc_live *l);
void sc_live_close_p(struct sc_live **l); /* an SC_CLEAN() function */

/*
 * Wait until something comes, for @timeout_ms at most (-1: as long as it
 * takes), or until @wake can be read (-1: nothing wakes us), or a signal was
 * handled. An event is handed out once all of it is there: when the next one
 * begins, or when nothing came for a moment. 1: something came, there may be
 * more; 0: nothing did. Errors: those of @fn; SC_ESYSTEM; SC_ENOMEM.
 */
int sc_live_poll(struct sc_live *l, int timeout_ms, int wake,
		 struct sc_error *err) SC_MUST_USE;

/* Hand out what is still open. */
int sc_live_end(struct sc_live *l, struct sc_error *err) SC_MUST_USE;

const struct sc_live_state *sc_live_state(const struct sc_live *l);
struct sc_scan_counts sc_live_counts(const struct sc_live *l);

#endif
