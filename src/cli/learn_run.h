/* learn_run.h - the command that is run while a domain is learned, and the
 * clock that a run goes by. */
#ifndef SC_CLI_LEARN_RUN_H
#define SC_CLI_LEARN_RUN_H

#include "base/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sc_child {
	pid_t pid;  /* 0: none was started, or it ended */
	int status; /* then: as of waitpid() */
};

/* Run @argv with the signals of @mask blocked, and no others. Errors:
 * SC_ENOTFOUND, there is no such program; SC_ESYSTEM. */
int sc_child_start(char *const *argv, const sigset_t *mask,
		   struct sc_child *out, struct sc_error *err) SC_MUST_USE;

/* Has it ended by now? */
bool sc_child_ended(struct sc_child *c);

/* End it, if it has not; an SC_CLEAN() function. */
void sc_child_end(struct sc_child *c);

/* Since the boot, a sleep of the machine included: timers count so, too. */
uint64_t sc_run_ms(void);

#endif
