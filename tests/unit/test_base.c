#include "unit.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/file.h"
#include "base/owned.h"
#include "base/safe.h"
#include "base/table.h"
#include "base/vec.h"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static void escapes_what_a_terminal_would_obey(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain text", "plain text" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m" },
		{ "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f" },
		{ "back\\slash", "back\\\\slash" },
		{ "\xff\xc3", "\\xff\\xc3" },
		{ "\xc0\xaf", "\\xc0\\xaf" },          /* overlong */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* surrogate */
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m" }, /* C1 control */
		{ "\xe2\x80\xae"
		  "x",
		  "\\xe2\\x80\\xaex" }, /* turns text */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };

		sc_put_safe(&out, view(cases[i].in));
		assert_string_equal(out.s, cases[i].out);
	}
}

static void writes_json_strings(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };

	(void)state;
	sc_put_json(&out, SC_STR("a\"b\\c\n\xff\033"));
	assert_string_equal(out.s, "\"a\\\"b\\\\c\\u000a\xef\xbf\xbd\\u001b\"");
}

static void takes_rows_and_counts_lines(void **state)
{
	struct sc_str text = SC_STR("# head\n\na\tb\tc d\nx\n");
	struct sc_row row = { 0 };

	(void)state;
	assert_true(sc_take_row(&text, &row));
	assert_int_equal(row.n, 3);
	assert_int_equal(row.line, 3);
	assert_true(sc_str_eq(row.v[2], SC_STR("c d")));
	assert_true(sc_take_row(&text, &row));
	assert_int_equal(row.n, 1);
	assert_int_equal(row.line, 4);
	assert_false(sc_take_row(&text, &row));
}

static void grows_and_keeps_what_it_held(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct {
		int *v;
		size_t n, room;
	} numbers = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_true(SC_PUSH(&arena, &numbers, i));
	assert_int_equal(numbers.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.v[i], i);
}

static void replaces_a_file_at_once(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	char folder[] = "/tmp/selcage-test-XXXXXX";
	SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };
	struct sc_error err = { 0 };
	struct sc_output file;
	struct sc_str text;

	(void)state;
	assert_non_null(mkdtemp(folder));
	sc_putf(&path, "%s/f", folder);
	file = (struct sc_output){ path.s, SC_STR("one") };
	assert_int_equal(sc_files_replace(&file, 1, &err), 0);
	file.bytes = SC_STR("two\n");
	assert_int_equal(sc_files_replace(&file, 1, &err), 0);
	assert_int_equal(sc_file_read(path.s, 100, &arena, &text, &err), 0);
	assert_true(sc_str_eq(text, SC_STR("two\n")));
	assert_int_equal(sc_file_read(path.s, 3, &arena, &text, &err),
			 SC_ELIMIT);
	assert_int_equal(sc_file_read(folder, 3, &arena, &text, &err),
			 SC_ESYSTEM);
	assert_int_equal(unlink(path.s), 0);
	assert_int_equal(sc_file_read(path.s, 3, &arena, &text, &err),
			 SC_ESYSTEM);
	assert_int_equal(rmdir(folder), 0);
}

static void holds_the_files_of_data(void **state)
{
	(void)state;
	assert_true(sc_data("bases/refpolicy.cil").n > 1000);
	assert_int_equal(sc_data("no such file").n, 0);
}

/* A buffer that could not grow once says so, however much is put later. */
static void stays_failed_once_memory_ran_out(void **state)
{
	long nth;

	(void)state;
	for (nth = 0; nth < 100; nth++) {
		SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
		struct sc_error err = { 0 };
		int r;

		sc_test_fail_after = nth;
		for (int i = 0; i < 1000; i++)
			sc_putf(&b, "%d,", i);
		sc_test_fail_after = -1;
		sc_put(&b, SC_STR("end"));
		r = sc_buf_check(&b, &err);
		if (r == 0) {
			assert_int_equal(b.n, 10 * 2 + 90 * 3 + 900 * 4 + 3);
			break;
		}
		assert_int_equal(r, SC_ENOMEM);
	}
	assert_in_range(nth, 1, 99);
}

static void knows_what_root_alone_can_change(void **state)
{
	static const struct {
		uid_t uid;
		mode_t mode;
		bool is_roots;
	} cases[] = {
		{ 0, S_IFREG | 0755, true },   { 0, S_IFDIR | 0700, true },
		{ 0, S_IFREG | 04755, true },  { 0, S_IFREG | 0775, false },
		{ 0, S_IFREG | 0757, false },  { 1, S_IFREG | 0755, false },
		{ 0, S_IFDIR | 01777, false }, { 1000, S_IFDIR | 0500, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct stat st = { .st_uid = cases[i].uid,
					 .st_mode = cases[i].mode };

		assert_int_equal(sc_stat_is_roots(&st), cases[i].is_roots);
	}
}

/* Of what every host has; who runs the tests need not be root. */
static void looks_at_each_folder_on_the_way(void **state)
{
	char weak[PATH_MAX];
	struct stat st;

	(void)state;
	assert_int_equal(lstat("/etc/passwd", &st), 0);
	if (st.st_uid != 0)
		skip(); /* root of this user namespace is another */
	assert_true(sc_path_is_roots("/etc/passwd", weak));
	assert_true(sc_path_is_roots("/", weak));
	assert_false(sc_path_is_roots("/dev/null", weak));
	assert_string_equal(weak, "/dev/null");
	assert_false(sc_path_is_roots("/etc/no such file", weak));
	assert_string_equal(weak, "/etc/no such file");
	assert_false(sc_path_is_roots("etc/passwd", weak));
}

static void finds_the_folder_that_others_can_write(void **state)
{
	char folder[] = "/tmp/selcage-owned-XXXXXX";
	char file[sizeof(folder) + 8], weak[PATH_MAX];
	const struct sc_output out = { file, SC_STR("x") };
	struct sc_error err;

	(void)state;
	if (geteuid() != 0)
		skip(); /* nobody else has files of root's */
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/file", folder);
	assert_int_equal(sc_files_replace(&out, 1, &err), 0);
	assert_int_equal(chmod(folder, 0770), 0);
	assert_false(sc_path_is_roots(file, weak));
	assert_string_equal(weak, folder);
	assert_int_equal(chmod(folder, 0750), 0);
	assert_false(sc_path_is_roots(file, weak));
	assert_string_equal(weak, "/tmp");
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* Wherever it stands: in eight bytes at once or after them, behind bytes that
 * differ from it in one bit, before others like it. */
static void finds_the_first_of_two_bytes(void **state)
{
	static const char around[] = { '!',        '<',  '>', (char)0xa0,
				       (char)0xbd, '\0', 'a', (char)0xff };
	char text[24];

	(void)state;
	for (size_t n = 0; n <= sizeof(text); n++)
		for (size_t at = 0; at <= n; at++)
			for (size_t i = 0; i < sizeof(around); i++) {
				struct sc_str v = { text, n };

				memset(text, around[i], sizeof(text));
				if (at < n)
					text[at] = '=';
				if (at + 1 < n)
					text[at + 1] = ' ';
				assert_int_equal(sc_str_before(v, ' ', '='),
						 at);
				assert_int_equal(sc_str_before(v, '=', '='),
						 at);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_first_of_two_bytes),
		cmocka_unit_test(escapes_what_a_terminal_would_obey),
		cmocka_unit_test(writes_json_strings),
		cmocka_unit_test(takes_rows_and_counts_lines),
		cmocka_unit_test(grows_and_keeps_what_it_held),
		cmocka_unit_test(replaces_a_file_at_once),
		cmocka_unit_test(knows_what_root_alone_can_change),
		cmocka_unit_test(looks_at_each_folder_on_the_way),
		cmocka_unit_test(finds_the_folder_that_others_can_write),
		cmocka_unit_test(holds_the_files_of_data),
		cmocka_unit_test(stays_failed_once_memory_ran_out),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
