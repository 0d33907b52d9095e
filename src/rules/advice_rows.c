#include "rules/advice_rows.h"

#define SET_DEPTH 3 /* sets inside sets */

static struct sc_str find_set(const struct sc_case *c, struct sc_str name)
{
	for (size_t i = 0; i < c->n_rows; i++)
		if (sc_str_eq(c->rows[i].v[SC_ROW_CLASS], SC_STR("set")) &&
		    sc_str_eq(c->rows[i].v[SC_ROW_ID], name))
			return c->rows[i].v[SC_ROW_SOURCE];
	return (struct sc_str){ 0 };
}

static bool is_in(const struct sc_case *c, struct sc_str name,
		  struct sc_str list, int depth)
{
	struct sc_str word;

	while (sc_take_word(&list, &word)) {
		bool in;

		if (sc_take_prefix(&word, SC_STR("@")))
			in = sc_policy_is_in(c->by->policy, name, word);
		else if (sc_take_prefix(&word, SC_STR("%")))
			in = depth > 0 &&
			     is_in(c, name, find_set(c, word), depth - 1);
		else
			in = sc_glob(word, name);
		if (in)
			return true;
	}
	return false;
}

bool sc_case_is_in(const struct sc_case *c, struct sc_str name,
		   struct sc_str list)
{
	return is_in(c, name, list, SET_DEPTH);
}

static bool row_fits(const struct sc_case *c, const struct sc_row *row,
		     struct sc_str perm)
{
	const struct sc_denial *d = c->denial;

	return is_in(c, d->tclass, row->v[SC_ROW_TCLASS], SET_DEPTH) &&
	       is_in(c, perm, row->v[SC_ROW_PERMS], SET_DEPTH) &&
	       is_in(c, d->target, row->v[SC_ROW_TARGET], SET_DEPTH) &&
	       is_in(c, d->source, row->v[SC_ROW_SOURCE], SET_DEPTH);
}

bool sc_case_row(const struct sc_case *c, const char *class, struct sc_str perm,
		 struct sc_row *out)
{
	struct sc_str key = sc_view(class);

	for (size_t i = 0; i < c->n_rows; i++) {
		if (!sc_str_eq(c->rows[i].v[SC_ROW_CLASS], key) ||
		    !row_fits(c, &c->rows[i], perm))
			continue;
		*out = c->rows[i];
		return true;
	}
	return false;
}
