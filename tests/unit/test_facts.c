#include "unit.h"

#include "policy/facts.h"

#include "base/clean.h"
#include "policy/db.h"

static struct sc_policy *debian;

static int open_debian(void **state)
{
	struct sc_error err;

	(void)state;
	return sc_policy_open(getenv("SELCAGE_POLICY"), &debian, &err);
}

static int close_debian(void **state)
{
	(void)state;
	sc_policy_close(debian);
	return 0;
}

static struct sc_facts facts_of(struct sc_arena *a)
{
	struct sc_facts f;
	struct sc_error err;

	assert_int_equal(sc_facts_read(debian, a, &f, &err), 0);
	return f;
}

static bool allows(const char *source, const char *target, const char *class,
		   const char *perm)
{
	return sc_policy_allows(debian, sc_view(source), sc_view(target),
				sc_view(class), sc_view(perm));
}

static void tells_of_debians_policy(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_facts f = facts_of(&arena);

	(void)state;
	assert_int_equal(f.version, 33);
	assert_true(f.mls);
	assert_int_equal(f.unknown, SC_UNKNOWN_ALLOW);
	assert_true(f.types > 3000 && f.types < 20000);
	assert_true(f.rules > 50000);
	assert_true(f.dontaudits > 1000);
	assert_int_equal(f.permissive.n, 0);
	for (size_t i = 1; i < f.switches.n; i++)
		assert_true(strcmp(f.switches.v[i - 1].name.s,
				   f.switches.v[i].name.s) < 0);
	assert_true(f.switches.n > 100);
	assert_false(sc_policy_has_default_range(debian, SC_STR("file")));
	assert_false(sc_policy_has_default_range(debian, SC_STR("none")));
}

/* By an attribute on each side; by a boolean that is off; not at all. */
static void asks_for_rules_in_force(void **state)
{
	(void)state;
	assert_true(allows("container_t", "container_file_t", "file", "write"));
	assert_true(allows("unconfined_t", "etc_t", "file", "write"));
	assert_false(allows("container_t", "nfs_t", "dir", "add_name"));
	assert_false(allows("container_t", "shadow_t", "file", "read"));
	assert_false(
		allows("container_t", "unconfined_t", "fifo_file", "write"));
	assert_false(allows("none_t", "shadow_t", "file", "read"));
	assert_false(allows("container_t", "none_t", "file", "read"));
	assert_false(allows("container_t", "shadow_t", "none", "read"));
	assert_false(allows("container_t", "shadow_t", "file", "none"));
}

static void a_boolean_that_is_on_counts(void **state)
{
	policydb_t *db = sc_policy_db(debian);
	cond_bool_datum_t *nfs =
		sc_db_find(db->p_bools.table, SC_STR("container_use_nfs"));

	(void)state;
	assert_non_null(nfs);
	nfs->state = 1;
	assert_int_equal(evaluate_conds(db), 0);
	assert_true(allows("container_t", "nfs_t", "dir", "add_name"));
	nfs->state = 0;
	assert_int_equal(evaluate_conds(db), 0);
	assert_false(allows("container_t", "nfs_t", "dir", "add_name"));
}

/* What a running kernel changes is no other policy; a rule is. */
static void the_digest_is_of_rules_alone(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	policydb_t *db = sc_policy_db(debian);
	cond_bool_datum_t *nfs =
		sc_db_find(db->p_bools.table, SC_STR("container_use_nfs"));
	uint64_t before = facts_of(&arena).digest;
	avtab_key_t key = { 1, 2, 3, AVTAB_ALLOWED };
	avtab_key_t hidden = { 1, 2, 3, AVTAB_AUDITDENY };
	avtab_datum_t datum = { .data = 0x80000000 };
	class_datum_t *file = sc_db_find(db->p_classes.table, SC_STR("file"));

	(void)state;
	nfs->state = 1;
	assert_int_equal(evaluate_conds(db), 0);
	assert_int_equal(ebitmap_set_bit(&db->permissive_map, 7, 1), 0);
	assert_true(facts_of(&arena).digest == before);
	assert_int_equal(facts_of(&arena).permissive.n, 1);
	assert_int_equal(ebitmap_set_bit(&db->permissive_map, 7, 0), 0);
	nfs->state = 0;
	assert_int_equal(evaluate_conds(db), 0);

	file->default_range = DEFAULT_TARGET_LOW;
	assert_true(facts_of(&arena).digest != before);
	assert_true(sc_policy_has_default_range(debian, SC_STR("file")));
	file->default_range = 0;
	assert_true(facts_of(&arena).digest == before);

	/* Last, since nothing takes them out again. */
	assert_int_equal(avtab_insert(&db->te_avtab, &hidden, &datum), 0);
	assert_true(facts_of(&arena).digest == before);
	assert_int_equal(avtab_insert(&db->te_avtab, &key, &datum), 0);
	assert_true(facts_of(&arena).digest != before);
}

static void survives_every_lack_of_memory(void **state)
{
	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_facts f;
		struct sc_error err = { 0 };
		int r;

		sc_test_fail_after = nth;
		r = sc_facts_read(debian, &arena, &f, &err);
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_debians_policy),
		cmocka_unit_test(asks_for_rules_in_force),
		cmocka_unit_test(a_boolean_that_is_on_counts),
		cmocka_unit_test(survives_every_lack_of_memory),
		cmocka_unit_test(the_digest_is_of_rules_alone),
	};

	return cmocka_run_group_tests(tests, open_debian, close_debian);
}
