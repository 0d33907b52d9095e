/*
 * source.h - where a log comes from, as blocks of whole lines.
 *
 * A file is read, not mapped: one that is cut short while we read it must not
 * end us. What is packed is unpacked on the way.
 */
#ifndef SC_AUDIT_SOURCE_H
#define SC_AUDIT_SOURCE_H

#include "audit/unpack.h"

/* Bytes; longer lines are passed over. */
#define SC_LINE_MAX ((size_t)1 << 20)

/* The first block has as much, if the source does: so what is made of a log
 * does not depend on the pieces in which a pipe brings it. */
#define SC_LOOK_BYTES ((size_t)64 * 1024)

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
 * @keep bytes of the block before stand right before it. Only the very last
 * line of a source may lack its newline. Returns 1, 0 at the end, or negative:
 * SC_ENOMEM, or the source is broken here, and what came before is good.
 */
int sc_source_next(struct sc_source *s, size_t keep, struct sc_str *lines,
		   struct sc_error *err) SC_MUST_USE;

/* Leave a last line without its newline: it is still being written. */
void sc_source_leave_part(struct sc_source *s);

/* Bytes of the lines that were given so far, unpacked. */
uint64_t sc_source_position(const struct sc_source *s);

/* Lines so far that were too long, and are in no block. */
uint64_t sc_source_long_lines(const struct sc_source *s);

#endif
