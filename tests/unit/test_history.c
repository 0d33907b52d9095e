/* Versions of a module, out of entries as a ledger holds them. */
#include "unit.h"

#include "policy/history.h"

#include "base/clean.h"

#define A SC_STR("a")
#define B SC_STR("b")
#define C SC_STR("c")
#define NONE SC_STR("")

/* Add that @before was replaced by @after, as the test says it ended. */
static void add(struct sc_ledger *l, struct sc_arena *a, struct sc_str name,
		struct sc_str before, struct sc_str after)
{
	struct sc_entry e = { .id = l->n + 1,
			      .changes = { .kind = SC_LOADED_KIND,
					   .place = SC_STR("default") },
			      .state = SC_ENTRY_DONE };
	struct sc_change c = { name, before, after };

	assert_true(SC_PUSH(a, &e.changes, c));
	assert_true(SC_PUSH(a, l, e));
}

/* The versions of "web", as one word. */
static void versions_are(const struct sc_ledger *l, struct sc_arena *a,
			 const char *want)
{
	struct sc_histories all;
	struct sc_error err;
	char found[SC_VERSIONS_MAX + 1] = "";

	assert_int_equal(sc_history_read(l, a, &all, &err), 0);
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0;
		     k < all.v[i].n && sc_str_eq(all.v[i].name, SC_STR("web"));
		     k++)
			found[k] = all.v[i].digests[k].s[0];
	assert_string_equal(found, want);
}

static void goes_back_step_by_step(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };

	(void)state;
	add(&l, &a, SC_STR("web"), NONE, A);
	add(&l, &a, SC_STR("other"), NONE, C);
	add(&l, &a, SC_STR("web"), A, B);
	add(&l, &a, SC_STR("web"), B, C);
	versions_are(&l, &a, "abc");
	add(&l, &a, SC_STR("web"), C, B);
	versions_are(&l, &a, "ab");
	add(&l, &a, SC_STR("web"), B, A);
	versions_are(&l, &a, "a");
	add(&l, &a, SC_STR("web"), A, C);
	versions_are(&l, &a, "ac");
}

static void what_was_removed_has_none(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };

	(void)state;
	add(&l, &a, SC_STR("web"), NONE, A);
	add(&l, &a, SC_STR("web"), A, B);
	add(&l, &a, SC_STR("web"), B, NONE);
	versions_are(&l, &a, "");
	add(&l, &a, SC_STR("web"), NONE, B);
	versions_are(&l, &a, "b");
}

static void what_others_put_there_is_a_version(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };

	(void)state;
	add(&l, &a, SC_STR("web"), NONE, A);
	add(&l, &a, SC_STR("web"), B, C);
	versions_are(&l, &a, "abc");
}

static void counts_what_came_to_pass_alone(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };

	(void)state;
	add(&l, &a, SC_STR("web"), NONE, A);
	add(&l, &a, SC_STR("web"), A, B);
	l.v[1].state = SC_ENTRY_UNDONE;
	add(&l, &a, SC_STR("web"), A, C);
	l.v[2].state = SC_ENTRY_OPEN;
	versions_are(&l, &a, "a");
}

static void forgets_the_oldest(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };
	struct sc_str letters = SC_STR("abcdefghijklmnop");

	(void)state;
	for (size_t i = 0; i < letters.n; i++)
		add(&l, &a, SC_STR("web"),
		    (struct sc_str){ letters.s + i - !!i, i ? 1 : 0 },
		    (struct sc_str){ letters.s + i, 1 });
	versions_are(&l, &a, "ghijklmnop");
}

/* The one whose files have their labels to come, by its number; 0: none. */
static uint64_t unlabelled(const struct sc_ledger *l)
{
	const struct sc_entry *e = sc_history_unlabelled(l, SC_STR("default"));

	return e ? e->id : 0;
}

static void knows_whose_files_have_no_labels_yet(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { 0 };

	(void)state;
	assert_int_equal(unlabelled(&l), 0);
	add(&l, &a, SC_STR("web"), NONE, A);
	assert_int_equal(unlabelled(&l), 1);
	l.v[0].state = SC_ENTRY_UNDONE;
	assert_int_equal(unlabelled(&l), 0);
	l.v[0].state = SC_ENTRY_DONE;
	add(&l, &a, SC_STR("/srv"), NONE, NONE);
	l.v[1].changes.kind = SC_STR("labels");
	assert_int_equal(unlabelled(&l), 0);
	l.v[1].state = SC_ENTRY_UNDONE;
	assert_int_equal(unlabelled(&l), 0);
	l.v[1].state = SC_ENTRY_OPEN;
	assert_int_equal(unlabelled(&l), 1);
	l.v[1].changes.place = SC_STR("other");
	l.v[1].state = SC_ENTRY_DONE;
	assert_int_equal(unlabelled(&l), 1);
	add(&l, &a, SC_STR("web"), A, B);
	l.v[2].changes.kind = SC_STR("mode");
	assert_int_equal(unlabelled(&l), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_back_step_by_step),
		cmocka_unit_test(what_was_removed_has_none),
		cmocka_unit_test(what_others_put_there_is_a_version),
		cmocka_unit_test(counts_what_came_to_pass_alone),
		cmocka_unit_test(forgets_the_oldest),
		cmocka_unit_test(knows_whose_files_have_no_labels_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
