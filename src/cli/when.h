/* when.h - points in time: as people write them, and as we do. People mean the
 * time of where they are, unless they write a zone; programs get UTC. */
#ifndef SC_CLI_WHEN_H
#define SC_CLI_WHEN_H

#include "base/buf.h"

#define SC_WHEN_HELP                                                            \
	"2026-11-21, 2026-11-21T10:00[:00][Z], 11/21/26 as the locale has it, " \
	"10:00, 30m, 2h, 3d, recent, this-hour, today, yesterday, "             \
	"this-week, week-ago, this-month, this-year, boot, now"

/* What words such as "today" are told by. */
struct sc_now {
	uint64_t ms; /* since the epoch */
	uint64_t boot_ms;
};

struct sc_now sc_when_now(void);

/*
 * Read @text into @out, in ms since the epoch: a date, a date and a time, a
 * time of today, how long ago, or a word (SC_WHEN_HELP). With @end, it is the
 * last ms of the day, minute or second that was named. SC_ESYNTAX.
 */
int sc_when_read(const char *text, struct sc_now now, bool end, uint64_t *out,
		 struct sc_error *err) SC_MUST_USE;

/* "2026-11-21T10:00:00.123Z"; without @ms no fraction. For programs: UTC. */
void sc_when_write(struct sc_buf *out, uint64_t ms, bool with_ms);

/* The same for people, where they are: "2026-11-21T11:00:00.123+01:00". */
void sc_when_show(struct sc_buf *out, uint64_t ms, bool with_ms);

/* Of an event, in a column of its own; 0 is no known time. */
void sc_when_put_event(struct sc_buf *out, uint64_t ms);

/* "11:00:00", where people are; spaces if @ms is 0. */
void sc_when_put_clock(struct sc_buf *out, uint64_t ms);

/* As a member of a JSON object; none if @ms is 0. */
void sc_when_member(struct sc_buf *out, const char *name, uint64_t ms,
		    bool with_ms);

#endif
