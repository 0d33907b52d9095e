#include "policy/extended.h"

#include "policy/context.h"
#include "policy/ioctls.h"

/* The commands that the policy lets one type use on another. */
struct allowed {
	bool limited; /* there are extended rules: all else is denied */
	struct sc_ioctls commands;
};

/* Any kind of extended rule limits, as in the kernel; only those that allow
 * open something again. */
static void add_rules(const policydb_t *db, avtab_key_t *key,
		      struct allowed *out)
{
	avtab_ptr_t rule = avtab_search_node((avtab_t *)&db->te_avtab, key);

	for (; rule; rule = avtab_search_node_next(rule, AVTAB_XPERMS)) {
		const avtab_extended_perms_t *x = rule->datum.xperms;

		if (!x || (x->specified != AVTAB_XPERMS_IOCTLFUNCTION &&
			   x->specified != AVTAB_XPERMS_IOCTLDRIVER))
			continue;
		out->limited = true;
		if (rule->key.specified & AVTAB_XPERMS_ALLOWED)
			sc_ioctls_add(&out->commands, x);
	}
}

static void find_allowed(const policydb_t *db, uint32_t source, uint32_t target,
			 uint32_t tclass, struct allowed *out)
{
	const ebitmap_t *from = &db->type_attr_map[source - 1];
	const ebitmap_t *to = &db->type_attr_map[target - 1];
	ebitmap_node_t *n, *m;
	uint32_t i, j;

	ebitmap_for_each_positive_bit(from, n, i)
	{
		ebitmap_for_each_positive_bit(to, m, j)
		{
			avtab_key_t key = {
				.source_type = (uint16_t)(i + 1),
				.target_type = (uint16_t)(j + 1),
				.target_class = (uint16_t)tclass,
				.specified = AVTAB_XPERMS,
			};

			add_rules(db, &key, out);
		}
	}
}

static int put_denied(const struct allowed *allowed,
		      const struct sc_why_ioctl *asked, struct sc_arena *a,
		      struct sc_why *why, struct sc_error *err)
{
	uint16_t *denied = sc_new_array(a, uint16_t, asked->n);
	size_t n = 0;

	if (!denied)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	for (size_t i = 0; i < asked->n; i++)
		if (!sc_ioctls_has(&allowed->commands, asked->v[i]))
			denied[n++] = asked->v[i];
	if (!n)
		return 0;
	why->reasons |= SC_WHY_XPERM;
	why->commands = denied;
	why->n_commands = n;
	return 0;
}

static int ask(struct sc_policy *p, const struct sc_why_ioctl *asked,
	       struct sc_arena *a, struct sc_why *why, struct sc_error *err)
{
	SC_CLEAN(sc_context_free) struct sc_context source = { 0 };
	SC_CLEAN(sc_context_free) struct sc_context target = { 0 };
	const policydb_t *db = sc_policy_db(p);
	const class_datum_t *class =
		sc_db_find(db->p_classes.table, asked->tclass);
	struct allowed *allowed = sc_new(a, struct allowed);
	struct sc_misfit misfit;
	int r;

	if (!allowed)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	r = sc_context_read(p, asked->scontext, a, &source, &misfit, err);
	if (r > 0)
		r = sc_context_read(p, asked->tcontext, a, &target, &misfit,
				    err);
	if (r <= 0 || !class)
		return r;
	find_allowed(db, source.c.type, target.c.type, class->s.value, allowed);
	return allowed->limited ? put_denied(allowed, asked, a, why, err) : 0;
}

int sc_why_ask_ioctl(struct sc_policy *p, const struct sc_why_ioctl *asked,
		     struct sc_arena *a, struct sc_whys *whys,
		     struct sc_error *err)
{
	const unsigned no_rule = SC_WHY_RULE | SC_WHY_BOOLEAN | SC_WHY_UNKNOWN;

	for (size_t i = 0; i < whys->n; i++) {
		struct sc_why *why = &whys->v[i];

		if (asked->n && !(why->reasons & no_rule) &&
		    sc_str_eq(why->perm, SC_STR("ioctl")))
			return ask(p, asked, a, why, err);
	}
	return 0;
}
