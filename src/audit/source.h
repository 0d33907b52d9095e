/*
 * source.h - where a log comes from, as blocks of whole lines.
 *
 * A file is read, not mapped: one that is cut short while we read it must not
 * end us. What is packed is unpacked on the way. Of a large file, the blocks
 * that follow are made by a thread while one is used, if there is a processor
 * for it; they are the same as without.
 */
#ifndef SC_AUDIT_SOURCE_H
#define SC_AUDIT_SOURCE_H

#include "audit/block.h"

struct sc_source;

/* The file that @fd has open; it is closed with the source, and on failure. */
int sc_source_open(int fd, struct sc_source **out, struct sc_error *err)
	SC_MUST_USE;

/* Whatever @read gives, asked for @block bytes at a time (0: a good size). */
int sc_source_from(sc_read_fn *read, void *from, size_t block,
		   struct sc_source **out, struct sc_error *err) SC_MUST_USE;

void sc_source_close(struct sc_source *s);
void sc_source_close_p(struct sc_source **s); /* an SC_CLEAN() function */

/*
 * The next block of whole lines into @lines, good until the next call. The last
 * @keep bytes of the block before, SC_KEEP_MAX at most, stand right before it.
 * Only the very last line of a source may lack its newline. Returns 1, 0 at the
 * end, or negative: SC_ENOMEM, or the source is broken here, and what came
 * before is good.
 */
int sc_source_next(struct sc_source *s, size_t keep, struct sc_str *lines,
		   struct sc_error *err) SC_MUST_USE;

/* What of the lines that were just given can be passed over. */
size_t sc_source_quiet(const struct sc_source *s, const struct sc_quiet **out);

/* Before the first block: leave a last line without its newline, which is still
 * being written. */
void sc_source_leave_part(struct sc_source *s);

/* Before the first block: somebody waits for what comes. If nothing does for a
 * while, what is there is given, and then, once, a block without lines. */
void sc_source_live(struct sc_source *s);

/* Bytes of the lines that were given so far, unpacked. */
uint64_t sc_source_position(const struct sc_source *s);

/* Lines so far that were too long, and are in no block. */
uint64_t sc_source_long_lines(const struct sc_source *s);

#endif
