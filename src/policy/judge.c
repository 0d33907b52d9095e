#include "policy/guard_db.h"
#include "policy/ioctls.h"
#include "policy/vectors_db.h"
#include "policy/why.h"

#include "base/table.h"
#include "base/vec.h"

/* ---- one rule */

static int rank(struct sc_str severity)
{
	return sc_str_eq(severity, SC_STR("critical")) ? 2
	       : sc_str_eq(severity, SC_STR("high"))   ? 1
						       : 0;
}

/* Ours, or of the distribution's container policy. */
bool sc_guards_is_container(const struct sc_policy *p, struct sc_str source)
{
	return (source.n && memchr(source.s, '.', source.n)) ||
	       sc_policy_is_in(p, source, SC_STR("container_domain")) ||
	       sc_policy_is_in(p, source, SC_STR("selcage_strict"));
}

static bool covers(const struct sc_guard_row *row, const policydb_t *db,
		   const type_datum_t *target)
{
	ebitmap_node_t *node;
	unsigned i;

	ebitmap_for_each_positive_bit(&db->attr_type_map[target->s.value - 1],
				      node, i) if (row->targets[i]) return true;
	return false;
}

const struct sc_guard *sc_guards_refuse(const struct sc_guards *g,
					struct sc_str source,
					struct sc_str target,
					struct sc_str tclass,
					struct sc_str perm)
{
	const class_datum_t *class = sc_db_find(g->db->p_classes.table, tclass);
	const type_datum_t *type = sc_db_find(g->db->p_types.table, target);
	const type_datum_t *from = sc_db_type(g->db, source);
	bool self = sc_str_eq(target, SC_STR("self")) ||
		    (from && type && from->s.value == type->s.value);
	bool container = sc_guards_is_container(g->policy, source);
	const struct sc_guard *found = NULL;
	uint32_t bit = class ? sc_db_perm(class, perm) : 0;

	if (!bit)
		return NULL;
	for (size_t i = 0; i < g->rows.n; i++) {
		const struct sc_guard_row *row = &g->rows.v[i];
		const struct sc_guard *guard = &g->guards.v[row->guard];

		if (row->kind != SC_GRANT || row->na || !guard->blocks ||
		    !(container || row->any_source) ||
		    !(row->masks[class->s.value - 1] & bit))
			continue;
		if (self ? !row->self : !type || !covers(row, g->db, type))
			continue;
		if (!found || rank(guard->severity) > rank(found->severity))
			found = guard;
	}
	return found;
}

/* ---- permissions that are refused together */

static uint32_t allowed_by(const avtab_t *table, avtab_key_t *key)
{
	uint32_t bits = 0;

	for (avtab_ptr_t n = avtab_search_node((avtab_t *)table, key); n;
	     n = avtab_search_node_next(n, AVTAB_ALLOWED))
		bits |= n->datum.data;
	return bits;
}

struct allowed {
	const policydb_t *db;
	uint32_t bits;
};

static bool add_allowed(void *data, avtab_key_t *key)
{
	struct allowed *out = data;

	out->bits |= allowed_by(&out->db->te_avtab, key) |
		     allowed_by(&out->db->te_cond_avtab, key);
	return false;
}

/* All that rules allow, switched on or not. */
static uint32_t allowed(const policydb_t *db, const type_datum_t *source,
			const type_datum_t *target, uint32_t tclass)
{
	struct allowed out = { .db = db };
	avtab_key_t key = {
		.source_type = (uint16_t)source->s.value,
		.target_type = (uint16_t)target->s.value,
		.target_class = (uint16_t)tclass,
		.specified = AVTAB_ALLOWED,
	};

	(void)sc_db_each_key(db, &key, add_allowed, &out);
	return out.bits;
}

static uint32_t bits_of(const class_datum_t *class, struct sc_str perms)
{
	uint32_t bits = 0;
	struct sc_str word;

	while (sc_take_word(&perms, &word))
		bits |= sc_db_perm(class, word);
	return bits;
}

int sc_guards_part(const struct sc_guards *g, const struct sc_vector *rule,
		   struct sc_str source, struct sc_arena *a,
		   struct sc_parted *out, struct sc_error *err)
{
	const class_datum_t *class =
		sc_db_find(g->db->p_classes.table, rule->tclass);
	const type_datum_t *from = sc_db_type(g->db, source);
	const type_datum_t *to = sc_db_type(g->db, rule->target);
	bool container = sc_guards_is_container(g->policy, source);
	uint32_t asked, all, drop = 0;

	*out = (struct sc_parted){ .kept = rule->perms };
	if (!class || !from || !to || from == to)
		return 0;
	asked = bits_of(class, rule->perms);
	all = asked | allowed(g->db, from, to, class->s.value);
	for (size_t i = 0; i < g->rows.n; i++) {
		const struct sc_guard_row *row = &g->rows.v[i];
		const struct sc_guard *guard = &g->guards.v[row->guard];
		uint32_t left, right;

		if (row->kind != SC_BOTH || row->na || !guard->blocks ||
		    !(container || row->any_source) || !covers(row, g->db, to))
			continue;
		left = row->masks[class->s.value - 1];
		right = row->other[class->s.value - 1];
		if (!(all & left) || !(all & right) ||
		    !(asked & (left | right)))
			continue;
		out->guard = guard;
		drop |= asked & (left | right);
	}
	if (!out->guard)
		return 0;
	return sc_vectors_name_perms(g->db, class->s.value, asked & ~drop, a,
				     &out->kept) &&
			       sc_vectors_name_perms(g->db, class->s.value,
						     drop, a, &out->dropped)
		       ? 0
		       : sc_no_memory(err);
}

/* ---- all that a domain has */

struct judge {
	const struct sc_guards *guards;
	const struct sc_vectors *added, *total, *base;
	bool container;
	struct sc_arena *arena;
	struct sc_hits *out;
	struct sc_error *err;
	uint8_t *busy; /* [type value - 1]: .added has anything on it */
};

static uint32_t hit_bits(const struct judge *j, const struct sc_guard_row *row,
			 uint32_t type, uint32_t tclass)
{
	uint32_t added = *sc_vectors_at(j->added, type, tclass);
	uint32_t total = *sc_vectors_at(j->total, type, tclass);
	uint32_t left = row->masks[tclass - 1], right = row->other[tclass - 1];

	if (row->kind == SC_GRANT)
		return added & left;
	return (total & left) && (total & right) ? added & (left | right) : 0;
}

static int name_first(struct judge *j, uint32_t type, uint32_t tclass,
		      uint32_t bits, struct sc_hit *hit)
{
	const policydb_t *db = j->added->db;

	hit->first.target = type == j->added->domain
				    ? SC_STR("self")
				    : sc_view(db->p_type_val_to_name[type - 1]);
	hit->first.tclass = sc_view(db->p_class_val_to_name[tclass - 1]);
	return sc_vectors_name_perms(db, tclass, bits, j->arena,
				     &hit->first.perms)
		       ? 0
		       : sc_no_memory(j->err);
}

static int judge_vectors(struct judge *j, const struct sc_guard_row *row,
			 struct sc_hit *hit, bool *any)
{
	for (uint32_t t = 1; t <= j->added->types; t++) {
		if (!j->busy[t - 1] ||
		    (t == j->added->domain ? !row->self : !row->targets[t - 1]))
			continue;
		for (uint32_t c = 1; c <= j->added->classes; c++) {
			uint32_t bits = hit_bits(j, row, t, c);
			int r;

			if (!bits)
				continue;
			if (*any) {
				hit->more++;
				continue;
			}
			*any = true;
			r = name_first(j, t, c, bits, hit);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static void judge_member(struct judge *j, const struct sc_guard_row *row,
			 struct sc_hit *hit, bool *any)
{
	const policydb_t *db = j->added->db;
	struct sc_str list = row->text_targets, word;

	while (sc_take_word(&list, &word)) {
		const type_datum_t *t;

		if (*word.s == '?')
			sc_str_drop(&word, 1);
		t = sc_db_find(db->p_types.table, word);
		if (!t || t->flavor != TYPE_ATTRIB ||
		    !ebitmap_get_bit(&db->type_attr_map[j->added->domain - 1],
				     t->s.value - 1))
			continue;
		if (*any)
			hit->more++;
		else
			hit->first.target = word;
		*any = true;
	}
}

static int push(struct judge *j, struct sc_hit hit)
{
	return SC_PUSH(j->arena, j->out, hit) ? 0 : sc_no_memory(j->err);
}

static int judge_rows(struct judge *j)
{
	for (size_t i = 0; i < j->guards->rows.n; i++) {
		const struct sc_guard_row *row = &j->guards->rows.v[i];
		struct sc_hit hit = { .guard = &j->guards->guards.v[row->guard],
				      .words = row->words };
		bool any = false;
		int r = 0;

		if (row->na || row->kind == SC_MCS || row->kind == SC_IOCTL ||
		    !(j->container || row->any_source))
			continue;
		if (row->kind == SC_MEMBER)
			judge_member(j, row, &hit, &any);
		else
			r = judge_vectors(j, row, &hit, &any);
		if (r == 0 && any)
			r = push(j, hit);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Most types are out of reach of a domain: the rows need not look at them. */
static void find_busy(struct judge *j)
{
	for (uint32_t t = 1; t <= j->added->types; t++)
		for (uint32_t c = 1; c <= j->added->classes; c++)
			if (*sc_vectors_at(j->added, t, c)) {
				j->busy[t - 1] = 1;
				break;
			}
}

int sc_guards_judge(const struct sc_guards *g, const struct sc_judged *domain,
		    struct sc_arena *a, struct sc_hits *out,
		    struct sc_error *err)
{
	struct judge j = { .guards = g,
			   .added = domain->added,
			   .total = domain->total,
			   .container = domain->container,
			   .arena = a,
			   .out = out,
			   .err = err,
			   .busy = calloc(domain->added->types, 1) };
	int r;

	if (!j.busy)
		return sc_no_memory(err);
	find_busy(&j);
	r = judge_rows(&j);
	free(j.busy);
	return r;
}

/* ---- numbers of ioctl */

const struct sc_guard *sc_guards_refuse_ioctl(const struct sc_guards *g,
					      struct sc_str source,
					      struct sc_str target,
					      struct sc_str tclass,
					      uint32_t command)
{
	const class_datum_t *class = sc_db_find(g->db->p_classes.table, tclass);
	const type_datum_t *type = sc_db_type(g->db, target);
	bool container = sc_guards_is_container(g->policy, source);

	for (size_t i = 0; class && type && i < g->rows.n; i++) {
		const struct sc_guard_row *row = &g->rows.v[i];
		const struct sc_guard *guard = &g->guards.v[row->guard];

		if (row->kind != SC_IOCTL || row->na || !guard->blocks ||
		    !(container || row->any_source) ||
		    !row->masks[class->s.value - 1] ||
		    !covers(row, g->db, type))
			continue;
		if (command == SC_ANY_IOCTL ||
		    sc_ioctls_names(row->text_perms, command))
			return guard;
	}
	return NULL;
}

/* What .base has there, which may be of another policy, with other numbers. */
static void base_numbers(const struct judge *j, uint32_t type, uint32_t tclass,
			 struct sc_ioctls *out)
{
	const policydb_t *db = j->total->db, *other = j->base->db;
	const type_datum_t *t;
	const class_datum_t *c;

	if (type == j->total->domain)
		type = j->base->domain;
	else if (db != other) {
		t = sc_db_type(other,
			       sc_view(db->p_type_val_to_name[type - 1]));
		type = t ? t->s.value : 0;
	}
	if (db != other) {
		c = sc_db_find(other->p_classes.table,
			       sc_view(db->p_class_val_to_name[tclass - 1]));
		tclass = c ? c->s.value : 0;
	}
	if (type && tclass)
		sc_ioctls_of(j->base, type, tclass, out);
}

static int judge_number(struct judge *j, const struct sc_guard_row *row,
			uint32_t type, uint32_t tclass, struct sc_hit *hit)
{
	const policydb_t *db = j->total->db;
	struct sc_ioctls total, base = { 0 }, bad;

	if (!sc_ioctls_parse(row->text_perms, &bad))
		return sc_fail(j->err, SC_ESYNTAX,
			       "data/guards.tsv: no numbers: '" SC_FMT "'",
			       SC_ARG(row->text_perms));
	sc_ioctls_of(j->total, type, tclass, &total);
	if (j->base)
		base_numbers(j, type, tclass, &base);
	if (!sc_ioctls_left(&total, &base, &bad))
		return 0;
	if (hit->first.target.n) {
		hit->more++;
		return 0;
	}
	hit->first.target = type == j->total->domain
				    ? SC_STR("self")
				    : sc_view(db->p_type_val_to_name[type - 1]);
	hit->first.tclass = sc_view(db->p_class_val_to_name[tclass - 1]);
	return sc_ioctls_name(&total, j->arena, &hit->first.perms)
		       ? 0
		       : sc_no_memory(j->err);
}

static int judge_numbers(struct judge *j, const struct sc_guard_row *row)
{
	struct sc_hit hit = { .guard = &j->guards->guards.v[row->guard],
			      .words = row->words };
	int r = 0;

	for (uint32_t t = 1; t <= j->total->types; t++) {
		if (t == j->total->domain ? !row->self : !row->targets[t - 1])
			continue;
		for (uint32_t c = 1; c <= j->total->classes && r == 0; c++)
			if (row->masks[c - 1] & *sc_vectors_at(j->total, t, c))
				r = judge_number(j, row, t, c, &hit);
	}
	return r == 0 && hit.first.target.n ? push(j, hit) : r;
}

int sc_guards_judge_ioctls(const struct sc_guards *g,
			   const struct sc_vectors *total,
			   const struct sc_vectors *base, struct sc_arena *a,
			   struct sc_hits *out, struct sc_error *err)
{
	struct judge j = { .guards = g,
			   .total = total,
			   .base = base,
			   .arena = a,
			   .out = out,
			   .err = err };
	int r = 0;

	for (size_t i = 0; i < g->rows.n && r == 0; i++)
		if (!g->rows.v[i].na && g->rows.v[i].kind == SC_IOCTL)
			r = judge_numbers(&j, &g->rows.v[i]);
	return r;
}

/* ---- categories */

#define OWN_LEVEL "s0:c1,c2"
#define OTHER_LEVEL "s0:c3,c4"

static int ask(struct sc_policy *p, struct sc_str domain,
	       const struct sc_guard_row *row, const char *level,
	       struct sc_arena *a, struct sc_whys *out, struct sc_error *err)
{
	char source[400], target[400];

	snprintf(source, sizeof(source),
		 "system_u:system_r:" SC_FMT ":" OWN_LEVEL, SC_ARG(domain));
	snprintf(target, sizeof(target), "system_u:object_r:" SC_FMT ":%s",
		 SC_ARG(row->text_targets), level);
	return sc_why_ask(p, sc_view(source), sc_view(target),
			  row->text_classes, row->text_perms, a, out, err);
}

/* Does the constraint on levels, and not only a missing rule, refuse @w? */
static bool kept_out(const struct sc_why *w)
{
	return (w->reasons & SC_WHY_CONSTRAINT) && w->mcs;
}

int sc_guards_ask_mcs(const struct sc_guards *g, struct sc_policy *p,
		      struct sc_str domain, struct sc_arena *a,
		      struct sc_hits *out, struct sc_error *err)
{
	struct judge j = { .guards = g, .arena = a, .out = out, .err = err };

	for (size_t i = 0; i < g->rows.n; i++) {
		const struct sc_guard_row *row = &g->rows.v[i];
		struct sc_hit hit = { .guard = &g->guards.v[row->guard],
				      .words = row->words };
		struct sc_whys own = { 0 }, other = { 0 };
		int r;

		if (row->na || row->kind != SC_MCS)
			continue;
		r = ask(p, domain, row, OWN_LEVEL, a, &own, err);
		if (r == 0)
			r = ask(p, domain, row, OTHER_LEVEL, a, &other, err);
		for (size_t k = 0; r == 0 && k < other.n; k++) {
			if (kept_out(&other.v[k]) && !kept_out(&own.v[k]))
				continue;
			hit.first = (struct sc_vector){ row->text_targets,
							row->text_classes,
							other.v[k].perm };
			r = push(&j, hit);
			break;
		}
		if (r < 0)
			return r;
	}
	return 0;
}
