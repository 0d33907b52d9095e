/*
 * table.h - the tables in data/: one row a line, columns split by tabs.
 *
 * Lines that start with '#' and empty lines are passed over. Every view points
 * into the text that the table was read from.
 */
#ifndef SC_BASE_TABLE_H
#define SC_BASE_TABLE_H

#include "base/str.h"

#define SC_TABLE_COLUMNS 12 /* at most */

struct sc_row {
	struct sc_str v[SC_TABLE_COLUMNS]; /* those past .n are empty */
	size_t n;
	uint32_t line; /* counted from 1, over all rows taken so far */
};

/* Take the next row of @text into @row; false at its end. @row starts zeroed.
 */
bool sc_take_row(struct sc_str *text, struct sc_row *row);

/* Find the row of @text whose first column is @key; false if none is. */
static inline bool sc_find_row(struct sc_str text, struct sc_str key,
			       struct sc_row *row)
{
	*row = (struct sc_row){ 0 };
	while (sc_take_row(&text, row))
		if (sc_str_eq(row->v[0], key))
			return true;
	return false;
}

#endif
