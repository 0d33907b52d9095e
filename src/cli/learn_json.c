#include "base/member.h"
#include "cli/advice.h"
#include "cli/learn.h"

static const char *const fates[] = {
	[SC_FATE_GIVE] = "give",
	[SC_FATE_ASK] = "ask",
	[SC_FATE_REFUSE] = "refuse",
};

static void put_offer(const struct sc_offer *o, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"offer\""));
	sc_member_text(out, "target", o->rule.target);
	sc_member_text(out, "class", o->rule.tclass);
	sc_member_words(out, "perms", o->rule.perms);
	sc_member_text(out, "fate", sc_view(fates[o->fate]));
	sc_member_bool(out, "taken", o->taken);
	sc_member_text(out, "id", o->id);
	sc_member_text(out, "risk", o->risk);
	sc_member_text(out, "words", o->words);
	sc_member_text(out, "why", o->rule.why);
	sc_put(out, SC_STR("}\n"));
}

void sc_learn_put_offers_json(const struct sc_learning *l, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"learned\""));
	sc_member_text(out, "domain", l->domain);
	sc_member_number(out, "denials", l->judge.tally.records);
	sc_member_number(out, "different", l->judge.tally.n);
	sc_member_bool(out, "attacked", l->offers.attacked);
	sc_put(out, SC_STR("}\n"));
	for (size_t i = 0; i < l->offers.n; i++)
		put_offer(&l->offers.v[i], out);
	sc_advice_json(out, &l->left);
}

void sc_learn_put_proof_json(const struct sc_learning *l, struct sc_buf *out)
{
	size_t settled = 0;

	for (size_t i = 0; i < l->replay.n; i++)
		settled += l->replay.v[i].advice.class == SC_CLASS_ALLOWED;
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"module\""));
	sc_member_text(out, "name", l->graft.name);
	sc_member_bool(out, "new", !l->graft.text.n);
	sc_member_number(out, "rules", l->rules.n);
	sc_member_present(out, "text", l->text);
	sc_member_bool(out, "proven", sc_learn_is_proven(l));
	sc_member_number(out, "settled", settled);
	sc_member_number(out, "open", l->replay.n - settled);
	sc_put(out, SC_STR("}\n"));
}
