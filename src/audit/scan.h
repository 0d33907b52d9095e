/*
 * scan.h - from lines to events.
 *
 * The records of an event come one after the other, but those of other events
 * can stand between them. So an event that has an AVC stays open until its last
 * record came or the log is some seconds further; how many are open at once is
 * limited, and finding the one that a record belongs to costs the same however
 * many there are.
 */
#ifndef SC_AUDIT_SCAN_H
#define SC_AUDIT_SCAN_H

#include "audit/event.h"
#include "audit/source.h"

struct sc_scan;

/*
 * Called for each event with an AVC or a notice that could be read, in the
 * order in which the first of them stands in the log. It may drop AVCs from @e.
 * 0, or negative with @err filled to end the scan.
 */
typedef int sc_event_fn(void *data, struct sc_event *e, struct sc_error *err);

struct sc_scan_counts {
	uint64_t lines;
	uint64_t other_lines; /* that are no audit records */
	uint64_t wrapped; /* of these, with a denial's words somewhere in them
			   */
	uint64_t bad_records; /* AVC records that could not be read */
	uint64_t echoes;      /* told before, in a line of another form */
};

int sc_scan_new(sc_event_fn *fn, void *data, struct sc_scan **out,
		struct sc_error *err) SC_MUST_USE;
void sc_scan_free(struct sc_scan *s);
void sc_scan_free_p(struct sc_scan **s); /* an SC_CLEAN() function */

/*
 * Somebody waits for the events: when no line comes for a while, those that are
 * open are handed out, and @idle is called. What an event is then depends on
 * when its records come.
 */
typedef int sc_idle_fn(void *data, struct sc_error *err);
void sc_scan_live(struct sc_scan *s, sc_idle_fn *idle);

/*
 * Read all of @source. An event can go on in the next source. Errors:
 * SC_EREFUSED, it is of a form that is not read; and those of the source.
 */
int sc_scan_source(struct sc_scan *s, struct sc_source *source,
		   struct sc_error *err) SC_MUST_USE;

/* For who gets the lines as they come, and keeps no source: one begins, and
 * these are its next whole lines. What is open is handed out by what follows it
 * in time, or by sc_scan_end(), after which more can come. */
void sc_scan_begin(struct sc_scan *s);
int sc_scan_lines(struct sc_scan *s, struct sc_str lines, struct sc_error *err)
	SC_MUST_USE;

/*
 * Has the last source lines of a text log? Its first lines were looked at
 * before any event was handed out, but if those that tell came later, so did
 * the mark on its events.
 */
bool sc_scan_is_text(const struct sc_scan *s);

/* No more lines come: hand out the events that are still open. */
int sc_scan_end(struct sc_scan *s, struct sc_error *err) SC_MUST_USE;

struct sc_scan_counts sc_scan_counts(const struct sc_scan *s);

#endif
