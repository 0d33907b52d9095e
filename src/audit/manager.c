#include "audit/manager.h"

#include "audit/tally.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"

enum column { NAME, TYPES, PROGRAMS, CLASSES };

static bool fits(struct sc_str name, struct sc_str patterns)
{
	struct sc_str pattern;

	while (sc_take_word(&patterns, &pattern))
		if (sc_glob(pattern, name))
			return true;
	return false;
}

static struct sc_str without_quotes(struct sc_str v)
{
	if (v.n >= 2 && v.s[0] == '"' && v.s[v.n - 1] == '"')
		return (struct sc_str){ v.s + 1, v.n - 2 };
	return v;
}

struct sc_str sc_manager_of(const struct sc_avc *avc)
{
	struct sc_str table = sc_data("managers.tsv");
	struct sc_str type = sc_label_type(avc->subj);
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row))
		if (fits(avc->tclass, row.v[CLASSES]) &&
		    fits(type, row.v[TYPES]) &&
		    fits(without_quotes(avc->exe), row.v[PROGRAMS]))
			return row.v[NAME];
	return (struct sc_str){ 0 };
}
