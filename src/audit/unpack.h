/*
 * unpack.h - compressed logs, undone as they are read.
 *
 * What a file is packed with is told by its first bytes, never by its name.
 * However much comes out of it, no more than a window of it is in memory.
 */
#ifndef SC_AUDIT_UNPACK_H
#define SC_AUDIT_UNPACK_H

#include "base/error.h"
#include "base/str.h"

#define SC_PACKING_MAX 8 /* first bytes that tell of it */
#define SC_UNPACK_HEAD ((size_t)64 * 1024)

enum sc_packing {
	SC_PACKING_NONE,
	SC_PACKING_GZIP,
	SC_PACKING_XZ,
	SC_PACKING_ZSTD,
};

/* Fill @to with up to @n bytes; 0 at the end; negative: errno is set. */
typedef long sc_read_fn(void *from, char *to, size_t n);

/* What the file that starts with @head is packed with. SC_EREFUSED, with what
 * to do about it, for a form that is known but not read. */
int sc_packing_of(struct sc_str head, enum sc_packing *out,
		  struct sc_error *err) SC_MUST_USE;

struct sc_unpack;

/* Unpack @head, SC_UNPACK_HEAD bytes at most, and after it what @read gives.
 * Not for SC_PACKING_NONE. */
int sc_unpack_new(enum sc_packing packing, struct sc_str head, sc_read_fn *read,
		  void *from, struct sc_unpack **out, struct sc_error *err)
	SC_MUST_USE;
void sc_unpack_free(struct sc_unpack *u);

/*
 * Fill @to with up to @n bytes. Returns how many, 0 at the end. Errors:
 * SC_ESYNTAX, it is corrupt or cut short, and all that could be unpacked before
 * was given; SC_ELIMIT, it takes too much memory; SC_ESYSTEM.
 */
long sc_unpack_read(struct sc_unpack *u, char *to, size_t n,
		    struct sc_error *err) SC_MUST_USE;

#endif
