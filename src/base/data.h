/*
 * data.h - the files of data/, which people edit without C, as they were when
 * the program was built (tools/embed wrote them into it).
 */
#ifndef SC_BASE_DATA_H
#define SC_BASE_DATA_H

#include "base/str.h"

struct sc_data_file {
	const char *name; /* below data/: "guards.tsv", "bases/refpolicy.cil" */
	struct sc_str text;
};

/* Sorted by name; the last one has no name. */
extern const struct sc_data_file sc_data_files[];

/* The text of the file called @name; an empty view if there is none. */
struct sc_str sc_data(const char *name);

#endif
