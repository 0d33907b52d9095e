#include "base/table.h"

static struct sc_str take_line(struct sc_str *text)
{
	struct sc_str line;

	if (!sc_take_until(text, '\n', &line)) {
		line = *text;
		sc_str_drop(text, text->n);
	}
	return line;
}

bool sc_take_row(struct sc_str *text, struct sc_row *row)
{
	uint32_t number = row->line;

	while (text->n) {
		struct sc_str line = take_line(text), cell;

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

bool sc_take_word(struct sc_str *list, struct sc_str *word)
{
	sc_skip_spaces(list);
	if (!list->n)
		return false;
	if (!sc_take_until(list, ' ', word)) {
		*word = *list;
		sc_str_drop(list, list->n);
	}
	return true;
}
