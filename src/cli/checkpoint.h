/*
 * checkpoint.h - how far a log was read, in a file, so that the next run goes
 * on from there.
 *
 * The form is ausearch's (--checkpoint) with two lines more, and a file of its
 * own is taken too: the file by device and inode, which a rotation does not
 * change, and the last event. What stands before the position tells whether it
 * still is that file: the number of one that was deleted is soon another's.
 */
#ifndef SC_CLI_CHECKPOINT_H
#define SC_CLI_CHECKPOINT_H

#include "audit/record.h"
#include "base/error.h"
#include "base/sha256.h"
#include "cli/log_set.h"

struct sc_checkpoint {
	uint64_t dev, inode;
	uint64_t position; /* bytes of it that were read; 0: not known */
	char tail[SC_SHA256_HEX + 1]; /* digest of what stands before that */
	struct sc_stamp last;
	bool set; /* there is one */
};

/* Read @path; a file that is missing is a checkpoint that is not set. Errors:
 * SC_ESYNTAX, SC_ESYSTEM. */
int sc_checkpoint_read(const char *path, struct sc_checkpoint *out,
		       struct sc_error *err) SC_MUST_USE;

/* Put @c in the place of what @path holds, at once. */
int sc_checkpoint_write(const char *path, const struct sc_checkpoint *c,
			struct sc_error *err) SC_MUST_USE;

/* To after the first @position bytes of @fd, unpacked, which were read. */
int sc_checkpoint_move(struct sc_checkpoint *c, int fd, uint64_t position,
		       struct sc_error *err) SC_MUST_USE;

/* Where to go on in a set of logs. */
struct sc_resume {
	size_t first;   /* those before were read */
	bool by_stamp;  /* drop what is not after the last event */
	uint64_t start; /* bytes of the first that are passed over */
};

/* Find @c's place in @set, whose logs are opened for it. */
int sc_checkpoint_find(const struct sc_checkpoint *c, struct sc_log_set *set,
		       struct sc_resume *out, struct sc_error *err) SC_MUST_USE;

/* Is @a after @b? */
bool sc_stamp_is_after(struct sc_stamp a, struct sc_stamp b);

#endif
