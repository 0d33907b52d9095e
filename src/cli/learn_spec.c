#include "base/clean.h"
#include "cli/confine.h"
#include "cli/learn.h"

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

static const struct sc_cage *find_cage(const struct sc_cages *cages,
				       struct sc_str type)
{
	for (size_t i = 0; i < cages->n; i++)
		if (sc_str_eq(cages->v[i].type, type))
			return &cages->v[i];
	return NULL;
}

static int list_spoken(struct sc_learning *l, struct sc_error *err)
{
	struct sc_vectors *v = NULL;
	int r = sc_vectors_open(l->spec, l->domain, SC_AS_SET, &v, err);

	if (r == 0)
		r = sc_vectors_list(v, l->arena, &l->spoken, err);
	sc_vectors_close(v);
	return r;
}

static int make_cages(const struct sc_learning *l, struct sc_policy *p,
		      struct sc_confine *c)
{
	const struct sc_values *specs = &l->options->specs;
	int r = sc_confine_read(c, specs->v, specs->n);

	if (r == 0)
		r = sc_family_find(p, &c->family, c->err);
	return r < 0 ? r : sc_confine_cages(c, p);
}

int sc_learn_spec(struct sc_learning *l, struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	const struct sc_confine_options o = {
		.project = l->options->project,
		.env_file = l->options->env_file,
	};
	struct sc_confine c = { .options = &o, .arena = l->arena, .err = err };
	struct sc_sources sources = { 0 };
	const struct sc_cage *cage;
	int r;

	if (!l->options->specs.n)
		return 0;
	r = sc_policy_open(sc_policy_path(l->ground.policy), &p, err);
	if (r == 0)
		r = make_cages(l, p, &c);
	if (r == 0)
		r = sc_confine_sources(&c, &sources);
	if (r < 0)
		return sc_while(err, "--spec");
	cage = find_cage(&c.cages, l->domain);
	if (!cage)
		return sc_fail(err, SC_ENOTFOUND,
			       "--spec: no container of it has the domain "
			       "'" SC_FMT "' (--project NAME, if it is called "
			       "otherwise)",
			       SC_ARG(l->domain));
	l->hints = cage->outcomes;
	r = sc_compile(p, &sources, &l->spec, err);
	return r < 0 ? r : list_spoken(l, err);
}
