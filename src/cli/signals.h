/*
 * signals.h - signals for who waits: they end what goes on, and not the
 * process, so that a terminal is left as it was and counts are told.
 */
#ifndef SC_CLI_SIGNALS_H
#define SC_CLI_SIGNALS_H

#include "base/error.h"

#include <signal.h>
#include <stdbool.h>

struct sc_signals {
	int fd; /* owned; it can be read when one came; -1: none are caught */
	sigset_t before;
};

/* What came since it was asked last. */
struct sc_signalled {
	bool end;  /* by Ctrl-C, kill, or a terminal that went away */
	bool stop; /* Ctrl-Z */
	bool back; /* from there: the terminal may have been used by others */
	bool size; /* the terminal has another size */
};

/* From here on they are caught: those that are not ignored already. Errors:
 * SC_ESYSTEM. */
int sc_signals_open(struct sc_signals *out, struct sc_error *err) SC_MUST_USE;
void sc_signals_close(struct sc_signals *s); /* an SC_CLEAN() function */

struct sc_signalled sc_signals_take(struct sc_signals *s);

/* Stop this process, as its parent expects it of Ctrl-Z; returns when it goes
 * on. */
void sc_signals_stop(struct sc_signals *s);

#endif
