#include "unit.h"

#include "audit/levels.h"
#include "base/clean.h"
#include "base/label.h"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static void assert_str(struct sc_str got, const char *want)
{
	if (!sc_str_eq(got, view(want)))
		fail_msg("'%.*s' is not '%s'", SC_ARG(got), want);
}

/* An event of one denial; the tests change what they are about. */
static struct sc_event one(void)
{
	return (struct sc_event){
		.stamp = { 1000, 1 },
		.n_avcs = 1,
		.avcs = { {
			.denied = true,
			.perms = SC_STR("write read"),
			.source = SC_STR("u:r:app_t:s0:c1,c2"),
			.target = SC_STR("u:object_r:data_t:s0"),
			.tclass = SC_STR("file"),
		} },
		.objects = { SC_STR("/srv/x") },
		.comm = SC_STR("prog"),
	};
}

static void add(struct sc_tally *t, struct sc_arena *a,
		const struct sc_event *e)
{
	struct sc_error err = { 0 };

	assert_int_equal(sc_tally_add(t, a, e, &err), 0);
}

static void counts_a_repeat_once(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	add(&t, &arena, &e);
	e.stamp.ms = 500;
	e.avcs[0].perms = SC_STR(" read  write read ");
	e.avcs[0].source = SC_STR("u:r:app_t:s0:c7,c9"); /* also dominates */
	e.objects[0] = SC_STR("/srv/y");
	e.exe = SC_STR("/bin/prog");
	add(&t, &arena, &e);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.records, 2);
	assert_int_equal(t.events, 2);
	assert_int_equal(t.v[0].count, 2);
	assert_int_equal(t.v[0].first_ms, 500);
	assert_int_equal(t.v[0].last_ms, 1000);
	assert_int_equal(t.v[0].levels, SC_LEVELS_DOMINATES);
	assert_str(t.v[0].perms, "read write");
	assert_str(t.v[0].source, "app_t");
	assert_str(t.v[0].target, "data_t");
	assert_str(t.v[0].scontext, "u:r:app_t:s0:c1,c2");
	assert_int_equal(t.v[0].n_objects, 2);
	assert_str(t.v[0].objects[1].text, "/srv/y");
	assert_int_equal(t.v[0].n_programs, 2);
	assert_str(t.v[0].programs[1].text, "/bin/prog");
}

static void tells_denials_apart(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally t = { 0 };
	struct sc_event e[9];

	(void)state;
	for (size_t i = 0; i < 9; i++)
		e[i] = one();
	e[1].avcs[0].perms = SC_STR("read");
	e[2].avcs[0].tclass = SC_STR("dir");
	e[3].avcs[0].source = SC_STR("u:r:other_t:s0:c1,c2");
	e[4].avcs[0].source = SC_STR("u:role:app_t:s0:c1,c2");
	e[5].avcs[0].target = SC_STR("u:object_r:data_t:s0:c3");
	e[6].avcs[0].permissive = true;
	e[7].from_user = true;
	e[8].avcs[0].source = SC_STR("v:r:app_t:s0:c1,c2");
	for (size_t i = 0; i < 9; i++)
		add(&t, &arena, &e[i]);
	assert_int_equal(t.n, 9);
	assert_int_equal(t.v[5].levels, SC_LEVELS_INCOMPARABLE);
}

static void counts_access_granted_as_no_denial(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	e.avcs[0].denied = false;
	add(&t, &arena, &e);
	assert_int_equal(t.granted, 1);
	assert_int_equal(t.n + t.records + t.events, 0);
}

static void keeps_a_few_objects_and_every_count(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally t = { 0 };
	struct sc_event e = one();
	char text[16], huge[5000];

	(void)state;
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "/f%d", i % 6);
		e.objects[0] = view(text);
		add(&t, &arena, &e);
	}
	assert_int_equal(t.v[0].n_objects, SC_SEEN_MAX);
	assert_int_equal(t.v[0].objects[0].count, 2);
	assert_int_equal(t.v[0].more_objects, 2);
	memset(huge, 'x', sizeof(huge));
	e.comm = (struct sc_str){ huge, sizeof(huge) };
	add(&t, &arena, &e);
	assert_int_equal(t.v[0].n_programs, 1);
	assert_int_equal(t.v[0].more_programs, 1);
}

static void reads_ports_and_ioctl_commands(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	static const struct sc_str commands[] = {
		SC_STR("0x0"),    SC_STR("5401"),    SC_STR("0x5401"),
		SC_STR("zzz"),    SC_STR("0x12345"), SC_STR(""),
		SC_STR("0x89AB"),
	};
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	e.avcs[0].dest = SC_STR("65536");
	e.avcs[0].src = SC_STR("443");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		e.avcs[0].ioctlcmd = commands[i];
		add(&t, &arena, &e);
	}
	assert_int_equal(t.v[0].port, 443);
	assert_true(t.v[0].ioctl);
	assert_int_equal(t.v[0].ioctlcmd, 0);
	assert_int_equal(t.v[0].n_ioctls, 3);
	assert_int_equal(t.v[0].ioctls[1], 0x5401);
	assert_int_equal(t.v[0].ioctls[2], 0x89ab);
}

static void stops_keeping_at_its_limit(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_tally t = { 0 };
	struct sc_event e = one();
	char type[64];

	(void)state;
	for (int i = 0; i < SC_TALLY_MAX + 5; i++) {
		snprintf(type, sizeof(type), "u:r:t%d:s0", i);
		e.avcs[0].source = view(type);
		add(&t, &arena, &e);
	}
	assert_int_equal(t.n, SC_TALLY_MAX);
	assert_int_equal(t.over_limit, 5);
	assert_int_equal(t.records, SC_TALLY_MAX + 5);
	e.avcs[0].source = SC_STR("u:r:t7:s0");
	add(&t, &arena, &e);
	assert_int_equal(t.over_limit, 5);
	assert_int_equal(t.v[7].count, 2);
}

static void keeps_no_more_text_than_allowed(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	static char context[4000];
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int n = snprintf(context, sizeof(context), "u:r:t%d_", i);

		memset(context + n, 'x', sizeof(context) - (size_t)n);
		e.avcs[0].source = (struct sc_str){ context, sizeof(context) };
		add(&t, &arena, &e);
	}
	assert_true(t.over_limit > 0);
	assert_true(arena.used < SC_TALLY_BYTES + 2 * t.room * sizeof(*t.v));
}

static void keeps_all_it_may_in_little_room(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	char context[40];
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	for (int i = 0; i < SC_TALLY_MAX + 1; i++) {
		int n = snprintf(context, sizeof(context), "u:r:t%d_t:s0", i);

		e.avcs[0].source = (struct sc_str){ context, (size_t)n };
		add(&t, &arena, &e);
	}
	assert_int_equal(t.n, SC_TALLY_MAX);
	assert_int_equal(t.over_limit, 1);
	assert_true(arena.used < 24 << 20);
	for (uint32_t i = 0; i < SC_TALLY_MAX; i += 999) {
		snprintf(context, sizeof(context), "t%u_t", i);
		assert_true(sc_str_eq(t.v[i].source, sc_view(context)));
	}
}

static void sorts_by_count_then_by_name(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	static const char *const targets[] = { "u:object_r:b_t:s0",
					       "u:object_r:c_t:s0",
					       "u:object_r:a_t:s0",
					       "u:object_r:c_t:s0" };
	struct sc_tally t = { 0 };
	struct sc_event e = one();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		e.avcs[0].target = view(targets[i]);
		add(&t, &arena, &e);
	}
	sc_tally_sort(&t);
	assert_str(t.v[0].target, "c_t");
	assert_str(t.v[1].target, "a_t");
	assert_str(t.v[2].target, "b_t");
}

static void relates_levels(void **state)
{
	static const struct {
		const char *a, *b;
		enum sc_levels kind;
	} cases[] = {
		{ "u:r:t", "u:r:t:s0", SC_LEVELS_NONE },
		{ "u:r:t:s0", "u:r:t:s0", SC_LEVELS_EQUAL },
		{ "u:r:t:s0:c1,c2", "u:r:t:s0:c2,c1", SC_LEVELS_EQUAL },
		{ "u:r:t:s0:c1.c3", "u:r:t:s0:c1,c2,c3", SC_LEVELS_EQUAL },
		{ "u:r:t:s0:c1,c2", "u:r:t:s0:c1", SC_LEVELS_DOMINATES },
		{ "u:r:t:s0", "u:r:t:s0:c1", SC_LEVELS_DOMINATED },
		{ "u:r:t:s0:c1", "u:r:t:s0:c2", SC_LEVELS_INCOMPARABLE },
		{ "u:r:t:s1:c1", "u:r:t:s0:c1", SC_LEVELS_OTHER },
		{ "u:r:t:s0-s0:c0.c1023", "u:r:t:s0-s0:c0.c1023",
		  SC_LEVELS_EQUAL },
		{ "u:r:t:s0-s0:c0.c1023", "u:r:t:s0:c5", SC_LEVELS_OTHER },
		{ "u:r:t:SystemLow", "u:r:t:SystemLow", SC_LEVELS_EQUAL },
		{ "u:r:t:s0:c1024", "u:r:t:s0", SC_LEVELS_OTHER },
	};
	struct sc_str init = SC_STR("u:r:init_t:s0-s0:c0.c1023");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (sc_levels_relate(view(cases[i].a), view(cases[i].b)).kind !=
		    cases[i].kind)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
	/* whatever container it is, to a range that holds all it is one case */
	assert_int_equal(sc_levels_relate(init, SC_STR("u:r:t:s0:c5,c6")).code,
			 sc_levels_relate(init, SC_STR("u:r:t:s0:c7,c9")).code);
	assert_int_not_equal(
		sc_levels_relate(init, SC_STR("u:r:t:s0:c5,c6")).code,
		sc_levels_relate(init, SC_STR("u:r:t:s0")).code);
	assert_int_not_equal(
		sc_levels_relate(SC_STR("u:r:t:Low"), SC_STR("u:r:t:A")).code,
		sc_levels_relate(SC_STR("u:r:t:Low"), SC_STR("u:r:t:B")).code);
}

static void finds_the_type(void **state)
{
	(void)state;
	assert_str(sc_label_type(SC_STR("u:r:a_t:s0:c1,c2")), "a_t");
	assert_str(sc_label_type(SC_STR("u:r:a_t")), "a_t");
	assert_str(sc_label_type(SC_STR("nonsense")), "nonsense");
}

static void fails_without_memory_and_stays_whole(void **state)
{
	(void)state;
	for (long n = 0; n < 12; n++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_tally t = { 0 };
		struct sc_event e = one();
		struct sc_error err = { 0 };
		int r;

		sc_test_fail_after = n;
		r = sc_tally_add(&t, &arena, &e, &err);
		sc_test_fail_after = -1;
		assert_true(r == 0 || (r == SC_ENOMEM && err.code == r));
		if (n == 0)
			assert_int_equal(r, SC_ENOMEM);
		if (n == 11)
			assert_int_equal(r, 0);
		sc_tally_sort(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_a_repeat_once),
		cmocka_unit_test(tells_denials_apart),
		cmocka_unit_test(counts_access_granted_as_no_denial),
		cmocka_unit_test(keeps_a_few_objects_and_every_count),
		cmocka_unit_test(reads_ports_and_ioctl_commands),
		cmocka_unit_test(stops_keeping_at_its_limit),
		cmocka_unit_test(keeps_no_more_text_than_allowed),
		cmocka_unit_test(keeps_all_it_may_in_little_room),
		cmocka_unit_test(sorts_by_count_then_by_name),
		cmocka_unit_test(relates_levels),
		cmocka_unit_test(finds_the_type),
		cmocka_unit_test(fails_without_memory_and_stays_whole),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
