#include "policy/context.h"

#include "base/buf.h"

#define CONTEXT_MAX 4096 /* the kernel keeps to a page */
#define WORDS_MAX 511    /* bytes */

void sc_context_free(struct sc_context *c)
{
	context_destroy(&c->c);
}

/* What comes before @stop, or all that is left. */
static struct sc_str take_part(struct sc_str *in, char stop)
{
	struct sc_str part = { 0 };

	(void)sc_take_part(in, stop, &part);
	return part;
}

struct sc_str sc_context_categories(struct sc_str level)
{
	struct sc_str high = level;

	while (high.n)
		level = take_part(&high, '-');
	(void)take_part(&level, ':');
	return level;
}

/* Fill @misfit; returns 0, which is what the caller then says, or SC_ENOMEM. */
SC_PRINTF(5, 6)
static int say(struct sc_misfit *misfit, struct sc_str name, struct sc_arena *a,
	       struct sc_error *err, const char *fmt, ...)
{
	va_list ap;
	bool kept;

	*misfit = (struct sc_misfit){ 0 };
	va_start(ap, fmt);
	kept = sc_keep(a, name, &misfit->name) &&
	       sc_keepvf(a, &misfit->words, WORDS_MAX, fmt, ap);
	va_end(ap);
	return kept ? 0 : sc_no_memory(err);
}

static const struct part {
	enum sc_name_kind kind;
	const char *word;
} user_part = { SC_NAME_USER, "user" }, role_part = { SC_NAME_ROLE, "role" },
  type_part = { SC_NAME_TYPE, "type" };

static int say_unknown(const struct sc_policy *p, const struct part *part,
		       struct sc_str name, struct sc_arena *a,
		       struct sc_misfit *misfit, struct sc_error *err)
{
	bool is_attribute = part->kind == SC_NAME_TYPE &&
			    sc_policy_has(p, SC_NAME_ATTRIBUTE, name);
	int r;

	if (is_attribute)
		return say(misfit, name, a, err,
			   "'" SC_FMT "' is an attribute, not a type",
			   SC_ARG(name));
	r = say(misfit, name, a, err, "the policy has no %s '" SC_FMT "'",
		part->word, SC_ARG(name));
	if (r == 0)
		misfit->nearest = sc_policy_nearest(p, part->kind, name, a);
	return r;
}

/* "c3" or "c0.c9"; false if the policy does not have them. */
static bool read_categories(const policydb_t *db, struct sc_str text,
			    ebitmap_t *out)
{
	struct sc_str first = take_part(&text, '.');
	const cat_datum_t *low = sc_db_find(db->p_cats.table, first);
	const cat_datum_t *high =
		text.n ? sc_db_find(db->p_cats.table, text) : low;

	if (!low || !high || high->s.value < low->s.value)
		return false;
	for (uint32_t i = low->s.value; i <= high->s.value; i++)
		if (ebitmap_set_bit(out, i - 1, 1) < 0)
			return false;
	return true;
}

/* "s0" or "s0:c1,c2" */
static bool read_level(const policydb_t *db, struct sc_str text,
		       mls_level_t *out)
{
	struct sc_str name = take_part(&text, ':');
	const level_datum_t *level = sc_db_find(db->p_levels.table, name);

	if (!level || !level->level)
		return false;
	out->sens = level->level->sens;
	while (text.n)
		if (!read_categories(db, take_part(&text, ','), &out->cat))
			return false;
	return true;
}

static bool read_range(const policydb_t *db, struct sc_str text,
		       mls_range_t *out)
{
	struct sc_str low = take_part(&text, '-');

	if (!read_level(db, low, &out->level[0]))
		return false;
	return read_level(db, text.n ? text : low, &out->level[1]);
}

/* The names, each for itself. */
static int read_names(const struct sc_policy *p, struct sc_arena *a,
		      struct sc_context *c, struct sc_misfit *misfit,
		      struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);
	const user_datum_t *user = sc_db_find(db->p_users.table, c->user);
	const role_datum_t *role = sc_db_find(db->p_roles.table, c->role);
	const type_datum_t *type = sc_db_type(db, c->type);

	if (!user)
		return say_unknown(p, &user_part, c->user, a, misfit, err);
	if (!role)
		return say_unknown(p, &role_part, c->role, a, misfit, err);
	if (!type)
		return say_unknown(p, &type_part, c->type, a, misfit, err);
	c->c.user = user->s.value;
	c->c.role = role->s.value;
	c->c.type = type->s.value;
	return 1;
}

static int read_levels(const struct sc_policy *p, struct sc_arena *a,
		       struct sc_context *c, struct sc_misfit *misfit,
		       struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);

	if (!db->mls && c->level.n)
		return say(misfit, c->level, a, err,
			   "the policy has no levels");
	if (!db->mls)
		return 1;
	if (!c->level.n)
		return say(misfit, c->level, a, err, "the level is missing");
	if (!read_range(db, c->level, &c->c.range))
		return say(misfit, c->level, a, err,
			   "the policy has no level '" SC_FMT "'",
			   SC_ARG(c->level));
	return 1;
}

/* Do the parts, all of which are known, go together? */
static int check_mix(const struct sc_policy *p, struct sc_arena *a,
		     const struct sc_context *c, struct sc_misfit *misfit,
		     struct sc_error *err)
{
	const policydb_t *db = sc_policy_db(p);
	const user_datum_t *user = db->user_val_to_struct[c->c.user - 1];
	const role_datum_t *role = db->role_val_to_struct[c->c.role - 1];
	context_struct_t object = c->c;

	if (policydb_context_isvalid(db, &c->c))
		return 1;
	object.role =
		OBJECT_R_VAL; /* which goes with any user, type and range */
	if (!policydb_context_isvalid(db, &object))
		return say(misfit, c->level, a, err,
			   "the policy has no level '" SC_FMT "'",
			   SC_ARG(c->level));
	if (!ebitmap_get_bit(&user->cache, c->c.role - 1))
		return say(misfit, c->role, a, err,
			   "user '" SC_FMT "' does not have role '" SC_FMT "'",
			   SC_ARG(c->user), SC_ARG(c->role));
	if (!ebitmap_get_bit(&role->cache, c->c.type - 1))
		return say(misfit, c->type, a, err,
			   "role '" SC_FMT "' does not have type '" SC_FMT "'",
			   SC_ARG(c->role), SC_ARG(c->type));
	return say(misfit, c->level, a, err,
		   "user '" SC_FMT "' does not have level '" SC_FMT "'",
		   SC_ARG(c->user), SC_ARG(c->level));
}

static bool split(struct sc_str text, struct sc_context *c)
{
	if (text.n > CONTEXT_MAX || !sc_take_until(&text, ':', &c->user) ||
	    !sc_take_until(&text, ':', &c->role))
		return false;
	c->type = take_part(&text, ':');
	c->level = text;
	return c->user.n && c->role.n && c->type.n;
}

int sc_context_read(const struct sc_policy *p, struct sc_str text,
		    struct sc_arena *a, struct sc_context *out,
		    struct sc_misfit *misfit, struct sc_error *err)
{
	SC_CLEAN(sc_context_free) struct sc_context c = { 0 };
	int r;

	if (!split(text, &c))
		return say(misfit, text, a, err, "it is no security context");
	r = read_names(p, a, &c, misfit, err);
	if (r > 0)
		r = read_levels(p, a, &c, misfit, err);
	if (r > 0)
		r = check_mix(p, a, &c, misfit, err);
	if (r > 0) {
		*out = c;
		c = (struct sc_context){ 0 };
	}
	return r;
}
