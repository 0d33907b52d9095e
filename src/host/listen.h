/*
 * listen.h - the kernel's audit records, as they come: a socket in the group
 * that journald reads from, too. auditd is neither needed nor in the way.
 */
#ifndef SC_HOST_LISTEN_H
#define SC_HOST_LISTEN_H

#include "audit/netlink.h"
#include "base/error.h"

struct sc_listen {
	int fd; /* owned; -1: closed */
	bool given;
	struct sc_netlink_counts counts;
	struct sc_buf lines;
};

/*
 * Join the group; the kernel keeps @room bytes for us (0: a good size). Errors:
 * SC_ESYSTEM, with what is missing.
 */
int sc_listen_open(size_t room, struct sc_listen *out, struct sc_error *err)
	SC_MUST_USE;
/* The same with a socket that somebody else opened, each of whose datagrams is
 * as the kernel's are; it is owned. */
void sc_listen_fd(int fd, struct sc_listen *out);
void sc_listen_close(struct sc_listen *l); /* an SC_CLEAN() function */

/*
 * What has come, without waiting, in whole lines, good until the next call; at
 * most some hundred records. .counts.lost is raised when the kernel had to drop
 * some. 1; 0: nothing is there now. Errors: SC_ESYSTEM, SC_ENOMEM.
 */
int sc_listen_next(struct sc_listen *l, struct sc_str *lines,
		   struct sc_error *err) SC_MUST_USE;

/*
 * How many records the kernel's audit gave up since the boot, in @out: more
 * came than its backlog takes, so that neither we nor any log has them
 * (AUDIT_GET, audit_status.lost). False if it does not say: that needs
 * CAP_AUDIT_CONTROL.
 */
bool sc_listen_given_up(uint32_t *out);

#endif
