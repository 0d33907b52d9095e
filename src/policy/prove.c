#include "policy/prove.h"

#include "base/buf.h"
#include "base/clean.h"
#include "policy/db.h"
#include "policy/prover.h"
#include "policy/unknown.h"
#include "policy/vectors_db.h"

SC_DEFINE_CLEAN(struct sc_vectors, sc_vectors_close)

/* ---- domains */

static bool starts_with(struct sc_str name, struct sc_str start)
{
	return sc_take_prefix(&name, start);
}

/* The vectors of @domain; 0 if there is no such domain here. */
static size_t count_of(const struct sc_policy *p, struct sc_str domain)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *v = NULL;
	struct sc_error ignored;

	return sc_vectors_open(p, domain, SC_AS_SET, &v, &ignored) < 0
		       ? 0
		       : sc_vectors_count(v);
}

static const struct sc_prover_block *block_of(const struct sc_prover *v,
					      struct sc_str domain)
{
	struct sc_str name;

	if (sc_take_until(&domain, '.', &name))
		for (size_t i = 0; i < v->blocks.n; i++)
			if (sc_str_eq(v->blocks.v[i].name, name))
				return &v->blocks.v[i];
	return NULL;
}

/* The domain to compare with: one like it, or the floor, or none at all. */
static int open_base(struct sc_prover *v, const struct sc_prover_block *b,
		     struct sc_vectors **out)
{
	const struct sc_policy *p = v->out->policy;
	SC_CLEAN(sc_buf_free) struct sc_buf like = { 0 };
	struct sc_str name = SC_FLOOR;

	if (b && b->inherits.n && v->out->base_known) {
		sc_putf(&like, SC_LIKE SC_FMT ".process", SC_ARG(b->name));
		if (sc_buf_check(&like, v->err) < 0)
			return SC_ENOMEM;
		name = (struct sc_str){ like.s, like.n };
	}
	if (!sc_policy_has(p, SC_NAME_TYPE, name))
		return 0;
	return sc_vectors_open(p, name, SC_ANY_VALUE, out, v->err);
}

/* Guards, on what the module adds to what its blocks of the base give. */
static int judge(struct sc_prover *v, const struct sc_prover_block *b,
		 struct sc_caged *cage)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *own = NULL;
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *total = NULL;
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *base = NULL;
	struct sc_judged it = { .container = true };
	struct sc_policy *p = v->out->policy;
	int r = sc_vectors_open(p, cage->domain, SC_ANY_VALUE, &total, v->err);

	if (r == 0)
		r = sc_vectors_copy(total, &own, v->err);
	if (r == 0)
		r = open_base(v, b, &base);
	if (r < 0)
		return r;
	if (base)
		sc_vectors_subtract(own, base);
	it.added = own;
	it.total = total;
	r = sc_guards_judge(v->out->guards, &it, v->arena, &cage->hits, v->err);
	if (r == 0)
		r = sc_guards_judge_ioctls(v->out->guards, total, base,
					   v->arena, &cage->hits, v->err);
	if (r == 0 && !cage->is_label)
		r = sc_guards_ask_mcs(v->out->guards, p, cage->domain, v->arena,
				      &cage->hits, v->err);
	return r < 0 ? r : sc_vectors_list(own, v->arena, &cage->own, v->err);
}

/* Domains to compare with are targets too, but only in here. */
static void forget_probes(struct sc_vectors *v)
{
	for (uint32_t t = 1; t <= v->types; t++)
		if (starts_with(sc_view(v->db->p_type_val_to_name[t - 1]),
				SC_STR(SC_PROBE)))
			memset(sc_vectors_at(v, t, 1), 0,
			       v->classes * sizeof(*v->v));
}

/* Guards, on what rules add to a domain that was there before. */
static int judge_gain(struct sc_prover *v, struct sc_caged *cage)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *own = NULL;
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *now = NULL;
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *before = NULL;
	struct sc_policy *p = v->out->policy;
	struct sc_judged it = {
		.container = sc_guards_is_container(p, cage->domain),
	};
	int r = sc_vectors_open(p, cage->domain, SC_ANY_VALUE, &now, v->err);

	if (r == 0)
		r = sc_vectors_copy(now, &own, v->err);
	if (r == 0)
		r = sc_vectors_open(v->p, cage->domain, SC_ANY_VALUE, &before,
				    v->err);
	if (r != 0)
		return r;
	forget_probes(own);
	sc_vectors_subtract_other(own, before);
	it.added = own;
	it.total = now;
	r = sc_guards_judge(v->out->guards, &it, v->arena, &cage->hits, v->err);
	if (r == 0 && it.container)
		r = sc_guards_judge_ioctls(v->out->guards, now, before,
					   v->arena, &cage->hits, v->err);
	return r < 0 ? r : sc_vectors_list(own, v->arena, &cage->own, v->err);
}

static int count(struct sc_prover *v, struct sc_caged *cage)
{
	SC_CLEAN(sc_vectors_close_p) struct sc_vectors *all = NULL;
	int r = sc_vectors_open(v->out->policy, cage->domain, SC_AS_SET, &all,
				v->err);

	if (r < 0)
		return r;
	if (cage->was_there)
		forget_probes(all);
	cage->vectors = cage->over_bare = sc_vectors_count(all);
	if (cage->was_there)
		cage->over_bare -= count_of(v->p, cage->domain);
	else if (v->bare) {
		sc_vectors_subtract(all, v->bare);
		cage->over_bare = sc_vectors_count(all);
	}
	return 0;
}

static int tell_hits(struct sc_prover *v, const struct sc_caged *cage)
{
	for (size_t i = 0; i < cage->hits.n; i++) {
		const struct sc_hit *h = &cage->hits.v[i];
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		struct sc_finding f = {
			.id = h->guard->id,
			.blocks = h->guard->blocks,
			.where = cage->domain,
		};

		sc_putf(&text, "could " SC_FMT ": " SC_FMT, SC_ARG(h->words),
			SC_ARG(h->first.target));
		if (h->first.tclass.n)
			sc_putf(&text, ":" SC_FMT " { " SC_FMT " }",
				SC_ARG(h->first.tclass),
				SC_ARG(h->first.perms));
		if (h->more)
			sc_putf(&text, " and %zu more", h->more);
		if (sc_buf_check(&text, v->err) < 0 ||
		    !sc_keep(v->arena, (struct sc_str){ text.s, text.n },
			     &f.text) ||
		    !SC_PUSH(v->arena, &v->out->findings, f))
			return sc_no_memory(v->err);
	}
	return 0;
}

/* A claimed type that no process can have. */
static bool is_label(const struct sc_prover *v, struct sc_str type)
{
	for (size_t i = 0; i < v->out->claims.n; i++)
		if (sc_str_eq(v->out->claims.v[i].type, type))
			return !sc_policy_is_in(v->out->policy, type,
						SC_STR("domain"));
	return false;
}

static int add_cage(struct sc_prover *v, struct sc_str domain)
{
	const struct sc_prover_block *b = block_of(v, domain);
	struct sc_caged cage = { .domain = domain,
				 .is_label = is_label(v, domain) };
	int r;

	if (!b) {
		b = sc_prover_extended(v, domain);
		cage.was_there = b;
	}

	if (b) {
		cage.module = b->module;
		cage.blocks = b->inherits;
	}
	if (v->out->cages.n >= SC_PROVER_DOMAINS)
		return sc_fail(v->err, SC_ELIMIT,
			       "more than %d types in the modules: prove fewer "
			       "at once",
			       SC_PROVER_DOMAINS);
	r = count(v, &cage);
	if (r == 0)
		r = cage.was_there ? judge_gain(v, &cage) : judge(v, b, &cage);
	if (r == 0)
		r = tell_hits(v, &cage);
	if (r < 0)
		return r;
	return SC_PUSH(v->arena, &v->out->cages, cage) ? 0
						       : sc_no_memory(v->err);
}

/* Is @type of the new policy a domain that the modules brought? */
static bool is_ours(struct sc_prover *v, const policydb_t *db, uint32_t type)
{
	struct sc_str name = sc_view(db->p_type_val_to_name[type - 1]);

	if (db->type_val_to_struct[type - 1]->flavor == TYPE_ATTRIB ||
	    starts_with(name, SC_STR(SC_PROBE)))
		return false; /* sc_structure_check() lets no module have it */
	return block_of(v, name) || sc_prover_extended(v, name) ||
	       !sc_policy_has(v->p, SC_NAME_TYPE, name);
}

static int compare_cages(const void *x, const void *y)
{
	const struct sc_caged *a = x, *b = y;

	return strcmp(a->domain.s, b->domain.s);
}

static int add_cages(struct sc_prover *v)
{
	const policydb_t *db = sc_policy_db(v->out->policy);

	for (uint32_t t = 1; t <= db->p_types.nprim; t++) {
		int r = 0;

		if (is_ours(v, db, t))
			r = add_cage(v, sc_view(db->p_type_val_to_name[t - 1]));
		if (r < 0)
			return r;
	}
	if (v->out->cages.n)
		qsort(v->out->cages.v, v->out->cages.n,
		      sizeof(*v->out->cages.v), compare_cages);
	return 0;
}

/* libsepol refused the modules: say the name, if it is a name. */
static int explain_refusal(struct sc_prover *v)
{
	struct sc_names blocks = { 0 };

	for (size_t i = 0; i < v->blocks.n; i++)
		if (!SC_PUSH(v->arena, &blocks, v->blocks.v[i].name))
			return sc_no_memory(v->err);
	for (size_t i = 0; i < v->trees.n; i++)
		if (sc_unknown_find(v->p, v->trees.v[i].module,
				    v->trees.v[i].top, &blocks, v->arena,
				    v->err))
			break;
	return (int)v->err->code;
}

/* ---- */

/* Statements that no module of a container has can make the compiler work for
 * hours; those that are only too generous can be compiled and judged. */
static bool may_compile(const struct sc_prover *v)
{
	if (v->out->findings.n >= SC_FINDINGS_MAX)
		return false; /* what came after them was not noted */
	for (size_t i = 0; i < v->out->findings.n; i++) {
		struct sc_str id = v->out->findings.v[i].id;

		if (sc_take_prefix(&id, SC_STR("structure/claim-")) ||
		    sc_str_eq(id, SC_STR("structure/statement")) ||
		    sc_str_eq(id, SC_STR("structure/block-name")) ||
		    sc_str_eq(id, SC_STR("structure/size")) ||
		    sc_str_eq(id, SC_STR("structure/base")))
			return false;
	}
	return true;
}

static int prove(struct sc_prover *v, const struct sc_sources *modules,
		 struct sc_str base)
{
	struct sc_proof *out = v->out;
	int r = sc_prover_read(v, modules, base);

	if (r == 0 && !may_compile(v))
		return 0;
	if (r == 0)
		r = sc_compile(v->p, &v->sources, &out->policy, v->err);
	if (r == SC_EPOLICY)
		r = explain_refusal(v);
	if (r == 0)
		r = sc_guards_open(out->policy, v->family, v->arena,
				   &out->guards, v->err);
	if (r == 0 && sc_policy_has(out->policy, SC_NAME_TYPE, SC_BARE))
		r = sc_vectors_open(out->policy, SC_BARE, SC_AS_SET, &v->bare,
				    v->err);
	if (r == 0)
		r = add_cages(v);
	if (r == 0)
		r = sc_claims_judge_types(&out->claims, out->policy, v->arena,
					  &out->findings, v->err);
	if (r < 0)
		return r;
	out->floor = count_of(out->policy, SC_FLOOR);
	out->bare = v->bare ? sc_vectors_count(v->bare) : 0;
	out->container = count_of(out->policy, v->family->container);
	return 0;
}

int sc_prove(struct sc_policy *p, const struct sc_family *family,
	     const struct sc_sources *modules, struct sc_str base,
	     struct sc_arena *a, struct sc_proof *out, struct sc_error *err)
{
	struct sc_prover v = {
		.p = p, .family = family, .arena = a, .out = out, .err = err
	};
	int r;

	*out = (struct sc_proof){ 0 };
	r = prove(&v, modules, base);
	sc_buf_free(&v.probes);
	sc_vectors_close(v.bare);
	return r;
}

void sc_proof_close(struct sc_proof *proof)
{
	sc_policy_close(proof->policy);
	proof->policy = NULL;
}

bool sc_proof_fails(const struct sc_proof *proof)
{
	for (size_t i = 0; i < proof->findings.n; i++)
		if (proof->findings.v[i].blocks)
			return true;
	return false;
}
