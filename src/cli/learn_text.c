#include "base/clean.h"
#include "base/safe.h"
#include "cli/advice.h"
#include "cli/learn.h"
#include "cli/wrap.h"
#include "policy/say.h"
#include "rules/cil.h"

#define INDENT 12

/* What becomes of it, for a reader. */
static const struct {
	const char *title;
	char mark;
	enum sc_colour colour;
} groups[] = {
	{ "granted", '+', SC_GREEN },
	{ "doubtful: denied unless a person says otherwise", '?', SC_YELLOW },
	{ "refused", 'x', SC_RED },
};

static size_t group_of(const struct sc_offer *o)
{
	return o->taken ? 0 : o->fate == SC_FATE_REFUSE ? 2 : 1;
}

/* How to name it: a power by itself. */
static void put_key(const struct sc_offer *o, struct sc_buf *out)
{
	sc_putf(out, "; --grant " SC_FMT ":" SC_FMT, SC_ARG(o->rule.target),
		SC_ARG(o->rule.tclass));
	if (sc_str_eq(o->id, SC_STR("power")))
		sc_putf(out, ":" SC_FMT, SC_ARG(o->rule.perms));
}

/*
 *   ? medium  connects to tcp ports of ircd_port_t (6666)
 *             why it is doubtful; how often it was seen, and by whom
 */
void sc_learn_put_offer(const struct sc_learning *l, const struct sc_offer *o,
			bool colour, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf label = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	const struct sc_vector v = { o->rule.target, o->rule.tclass,
				     o->rule.perms };

	sc_putf(&label, "  %c " SC_FMT, groups[group_of(o)].mark,
		SC_ARG(o->risk));
	sc_say_vector(l->judge.policy, &v, &words);
	if (o->taken && o->fate != SC_FATE_GIVE)
		sc_put(&why, SC_STR("granted as you said, though "));
	sc_put_safe(&why, o->words);
	if (o->guard)
		sc_putf(&why, " (" SC_FMT ")", SC_ARG(o->guard->id));
	sc_put(&why, SC_STR("; "));
	sc_put_safe(&why, o->rule.why);
	if (!o->taken && !o->guard)
		put_key(o, &why);
	sc_putf(out, "%s", sc_colour(colour, groups[group_of(o)].colour));
	sc_put_field(out, label.s ? label.s : "", INDENT,
		     (struct sc_str){ words.s, words.n });
	sc_putf(out, "%s", sc_colour(colour, SC_PLAIN));
	sc_put_field(out, "", INDENT, (struct sc_str){ why.s, why.n });
	out->failed |= label.failed || words.failed || why.failed;
}

static void put_group(const struct sc_learning *l, size_t group, bool colour,
		      struct sc_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < l->offers.n; i++) {
		const struct sc_offer *o = &l->offers.v[i];

		if (group_of(o) != group)
			continue;
		if (!any)
			sc_putf(out, "\n%s\n", groups[group].title);
		any = true;
		sc_learn_put_offer(l, o, colour, out);
	}
}

static void put_attack(const struct sc_learning *l, bool colour,
		       struct sc_buf *out)
{
	if (!l->offers.attacked)
		return;
	sc_putf(out, "\n%s", sc_colour(colour, SC_RED));
	sc_put_field(out, "warning", 9,
		     SC_STR("something in it tried what a guard refuses (see "
			    "'guarded' below): unless you know why, take the "
			    "container for attacked. What it did while it was "
			    "permissive is done, and nothing is granted "
			    "unasked but what its spec speaks for"));
	sc_putf(out, "%s", sc_colour(colour, SC_PLAIN));
}

int sc_learn_put_offers(const struct sc_learning *l, bool colour,
			struct sc_buf *out, struct sc_error *err)
{
	const struct sc_tally *t = &l->judge.tally;

	sc_putf(out, "\n" SC_FMT ": %zu different denial%s, %llu in all\n",
		SC_ARG(l->domain), t->n, t->n == 1 ? "" : "s",
		(unsigned long long)t->records);
	put_attack(l, colour, out);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		put_group(l, i, colour, out);
	if (!l->left.n)
		return sc_buf_check(out, err);
	sc_put(out, SC_STR("\ndenied, and no matter of a rule\n\n"));
	return sc_advice_text(out, &l->left, colour, l->arena, err);
}

/* ---- the module and its proof */

static void put_lines(struct sc_str text, bool colour, struct sc_buf *out)
{
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		sc_putf(out, "  %s+ ", sc_colour(colour, SC_GREEN));
		sc_put(out, line);
		sc_putf(out, "%s\n", sc_colour(colour, SC_PLAIN));
	}
}

static void put_module(const struct sc_learning *l, bool colour,
		       struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error ignored; /* it was written before */

	sc_putf(out, "\nmodule " SC_FMT ", %s: %zu rule%s more\n",
		SC_ARG(l->graft.name), l->graft.text.n ? "changed" : "new",
		l->rules.n, l->rules.n == 1 ? "" : "s");
	if (sc_cil_write(&l->rules, &text, &ignored) == 0)
		put_lines((struct sc_str){ text.s, text.n }, colour, out);
	out->failed |= text.failed;
}

static void put_vectors(const struct sc_learning *l, struct sc_buf *out)
{
	for (size_t i = 0; i < l->proof.cages.n; i++) {
		const struct sc_caged *c = &l->proof.cages.v[i];

		if (!sc_str_eq(c->domain, l->domain))
			continue;
		sc_put(out, SC_STR(": "));
		sc_put_number(out, c->vectors);
		sc_put(out, SC_STR(" access vectors, "));
		sc_put_number(out, c->over_bare);
		sc_putf(out, " more than %s",
			c->was_there ? "before" : "a bare container");
	}
}

void sc_learn_put_proof(const struct sc_learning *l, bool colour,
			struct sc_buf *out)
{
	size_t settled = 0, n = l->replay.n;
	bool ok = sc_learn_is_proven(l);

	if (!l->text.n) {
		sc_put(out, SC_STR("\nnothing to be loaded: no rule is "
				   "granted\n"));
		return;
	}
	put_module(l, colour, out);
	for (size_t i = 0; i < n; i++)
		settled += l->replay.v[i].advice.class == SC_CLASS_ALLOWED;
	sc_put(out, SC_STR("\n"));
	sc_proof_findings(&l->proof, colour, out);
	sc_putf(out,
		"replay      %zu of %zu different denials settled, %zu "
		"stay denied\n",
		settled, n, n - settled);
	if (l->unsettled)
		sc_putf(out,
			"            %zu permissions are granted, and "
			"denied all the same\n",
			l->unsettled);
	sc_putf(out, "%s%s%s", sc_colour(colour, ok ? SC_GREEN : SC_RED),
		ok ? "proven" : "NOT PROVEN", sc_colour(colour, SC_PLAIN));
	put_vectors(l, out);
	sc_put(out, SC_STR("\n"));
}
