#include "base/table.h"
#include "base/vec.h"
#include "cli/confine.h"
#include "cli/logs.h"
#include "rules/learn.h"

#define CONNECT SC_STR("name_connect")

/* The cage that a denial is about; exactly its type, never a likeness. */
static bool find_cage(const struct sc_confine *c, struct sc_str source,
		      size_t *out)
{
	for (size_t i = 0; i < c->cages.n; i++)
		if (sc_str_eq(c->cages.v[i].type, source)) {
			*out = i;
			return true;
		}
	return false;
}

static bool has_rule(const struct sc_rules *rules, const struct sc_rule *r)
{
	for (size_t i = 0; i < rules->n; i++)
		if (sc_str_eq(rules->v[i].target, r->target) &&
		    sc_str_eq(rules->v[i].tclass, r->tclass) &&
		    sc_str_eq(rules->v[i].perms, r->perms))
			return true;
	return false;
}

static bool listens_on(const struct sc_cage *g, struct sc_str type)
{
	for (size_t i = 0; i < g->module.rules.n; i++)
		if (sc_str_eq(g->module.rules.v[i].target, type) &&
		    sc_has_part(g->module.rules.v[i].perms, ' ',
				SC_STR("name_bind")))
			return true;
	return false;
}

static bool has_edge(const struct sc_confine *c, size_t from, size_t to)
{
	const struct sc_edges *edges = &c->cages.edges;

	for (size_t i = 0; i < edges->n; i++)
		if (edges->v[i].from == from && edges->v[i].to == to)
			return true;
	return false;
}

/*
 * A log also holds what an intruder tried. A connection to the port of a peer
 * that the spec says nothing of, in a protocol that the image is known not to
 * speak, is not granted, and a warning says so. 1: it may be granted.
 */
static int check_peer(struct sc_confine *c, size_t number,
		      const struct sc_rule *r)
{
	const struct sc_cage *g = &c->cages.v[number];
	struct sc_warning w = {
		.container = number,
		.grave = true,
		.id = "confine/unexpected-peer",
		.todo = "find out what tried it; if it is meant, say so in the "
			"spec (depends_on, or a variable that names the peer) "
			"and confine again",
		.place = g->container->place,
	};

	if (!sc_has_part(r->perms, ' ', CONNECT))
		return 1;
	for (size_t i = 0; i < c->cages.n; i++) {
		const struct sc_cage *peer = &c->cages.v[i];

		if (i == number || !peer->image.serves.n ||
		    has_edge(c, number, i) || !listens_on(peer, r->target) ||
		    sc_image_speaks(&g->image, peer->image.serves))
			continue;
		return sc_warn(&c->cages.warnings, c->arena, w, c->err,
			       "the log asks for a connection to " SC_FMT
			       " (" SC_FMT "), which nothing in the spec "
			       "speaks of, and " SC_FMT
			       " is not known to speak " SC_FMT
			       ": an intruder asks the same, "
			       "so it is not granted",
			       SC_ARG(peer->container->name), SC_ARG(r->target),
			       SC_ARG(g->image.name),
			       SC_ARG(peer->image.serves));
	}
	return 1;
}

/* @perms without name_connect: what else was asked for stays. */
static bool drop_connect(struct sc_confine *c, struct sc_str *perms)
{
	struct sc_str list = *perms, word;
	char *kept = sc_new_array(c->arena, char, list.n + 1);
	size_t n = 0;

	if (!kept)
		return false;
	while (sc_take_word(&list, &word)) {
		if (sc_str_eq(word, CONNECT))
			continue;
		if (n)
			kept[n++] = ' ';
		memcpy(kept + n, word.s, word.n);
		n += word.n;
	}
	*perms = (struct sc_str){ kept, n };
	return true;
}

/* Rules of the type become rules of the block, whose type is "process". */
static int add_rules(struct sc_confine *c, size_t number,
		     const struct sc_rules *rules)
{
	struct sc_module *module = &c->cages.v[number].module;

	for (size_t i = 0; i < rules->n; i++) {
		struct sc_rule r = rules->v[i];
		int granted;

		r.source = SC_STR("process");
		if (sc_str_eq(r.target, c->cages.v[number].type))
			r.target = SC_STR("self");
		if (has_rule(&module->rules, &r))
			continue;
		granted = check_peer(c, number, &r);
		if (granted < 0)
			return granted;
		if (!granted && !drop_connect(c, &r.perms))
			return sc_no_memory(c->err);
		if (!r.perms.n)
			continue;
		if (!SC_PUSH(c->arena, &module->rules, r))
			return sc_no_memory(c->err);
		c->lessons.rules++;
	}
	return 0;
}

static int say_refused(struct sc_confine *c, size_t number,
		       const struct sc_refusal *refusal)
{
	const struct sc_cage *g = &c->cages.v[number];
	const struct sc_rule *r = &refusal->rule;
	struct sc_warning w = {
		.container = number,
		.grave = true,
		.id = "confine/refused-together",
		.todo = "find out what tried it; programs belong into the "
			"image, and what is written into a volume",
		.place = g->container->place,
	};

	return sc_warn(&c->cages.warnings, c->arena, w, c->err,
		       "the log asks for " SC_FMT ":" SC_FMT " { " SC_FMT
		       " }: together it could " SC_FMT " (" SC_FMT
		       "), so none of it is granted",
		       SC_ARG(r->target), SC_ARG(r->tclass), SC_ARG(r->perms),
		       SC_ARG(refusal->guard->words),
		       SC_ARG(refusal->guard->id));
}

/* What a container's denials are judged by. */
struct ground {
	const struct sc_policy *policy;
	const struct sc_guards *guards;
};

static int learn_one(struct sc_confine *c, const struct ground *on,
		     size_t number)
{
	struct sc_rules rules = { 0 };
	struct sc_refusals refused = { 0 };
	struct sc_advice *advice =
		sc_new_array(c->arena, struct sc_advice, c->lessons.n + 1);
	size_t n = 0;
	int r;

	if (!advice)
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->lessons.n; i++)
		if (c->lessons.v[i].cage == number)
			advice[n++] = c->lessons.v[i].advice;
	r = sc_learn(advice, n, c->arena, &rules, c->err);
	if (r == 0)
		r = sc_learn_judge(on->policy, on->guards, &rules, c->arena,
				   &refused, c->err);
	for (size_t i = 0; r == 0 && i < refused.n; i++)
		r = say_refused(c, number, &refused.v[i]);
	return r < 0 ? r : add_rules(c, number, &rules);
}

int sc_confine_learn(struct sc_confine *c, struct sc_policy *p)
{
	const struct sc_values *logs = &c->options->denials;
	struct sc_filter all = { .trust_syslog = c->options->trust_syslog };
	struct sc_adviser by = { .policy = p };
	struct sc_guards *guards = NULL;
	struct sc_tally tally = { 0 };
	int r = sc_logs_read(logs->v, logs->n, &all, c->arena, &tally, c->err);

	/* Modules from half of a log would be taken for whole. */
	if (r == 0)
		r = sc_logs_end(&tally, 0, c->err);
	if (r == 0)
		r = sc_guards_open(p, &c->family, c->arena, &guards, c->err);
	by.guards = guards;
	for (size_t i = 0; r == 0 && i < tally.n; i++) {
		struct sc_lesson lesson = { 0 };

		if (!find_cage(c, tally.v[i].source, &lesson.cage))
			continue;
		r = sc_advise(&by, &tally.v[i], c->arena, &lesson.advice,
			      c->err);
		if (r == 0 && !SC_PUSH(c->arena, &c->lessons, lesson))
			r = sc_no_memory(c->err);
	}
	for (size_t i = 0; r == 0 && i < c->cages.n; i++)
		r = learn_one(c, &(struct ground){ p, guards }, i);
	if (r == 0)
		sc_logs_say_skipped(&tally);
	return r;
}
