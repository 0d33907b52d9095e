#include "base/safe.h"
#include "base/table.h"
#include "cli/proof.h"
#include "policy/say.h"

#include "base/clean.h"

static void put_text(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", name);
	sc_put_json(out, v);
}

static void put_perms(struct sc_buf *out, struct sc_str perms)
{
	const char *between = "";
	struct sc_str word;

	sc_put(out, SC_STR(",\"perms\":["));
	while (sc_take_word(&perms, &word)) {
		sc_putf(out, "%s", between);
		sc_put_json(out, word);
		between = ",";
	}
	sc_put(out, SC_STR("]"));
}

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
		put_text(out, "class", v->tclass);
		put_perms(out, v->perms);
		put_text(out, "words", (struct sc_str){ words.s, words.n });
		sc_put(out, SC_STR("}"));
		out->failed = out->failed || words.failed;
	}
	sc_put(out, SC_STR("]"));
}

static void put_cage(const struct sc_proof *proof, const struct sc_caged *c,
		     struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"domain\""));
	put_text(out, "domain", c->domain);
	put_text(out, "module", c->module);
	sc_putf(out, ",\"vectors\":%zu,\"over_bare\":%zu,\"inherits\":[",
		c->vectors, c->over_bare);
	for (size_t i = 0; i < c->blocks.n; i++) {
		sc_putf(out, "%s", i ? "," : "");
		sc_put_json(out, c->blocks.v[i]);
	}
	sc_put(out, SC_STR("]"));
	put_own(proof, c, out);
	sc_put(out, SC_STR("}\n"));
}

static void put_guard(const struct sc_guard *g, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"guard\""));
	put_text(out, "id", g->id);
	put_text(out, "severity", g->severity);
	put_text(out, "words", g->words);
	put_text(out, "missing", g->missing);
	sc_putf(out, ",\"na\":%s}\n", g->na ? "true" : "false");
}

static void put_finding(const struct sc_finding *f, struct sc_buf *out)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"finding\""));
	put_text(out, "id", f->id);
	put_text(out, "where", f->where);
	put_text(out, "text", f->text);
	put_text(out, "todo", f->todo);
	sc_putf(out, ",\"blocks\":%s}\n", f->blocks ? "true" : "false");
}

static void put_replayed(const struct sc_replayed *one, struct sc_buf *out)
{
	const struct sc_denial *d = one->advice.denial;
	const char *class = sc_class_name(one->advice.class);

	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"replay\""));
	put_text(out, "source", d->source);
	put_text(out, "target", d->target);
	put_text(out, "class", d->tclass);
	put_perms(out, d->perms);
	put_text(out, "verdict", (struct sc_str){ class, strlen(class) });
	sc_putf(out, ",\"count\":%llu,\"ours\":%s}\n",
		(unsigned long long)d->count, one->ours ? "true" : "false");
}

void sc_proof_json(const struct sc_proof *proof, const struct sc_replay *replay,
		   struct sc_buf *out)
{
	for (size_t i = 0; i < proof->cages.n; i++)
		put_cage(proof, &proof->cages.v[i], out);
	for (size_t i = 0; proof->guards && i < sc_guards_count(proof->guards);
	     i++)
		put_guard(sc_guards_at(proof->guards, i), out);
	for (size_t i = 0; i < proof->findings.n; i++)
		put_finding(&proof->findings.v[i], out);
	for (size_t i = 0; i < replay->n; i++)
		put_replayed(&replay->v[i], out);
	sc_putf(out,
		"{\"v\":1,\"kind\":\"proof\",\"proven\":%s,\"base_known\":%s,"
		"\"floor\":%zu,\"bare\":%zu,\"container\":%zu,\"open\":%zu}\n",
		sc_proof_fails(proof) || replay->open ? "false" : "true",
		proof->base_known ? "true" : "false", proof->floor, proof->bare,
		proof->container, replay->open);
}
