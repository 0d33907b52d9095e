#include "unit.h"

#include "base/hex.h"

static void reads_numbers_of_so_many_digits(void **state)
{
	static const struct {
		struct sc_str text;
		bool good;
		uint64_t value;
	} cases[] = {
		{ SC_STR("0x5401"), true, 0x5401 },
		{ SC_STR("5401"), true, 0x5401 },
		{ SC_STR("0xbEeF"), true, 0xbeef },
		{ SC_STR("0x0"), true, 0 },
		{ SC_STR("0x15401"), false, 0 },
		{ SC_STR("0x54g1"), false, 0 },
		{ SC_STR("0x"), false, 0 },
		{ SC_STR(""), false, 0 },
		{ SC_STR("-1"), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t n;
		bool good = sc_hex_read(cases[i].text, 4, &n);

		if (good != cases[i].good || (good && n != cases[i].value))
			fail_msg("%zu", i);
	}
}

static void takes_no_more_than_asked(void **state)
{
	struct sc_str in = SC_STR("ffffffffffffffff0");
	uint64_t n;

	(void)state;
	assert_true(sc_take_hex(&in, 16, &n));
	assert_true(n == UINT64_MAX);
	assert_int_equal(in.n, 1);
}

static void measures_digests_in_lower_case(void **state)
{
	(void)state;
	assert_int_equal(sc_hex_length(SC_STR("0af9")), 4);
	assert_int_equal(sc_hex_length(SC_STR("0aF9")), 2);
	assert_int_equal(sc_hex_length(SC_STR("0a.9")), 2);
	assert_int_equal(sc_hex_length(SC_STR("g")), 0);
	assert_int_equal(sc_hex_length(SC_STR("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_numbers_of_so_many_digits),
		cmocka_unit_test(takes_no_more_than_asked),
		cmocka_unit_test(measures_digests_in_lower_case),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
