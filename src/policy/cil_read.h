/*
 * cil_read.h - CIL text as a tree, for checks of its structure.
 *
 * libsepol has a reader of its own and no header for its tree; this one reads
 * the same language, and refuses what the two could read differently: control
 * bytes (a lone carriage return ends a comment there), line marks of other
 * compilers, strings over the end of a line.
 */
#ifndef SC_POLICY_CIL_READ_H
#define SC_POLICY_CIL_READ_H

#include "base/arena.h"
#include "base/error.h"

#define SC_CIL_DEPTH 64         /* lists inside lists, at most */
#define SC_CIL_NODES (4u << 20) /* nodes of one text, at most */

struct sc_cil {
	struct sc_str text;   /* of a word or a string, without its quotes */
	struct sc_cil *first; /* of a list; NULL for a word or an empty list */
	struct sc_cil *next;  /* in the list that this one is in */
	uint32_t line;        /* counted from 1 */
	bool is_list;
	bool is_string;
};

/*
 * Read @text; @out becomes a list of its top-level forms. Views point into
 * @text, nodes live in @a. Errors: SC_ESYNTAX with .line, SC_ELIMIT, SC_ENOMEM.
 */
int sc_cil_read(struct sc_str text, struct sc_arena *a, struct sc_cil **out,
		struct sc_error *err) SC_MUST_USE;

/* Is @node a list whose first item is the word @word? */
bool sc_cil_is(const struct sc_cil *node, struct sc_str word);

/* The @n-th item of the list @node, counted from 0; NULL if it has fewer. */
const struct sc_cil *sc_cil_at(const struct sc_cil *node, size_t n);

/* The text of the @n-th item; an empty view unless it is a word or a string. */
struct sc_str sc_cil_word(const struct sc_cil *node, size_t n);

#endif
