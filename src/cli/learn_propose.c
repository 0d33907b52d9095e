#include "base/clean.h"
#include "cli/ask.h"
#include "cli/learn.h"
#include "cli/wrap.h"

void sc_learning_free(struct sc_learning *l)
{
	sc_judge_close(&l->judge);
	sc_proof_close(&l->proof);
	sc_policy_close(l->spec);
}

/* ---- from denials to offers */

static bool is_left(const struct sc_advice *a)
{
	return a->class != SC_CLASS_ALLOWED &&
	       (a->class != SC_CLASS_RULE || !sc_denial_is_believed(a->denial));
}

static int gather_left(struct sc_learning *l, struct sc_error *err)
{
	const struct sc_judge *j = &l->judge;

	l->left = (struct sc_judge){
		.advice = sc_new_array(l->arena, struct sc_advice, j->n + 1)
	};
	if (!l->left.advice)
		return sc_no_memory(err);
	for (size_t i = 0; i < j->n; i++)
		if (is_left(&j->advice[i]))
			l->left.advice[l->left.n++] = j->advice[i];
	return 0;
}

int sc_learn_propose(struct sc_learning *l, struct sc_error *err)
{
	struct sc_propose in;
	int r;

	sc_tally_sort(&l->judge.tally);
	r = sc_judge_tally(&l->judge, &l->ground, l->arena, err);
	if (r < 0)
		return r;
	in = (struct sc_propose){
		.policy = l->judge.policy,
		.guards = l->judge.guards,
		.advice = l->judge.advice,
		.n = l->judge.n,
		.spoken = l->spec ? &l->spoken : NULL,
		.hints = &l->hints,
	};
	r = sc_propose(&in, l->arena, &l->offers, err);
	return r < 0 ? r : gather_left(l, err);
}

size_t sc_learn_count_left(const struct sc_learning *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->offers.n; i++)
		n += !l->offers.v[i].taken;
	for (size_t i = 0; i < l->left.n; i++)
		n += l->left.advice[i].class != SC_CLASS_NOISE;
	return n;
}

/* ---- what a person says to them */

/* "redis_port_t:tcp_socket", "self:capability:audit_write" */
static bool is_called(const struct sc_offer *o, struct sc_str name)
{
	if (!sc_take_prefix(&name, o->rule.target) ||
	    !sc_take_prefix(&name, SC_STR(":")) ||
	    !sc_take_prefix(&name, o->rule.tclass))
		return false;
	return !name.n || (sc_take_prefix(&name, SC_STR(":")) &&
			   sc_has_part(o->rule.perms, ' ', name));
}

/* Was it granted before? Then the policy allows what was denied. */
static bool is_allowed(const struct sc_learning *l, struct sc_str name)
{
	for (size_t i = 0; i < l->judge.n; i++) {
		const struct sc_denial *d = l->judge.advice[i].denial;
		bool self = sc_str_eq(d->source, d->target);
		const struct sc_offer o = {
			.rule = { .target = self ? SC_STR("self") : d->target,
				  .tclass = d->tclass,
				  .perms = d->perms }
		};

		if (l->judge.advice[i].class == SC_CLASS_ALLOWED &&
		    is_called(&o, name))
			return true;
	}
	return false;
}

static int grant(struct sc_learning *l, const char *name, struct sc_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < l->offers.n; i++) {
		struct sc_offer *o = &l->offers.v[i];

		if (!is_called(o, sc_view(name)))
			continue;
		if (o->guard)
			return sc_fail(err, SC_EREFUSED,
				       "--grant: '%s' is refused by a guard: "
				       "it could " SC_FMT " (" SC_FMT ")",
				       name, SC_ARG(o->guard->words),
				       SC_ARG(o->guard->id));
		o->taken = true;
		n++;
	}
	/* what one round was granted is not denied in the next */
	return n || l->round || is_allowed(l, sc_view(name))
		       ? 0
		       : sc_fail(err, SC_ENOTFOUND,
				 "--grant: nothing that a rule could settle was seen "
				 "of '%s' (it is TARGET:CLASS[:PERMISSION], such "
				 "as redis_port_t:tcp_socket)",
				 name);
}

int sc_learn_grant(struct sc_learning *l, struct sc_error *err)
{
	const struct sc_values *names = &l->options->grants;
	int r = 0;

	for (size_t i = 0; r == 0 && i < names->n; i++)
		r = grant(l, names->v[i], err);
	return r;
}

int sc_learn_ask(struct sc_learning *l, struct sc_error *err)
{
	const struct sc_change_options *o = &l->options->common;

	if (o->yes || o->dry_run || l->options->json || !isatty(STDIN_FILENO))
		return 0;
	for (size_t i = 0; i < l->offers.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		struct sc_offer *offer = &l->offers.v[i];

		if (offer->fate != SC_FATE_ASK || offer->taken)
			continue;
		sc_put(&text, SC_STR("\n"));
		sc_learn_put_offer(l, offer, sc_has_colour(stderr), &text);
		if (sc_print(&text, stderr, err) < 0)
			return err->code;
		offer->taken = sc_ask_whether("grant it?");
	}
	return 0;
}

/* ---- the module */

static bool is_of(struct sc_str file, struct sc_str name)
{
	return sc_take_prefix(&file, name) && sc_str_eq(file, SC_STR(".cil"));
}

static int find_module(struct sc_learning *l, struct sc_error *err)
{
	struct sc_graft *g = &l->graft;
	int r;

	*g = (struct sc_graft){ .domain = l->domain };
	r = sc_graft_name(l->domain, l->arena, &g->name, err);
	for (size_t i = 0; r == 0 && i < l->modules.n; i++)
		if (is_of(l->modules.v[i].name, g->name))
			g->text = l->modules.v[i].text;
	return r;
}

/* The modules as they shall be. */
static int gather(struct sc_learning *l, struct sc_sources *out,
		  struct sc_error *err)
{
	struct sc_source fresh = { .text = l->text };
	bool there = false;

	for (size_t i = 0; i < l->modules.n; i++) {
		struct sc_source s = l->modules.v[i];

		if (is_of(s.name, l->graft.name)) {
			s.text = l->text;
			there = true;
		}
		if (!SC_PUSH(l->arena, out, s))
			return sc_no_memory(err);
	}
	if (there)
		return 0;
	if (!sc_keepf(l->arena, &fresh.name, SC_FMT ".cil",
		      SC_ARG(l->graft.name)) ||
	    !SC_PUSH(l->arena, out, fresh))
		return sc_no_memory(err);
	return 0;
}

static bool is_taken(const struct sc_learning *l, const struct sc_denial *d,
		     struct sc_str perm)
{
	bool self = sc_str_eq(d->source, d->target);
	struct sc_str target = self ? SC_STR("self") : d->target;

	for (size_t i = 0; i < l->rules.n; i++)
		if (sc_str_eq(l->rules.v[i].target, target) &&
		    sc_str_eq(l->rules.v[i].tclass, d->tclass) &&
		    sc_has_part(l->rules.v[i].perms, ' ', perm))
			return true;
	return false;
}

/* A rule that was given and settles nothing is a mistake of ours. */
static void count_unsettled(struct sc_learning *l)
{
	l->unsettled = 0;
	for (size_t i = 0; i < l->replay.n; i++) {
		const struct sc_advice *a = &l->replay.v[i].advice;

		for (size_t k = 0; k < a->n_perms; k++)
			l->unsettled +=
				a->perms[k].class == SC_CLASS_RULE &&
				is_taken(l, a->denial, a->perms[k].perm);
	}
}

static int make_text(struct sc_learning *l, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = sc_graft_write(&l->graft, &l->rules, l->arena, &text, err);

	if (r < 0)
		return r;
	return sc_keep(l->arena, (struct sc_str){ text.s, text.n }, &l->text)
		       ? 0
		       : sc_no_memory(err);
}

int sc_learn_prove(struct sc_learning *l, struct sc_error *err)
{
	struct sc_sources sources = { 0 };
	int r = sc_offers_rules(&l->offers, l->arena, &l->rules, err);

	l->text = (struct sc_str){ 0 };
	if (r == 0)
		r = find_module(l, err);
	if (r < 0 || !l->rules.n)
		return r;
	r = make_text(l, err);
	if (r == 0)
		r = gather(l, &sources, err);
	if (r == 0)
		r = sc_modules_prove(l->ground.policy, &sources, l->arena,
				     &l->proof, err);
	if (r == 0 && l->proof.policy)
		r = sc_proof_replay(&l->proof, &l->judge.tally, l->arena,
				    &l->replay, err);
	if (r == 0)
		count_unsettled(l);
	return r;
}

bool sc_learn_is_proven(const struct sc_learning *l)
{
	return !l->text.n ||
	       (l->proof.policy && !sc_proof_fails(&l->proof) && !l->unsettled);
}
