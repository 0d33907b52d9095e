/*
 * assign.h - files of lines NAME=value: what a shell makes of one that it
 * sources, what systemd makes of an EnvironmentFile=.
 */
#ifndef SC_HOST_ASSIGN_H
#define SC_HOST_ASSIGN_H

#include "base/arena.h"

#define SC_ASSIGN_BYTES ((size_t)65536) /* of one value, at most */

enum sc_assign_form {
	SC_ASSIGN_SHELL,   /* a name at the very start; quotes, backslashes */
	SC_ASSIGN_SYSTEMD, /* blanks around all, '#' and ';' begin comments */
};

struct sc_assign {
	struct sc_str name;
	struct sc_str value; /* without its quotes, in the arena */
	uint32_t line;       /* on which it begins, counted from 1 */

	/* Of a shell: not sure, since it runs something, or asks for a variable
	 * ('$', '`', a ';' or a further word behind). */
	bool unsure;
};

/* Where the reader is in a text; starts as { .rest = TEXT }. */
struct sc_assign_walk {
	struct sc_str rest;
	uint32_t line;
	size_t odd;     /* lines passed over that are no assignment */
	bool no_memory; /* once true, it stays so: ask at the end */
};

/* The next one; false at the end. */
bool sc_assign_next(struct sc_assign_walk *at, enum sc_assign_form form,
		    struct sc_arena *a, struct sc_assign *out);

#endif
