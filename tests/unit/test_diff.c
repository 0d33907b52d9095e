#include "unit.h"

#include "base/clean.h"
#include "base/diff.h"

static void says_what_differs(void **state)
{
	static const struct {
		const char *before, *after, *want;
	} cases[] = {
		{ "", "", "" },
		{ "a\nb\n", "a\nb\n", "" },
		{ "", "a\nb\n", "> @@ -0,0 +1,2 @@\n> +a\n> +b\n" },
		{ "a\n", "", "> @@ -1,1 +0,0 @@\n> -a\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n7\n8\n9\n",
		  "> @@ -4,5 +4,4 @@\n>  4\n>  5\n> -6\n>  7\n>  8\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
		  "> @@ -1,3 +1,3 @@\n> -1\n> +x\n>  2\n>  3\n"
		  "> @@ -7,3 +7,3 @@\n>  7\n>  8\n> -9\n> +y\n" },
		{ "a\nb\nc\nd\n", "b\nx\nd\n",
		  "> @@ -1,4 +1,3 @@\n> -a\n>  b\n> -c\n> +x\n>  d\n" },
		{ "a\x1b[2J\n", "b\n",
		  "> @@ -1,1 +1,1 @@\n> -a\\x1b[2J\n> +b\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };

		assert_int_equal(sc_diff_put(&out, "> ",
					     sc_view(cases[i].before),
					     sc_view(cases[i].after), &err),
				 0);
		assert_string_equal(out.s ? out.s : "", cases[i].want);
	}
}

/* More lines than are compared with each other: all go, all come. */
static void gives_up_comparing_large_texts(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf a = { 0 }, b = { 0 }, out = { 0 };
	struct sc_error err = { 0 };

	(void)state;
	for (int i = 0; i < 3000; i++) {
		sc_putf(&a, "a%d\nsame\n", i);
		sc_putf(&b, "b%d\nsame\n", i);
	}
	assert_int_equal(sc_diff_put(&out, "", (struct sc_str){ a.s, a.n },
				     (struct sc_str){ b.s, b.n }, &err),
			 0);
	assert_non_null(strstr(out.s, "-same\n-a1\n"));
	assert_non_null(strstr(out.s, "+b2999\n same\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_differs),
		cmocka_unit_test(gives_up_comparing_large_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
