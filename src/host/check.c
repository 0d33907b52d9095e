#include "host/check.h"

#include "base/data.h"
#include "base/table.h"

static const char *const tables[] = {
	"checks/worker.tsv",
	"checks/selinux.tsv",
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

const char *sc_verdict_name(enum sc_verdict_kind kind)
{
	static const char *const names[] = {
		[SC_PASS] = "PASS",   [SC_FAIL] = "FAIL",
		[SC_NA] = "NA",       [SC_MANUAL] = "MANUAL",
		[SC_ERROR] = "ERROR", [SC_EXCEPTED] = "EXCEPTED",
	};

	return names[kind];
}

bool sc_verdict_counts(enum sc_verdict_kind kind)
{
	return kind == SC_FAIL || kind == SC_ERROR;
}

bool sc_check_next(struct sc_check_walk *at, struct sc_check *out)
{
	struct sc_row row = { 0 };

	while (!sc_take_row(&at->rest, &row)) {
		if (at->table == TABLES)
			return false;
		at->rest = sc_data(tables[at->table++]);
	}
	*out = (struct sc_check){
		.id = row.v[0],
		.groups = row.v[1],
		.level = sc_str_eq(row.v[2], SC_STR("2")) ? 2 : 1,
		.refs = sc_str_eq(row.v[3], SC_STR("-")) ? SC_STR("")
							 : row.v[3],
		.look = row.v[4],
		.want = row.v[5],
		.title = row.v[6],
		.why = row.v[7],
		.todo = row.v[8],
	};
	return true;
}

bool sc_check_find(struct sc_str id, struct sc_check *out)
{
	struct sc_check_walk at = { 0 };

	while (sc_check_next(&at, out))
		if (sc_str_eq(out->id, id))
			return true;
	return false;
}

bool sc_check_cure(struct sc_str id, struct sc_cure *out)
{
	struct sc_row row;

	if (!sc_find_row(sc_data("checks/cures.tsv"), id, &row))
		return false;
	*out = (struct sc_cure){
		.action = row.v[1],
		.in = row.v[2],
		.key = row.v[3],
		.value = row.v[4],
		.risk = row.v[5],
		.after = row.v[6],
	};
	return true;
}
