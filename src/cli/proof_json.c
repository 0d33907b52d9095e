#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/proof.h"
#include "policy/say.h"

static void put_own(const struct sc_proof *proof, const struct sc_caged *c,
		    struct sc_buf *out)
{
	sc_put(out, SC_STR(",\"own\":["));
	for (size_t i = 0; i < c->own.n; i++) {
		const struct sc_vector *v = &c->own.v[i];
		SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };

		sc_say_vector(proof->policy, v, &words);
		sc_putf(out, "%s{\"target\":", i ? "," : "");
		sc_put_json(out, v->target);
		sc_member_text(out, "class", v->tclass);
		sc_member_words(out, "perms", v->perms);
		sc_member_text(out, "words",
			       (struct sc_str){ words.s, words.n });
		sc_put(out, SC_STR("}"));
		out->failed = out->failed || words.failed;
	}
	sc_put(out, SC_STR("]"));
}

static void put_cage(const struct sc_proof *proof, const struct sc_caged *c,
		     struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"domain\""));
	sc_member_text(out, "domain", c->domain);
	sc_member_text(out, "module", c->module);
	sc_putf(out, ",\"vectors\":%zu,\"%s\":%zu,\"inherits\":[", c->vectors,
		c->was_there ? "over_before" : "over_bare", c->over_bare);
	for (size_t i = 0; i < c->blocks.n; i++) {
		sc_putf(out, "%s", i ? "," : "");
		sc_put_json(out, c->blocks.v[i]);
	}
	sc_put(out, SC_STR("]"));
	put_own(proof, c, out);
	sc_put(out, SC_STR("}\n"));
}

static void put_claim(const struct sc_claim *c, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"claim\""));
	sc_member_text(out, "module", c->module);
	if (c->proto.n) {
		sc_member_text(out, "protocol", c->proto);
		sc_member_number(out, "first", c->first);
		sc_member_number(out, "last", c->last);
	} else {
		sc_member_text(out, "path", c->path);
		sc_member_bool(out, "below", c->below);
	}
	sc_member_text(out, "type", c->type);
	sc_member_text(out, "level", c->level);
	sc_put(out, SC_STR("}\n"));
}

static void put_guard(const struct sc_guard *g, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"guard\""));
	sc_member_text(out, "id", g->id);
	sc_member_text(out, "severity", g->severity);
	sc_member_text(out, "words", g->words);
	sc_member_text(out, "missing", g->missing);
	sc_member_bool(out, "na", g->na);
	sc_put(out, SC_STR("}\n"));
}

static void put_finding(const struct sc_finding *f, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"finding\""));
	sc_member_text(out, "id", f->id);
	sc_member_text(out, "where", f->where);
	sc_member_text(out, "words", f->text);
	sc_member_text(out, "todo", f->todo);
	sc_member_bool(out, "blocks", f->blocks);
	sc_put(out, SC_STR("}\n"));
}

static void put_replayed(const struct sc_replayed *one, struct sc_buf *out)
{
	const struct sc_denial *d = one->advice.denial;

	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"replay\""));
	sc_member_text(out, "source", d->source);
	sc_member_text(out, "target", d->target);
	sc_member_text(out, "class", d->tclass);
	sc_member_words(out, "perms", d->perms);
	sc_member_text(out, "verdict",
		       sc_view(sc_class_name(one->advice.class)));
	sc_member_number(out, "count", d->count);
	sc_member_bool(out, "ours", one->ours);
	sc_put(out, SC_STR("}\n"));
}

void sc_proof_json(const struct sc_proof *proof, const struct sc_replay *replay,
		   struct sc_buf *out)
{
	for (size_t i = 0; i < proof->cages.n; i++)
		if (!proof->cages.v[i].is_label)
			put_cage(proof, &proof->cages.v[i], out);
	for (size_t i = 0; i < proof->claims.n; i++)
		put_claim(&proof->claims.v[i], out);
	for (size_t i = 0; proof->guards && i < sc_guards_count(proof->guards);
	     i++)
		put_guard(sc_guards_at(proof->guards, i), out);
	for (size_t i = 0; i < proof->findings.n; i++)
		put_finding(&proof->findings.v[i], out);
	for (size_t i = 0; i < replay->n; i++)
		put_replayed(&replay->v[i], out);
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"proof\""));
	sc_member_bool(out, "proven", !sc_proof_fails(proof) && !replay->open);
	sc_member_bool(out, "base_known", proof->base_known);
	sc_member_number(out, "floor", proof->floor);
	sc_member_number(out, "bare", proof->bare);
	sc_member_number(out, "container", proof->container);
	sc_member_number(out, "open", replay->open);
	sc_put(out, SC_STR("}\n"));
}
