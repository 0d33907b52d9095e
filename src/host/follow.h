/*
 * follow.h - a log that grows, or a pipe, as blocks of whole lines.
 *
 * A log is followed through its rotations: what is left in the file that was
 * renamed is read first, and of several rotations at once none is passed over,
 * as long as the files are there and are not packed.
 */
#ifndef SC_HOST_FOLLOW_H
#define SC_HOST_FOLLOW_H

#include "audit/netlink.h"
#include "base/error.h"

#include <sys/stat.h>

#define SC_FOLLOW_TAIL 512 /* longer than most records: their times differ */

struct sc_follow {
	const char *path; /* NULL: a pipe */
	int fd;           /* owned; -1: closed */
	struct stat st;   /* of it, when it was opened */
	uint64_t at;      /* bytes of it that were read */
	/* the last of them: if others stand there now, it was emptied and has
	 * grown again */
	char tail[SC_FOLLOW_TAIL];
	size_t tail_n;
	bool started;
	bool netlink; /* what comes is a stream of netlink.h */
	bool ended;   /* a pipe; no more comes */
	struct sc_netlink_counts counts;

	struct sc_buf raw;   /* of a netlink stream */
	struct sc_buf lines; /* the last ends in the part of one */
	size_t given;        /* of them, to the caller */
	bool in_long_line;

	uint64_t long_lines;
	uint64_t rotations;
	uint64_t gaps; /* rotations after which ours was gone: files between
			* it and the next may be, too */
};

/*
 * Follow the log at @path, which must outlive @out: from its start if @whole,
 * else from its end. What is no regular file is a pipe. Errors: SC_ESYSTEM;
 * SC_EREFUSED, it is packed.
 */
int sc_follow_open(const char *path, bool whole, struct sc_follow *out,
		   struct sc_error *err) SC_MUST_USE;
void sc_follow_fd(int fd, struct sc_follow *out); /* owned: a pipe */
void sc_follow_close(struct sc_follow *f);        /* an SC_CLEAN() function */

/*
 * What comes next, in whole lines, good until the next call. 1; 0: nothing for
 * now (of a pipe: no whole line; it is .ended, or it must be asked by poll()
 * first, or this waits). Errors: SC_ESYSTEM; SC_ENOMEM; SC_ESYNTAX, a netlink
 * stream that is damaged.
 */
int sc_follow_next(struct sc_follow *f, struct sc_str *lines,
		   struct sc_error *err) SC_MUST_USE;

#endif
