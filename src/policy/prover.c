#include "policy/prover.h"

#include "base/clean.h"
#include "policy/db.h"

/* ---- the base */

static int read_base_names(struct sc_prover *v, struct sc_str base)
{
	struct sc_cil *top;
	int r = sc_cil_read(base, v->arena, &top, v->err);

	if (r < 0)
		return sc_while(v->err, "the base");
	for (const struct sc_cil *f = top->first; f; f = f->next) {
		struct sc_names *to = sc_cil_is(f, SC_STR("block"))
					      ? &v->base.blocks
				      : sc_cil_is(f, SC_STR("typeattribute"))
					      ? &v->base.attributes
					      : NULL;

		if (to && !SC_PUSH(v->arena, to, sc_cil_word(f, 1)))
			return sc_no_memory(v->err);
	}
	return 0;
}

static bool declares_core(const struct sc_cil *top)
{
	for (const struct sc_cil *f = top->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("block")) &&
		    sc_str_eq(sc_cil_word(f, 1), SC_STR("selcage_core")))
			return true;
	return false;
}

static int say_foreign_base(struct sc_prover *v, struct sc_str module)
{
	struct sc_finding f = {
		.id = SC_STR("structure/base"),
		.blocks = true,
		.where = module,
		.text = SC_STR("is no base that selcage wrote for this "
			       "policy: it was changed, or is of another "
			       "version"),
		.todo = SC_STR("write it again: selcage confine SPEC -o DIR"),
	};

	return SC_PUSH(v->arena, &v->out->findings, f) ? 0
						       : sc_no_memory(v->err);
}

/* ---- modules */

static int note_block(struct sc_prover *v, const struct sc_source *module,
		      const struct sc_cil *form)
{
	struct sc_prover_block b = { .name = sc_cil_word(form, 1),
				     .module = module->name };

	if (v->blocks.n >= SC_PROVER_DOMAINS)
		return sc_fail(v->err, SC_ELIMIT,
			       "more than %d blocks in the modules: prove "
			       "fewer at once",
			       SC_PROVER_DOMAINS);
	for (const struct sc_cil *f = form->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("blockinherit")) &&
		    sc_names_has(&v->base.blocks, sc_cil_word(f, 1)) &&
		    !sc_names_has(&b.inherits, sc_cil_word(f, 1)) &&
		    !SC_PUSH(v->arena, &b.inherits, sc_cil_word(f, 1)))
			return sc_no_memory(v->err);
	return SC_PUSH(v->arena, &v->blocks, b) ? 0 : sc_no_memory(v->err);
}

const struct sc_prover_block *sc_prover_extended(const struct sc_prover *v,
						 struct sc_str name)
{
	for (size_t i = 0; i < v->extended.n; i++)
		if (sc_str_eq(v->extended.v[i].name, name))
			return &v->extended.v[i];
	return NULL;
}

/* Rules alone: each of their sources is judged by what it gains. */
static int note_sources(struct sc_prover *v, const struct sc_source *module,
			const struct sc_cil *top)
{
	for (const struct sc_cil *f = top->first; f; f = f->next) {
		/* an alias is another name of the domain that gains */
		struct sc_str type = sc_policy_type(v->p, sc_cil_word(f, 1));
		struct sc_prover_block b = { .name = type,
					     .module = module->name };

		if (!type.n)
			continue; /* its structure is found wrong */
		if (sc_prover_extended(v, b.name))
			continue;
		if (v->extended.n >= SC_PROVER_DOMAINS)
			return sc_fail(v->err, SC_ELIMIT,
				       "rules for more than %d domains: prove "
				       "fewer at once",
				       SC_PROVER_DOMAINS);
		if (!SC_PUSH(v->arena, &v->extended, b))
			return sc_no_memory(v->err);
	}
	return 0;
}

static int read_claims(struct sc_prover *v, struct sc_str module,
		       const struct sc_cil *top)
{
	struct sc_found found = { module, v->arena, &v->out->findings, false };

	return sc_claims_read(top, &found, &v->out->claims, v->err);
}

static int read_module(struct sc_prover *v, const struct sc_source *module,
		       struct sc_str base, bool *has_base)
{
	struct sc_cil *top;
	int r = sc_cil_read(module->text, v->arena, &top, v->err);

	if (r < 0)
		return sc_while(v->err, SC_FMT, SC_ARG(module->name));
	if (!SC_PUSH(v->arena, &v->sources, *module))
		return sc_no_memory(v->err);
	if (sc_str_eq(module->text, base)) {
		v->out->base_known = *has_base = true;
		return 0;
	}
	if (!SC_PUSH(v->arena, &v->trees,
		     ((struct sc_prover_tree){ module->name, top })))
		return sc_no_memory(v->err);
	if (declares_core(top)) {
		*has_base = true;
		return say_foreign_base(v, module->name);
	}
	for (const struct sc_cil *f = top->first; f && r == 0; f = f->next)
		if (sc_cil_is(f, SC_STR("block")))
			r = note_block(v, module, f);
	if (r == 0 && sc_structure_is_rules(top))
		r = note_sources(v, module, top);
	if (r < 0)
		return r;
	r = read_claims(v, module->name, top);
	return r < 0 ? r
		     : sc_structure_check(v->p, module, top, &v->base, v->arena,
					  &v->out->findings, v->err);
}

/* A domain for each block that has what the block inherits and nothing else. */
static int add_probes(struct sc_prover *v)
{
	struct sc_source probes = { .name = SC_STR("comparison") };

	for (size_t i = 0; i < v->blocks.n; i++) {
		const struct sc_prover_block *b = &v->blocks.v[i];

		if (!v->out->base_known || !b->inherits.n)
			continue;
		sc_putf(&v->probes, "(block " SC_LIKE SC_FMT, SC_ARG(b->name));
		for (size_t k = 0; k < b->inherits.n; k++)
			sc_putf(&v->probes, " (blockinherit " SC_FMT ")",
				SC_ARG(b->inherits.v[k]));
		sc_put(&v->probes, SC_STR(")\n"));
	}
	if (sc_buf_check(&v->probes, v->err) < 0)
		return SC_ENOMEM;
	probes.text = (struct sc_str){ v->probes.s, v->probes.n };
	if (probes.text.n && !SC_PUSH(v->arena, &v->sources, probes))
		return sc_no_memory(v->err);
	return 0;
}

int sc_prover_read(struct sc_prover *v, const struct sc_sources *modules,
		   struct sc_str base)
{
	struct sc_source own = { SC_STR("selcage_base.cil"), base };
	bool has_base = false;
	int r = read_base_names(v, base);

	for (size_t i = 0; i < modules->n && r == 0; i++)
		r = read_module(v, &modules->v[i], base, &has_base);
	if (r == 0)
		r = sc_claims_judge(&v->out->claims, v->p, v->arena,
				    &v->out->findings, v->err);
	if (r < 0)
		return r;
	if (!has_base && (v->blocks.n || !v->extended.n)) {
		v->out->base_known = v->out->base_added = true;
		if (!SC_PUSH(v->arena, &v->sources, own))
			return sc_no_memory(v->err);
	}
	return add_probes(v);
}
