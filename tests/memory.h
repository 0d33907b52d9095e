/* memory.h - a log in memory as a source, for tests and fuzzers. */
#ifndef SC_TESTS_MEMORY_H
#define SC_TESTS_MEMORY_H

#include "base/str.h"

#include <errno.h>

struct memory {
	struct sc_str rest;
	size_t piece; /* bytes that it gives at once, at most */
	bool fails;   /* it ends with an error, not as a file does */
};

static inline long read_memory(void *from, char *to, size_t n)
{
	struct memory *m = from;

	if (m->fails && !m->rest.n) {
		errno = EIO;
		return -1;
	}
	n = n < m->piece ? n : m->piece;
	n = n < m->rest.n ? n : m->rest.n;
	if (n)
		memcpy(to, m->rest.s, n);
	sc_str_drop(&m->rest, n);
	return (long)n;
}

#endif
