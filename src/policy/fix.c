#include "policy/fix.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/table.h"
#include "policy/facts.h"

#define TABLE "fixes.tsv"
#define PREFIX "selcage_fix_"

/* The columns of the table. */
enum { NAME, NEEDS, LACKS, WORDS, COLUMNS };

static struct sc_str text_of(struct sc_str name)
{
	SC_CLEAN(sc_buf_free) struct sc_buf file = { 0 };

	sc_putf(&file, "fixes/" SC_FMT ".cil", SC_ARG(name));
	return file.failed ? (struct sc_str){ 0 } : sc_data(file.s);
}

static bool find_row(struct sc_str name, struct sc_row *row)
{
	return sc_find_row(sc_data(TABLE), name, row) && row->n == COLUMNS;
}

static int fail_unknown(struct sc_str name, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf names = { 0 };
	struct sc_str table = sc_data(TABLE);
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row))
		sc_putf(&names, "%s" SC_FMT, names.n ? ", " : "",
			SC_ARG(row.v[NAME]));
	return sc_fail(err, SC_ENOTFOUND, "no fix '%.*s': there are %s",
		       (int)(name.n < 100 ? name.n : 100), name.s,
		       names.s ? names.s : "none");
}

int sc_fix_find(struct sc_str name, struct sc_arena *a, struct sc_fix *out,
		struct sc_error *err)
{
	struct sc_row row;
	struct sc_str module;

	if (!find_row(name, &row))
		return fail_unknown(name, err);
	if (!sc_keepf(a, &module, PREFIX SC_FMT, SC_ARG(row.v[NAME])))
		return sc_no_memory(err);
	*out = (struct sc_fix){ .name = row.v[NAME],
				.module = module,
				.words = row.v[WORDS],
				.text = text_of(row.v[NAME]) };
	return 0;
}

/* ---- what the policy has */

static bool allows(const struct sc_policy *p, struct sc_str rule)
{
	struct sc_str part[4] = { { 0 } };

	for (size_t i = 0; i < 4; i++)
		if (!sc_take_part(&rule, ',', &part[i]))
			return false;
	return sc_policy_allows(p, part[0], part[1], part[2], part[3]);
}

static bool has(const struct sc_policy *p, struct sc_str word)
{
	if (sc_take_prefix(&word, SC_STR("type:")))
		return sc_policy_has(p, SC_NAME_TYPE, word);
	if (sc_take_prefix(&word, SC_STR("attr:")))
		return sc_policy_has(p, SC_NAME_ATTRIBUTE, word);
	if (sc_take_prefix(&word, SC_STR("class:")))
		return sc_policy_has(p, SC_NAME_CLASS, word);
	if (sc_take_prefix(&word, SC_STR("range:")))
		return sc_policy_has_default_range(p, word);
	return sc_take_prefix(&word, SC_STR("allow:")) && allows(p, word);
}

int sc_fix_check(const struct sc_fix *fix, const struct sc_policy *p,
		 struct sc_error *err)
{
	struct sc_str word, needs;
	struct sc_row row;

	if (!find_row(fix->name, &row))
		return fail_unknown(fix->name, err);
	needs = row.v[NEEDS];
	while (sc_take_word(&needs, &word))
		if (!has(p, word))
			return sc_fail(err, SC_EREFUSED,
				       "fix '" SC_FMT "' is not for this "
				       "policy: it has no " SC_FMT,
				       SC_ARG(fix->name), SC_ARG(word));
	if (has(p, row.v[LACKS]))
		return sc_fail(err, SC_EREFUSED,
			       "fix '" SC_FMT "' is not needed: the policy "
			       "has " SC_FMT " already",
			       SC_ARG(fix->name), SC_ARG(row.v[LACKS]));
	return 0;
}

bool sc_fix_is(struct sc_str module, struct sc_str text)
{
	struct sc_row row;

	return sc_take_prefix(&module, SC_STR(PREFIX)) &&
	       find_row(module, &row) && sc_str_eq(text, text_of(module));
}
