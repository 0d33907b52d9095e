#include "base/clean.h"
#include "base/safe.h"
#include "cli/proof.h"
#include "cli/wrap.h"
#include "policy/say.h"

#define INDENT 12
#define OWN_MAX 20 /* lines of what a domain is granted */
#define SAME_MAX 5 /* findings of one kind and module */

static struct sc_str short_name(struct sc_str block)
{
	(void)sc_take_prefix(&block, SC_STR("selcage_")); /* if it is there */
	return block;
}

/* ---- findings */

static enum sc_colour colour_of(const struct sc_finding *f)
{
	return f->blocks ? SC_RED : SC_YELLOW;
}

static void put_finding(const struct sc_finding *f, bool colour,
			struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };

	sc_putf(&label, "  %s", f->blocks ? "REFUSED" : "note");
	sc_put_safe(&text, f->where);
	sc_put(&text, SC_STR(" "));
	sc_put_safe(&text, f->text);
	sc_putf(&text, " [" SC_FMT "]", SC_ARG(f->id));
	if (f->todo.n)
		sc_putf(&text, "; " SC_FMT, SC_ARG(f->todo));
	sc_putf(out, "%s", sc_colour(colour, colour_of(f)));
	sc_put_field(out, label.s ? label.s : "", INDENT,
		     (struct sc_str){ text.s, text.n });
	sc_putf(out, "%s", sc_colour(colour, SC_PLAIN));
	out->failed = out->failed || text.failed || label.failed;
}

void sc_proof_findings(const struct sc_proof *proof, bool colour,
		       struct sc_buf *out)
{
	const struct sc_findings *f = &proof->findings;
	size_t same = 0;

	for (size_t i = 0; i < f->n; i++) {
		bool last =
			i + 1 == f->n || !sc_str_eq(f->v[i + 1].id, f->v[i].id);

		if (same++ < SAME_MAX)
			put_finding(&f->v[i], colour, out);
		else if (last)
			sc_putf(out, "            and %zu more [" SC_FMT "]\n",
				same - SAME_MAX, SC_ARG(f->v[i].id));
		if (last)
			same = 0;
	}
}

/* ---- what each module adds */

static void put_line(struct sc_buf *out, const char *label, struct sc_buf *text)
{
	sc_put_field(out, label, INDENT, (struct sc_str){ text->s, text->n });
	out->failed = out->failed || text->failed;
}

static void put_cage(const struct sc_proof *proof, const struct sc_caged *c,
		     bool colour, struct sc_buf *out)
{
	/* who is granted the whole host need not read it all */
	size_t shown = c->own.n > OWN_MAX ? OWN_MAX / 4 : c->own.n;

	sc_putf(out, "\n%s" SC_FMT "%s  ", sc_colour(colour, SC_BOLD),
		SC_ARG(c->domain), sc_colour(colour, SC_PLAIN));
	sc_put_number(out, c->vectors);
	sc_put(out, SC_STR(" access vectors"));
	if (c->was_there) {
		sc_put(out, SC_STR(", "));
		sc_put_number(out, c->over_bare);
		sc_put(out, SC_STR(" more than before"));
	} else if (proof->bare) {
		sc_put(out, SC_STR(", "));
		sc_put_number(out, c->over_bare);
		sc_put(out, SC_STR(" more than a bare container"));
	}
	sc_put(out, SC_STR("\n"));
	for (size_t i = 0; i < c->blocks.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };

		sc_putf(&label, "  " SC_FMT,
			SC_ARG(short_name(c->blocks.v[i])));
		sc_put_field(out, label.s ? label.s : "", INDENT,
			     sc_say_block(c->blocks.v[i]));
	}
	for (size_t i = 0; i < shown; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		sc_say_vector(proof->policy, &c->own.v[i], &text);
		put_line(out, "  +", &text);
	}
	if (c->own.n > shown)
		sc_putf(out, "  +         and %zu more (--json has them all)\n",
			c->own.n - shown);
	if (!c->own.n)
		sc_put(out, SC_STR("  +         nothing of its own\n"));
}

/* ---- what they claim of the host */

static void put_claims(const struct sc_proof *proof, struct sc_buf *out)
{
	for (size_t i = 0; i < proof->claims.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		const struct sc_claim *c = &proof->claims.v[i];

		sc_claim_say(c, &text);
		sc_putf(&text, ": " SC_FMT, SC_ARG(c->type));
		if (c->path.n)
			sc_putf(&text, " at " SC_FMT, SC_ARG(c->level));
		sc_putf(&text, ", claimed by ");
		sc_put_safe(&text, c->module);
		sc_put(out, i ? SC_STR("") : SC_STR("\n"));
		put_line(out, i ? "" : "labels", &text);
	}
}

/* ---- guards */

static void put_guards(const struct sc_proof *proof, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	size_t n = 0, na = 0, hit = 0;

	if (!proof->policy) {
		sc_put(out, SC_STR("refused by its form, and not compiled:\n"));
		return;
	}
	n = sc_guards_count(proof->guards);
	for (size_t i = 0; i < n; i++) {
		const struct sc_guard *g = sc_guards_at(proof->guards, i);
		bool is_hit = false;

		na += g->na;
		for (size_t k = 0; k < proof->findings.n; k++)
			is_hit = is_hit ||
				 sc_str_eq(proof->findings.v[k].id, g->id);
		hit += is_hit;
	}
	sc_putf(&text, "%zu judged: %zu hold, %zu hit", n - na, n - na - hit,
		hit);
	if (na)
		sc_putf(&text, "; %zu n/a on this policy:", na);
	for (size_t i = 0; i < n; i++)
		if (sc_guards_at(proof->guards, i)->na)
			sc_putf(&text, " " SC_FMT,
				SC_ARG(sc_guards_at(proof->guards, i)->id));
	sc_put(out, SC_STR("\n"));
	put_line(out, "guards", &text);
}

/* ---- replay */

static const char *fate(const struct sc_replayed *one)
{
	if (one->advice.class == SC_CLASS_ALLOWED)
		return "settled";
	if (one->advice.class == SC_CLASS_RULE)
		return one->ours ? "OPEN" : "elsewhere";
	return sc_class_name(one->advice.class);
}

static void put_replayed(const struct sc_replayed *one, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };
	const struct sc_denial *d = one->advice.denial;

	sc_putf(&label, "  %s ", fate(one));
	sc_putf(&text, SC_FMT " -> " SC_FMT ":" SC_FMT " { " SC_FMT " }",
		SC_ARG(d->source), SC_ARG(d->target), SC_ARG(d->tclass),
		SC_ARG(d->perms));
	if (sc_denial_has_object(d)) {
		sc_put(&text, SC_STR(" "));
		sc_put_safe(&text, d->objects[0].text);
	}
	sc_put_field(out, label.s ? label.s : "", INDENT + 4,
		     (struct sc_str){ text.s, text.n });
	out->failed = out->failed || text.failed || label.failed;
}

static void put_replay(const struct sc_replay *r, struct sc_buf *out)
{
	size_t settled = 0, elsewhere = 0;

	if (!r->asked)
		return;
	for (size_t i = 0; i < r->n; i++) {
		enum sc_class class = r->v[i].advice.class;

		settled += class == SC_CLASS_ALLOWED;
		elsewhere += class == SC_CLASS_RULE && !r->v[i].ours;
	}
	sc_putf(out,
		"\nreplay      %zu denials: %zu settled, %zu open, %zu of other "
		"domains,\n            %zu no matter of rules\n",
		r->n, settled, r->open, elsewhere,
		r->n - settled - r->open - elsewhere);
	for (size_t i = 0; i < r->n; i++)
		put_replayed(&r->v[i], out);
}

/* ---- the whole */

static void put_count(struct sc_buf *out, const char *what, size_t n)
{
	SC_CLEAN(sc_buf_free) struct sc_buf number = { 0 };

	if (!n)
		return;
	sc_put_number(&number, n);
	sc_putf(out, "  %-34s %8s\n", what, number.s ? number.s : "");
	out->failed = out->failed || number.failed;
}

static void put_counts(const struct sc_proof *proof, struct sc_buf *out)
{
	if (!proof->policy)
		return;
	sc_put(out, SC_STR("\naccess vectors (target, class, permission)\n"));
	put_count(out, "any domain at all", proof->floor);
	put_count(out, "a bare container on the base", proof->bare);
	for (size_t i = 0; i < proof->cages.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf name = { 0 };

		if (proof->cages.v[i].is_label)
			continue;
		sc_putf(&name, SC_FMT, SC_ARG(proof->cages.v[i].domain));
		put_count(out, name.s ? name.s : "", proof->cages.v[i].vectors);
	}
	put_count(out, "the engines' own container type", proof->container);
}

void sc_proof_text(const struct sc_proof *proof, const struct sc_replay *replay,
		   bool colour, struct sc_buf *out)
{
	bool fails = sc_proof_fails(proof) || replay->open;
	size_t blocking = 0;

	if (proof->base_added)
		sc_put(out, SC_STR("base        not among the modules: the one "
				   "that selcage ships was used\n"));
	else if (proof->base_known)
		sc_put(out, SC_STR("base        selcage's own, unchanged\n"));
	for (size_t i = 0; i < proof->cages.n; i++)
		if (!proof->cages.v[i].is_label)
			put_cage(proof, &proof->cages.v[i], colour, out);
	put_claims(proof, out);
	put_guards(proof, out);
	sc_proof_findings(proof, colour, out);
	put_replay(replay, out);
	put_counts(proof, out);
	for (size_t i = 0; i < proof->findings.n; i++)
		blocking += proof->findings.v[i].blocks;
	sc_putf(out, "\n%s%s%s", sc_colour(colour, fails ? SC_RED : SC_GREEN),
		fails ? "NOT PROVEN" : "proven", sc_colour(colour, SC_PLAIN));
	if (blocking)
		sc_putf(out, ": %zu refused", blocking);
	if (replay->open)
		sc_putf(out, "%s %zu denial%s still open", blocking ? "," : ":",
			replay->open, replay->open == 1 ? "" : "s");
	sc_put(out, SC_STR("\n"));
}
