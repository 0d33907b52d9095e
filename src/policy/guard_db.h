/* guard_db.h - guards as they are resolved, for guard.c and judge.c. */
#ifndef SC_POLICY_GUARD_DB_H
#define SC_POLICY_GUARD_DB_H

#include "policy/db.h"
#include "policy/guard.h"

enum sc_guard_kind { SC_GRANT, SC_BOTH, SC_MEMBER, SC_MCS, SC_IOCTL };

struct sc_guard_row {
	size_t guard; /* index into .guards */
	enum sc_guard_kind kind;
	bool any_source; /* scope "any" */
	bool self;       /* the domain itself is a target */
	bool na;
	struct sc_str words;
	struct sc_str text_targets; /* as in the table */
	struct sc_str text_classes;
	struct sc_str text_perms;
	uint8_t *targets; /* [type value - 1]: attributes expanded */
	uint32_t *masks;  /* [class value - 1]: bits of permissions */
	uint32_t *other;  /* of kind both: right of '/' */
};

struct sc_guard_rows {
	struct sc_guard_row *v;
	size_t n;
	size_t room;
};

struct sc_guard_list {
	struct sc_guard *v;
	size_t n;
	size_t room;
};

struct sc_guards {
	const policydb_t *db;
	const struct sc_policy *policy;
	struct sc_guard_list guards;
	struct sc_guard_rows rows;
};

#endif
