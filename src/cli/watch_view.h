/* watch_view.h - denials on a terminal: a row for each, counted up in place,
 * and below them what there is to say of the one that is chosen. */
#ifndef SC_CLI_WATCH_VIEW_H
#define SC_CLI_WATCH_VIEW_H

#include "cli/screen.h"
#include "cli/signals.h"
#include "cli/watch.h"

struct sc_watch_view {
	struct sc_screen screen;
	FILE *file; /* of the screen */
	struct sc_signals *signals;
	int wake; /* owned: keys and signals */
	bool colour;
	struct sc_live_state source;
	size_t chosen; /* a row */
	bool stays;    /* with that row, and not with the newest */
	size_t top;    /* the first row that is seen */
	struct sc_buf message;
	bool dirty;
	uint64_t drawn_ms, drawn_records;
};

/* Take the terminal @out is. Errors: SC_ESYSTEM. */
int sc_watch_view_open(struct sc_watch_view *v, FILE *out,
		       struct sc_signals *signals, struct sc_error *err)
	SC_MUST_USE;
void sc_watch_view_close(struct sc_watch_view *v); /* an SC_CLEAN() function */

extern const struct sc_watch_show sc_watch_view;

/* What the terminal shows, as lines: of @rows rows, @columns wide. */
int sc_watch_draw(struct sc_watch_view *v, const struct sc_watch *w,
		  size_t rows, size_t columns, struct sc_buf *out,
		  struct sc_error *err) SC_MUST_USE;

#endif
