#include "rules/cage.h"

#include "base/vec.h"
#include "rules/capability.h"
#include "rules/mounts.h"
#include "rules/name.h"

struct make {
	const struct sc_cages_for *in;
	struct sc_arena *arena;
	struct sc_cages *out;
	struct sc_str *folders; /* of each container */
	struct sc_str *scopes;
	size_t *group;
	struct sc_mounts_of mounts;
	struct sc_levels_taken taken;
	struct sc_error *err;
};

/* All containers in one row, since those of different specs may be peers. */
static int gather(struct make *m)
{
	const struct sc_cages_for *in = m->in;
	size_t n = 0, at = 0;

	for (size_t s = 0; s < in->n_specs; s++)
		n += in->specs[s].containers.n;
	if (n == 0)
		return sc_fail(m->err, SC_ENOTFOUND,
			       "no container is asked for: nothing to confine");
	m->out->v = sc_new_array(m->arena, struct sc_cage, n);
	m->out->all.v = sc_new_array(m->arena, struct sc_container, n);
	m->folders = sc_new_array(m->arena, struct sc_str, n);
	m->scopes = sc_new_array(m->arena, struct sc_str, n);
	m->group = sc_new_array(m->arena, size_t, n);
	if (!m->out->v || !m->out->all.v || !m->folders || !m->scopes ||
	    !m->group)
		return sc_no_memory(m->err);
	for (size_t s = 0; s < in->n_specs; s++)
		for (size_t c = 0; c < in->specs[s].containers.n; c++, at++) {
			const struct sc_spec *spec = &in->specs[s];

			m->out->all.v[at] = spec->containers.v[c];
			m->out->v[at].container = &m->out->all.v[at];
			m->out->v[at].spec = spec;
			m->folders[at] = in->folders[s];
			if (spec->format == SC_FORMAT_COMPOSE)
				m->scopes[at] = spec->project;
		}
	m->out->n = m->out->all.n = n;
	return 0;
}

static struct sc_str project_of(const struct make *m, const struct sc_cage *g)
{
	if (m->in->project.n)
		return m->in->project;
	if (g->container->project.n)
		return g->container->project;
	return g->spec->project.n ? g->spec->project : SC_STR(SC_LOOSE_PROJECT);
}

/* A module of that name is not ours: to load this one would break it. */
static int check_policy(struct make *m, const struct sc_cage *g)
{
	const struct sc_policy *p = m->in->policy;
	struct sc_str name = g->module.name;
	bool same = sc_policy_has(p, SC_NAME_TYPE, name) ||
		    sc_policy_has(p, SC_NAME_ATTRIBUTE, name);
	bool foreign = sc_policy_has(p, SC_NAME_TYPE, g->type) &&
		       !sc_policy_is_in(p, g->type, SC_STR("selcage_strict"));

	if (!same && !foreign)
		return 0;
	return sc_fail(m->err, SC_EREFUSED,
		       "the policy has a '" SC_FMT
		       "' already that is not ours (choose another project "
		       "name: --project NAME)",
		       SC_ARG(same ? name : g->type));
}

static int check_clash(struct make *m, size_t number)
{
	struct sc_str name = m->out->v[number].module.name, rest = name;

	if (sc_take_prefix(&rest, SC_STR("selcage_")))
		return sc_fail(m->err, SC_EREFUSED,
			       "'" SC_FMT "' would stand among the base's own "
			       "names, which begin with selcage_ (choose "
			       "another project name: --project NAME)",
			       SC_ARG(name));
	for (size_t i = 0; i < number; i++)
		if (sc_str_eq(m->out->v[i].module.name, name))
			return sc_fail(m->err, SC_EREFUSED,
				       "'" SC_FMT "' and '" SC_FMT
				       "' would both be module '" SC_FMT
				       "': rename one of them",
				       SC_ARG(m->out->all.v[i].name),
				       SC_ARG(m->out->all.v[number].name),
				       SC_ARG(name));
	return 0;
}

static int name_one(struct make *m, size_t number)
{
	struct sc_cage *g = &m->out->v[number];
	const struct sc_container *c = g->container;
	int r = sc_module_name(project_of(m, g), c->name, m->arena,
			       &g->module.name, m->err);

	if (r < 0)
		return r;
	if (!sc_keepf(m->arena, &g->type, SC_FMT ".process",
		      SC_ARG(g->module.name)) ||
	    !sc_keepf(m->arena, &g->module.title,
		      "service " SC_FMT " of " SC_FMT ", image " SC_FMT,
		      SC_ARG(c->name), SC_ARG(project_of(m, g)),
		      SC_ARG(c->image.n ? c->image : SC_STR("not named"))))
		return sc_no_memory(m->err);
	r = check_clash(m, number);
	return r < 0 ? r : check_policy(m, g);
}

/* ---------------------------------------------------------------- levels */

static int say_level(struct make *m, size_t number)
{
	const struct sc_cage *g = &m->out->v[number];

	return sc_warn(&m->out->warnings, m->arena,
		       (struct sc_warning){
			       .container = number,
			       .id = "confine/level",
			       .todo = "take label=level: out, then run this "
				       "again",
			       .place = g->container->label_place },
		       m->err,
		       "level '" SC_FMT "' is not two categories of its own: "
		       "files of other containers may be in reach",
		       SC_ARG(g->level));
}

/* Two containers that share nothing were given one level. */
static int say_same(struct make *m, size_t number)
{
	const struct sc_cage *g = &m->out->v[number];

	for (size_t i = 0; i < number; i++) {
		const struct sc_cage *other = &m->out->v[i];

		if (!other->level_kept || m->group[i] == m->group[number] ||
		    !sc_level_same(other->level, g->level))
			continue;
		return sc_warn(&m->out->warnings, m->arena,
			       (struct sc_warning){
				       .container = number,
				       .id = "confine/same-level",
				       .todo = "take label=level: out of one, "
					       "then run this again",
				       .place = g->container->label_place },
			       m->err,
			       "has the level of " SC_FMT " (" SC_FMT
			       "): it does not keep the files of one from "
			       "the other",
			       SC_ARG(other->container->name),
			       SC_ARG(other->level));
	}
	return 0;
}

static int keep_levels(struct make *m)
{
	for (size_t i = 0; i < m->out->n; i++) {
		struct sc_cage *g = &m->out->v[i];

		if (!g->container->label_level.n)
			continue;
		g->level = g->container->label_level;
		g->level_kept = true;
		if (!sc_level_is_own(g->level) && say_level(m, i) < 0)
			return SC_ENOMEM;
		if (say_same(m, i) < 0)
			return SC_ENOMEM;
		if (!SC_PUSH(m->arena, &m->taken, g->level))
			return sc_no_memory(m->err);
	}
	return 0;
}

static const struct sc_cage *partner(const struct make *m, size_t number)
{
	for (size_t i = 0; i < m->out->n; i++)
		if (i != number && m->group[i] == m->group[number] &&
		    m->out->v[i].level.n)
			return &m->out->v[i];
	return NULL;
}

static int say_shared(struct make *m, size_t number, const struct sc_cage *with)
{
	struct sc_cage *g = &m->out->v[number];
	bool same = sc_level_same(g->level, with->level);

	return sc_warn(
		&m->out->warnings, m->arena,
		(struct sc_warning){
			.container = number,
			.id = same ? "confine/shared-volume"
				   : "confine/shared-level",
			.todo = same ? "share no volume, where they need "
				       "not"
				     : "take label=level: out of both, "
				       "then run this again",
			.place = g->container->place },
		m->err,
		same ? "shares a volume with " SC_FMT
		       ", so both have the level " SC_FMT
		       ": it does not keep the files of one from the other"
		     : "shares a volume with " SC_FMT
		       ", which has another level (" SC_FMT
		       "): what one writes the other cannot read",
		SC_ARG(with->container->name), SC_ARG(with->level));
}

struct named {
	struct sc_str name;
	size_t number;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return sc_str_compare(x->name, y->name);
}

/* By name, not as the specs come: each keeps its level whatever their order. */
static int choose_levels(struct make *m)
{
	struct named *all = sc_new_array(m->arena, struct named, m->out->n);
	int r = 0;

	if (!all)
		return sc_no_memory(m->err);
	for (size_t i = 0; i < m->out->n; i++)
		all[i] = (struct named){ m->out->v[i].module.name, i };
	qsort(all, m->out->n, sizeof(*all), by_name);
	for (size_t k = 0; r == 0 && k < m->out->n; k++) {
		size_t i = all[k].number;
		struct sc_cage *g = &m->out->v[i];
		const struct sc_cage *with = partner(m, i);

		if (!g->level.n && with)
			g->level = with->level;
		else if (!g->level.n)
			r = sc_level_choose(g->module.name, &m->taken, m->arena,
					    &g->level, m->err);
		if (r == 0 && with)
			r = say_shared(m, i, with);
	}
	return r;
}

/* ----------------------------------------------------------------- needs */

static int find_edges(struct make *m)
{
	struct sc_image *images =
		sc_new_array(m->arena, struct sc_image, m->out->n);

	if (!images)
		return sc_no_memory(m->err);
	for (size_t i = 0; i < m->out->n; i++) {
		sc_image_find(m->out->all.v[i].image, &images[i]);
		m->out->v[i].image = images[i];
	}
	return sc_peers_find(&m->out->all, images, m->arena, &m->out->edges,
			     m->err);
}

static int make_one(struct make *m, size_t number)
{
	struct sc_cage *g = &m->out->v[number];
	struct sc_rules_for env = { m->in->policy, m->in->guards,
				    m->in->family->container,
				    sc_has_userns(g->container) };
	struct sc_inherit core = { SC_STR("selcage_core"),
				   SC_STR("every container") };
	int r;

	g->unprotected = sc_is_unprotected(g->container);
	if (!SC_PUSH(m->arena, &g->module.inherits, core))
		return sc_no_memory(m->err);
	r = sc_warnings_find(g->container, number, m->arena, &m->out->warnings,
			     m->err);
	if (r == 0)
		r = sc_needs_find(&m->out->all, number, &g->image,
				  &m->out->edges, m->arena, &g->needs, m->err);
	if (r == 0)
		r = sc_mounts_find(&m->mounts, number, m->arena, &g->needs,
				   &m->out->warnings, m->err);
	if (r == 0)
		r = sc_rules_make(&env, &g->needs, m->arena, &g->module,
				  &g->outcomes, m->err);
	return r;
}

int sc_cages_make(const struct sc_cages_for *in, struct sc_arena *a,
		  struct sc_cages *out, struct sc_error *err)
{
	struct sc_cages cages = { 0 };
	struct make m = { .in = in, .arena = a, .out = &cages, .err = err };
	int r = gather(&m);

	for (size_t i = 0; r == 0 && i < cages.n; i++)
		r = name_one(&m, i);
	if (r < 0)
		return r;
	m.mounts = (struct sc_mounts_of){ .all = &cages.all,
					  .folders = m.folders,
					  .scopes = m.scopes };
	r = sc_mounts_shared(&m.mounts, a, err);
	if (r == 0)
		r = sc_mounts_group(&m.mounts, a, m.group, err);
	if (r == 0)
		r = keep_levels(&m);
	if (r == 0)
		r = choose_levels(&m);
	if (r == 0)
		r = find_edges(&m);
	for (size_t i = 0; r == 0 && i < cages.n; i++)
		r = make_one(&m, i);
	if (r == 0)
		*out = cages;
	return r;
}
