/* log_set.h - which files are meant by the operands of a command that reads
 * logs: a folder is all the logs that auditd and logrotate keep in it. */
#ifndef SC_CLI_LOG_SET_H
#define SC_CLI_LOG_SET_H

#include "base/arena.h"
#include "base/error.h"

#define SC_HOST_LOGS "/var/log/audit"

struct sc_log {
	const char *path;
	int fd; /* -1: it is opened when its turn comes */
};

struct sc_log_set {
	struct sc_log *v; /* oldest first; operands as they were given */
	size_t n;
	size_t room;
	struct sc_arena arena;
};

/*
 * The logs that the @n operands at @paths name; none: the host's own. Errors:
 * SC_ESYSTEM, with who may read them; SC_ENOTFOUND, a folder has none;
 * SC_ELIMIT, it has too many.
 */
int sc_log_set_open(char *const *paths, size_t n, struct sc_log_set *out,
		    struct sc_error *err) SC_MUST_USE;
void sc_log_set_close(struct sc_log_set *set); /* an SC_CLEAN() function */

/* The @i-th, opened, for the caller to close. */
int sc_log_set_take(struct sc_log_set *set, size_t i, struct sc_error *err)
	SC_MUST_USE;

#endif
