#include "policy/asker.h"

void sc_asker_open(struct sc_asker *k, policydb_t *db)
{
	*k = (struct sc_asker){ .db = db };
	sc_words_keep(&k->words);
}

int sc_asker_begin(struct sc_asker *k, struct sc_context *source,
		   struct sc_context *target, struct sc_error *err)
{
	if (sepol_sidtab_init(&k->sids) < 0 ||
	    sepol_sidtab_insert(&k->sids, SC_ASK_SOURCE, &source->c) < 0 ||
	    sepol_sidtab_insert(&k->sids, SC_ASK_TARGET, &target->c) < 0)
		return sc_no_memory(err);
	sepol_set_policydb(k->db);
	sepol_set_sidtab(&k->sids);
	return 0;
}

void sc_asker_close(struct sc_asker *k)
{
	sepol_set_policydb(NULL);
	sepol_set_sidtab(NULL);
	sepol_sidtab_destroy(&k->sids);
	sc_words_drop(&k->words);
}

int sc_asker_fail(const struct sc_asker *k, struct sc_error *err)
{
	return sc_fail(err, SC_EPOLICY, "libsepol cannot decide: %s",
		       *k->words.text ? k->words.text : "no reason given");
}

/*
 * Bounds are taken out while libsepol 3.4 looks: it writes through a null
 * pointer if the parent has broken bounds as well, and does not say which
 * permission it masks.
 */
int sc_asker_ask(struct sc_asker *k, const struct sc_asked *q,
		 struct sc_answer *out, struct sc_error *err)
{
	const context_struct_t *c = sepol_sidtab_search(&k->sids, q->source);
	type_datum_t *type = k->db->type_val_to_struct[c->type - 1];
	uint32_t bounds = type->bounds;
	struct sc_answer a = { 0 };
	int r;

	type->bounds = 0;
	r = sepol_compute_av_reason_buffer(
		q->source, q->target, (sepol_security_class_t)q->tclass,
		q->perms, &a.av, &a.reason, &a.text, 0);
	type->bounds = bounds;
	sc_answer_free(out);
	*out = a;
	return r < 0 ? sc_asker_fail(k, err) : 0;
}

void sc_answer_free(struct sc_answer *a)
{
	free(a->text);
}
