/*
 * block.h - the bytes of a log, cut into blocks of whole lines.
 *
 * Each block has its own memory, so that one can be read while another is made
 * from what follows it.
 */
#ifndef SC_AUDIT_BLOCK_H
#define SC_AUDIT_BLOCK_H

#include "audit/skim.h"
#include "audit/unpack.h"

/* Bytes; longer lines are passed over. */
#define SC_LINE_MAX ((size_t)1 << 20)

/* The first block has as much, if the log does: so what is made of a log does
 * not depend on the pieces in which a pipe brings it. */
#define SC_LOOK_BYTES ((size_t)64 * 1024)

/* That can be put before the lines of a block, from the one before it. */
#define SC_KEEP_MAX ((size_t)64 * 1024)

#define SC_QUIET_MAX 4096 /* that are found in a block */

struct sc_block {
	char *bytes; /* owned; the lines begin at SC_KEEP_MAX */
	size_t room;
	size_t end; /* of the whole lines */
	size_t n;   /* of the part of a line after them */
	struct sc_quiet quiet[SC_QUIET_MAX]; /* counted from SC_KEEP_MAX */
	size_t n_quiet;
	bool skimmed;

	int result; /* 1, 0: the log has ended, negative: it is broken here */
	struct sc_error err;
	uint64_t position;   /* in the log, unpacked, of .end */
	uint64_t long_lines; /* that came before, and are in no block */
};

struct sc_reader {
	sc_read_fn *read;
	void *from;
	size_t size;     /* bytes to ask for */
	int live;        /* to be asked whether there is more, or -1 */
	bool leave_part; /* a last line without its newline */
	bool started;
	bool idle; /* as was said with the last block */
	bool ended;
	bool in_long_line;
	struct sc_unpack *unpack; /* NULL: it is not packed */
	uint64_t position;
	uint64_t long_lines;
};

/*
 * Make the block that follows @before (NULL: the first). Only the very last
 * line may lack its newline. Of a log that is .live, a block is given without a
 * line in it when none came for a while, once until more come.
 */
void sc_block_make(struct sc_reader *r, const struct sc_block *before,
		   struct sc_block *out);

/* Find its quiet lines, unless that was done. */
void sc_block_skim(struct sc_block *b);

#endif
