/*
 * advice_rows.h - data/advice.tsv, for advise.c and advice_say.c: which row is
 * about a denial.
 */
#ifndef SC_RULES_ADVICE_ROWS_H
#define SC_RULES_ADVICE_ROWS_H

#include "base/table.h"
#include "rules/advise.h"

/* Columns; a set has its members in SC_ROW_SOURCE. */
enum sc_advice_column {
	SC_ROW_CLASS,
	SC_ROW_ID,
	SC_ROW_SOURCE,
	SC_ROW_TARGET,
	SC_ROW_TCLASS,
	SC_ROW_PERMS,
	SC_ROW_WORDS,
	SC_ROW_TODO,
	SC_ROW_COMMANDS,
};

/* One denial that is being judged. */
struct sc_case {
	const struct sc_adviser *by;
	const struct sc_denial *denial;
	struct sc_row *rows; /* of data/advice.tsv; read once for a denial */
	size_t n_rows;
	/* objects that have not the label of their place */
	struct sc_str misplaced[SC_SEEN_MAX];
	size_t n_misplaced;
	struct sc_str expected; /* the type of the first one's place */
};

/* Is @name in @list: words, "a_*" patterns, "@attribute", "%set"? */
bool sc_case_is_in(const struct sc_case *c, struct sc_str name,
		   struct sc_str list);

/* The first row of @class that fits the denial and @perm. */
bool sc_case_row(const struct sc_case *c, const char *class, struct sc_str perm,
		 struct sc_row *out);

#endif
