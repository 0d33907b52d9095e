/*
 * asker.h - ask libsepol what a policy says of contexts and permissions.
 *
 * libsepol has one policy and one table of contexts for all its questions: no
 * two askers are open at a time.
 */
#ifndef SC_POLICY_ASKER_H
#define SC_POLICY_ASKER_H

#include "policy/context.h"

#include <sepol/policydb/services.h>

/* Numbers in the table of contexts. Others may be added, but not 3: libsepol
 * takes that for each number that it does not find. */
enum { SC_ASK_SOURCE = 1, SC_ASK_TARGET = 2 };

struct sc_asker {
	policydb_t *db;
	sidtab_t sids;
	struct sc_words words; /* what libsepol says when it fails */
};

struct sc_asked {
	uint32_t source, target; /* numbers in the table */
	uint32_t tclass;
	uint32_t perms;
};

struct sc_answer {
	struct sepol_av_decision av;
	unsigned reason; /* SEPOL_COMPUTEAV_... */
	char *text;      /* of constraints; owned */
};

/* From here on libsepol's words are kept. Goes with sc_asker_close(). */
void sc_asker_open(struct sc_asker *k, policydb_t *db);

/* Begin the table with these two. Returns SC_ENOMEM, or 0. */
int sc_asker_begin(struct sc_asker *k, struct sc_context *source,
		   struct sc_context *target, struct sc_error *err) SC_MUST_USE;
void sc_asker_close(struct sc_asker *k); /* an SC_CLEAN() function */

/* SC_EPOLICY: libsepol said nothing that we understand. */
int sc_asker_fail(const struct sc_asker *k, struct sc_error *err);

/* What @out held is freed. The bounds of the source type do not count. */
int sc_asker_ask(struct sc_asker *k, const struct sc_asked *q,
		 struct sc_answer *out, struct sc_error *err) SC_MUST_USE;
void sc_answer_free(struct sc_answer *a); /* an SC_CLEAN() function */

#endif
