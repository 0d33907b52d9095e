#include "policy/family.h"

#include "base/data.h"
#include "base/table.h"

#define TABLE "families.tsv"

/* The columns of data/families.tsv. */
enum {
	NAME,
	BASE_FILE,
	CONTAINER,
	CONTENT,
	NEEDS,
	IF_MISSING,
	COLUMNS,
};

/* What of a family's names a policy has. */
struct fit {
	size_t wanted;
	size_t found;
	struct sc_str missing; /* the first, as it stands in the table */
};

static bool name_fits(const struct sc_policy *p, struct sc_str word)
{
	bool want = !sc_take_prefix(&word, SC_STR("!"));

	if (sc_take_prefix(&word, SC_STR("type:")))
		return sc_policy_has(p, SC_NAME_TYPE, word) == want;
	if (sc_take_prefix(&word, SC_STR("attr:")))
		return sc_policy_has(p, SC_NAME_ATTRIBUTE, word) == want;
	return false;
}

static struct fit measure(const struct sc_policy *p, struct sc_str needs)
{
	struct fit fit = { 0 };
	struct sc_str word;

	while (sc_take_word(&needs, &word)) {
		fit.wanted++;
		if (name_fits(p, word))
			fit.found++;
		else if (!fit.missing.n)
			fit.missing = word;
	}
	return fit;
}

/* The base's file name is needed with a NUL. */
static struct sc_str base_text(struct sc_str file)
{
	for (const struct sc_data_file *f = sc_data_files; f->name; f++)
		if (sc_str_eq(file, sc_view(f->name)))
			return f->text;
	return (struct sc_str){ 0 };
}

static const char *missing_words(struct sc_str *missing)
{
	if (sc_take_prefix(missing, SC_STR("!type:")))
		return "has a type";
	if (sc_take_prefix(missing, SC_STR("!attr:")))
		return "has an attribute";
	if (sc_take_prefix(missing, SC_STR("type:")))
		return "has no type";
	if (sc_take_prefix(missing, SC_STR("attr:")))
		return "has no attribute";
	return "cannot be asked for";
}

static int fail_nearest(const struct sc_row *row, struct fit fit,
			struct sc_error *err)
{
	struct sc_str name = fit.missing;
	const char *words = missing_words(&name);

	return sc_fail(
		err, SC_ENOTFOUND,
		"the policy fits no family that selcage knows: for '" SC_FMT
		"', the nearest, it %s '" SC_FMT "'; " SC_FMT,
		SC_ARG(row->v[NAME]), words, SC_ARG(name),
		SC_ARG(row->v[IF_MISSING]));
}

int sc_family_find(const struct sc_policy *p, struct sc_family *out,
		   struct sc_error *err)
{
	struct sc_str text = sc_data(TABLE);
	struct sc_row row = { 0 }, nearest = { 0 };
	struct fit best = { 0 };

	while (sc_take_row(&text, &row)) {
		struct fit fit;

		if (row.n != COLUMNS)
			return sc_fail(err, SC_ESYNTAX,
				       TABLE
				       ": line %u has %zu columns, not %d",
				       row.line, row.n, COLUMNS);
		fit = measure(p, row.v[NEEDS]);
		if (fit.found == fit.wanted) {
			*out = (struct sc_family){
				.name = row.v[NAME],
				.base_file = row.v[BASE_FILE],
				.base = base_text(row.v[BASE_FILE]),
				.container = row.v[CONTAINER],
				.content = row.v[CONTENT],
			};
			return 0;
		}
		if (!nearest.n ||
		    fit.found * best.wanted > best.found * fit.wanted) {
			best = fit;
			nearest = row;
		}
	}
	return fail_nearest(&nearest, best, err);
}
