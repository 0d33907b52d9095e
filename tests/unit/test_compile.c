#include "unit.h"

#include "base/asan.h"
#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/vec.h"
#include "policy/cil_read.h"
#include "policy/compile.h"
#include "policy/db.h"

static struct sc_policy *debian;

static int compile(const char *text, struct sc_policy **out,
		   struct sc_error *err)
{
	struct sc_source one = { SC_STR("m.cil"), { text, strlen(text) } };

	return sc_compile(debian, &(struct sc_sources){ &one, 1, 1 }, out, err);
}

#if !SC_HAS_ASAN /* a build with it has no limit of memory */
/* Each macro calls the one before twice: 27 of them are 134 million rules. */
static void stops_a_bomb(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	SC_CLEAN(sc_buf_free) struct sc_buf bomb = { 0 };
	struct sc_error err = { 0 };

	(void)state;
	sc_putf(&bomb, "(type z_t)\n"
		       "(macro m0 ((type x)) (allow x x (file (read))))\n");
	for (int i = 1; i <= 27; i++)
		sc_putf(&bomb,
			"(macro m%d ((type x)) (call m%d (x)) (call m%d (x)))\n",
			i, i - 1, i - 1);
	sc_putf(&bomb, "(call m27 (z_t))\n");
	assert_int_equal(compile(bomb.s, &p, &err), SC_ELIMIT);
	assert_null(p);
	assert_non_null(strstr(err.msg, "the module is refused"));
}
#endif

static void leaves_the_old_policy_alone(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_error err = { 0 };

	(void)state;
	assert_int_equal(compile("(block a (type t) (allow t t (file (read))))",
				 &p, &err),
			 0);
	assert_true(sc_policy_has(p, SC_NAME_TYPE, SC_STR("a.t")));
	assert_true(sc_policy_has(p, SC_NAME_TYPE, SC_STR("container_t")));
	assert_true(sc_policy_has(p, SC_NAME_BOOLEAN, SC_STR("allow_execmem")));
	assert_false(sc_policy_has(debian, SC_NAME_TYPE, SC_STR("a.t")));
}

/* A policy that holds a.t takes another a, with other types. */
static void replaces_a_block_that_is_there(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *first = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *second = NULL;
	struct sc_source one = { SC_STR("m.cil"),
				 SC_STR("(block a (type u) (type v)"
					" (allow u v (file (read))))") };
	struct sc_error err = { 0 };

	(void)state;
	assert_int_equal(compile("(block a (type t) (allow t t (file (read))))"
				 "(block b (type t) (type u)"
				 " (allow t a.t (file (read))))"
				 "(block c (block d (type t) (type u)))",
				 &first, &err),
			 0);
	assert_int_equal(sc_compile(first, &(struct sc_sources){ &one, 1, 1 },
				    &second, &err),
			 0);
	assert_false(sc_policy_has(second, SC_NAME_TYPE, SC_STR("a.t")));
	assert_true(sc_policy_has(second, SC_NAME_TYPE, SC_STR("a.u")));
	assert_true(sc_policy_has(second, SC_NAME_TYPE, SC_STR("b.t")));
	assert_true(sc_policy_has(second, SC_NAME_TYPE, SC_STR("c.d.u")));
}

static void says_what_libsepol_says(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_error err = { 0 };

	(void)state;
	assert_int_equal(
		compile("(block a (allow x y (file (read))))", &p, &err),
		SC_EPOLICY);
	assert_non_null(strstr(err.msg, "m.cil:1"));
}

/* The two readers of CIL must not differ: what ours cannot read is refused. */
static void reads_no_more_than_libsepol(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		int code;
	} cases[] = {
		{ "(a b) ; c (", 11, 0 },
		{ "(a b\r\n)", 7, 0 },
		{ "", 0, 0 },
		{ "(a) ; c \r(b)", 12, SC_ESYNTAX },
		{ "(a\rb)", 5, SC_ESYNTAX },
		{ "(a \0b)", 6, SC_ESYNTAX },
		{ ";;* lme\n", 8, SC_ESYNTAX },
		{ "(a \"b\nc\")", 9, SC_ESYNTAX },
		{ "(a \"b)", 6, SC_ESYNTAX },
		{ "(a", 2, SC_ESYNTAX },
		{ "a)", 2, SC_ESYNTAX },
		{ "(\xc3\xa9)", 4, SC_ESYNTAX },
		{ "(a\\b)", 5, SC_ESYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_cil *top;
		struct sc_error err = { 0 };

		if (sc_cil_read((struct sc_str){ cases[i].text, cases[i].n },
				&arena, &top, &err) != cases[i].code)
			fail_msg("case %zu: %s", i, err.msg);
	}
}

static void stops_at_its_limits(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf deep = { 0 };
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_cil *top;
	struct sc_error err = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		sc_put(&deep, SC_STR("("));
	assert_int_equal(sc_cil_read((struct sc_str){ deep.s, deep.n }, &arena,
				     &top, &err),
			 SC_ELIMIT);
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena small = { 0 };
		int r;

		sc_test_fail_after = nth;
		r = sc_cil_read(SC_STR("(a (b c) \"d\")"), &small, &top, &err);
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_no_more_than_libsepol),
		cmocka_unit_test(stops_at_its_limits),
		cmocka_unit_test(leaves_the_old_policy_alone),
		cmocka_unit_test(replaces_a_block_that_is_there),
		cmocka_unit_test(says_what_libsepol_says),
#if !SC_HAS_ASAN
		cmocka_unit_test(stops_a_bomb),
#endif
	};
	const char *path = getenv("SELCAGE_POLICY");
	struct sc_error err = { 0 };
	int r;

	if (!path || sc_policy_open(path, &debian, &err) < 0) {
		printf("1..0 # SKIP no policy: make build/policy first\n");
		return 0; /* TAP: a plan of none is a skip */
	}
	r = cmocka_run_group_tests_name("compile", tests, NULL, NULL);
	sc_policy_close(debian);
	return r;
}
