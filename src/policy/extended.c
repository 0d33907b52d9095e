#include "policy/extended.h"

#include "policy/context.h"
#include "policy/ioctls.h"

/* The commands that the policy lets one type use on another. */
struct allowed {
	const policydb_t *db;
	bool limited; /* there are extended rules: all else is denied */
	struct sc_ioctls commands;
};

/* Any kind of extended rule limits, as in the kernel; only those that allow
 * open something again. */
static bool add_rules(void *data, avtab_key_t *key)
{
	struct allowed *out = data;
	avtab_ptr_t rule =
		avtab_search_node((avtab_t *)&out->db->te_avtab, key);

	for (; rule; rule = avtab_search_node_next(rule, AVTAB_XPERMS)) {
		const avtab_extended_perms_t *x = rule->datum.xperms;

		if (!x || (x->specified != AVTAB_XPERMS_IOCTLFUNCTION &&
			   x->specified != AVTAB_XPERMS_IOCTLDRIVER))
			continue;
		out->limited = true;
		if (rule->key.specified & AVTAB_XPERMS_ALLOWED)
			sc_ioctls_add(&out->commands, x);
	}
	return false;
}

static int put_denied(const struct allowed *allowed,
		      const struct sc_why_ioctl *asked, struct sc_arena *a,
		      struct sc_why *why, struct sc_error *err)
{
	uint16_t *denied = sc_new_array(a, uint16_t, asked->n);
	size_t n = 0;

	if (!denied)
		return sc_no_memory(err);
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
	avtab_key_t key;
	int r;

	if (!allowed)
		return sc_no_memory(err);
	r = sc_context_read(p, asked->scontext, a, &source, &misfit, err);
	if (r > 0)
		r = sc_context_read(p, asked->tcontext, a, &target, &misfit,
				    err);
	if (r <= 0 || !class)
		return r;
	key = (avtab_key_t){
		.source_type = (uint16_t)source.c.type,
		.target_type = (uint16_t)target.c.type,
		.target_class = (uint16_t) class->s.value,
		.specified = AVTAB_XPERMS,
	};
	allowed->db = db;
	(void)sc_db_each_key(db, &key, add_rules, allowed);
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
