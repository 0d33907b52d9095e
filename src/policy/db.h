/*
 * db.h - libsepol behind a policy, for the files of this folder alone.
 *
 * libsepol writes its complaints to standard error unless told otherwise, and
 * only one receiver can be told for the functions that take no handle. So a
 * function that calls libsepol keeps its words first, and drops them when it
 * returns.
 */
#ifndef SC_POLICY_DB_H
#define SC_POLICY_DB_H

#include "base/clean.h"
#include "policy/policy.h"

#include <sepol/policydb.h>
#include <sepol/policydb/policydb.h>

/* A member in there is called bool, which is a macro here: rename it. */
#pragma push_macro("bool")
#undef bool
#define bool boolean
#include <sepol/policydb/conditional.h>
#pragma pop_macro("bool")

struct sc_policy {
	sepol_policydb_t *db;
	bool tied; /* switches.c: each conditional rule knows its condition */
};

SC_DEFINE_CLEAN(sepol_policydb_t, sepol_policydb_free)
SC_DEFINE_CLEAN(sepol_policy_file_t, sepol_policy_file_free)
SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

static inline policydb_t *sc_policy_db(const struct sc_policy *p)
{
	return &p->db->p;
}

/* What libsepol said, the cause first; "no reason given" if it said nothing. */
struct sc_words {
	char text[SC_WORDS_MAX];
};

/* Those of functions that take @handle as well. */
void sc_words_hear(struct sc_words *words, sepol_handle_t *handle);

/* From here on libsepol's words go to @words; nothing is printed. */
void sc_words_keep(struct sc_words *words);
void sc_words_drop(struct sc_words *words); /* an SC_CLEAN() function */

/* The datum called @name in @table, or NULL. Any bytes may be asked for. */
void *sc_db_find(hashtab_t table, struct sc_str name);

/* The type called @name, or one of which that is an alias; no attribute. */
type_datum_t *sc_db_type(const policydb_t *db, struct sc_str name);

/* The bit of permission @name of @class, of its common too; 0: there is none.
 */
uint32_t sc_db_perm(const class_datum_t *class, struct sc_str name);

/* Called with the key of rules for one pair; true: enough. */
typedef bool sc_key_fn(void *data, avtab_key_t *key);

/* For each pair of the type @key->source_type or an attribute of it and the
 * same of @key->target_type, in order. True if @fn was for one. */
bool sc_db_each_key(const policydb_t *db, const avtab_key_t *key, sc_key_fn *fn,
		    void *data);

#endif
