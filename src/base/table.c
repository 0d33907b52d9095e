#include "base/table.h"

bool sc_take_row(struct sc_str *text, struct sc_row *row)
{
	uint32_t number = row->line;
	struct sc_str line, cell;

	while (sc_take_part(text, '\n', &line)) {
		number++;
		if (!line.n || *line.s == '#')
			continue;
		*row = (struct sc_row){ .line = number };
		while (row->n < SC_TABLE_COLUMNS - 1 &&
		       sc_take_until(&line, '\t', &cell))
			row->v[row->n++] = cell;
		row->v[row->n++] = line;
		return true;
	}
	return false;
}
