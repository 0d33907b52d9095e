#include "base/clean.h"
#include "cli/confine.h"
#include "rules/base.h"
#include "rules/cil.h"

int sc_confine_cages(struct sc_confine *c, const struct sc_policy *p)
{
	SC_CLEAN(sc_buf_free) struct sc_buf base = { 0 };
	struct sc_cages_for in = { .policy = p,
				   .family = &c->family,
				   .specs = c->inputs.specs,
				   .n_specs = c->inputs.n };
	struct sc_str *folders =
		sc_new_array(c->arena, struct sc_str, c->inputs.n);
	struct sc_guards *guards = NULL;
	int r = sc_guards_open(p, &c->family, c->arena, &guards, c->err);

	if (r < 0)
		return r;
	if (!folders)
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->inputs.n; i++)
		folders[i] = c->inputs.v[i].folder;
	in.guards = guards;
	in.folders = folders;
	if (c->options->project)
		in.project = sc_view(c->options->project);
	r = sc_cages_make(&in, c->arena, &c->cages, c->err);
	if (r == 0)
		r = sc_base_write(p, &c->family, &base, &c->lacks, c->arena,
				  c->err);
	if (r == 0 &&
	    !sc_keep(c->arena, (struct sc_str){ base.s, base.n }, &c->base))
		r = sc_no_memory(c->err);
	return r;
}

int sc_confine_sources(struct sc_confine *c, struct sc_sources *out)
{
	struct sc_source base = { SC_STR(SC_BASE_MODULE ".cil"), c->base };

	if (!SC_PUSH(c->arena, out, base))
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->cages.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		const struct sc_module *m = &c->cages.v[i].module;
		struct sc_source s = { m->name, { 0 } };
		int r = sc_cil_write_module(m, &text, c->err);

		if (r < 0)
			return r;
		if (!sc_keep(c->arena, (struct sc_str){ text.s, text.n },
			     &s.text) ||
		    !SC_PUSH(c->arena, out, s))
			return sc_no_memory(c->err);
	}
	return 0;
}
