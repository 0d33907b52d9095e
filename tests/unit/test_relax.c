#include "unit.h"

#include "base/clean.h"
#include "base/file.h"
#include "policies.h"
#include "policy/db.h"
#include "policy/differ.h"

#include <unistd.h>

#define BOTH (SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT)

/* Debian's policy with container.pp, as bytes: each test reads it anew. */
static struct sc_arena whole;
static struct sc_str debian;

static int read_debian(void **state)
{
	struct sc_error err;

	(void)state;
	return sc_file_read(policy_path(), SC_POLICY_BYTES, &whole, &debian,
			    &err);
}

static int drop_debian(void **state)
{
	(void)state;
	sc_arena_free(&whole);
	return 0;
}

static struct sc_policy *open_bytes(struct sc_str bytes)
{
	struct sc_policy *p = NULL;
	struct sc_error err;

	assert_int_equal(sc_policy_read(bytes, "test", true, &p, &err), 0);
	return p;
}

static void relax(struct sc_policy *p, const char *domain, unsigned flags)
{
	struct sc_relaxed r = { sc_view(domain), flags };
	struct sc_error err;

	assert_int_equal(sc_policy_relax(p, &r, &err), 0);
}

static struct sc_str write_policy(struct sc_policy *p, struct sc_arena *a)
{
	struct sc_str bytes = { 0 };
	struct sc_error err;

	assert_int_equal(sc_policy_write(p, a, &bytes, &err), 0);
	return bytes;
}

/* Are they the same but for @domain's @flags? @domain may be NULL. */
static bool is_same(struct sc_policy *a, struct sc_policy *b,
		    const char *domain, unsigned flags, const char *words)
{
	struct sc_relaxed but = { domain ? sc_view(domain)
					 : (struct sc_str){ 0 },
				  flags };
	const char *said = "";
	struct sc_error err;
	int r = sc_policy_is_same(a, b, &but, domain != NULL, &said, &err);

	assert_true(r >= 0);
	if (!r && words)
		assert_string_equal(said, words);
	return r == 1;
}

/* What is audited of what @source is denied, bits as they are in the rules:
 * found by asking each rule, and not as relax.c or differ.c do it. */
static uint32_t audited(const policydb_t *db, uint32_t source, uint32_t target,
			uint32_t class)
{
	const avtab_t *tables[] = { &db->te_avtab, &db->te_cond_avtab };
	ebitmap_node_t *s, *t;
	uint32_t all = UINT32_MAX, i, j;

	ebitmap_for_each_positive_bit(&db->type_attr_map[source - 1], s, i)
	{
		ebitmap_for_each_positive_bit(&db->type_attr_map[target - 1], t,
					      j)
		{
			avtab_key_t key = { (uint16_t)(i + 1),
					    (uint16_t)(j + 1), (uint16_t) class,
					    AVTAB_AUDITDENY };

			for (size_t k = 0; k < 2; k++)
				for (avtab_ptr_t n = avtab_search_node(
					     (avtab_t *)tables[k], &key);
				     n; n = avtab_search_node_next(
						n, AVTAB_AUDITDENY))
					all &= n->datum.data;
		}
	}
	return all;
}

static uint32_t value_of(const policydb_t *db, const char *name)
{
	const type_datum_t *type = sc_db_type(db, sc_view(name));

	assert_non_null(type);
	return type->s.value;
}

static void sets_one_bit_and_nothing_else(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *before = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str one, two;
	struct sc_names names;
	struct sc_error err;

	(void)state;
	before = open_bytes(debian);
	p = open_bytes(debian);
	relax(p, "container_t", SC_RELAX_PERMISSIVE);
	again = open_bytes(write_policy(p, &a));
	assert_int_equal(sc_policy_permissive(again, &a, &names, &err), 0);
	assert_int_equal(names.n, 1);
	assert_true(sc_str_eq(names.v[0], SC_STR("container_t")));
	assert_true(is_same(p, again, NULL, 0, NULL));
	assert_true(is_same(before, again, "container_t", SC_RELAX_PERMISSIVE,
			    NULL));
	assert_false(is_same(before, again, NULL, 0,
			     "the domains that are permissive"));
	assert_false(is_same(before, again, "sshd_t", SC_RELAX_PERMISSIVE,
			     "the domains that are permissive"));
	assert_false(is_same(before, again, "container_t", SC_RELAX_AUDIT,
			     "the domains that are permissive"));

	/* the bit apart, it is the same to the byte */
	assert_int_equal(sc_policy_enforce(again, SC_STR("container_t"), &err),
			 0);
	one = write_policy(before, &a);
	two = write_policy(again, &a);
	assert_true(sc_str_eq(one, two));
}

static void leaves_bits_that_are_set(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *before = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_names names;
	struct sc_str bytes;
	struct sc_error err;

	(void)state;
	before = open_bytes(debian);
	relax(before, "sshd_t", SC_RELAX_PERMISSIVE);
	bytes = write_policy(before, &a);
	p = open_bytes(bytes);
	/* an alias is the type, and what is permissive stays so */
	relax(p, "svirt_lxc_net_t", SC_RELAX_PERMISSIVE);
	relax(p, "sshd_t", SC_RELAX_PERMISSIVE);
	again = open_bytes(write_policy(p, &a));
	assert_int_equal(sc_policy_permissive(again, &a, &names, &err), 0);
	assert_int_equal(names.n, 2);
	assert_true(is_same(before, again, "container_t", SC_RELAX_PERMISSIVE,
			    NULL));
	assert_int_equal(sc_policy_enforce(again, SC_STR("container_t"), &err),
			 0);
	assert_true(is_same(before, again, NULL, 0, NULL));
}

/* @value, or of an attribute some type that is in it. */
static uint32_t a_type(const policydb_t *db, uint32_t value)
{
	ebitmap_node_t *node;
	uint32_t i;

	ebitmap_for_each_positive_bit(&db->attr_type_map[value - 1], node, i)
	{
		if (db->type_val_to_struct[i]->flavor != TYPE_ATTRIB)
			value = i + 1;
	}
	return value;
}

/* Each rule that hides something, of the policy before, is asked about its own
 * types and about the domain's. */
static void compare_audited(const policydb_t *before, const policydb_t *after,
			    uint32_t domain, size_t step)
{
	const avtab_t *t = &before->te_avtab;
	size_t n = 0, hidden = 0;

	for (uint32_t i = 0; i < t->nslot; i++) {
		for (avtab_ptr_t r = t->htable[i]; r; r = r->next) {
			uint32_t s = r->key.source_type, o = r->key.target_type;
			uint32_t c = r->key.target_class;

			if (!(r->key.specified & AVTAB_AUDITDENY) || n++ % step)
				continue;
			s = a_type(before, s);
			o = a_type(before, o);
			if (s != domain)
				assert_int_equal(audited(before, s, o, c),
						 audited(after, s, o, c));
			hidden += audited(before, domain, o, c) != UINT32_MAX;
			assert_int_equal(audited(after, domain, o, c),
					 UINT32_MAX);
		}
	}
	assert_true(n > 10000);
	assert_true(hidden > 10);
}

static void takes_away_what_hides_denials_of_one_domain(void **state)
{
	static const char *const domains[] = { "container_t", "passwd_t",
					       "httpd_t" };
	SC_CLEAN(sc_policy_close_p) struct sc_policy *before = NULL;

	(void)state;
	before = open_bytes(debian);
	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
		SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };

		p = open_bytes(debian);
		relax(p, domains[i], BOTH);
		again = open_bytes(write_policy(p, &a));
		assert_true(is_same(before, again, domains[i], BOTH, NULL));
		assert_false(is_same(before, again, domains[i],
				     SC_RELAX_PERMISSIVE, "their rules"));
		assert_true(is_same(p, again, NULL, 0, NULL));
		compare_audited(sc_policy_db(before), sc_policy_db(again),
				value_of(sc_policy_db(before), domains[i]), 41);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void relaxes_random_domains_one_after_the_other(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *before = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_relaxed but[5] = { 0 };
	const char *words;
	uint32_t seed = 7;
	struct sc_error err;
	size_t n = 0;

	(void)state;
	before = open_bytes(debian);
	p = open_bytes(debian);
	while (n < 5) {
		const policydb_t *db = sc_policy_db(before);
		uint32_t i = next_random(&seed) % db->p_types.nprim;

		if (db->type_val_to_struct[i]->flavor == TYPE_ATTRIB)
			continue;
		but[n] =
			(struct sc_relaxed){ sc_view(db->p_type_val_to_name[i]),
					     n % 2 ? BOTH : 1 };
		assert_int_equal(sc_policy_relax(p, &but[n++], &err), 0);
	}
	again = open_bytes(write_policy(p, &a));
	assert_int_equal(sc_policy_is_same(before, again, but, 5, &words, &err),
			 1);
	assert_int_equal(sc_policy_is_same(before, again, but, 4, &words, &err),
			 0);
}

/* The first rule of that kind in @t. */
static avtab_ptr_t first_rule(avtab_t *t, uint16_t kind)
{
	for (uint32_t i = 0; i < t->nslot; i++)
		for (avtab_ptr_t n = t->htable[i]; n; n = n->next)
			if (n->key.specified & kind)
				return n;
	fail();
	return NULL;
}

static void sees_every_other_difference(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *a = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *b = NULL;
	policydb_t *db;
	avtab_ptr_t rule;
	cond_node_t *c;

	(void)state;
	a = open_bytes(debian);
	b = open_bytes(debian);
	db = sc_policy_db(b);
	assert_true(is_same(a, b, NULL, 0, NULL));

	rule = first_rule(&db->te_avtab, AVTAB_ALLOWED);
	rule->datum.data ^= 1;
	assert_false(is_same(a, b, "container_t", BOTH, "their rules"));
	rule->datum.data ^= 1;
	rule = first_rule(&db->te_avtab, AVTAB_AUDITDENY);
	rule->datum.data ^= 2;
	assert_false(is_same(a, b, "container_t", BOTH, "their rules"));
	rule->datum.data ^= 2;
	for (c = db->cond_list; !c->true_list; c = c->next)
		;
	c->true_list->node->datum.data ^= 4;
	assert_false(
		is_same(a, b, "container_t", BOTH, "their conditional rules"));
	c->true_list->node->datum.data ^= 4;
	db->handle_unknown = db->handle_unknown ? 0 : ALLOW_UNKNOWN;
	assert_false(
		is_same(a, b, NULL, 0, "their names, contexts or constraints"));
}

static void passes_over_values_of_booleans(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *a = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *b = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	policydb_t *db;

	(void)state;
	a = open_bytes(debian);
	b = open_bytes(debian);
	db = sc_policy_db(b);
	for (uint32_t i = 0; i < db->p_bools.nprim; i++)
		db->bool_val_to_struct[i]->state ^= 1;
	assert_int_equal(evaluate_conds(db), 0);
	again = open_bytes(write_policy(b, &arena));
	assert_true(is_same(a, again, NULL, 0, NULL));
	/* and leaves them as they are */
	assert_int_equal(sc_policy_db(again)->bool_val_to_struct[0]->state,
			 db->bool_val_to_struct[0]->state);
}

static void knows_what_is_no_type(void **state)
{
	static const char *const names[] = { "container_domain", "no_such_t",
					     "", "file" };
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_error err;

	(void)state;
	p = open_bytes(debian);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct sc_relaxed r = { sc_view(names[i]), BOTH };

		assert_int_equal(sc_policy_relax(p, &r, &err), SC_ENOTFOUND);
		assert_int_equal(sc_policy_enforce(p, r.domain, &err),
				 SC_ENOTFOUND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_one_bit_and_nothing_else),
		cmocka_unit_test(leaves_bits_that_are_set),
		cmocka_unit_test(takes_away_what_hides_denials_of_one_domain),
		cmocka_unit_test(relaxes_random_domains_one_after_the_other),
		cmocka_unit_test(sees_every_other_difference),
		cmocka_unit_test(passes_over_values_of_booleans),
		cmocka_unit_test(knows_what_is_no_type),
	};

	(void)policy_path();
	return cmocka_run_group_tests(tests, read_debian, drop_debian);
}
