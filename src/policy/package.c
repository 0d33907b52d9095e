#include "policy/package.h"

#include "base/table.h"
#include "policy/db.h"

#include <sepol/module.h>
#include <sepol/policydb/avrule_block.h>
#include <sepol/policydb/module.h>

#define PERMS_MAX 32 /* bits of an access vector */
#define VERSION "1.0"

/* The oldest format that can hold all we write, for hosts older than this. */
#define FORMAT MOD_POLICYDB_VERSION_XPERMS_IOCTL

SC_DEFINE_CLEAN(sepol_module_package_t, sepol_module_package_free)

/* A module in the making. Its policydb owns all that is hung into it. */
struct making {
	policydb_t *db;
	avrule_decl_t *decl; /* the global block, which is all there is */
	avrule_t *last;      /* of .decl's rules */
};

static char *copy(struct sc_str v)
{
	return strndup(v.s, v.n);
}

/* ---- names */

/*
 * Hang @datum into the table of @kind as @name, required by our only block; its
 * number goes to @value. False if memory ran out; the datum is freed, unless it
 * hangs there already.
 */
static bool require(struct making *m, uint32_t kind, struct sc_str name,
		    void *datum, uint32_t *value)
{
	char *key = copy(name);

	if (!datum || !key ||
	    symtab_insert(m->db, kind, key, datum, SCOPE_REQ, m->decl->decl_id,
			  value) < 0) {
		free(key);
		free(datum);
		return false;
	}
	return ebitmap_set_bit(&m->decl->required.scope[kind], *value - 1, 1) ==
	       0;
}

static int require_type(struct making *m, struct sc_str name, uint32_t *value,
			struct sc_error *err)
{
	type_datum_t *type = sc_db_find(m->db->p_types.table, name);

	if (type) {
		*value = type->s.value;
		return 0;
	}
	type = calloc(1, sizeof(*type));
	if (!type)
		return sc_no_memory(err);
	type_datum_init(type);
	type->primary = 1;
	type->flavor = TYPE_TYPE;
	if (!require(m, SYM_TYPES, name, type, value))
		return sc_no_memory(err);
	type->s.value = *value;
	return 0;
}

static int require_role(struct making *m, struct sc_str name, uint32_t *value,
			struct sc_error *err)
{
	role_datum_t *role = sc_db_find(m->db->p_roles.table, name);

	if (role) {
		*value = role->s.value;
		return 0;
	}
	role = calloc(1, sizeof(*role));
	if (role)
		role_datum_init(role);
	if (!require(m, SYM_ROLES, name, role, value))
		return sc_no_memory(err);
	role->s.value = *value;
	return 0;
}

/* Its table of permissions is made when it is in its place, so that there is
 * one thing to free. */
static class_datum_t *add_class(struct making *m, struct sc_str name)
{
	class_datum_t *class = calloc(1, sizeof(*class));
	uint32_t value;

	if (!require(m, SYM_CLASSES, name, class, &value))
		return NULL;
	class->s.value = value;
	return symtab_init(&class->permissions, PERMS_MAX) < 0 ? NULL : class;
}

#ifndef __clang__ /* gcc's analyzer loses sight of what a module owns */
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* One set of required permissions for each class: room for one more. */
static bool grow_perms(scope_index_t *required, uint32_t value)
{
	ebitmap_t *map = required->class_perms_map;

	if (value <= required->class_perms_len)
		return true;
	map = realloc(map, value * sizeof(*map));
	if (!map)
		return false;
	for (uint32_t i = required->class_perms_len; i < value; i++)
		ebitmap_init(&map[i]);
	required->class_perms_map = map;
	required->class_perms_len = value;
	return true;
}

static int require_class(struct making *m, struct sc_str name,
			 class_datum_t **out, struct sc_error *err)
{
	*out = sc_db_find(m->db->p_classes.table, name);
	if (!*out)
		*out = add_class(m, name);
	if (!*out || !grow_perms(&m->decl->required, (*out)->s.value))
		return sc_no_memory(err);
	return 0;
}

static perm_datum_t *add_perm(class_datum_t *class, struct sc_str name)
{
	perm_datum_t *perm = calloc(1, sizeof(*perm));
	char *key = copy(name);

	if (perm)
		perm->s.value = class->permissions.nprim + 1;
	if (!perm || !key ||
	    hashtab_insert(class->permissions.table, key, perm) < 0) {
		free(perm);
		free(key);
		return NULL;
	}
	class->permissions.nprim++;
	return perm;
}

static int require_perm(struct making *m, class_datum_t *class,
			struct sc_str name, uint32_t *bits,
			struct sc_error *err)
{
	perm_datum_t *perm = sc_db_find(class->permissions.table, name);
	ebitmap_t *required;

	if (!perm && class->permissions.nprim == PERMS_MAX)
		return sc_fail(err, SC_EREFUSED,
			       "a class has more than %d permissions",
			       PERMS_MAX);
	if (!perm)
		perm = add_perm(class, name);
	required = &m->decl->required.class_perms_map[class->s.value - 1];
	if (!perm || ebitmap_set_bit(required, perm->s.value - 1, 1) < 0)
		return sc_no_memory(err);
	*bits |= UINT32_C(1) << (perm->s.value - 1);
	return 0;
}

/* ---- rules */

static void free_rule(avrule_t **rule)
{
	if (!*rule)
		return;
	avrule_destroy(*rule);
	free(*rule);
}

/* A rule from source to target on a class, that as yet says nothing. */
static int begin_rule(struct making *m, const struct sc_package_rule *in,
		      class_datum_t **class, avrule_t **out,
		      struct sc_error *err)
{
	SC_CLEAN(free_rule) avrule_t *rule = calloc(1, sizeof(*rule));
	uint32_t source, target = 0;
	int r;

	if (!rule)
		return sc_no_memory(err);
	avrule_init(rule);
	r = require_type(m, in->source, &source, err);
	if (sc_str_eq(in->target, SC_STR("self")))
		rule->flags |= RULE_SELF;
	else if (r == 0)
		r = require_type(m, in->target, &target, err);
	if (r == 0)
		r = require_class(m, in->tclass, class, err);
	if (r != 0)
		return r;
	rule->perms = calloc(1, sizeof(*rule->perms));
	if (!rule->perms ||
	    ebitmap_set_bit(&rule->stypes.types, source - 1, 1) < 0 ||
	    (target && ebitmap_set_bit(&rule->ttypes.types, target - 1, 1) < 0))
		return sc_no_memory(err);
	rule->perms->tclass = (*class)->s.value;
	*out = SC_TAKE(rule);
	return 0;
}

static void end_rule(struct making *m, avrule_t *rule)
{
	if (m->last)
		m->last->next = rule;
	else
		m->decl->avrules = rule;
	m->last = rule;
}

static int add_rule(struct making *m, const struct sc_package_rule *in,
		    struct sc_error *err)
{
	SC_CLEAN(free_rule) avrule_t *rule = NULL;
	struct sc_str perms = in->perms, word;
	class_datum_t *class;
	int r = begin_rule(m, in, &class, &rule, err);

	if (r != 0)
		return r;
	rule->specified = in->dontaudit ? AVRULE_DONTAUDIT : AVRULE_ALLOWED;
	while (sc_take_word(&perms, &word)) {
		r = require_perm(m, class, word, &rule->perms->data, err);
		if (r < 0)
			return r;
	}
	end_rule(m, SC_TAKE(rule));
	return 0;
}

static void add_range(av_extended_perms_t *x, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last; i++)
		x->perms[i / 32] |= UINT32_C(1) << (i % 32);
}

/* All commands of a driver are one bit of a rule for drivers, the others bits
 * of a rule for their driver: as the kernel's table has them. */
static void add_driver(const struct sc_package_rule *in, uint32_t driver,
		       av_extended_perms_t *drivers, av_extended_perms_t *some)
{
	for (size_t i = 0; i < in->n_ioctls; i++) {
		uint32_t first = in->ioctls[i].first, last = in->ioctls[i].last;

		if (first >> 8 > driver || last >> 8 < driver)
			continue;
		first = first >> 8 < driver ? 0 : first & 0xff;
		last = last >> 8 > driver ? 0xff : last & 0xff;
		if (first == 0 && last == 0xff)
			add_range(drivers, driver, driver);
		else
			add_range(some, first, last);
	}
}

static int add_xrule(struct making *m, const struct sc_package_rule *in,
		     const av_extended_perms_t *x, struct sc_error *err)
{
	SC_CLEAN(free_rule) avrule_t *rule = NULL;
	static const av_extended_perms_t none;
	class_datum_t *class;
	int r;

	if (memcmp(x->perms, none.perms, sizeof(none.perms)) == 0)
		return 0;
	r = begin_rule(m, in, &class, &rule, err);
	if (r != 0)
		return r;
	rule->specified =
		in->dontaudit ? AVRULE_XPERMS_DONTAUDIT : AVRULE_XPERMS_ALLOWED;
	r = require_perm(m, class, SC_STR("ioctl"), &rule->perms->data, err);
	if (r < 0)
		return r;
	rule->xperms = malloc(sizeof(*rule->xperms));
	if (!rule->xperms)
		return sc_no_memory(err);
	*rule->xperms = *x;
	end_rule(m, SC_TAKE(rule));
	return 0;
}

static int add_xrules(struct making *m, const struct sc_package_rule *in,
		      struct sc_error *err)
{
	av_extended_perms_t drivers = { .specified =
						AVRULE_XPERMS_IOCTLDRIVER };
	int r = 0;

	for (uint32_t driver = 0; r == 0 && driver < 256; driver++) {
		av_extended_perms_t some = {
			.specified = AVRULE_XPERMS_IOCTLFUNCTION,
			.driver = (uint8_t)driver,
		};

		add_driver(in, driver, &drivers, &some);
		r = add_xrule(m, in, &some, err);
	}
	return r < 0 ? r : add_xrule(m, in, &drivers, err);
}

/* The block's own entry for a role says which types are added to it. */
static int add_role(struct making *m, const struct sc_package_role *in,
		    struct sc_error *err)
{
	symtab_t *table = &m->decl->symtab[SYM_ROLES];
	role_datum_t *role = sc_db_find(table->table, in->role);
	uint32_t value, type;
	char *key;
	int r = require_role(m, in->role, &value, err);

	if (r == 0)
		r = require_type(m, in->type, &type, err);
	if (r < 0)
		return r;
	if (!role) {
		key = copy(in->role);
		role = calloc(1, sizeof(*role));
		if (role) {
			role_datum_init(role);
			role->s.value = value;
		}
		if (!key || !role ||
		    hashtab_insert(table->table, key, role) < 0) {
			free(key);
			free(role);
			return sc_no_memory(err);
		}
	}
	if (ebitmap_set_bit(&role->types.types, type - 1, 1) < 0)
		return sc_no_memory(err);
	return 0;
}

/* ---- the whole */

static int begin(struct making *m, const struct sc_package *in,
		 struct sc_error *err)
{
	policydb_t *db = m->db;

	db->policy_type = POLICY_MOD;
	db->policyvers = FORMAT;
	db->mls = in->mls;
	db->name = copy(in->name);
	db->version = strdup(VERSION);
	m->decl = db->global->branch_list;
	return db->name && db->version && m->decl ? 0 : sc_no_memory(err);
}

static int add_all(struct making *m, const struct sc_package *in,
		   struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < in->n_rules; i++) {
		const struct sc_package_rule *rule = &in->rules[i];

		if (rule->perms.n)
			r = add_rule(m, rule, err);
		if (r == 0 && rule->n_ioctls)
			r = add_xrules(m, rule, err);
	}
	for (size_t i = 0; r == 0 && i < in->n_roles; i++)
		r = add_role(m, &in->roles[i], err);
	return r;
}

static int check_type(struct sc_str name, struct sc_error *err)
{
	if (!name.n || !memchr(name.s, '.', name.n))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "a .pp cannot name '" SC_FMT "': only CIL can",
		       SC_ARG(name));
}

/* A dot would be read as the mark between a type and its child. */
static int check_types(const struct sc_package *in, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < in->n_rules; i++) {
		r = check_type(in->rules[i].source, err);
		if (r == 0)
			r = check_type(in->rules[i].target, err);
	}
	for (size_t i = 0; r == 0 && i < in->n_roles; i++)
		r = check_type(in->roles[i].type, err);
	return r;
}

static int put_package(sepol_module_package_t *package,
		       const struct sc_words *words, struct sc_buf *out,
		       struct sc_error *err)
{
	/* freed after .memory is closed, which still writes to it */
	SC_CLEAN(free_p) char *text = NULL;
	SC_CLEAN(fclose_p) FILE *memory = NULL;
	SC_CLEAN(sepol_policy_file_free_p) sepol_policy_file_t *file = NULL;
	size_t n = 0;

	memory = open_memstream(&text, &n);
	if (!memory || sepol_policy_file_create(&file) < 0)
		return sc_no_memory(err);
	sepol_policy_file_set_fp(file, memory);
	if (sepol_module_package_write(package, file) < 0)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol cannot write the package: %s",
			       *words->text ? words->text : "no reason given");
	if (fflush(memory) != 0)
		return sc_no_memory(err);
	sc_put(out, (struct sc_str){ text, n });
	return sc_buf_check(out, err);
}

int sc_package_write(const struct sc_package *in, struct sc_buf *out,
		     struct sc_error *err)
{
	SC_CLEAN(sepol_module_package_free_p)
	sepol_module_package_t *package = NULL;
	SC_CLEAN(sc_words_drop) struct sc_words words;
	struct making m = { 0 };
	int r = check_types(in, err);

	sc_words_keep(&words);
	if (r < 0)
		return r;
	if (sepol_module_package_create(&package) < 0)
		return sc_no_memory(err);
	m.db = &sepol_module_package_get_policy(package)->p;
	r = begin(&m, in, err);
	if (r == 0)
		r = add_all(&m, in, err);
	if (r < 0)
		return r;
	if (policydb_index_classes(m.db) < 0 ||
	    policydb_index_others(NULL, m.db, 0) < 0)
		return sc_no_memory(err);
	return put_package(package, &words, out, err);
}
