/*
 * netlink.h - the kernel's audit records as its netlink brings them, made into
 * the lines that auditd would write of them.
 *
 * A stream of them is what the socket gave, one message after the other, each
 * at a multiple of four bytes; where the kernel had to drop some, a message of
 * the type NLMSG_OVERRUN stands.
 */
#ifndef SC_AUDIT_NETLINK_H
#define SC_AUDIT_NETLINK_H

#include "base/buf.h"

#define SC_NETLINK_MESSAGE_MAX 65536 /* bytes; the kernel's have 9,000 */

struct sc_netlink_counts {
	uint64_t records;
	uint64_t lost; /* times that the kernel had to drop records */
	uint64_t bad;  /* records that are none */
};

/* Do the first bytes of a file look like a stream? No log begins so. */
bool sc_netlink_is(struct sc_str head);

/*
 * Take all whole messages from the front of @in, and append a line to @out for
 * each record: what a process put into one cannot make two of it. What is left
 * in @in is the beginning of a message. False if it cannot be one: where the
 * next message begins is not known then.
 */
bool sc_netlink_take(struct sc_str *in, struct sc_buf *out,
		     struct sc_netlink_counts *counts);

#endif
