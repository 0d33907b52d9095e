/*
 * tear.h - records that share a line.
 *
 * A writer that is killed, or a machine that loses power, leaves half a record,
 * or a stretch of NUL bytes, and the next record is written behind it. What is
 * left of the first one must not lend its words to the second.
 */
#ifndef SC_AUDIT_TEAR_H
#define SC_AUDIT_TEAR_H

#include "audit/record.h"

#include <string.h>

/* The second record on a line. */
struct sc_tear {
	size_t at; /* bytes before it; 0: there is none */
	/* It stands in, or behind, the words of a process, which can send any:
	 * whether it is one cannot be told, nor what is whose. */
	bool in_doubt;
};

/* Has @body, of one record, what the head of another one must have? */
static inline bool sc_tear_shows(struct sc_str body)
{
	static const char mark[] = "audit";
	const char *at;

	while (body.n && (at = memchr(body.s, '(', body.n))) {
		size_t n = (size_t)(at - body.s);

		if (n >= sizeof(mark) - 1 &&
		    memcmp(at - (sizeof(mark) - 1), mark, sizeof(mark) - 1) ==
			    0)
			return true;
		sc_str_drop(&body, n + 1);
	}
	return false;
}

/* Does @line, whatever its first record is, end as those do that begin an
 * event? For most lines of a log, that look at the end is all that can be
 * afforded: of two records that both broke off there, the second is not seen.
 */
bool sc_tear_ends(struct sc_str line);

/* Find it in @line, whose first record has the text @body. */
struct sc_tear sc_tear_find(struct sc_str line, struct sc_str body);

/* Where a record begins in a @line that is none: what is left of another one is
 * at its front. 0: nowhere. */
size_t sc_tear_front(struct sc_str line);

/* Of @line with @first and what is .in_doubt at @at none is believed: could one
 * of them have been a denial, or the like? */
bool sc_tear_matters(struct sc_str line, size_t at,
		     const struct sc_record *first);

/* Leave of @line, which @r is at the front of, what stands before @at; 0: all
 * of it. */
void sc_tear_cut(struct sc_str *line, size_t at, struct sc_record *r);

/* Does @line, which did not come to its end, stop in a name that rules are made
 * of? It may be half of another one. */
bool sc_tear_in_name(struct sc_str line);

static inline struct sc_tear sc_tear_in(struct sc_str line, struct sc_str body)
{
	struct sc_tear none = { 0 };

	return sc_tear_shows(body) ? sc_tear_find(line, body) : none;
}

#endif
