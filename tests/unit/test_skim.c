#include "unit.h"

#include "audit/skim.h"

#define LINE(type, stamp) "type=" type " msg=audit(" stamp "): x=1\n"

/* The number of the stretch that byte @at is in. */
static char stretch_at(const struct sc_quiet *q, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (at >= q[i].start && at < q[i].end)
			return (char)('0' + i);
	return '-';
}

/* @want: for each line the number of its stretch, or '-' where it must be read.
 */
static void expect(const char *text, size_t room, const char *want)
{
	struct sc_quiet quiet[8];
	struct sc_str lines = sc_view(text), line;
	uint64_t counted = 0, quiet_lines = 0;
	char got[16] = "";
	size_t n = sc_skim(lines, quiet, room), i = 0;

	while (sc_take_until(&lines, '\n', &line)) {
		got[i] = stretch_at(quiet, n, (size_t)(line.s - text));
		quiet_lines += got[i++] != '-';
	}
	for (i = 0; i < n; i++)
		counted += quiet[i].lines;
	assert_string_equal(got, want);
	assert_int_equal(counted, quiet_lines);
}

static void passes_over_what_begins_no_event(void **state)
{
	(void)state;
	expect(LINE("SYSCALL", "1.001:1") LINE("CWD", "1.001:1")
		       LINE("PATH", "1.001:2") LINE("USER_START", "1.001:3"),
	       8, "0012");
	expect(LINE("AVC", "1.001:1") LINE("SYSCALL", "1.001:1")
		       LINE("USER_AVC", "1.001:2") LINE("PATH", "1.001:1"),
	       8, "-0-1");
	expect(LINE("UNKNOWN[1400]", "1.001:1") LINE("1107", "1.001:1")
		       LINE("MAC_STATUS", "1.001:1")
			       LINE("SELINUX_ERR", "1.001:1"),
	       8, "----");
}

static void leaves_other_lines_to_the_reader(void **state)
{
	(void)state;
	expect(LINE("CWD", "1.001:1") "\n" LINE(
		       "CWD", "1.001:1") "node=h " LINE("CWD",
							"1.001:1") "text\n",
	       8, "0-1--");
	/* without its newline, it may be half of one that matters */
	expect(LINE("CWD", "1.001:1") "type=CWD msg=audit(1.001:1): x", 8, "0");
	expect("", 8, "");
}

#define ENDS(end) "type=SYSCALL msg=audit(1.001:1): a=c " end "\n"

/* What another record is behind it must be looked for: it may begin an event.
 */
static void passes_over_no_second_record(void **state)
{
	(void)state;
	expect(ENDS("h=1 key=(null)")
		       ENDS("scontext=c tclass=file permissive=1") ENDS(
			       "tclass=file") ENDS("newcontext=u:r:t:s0")
			       ENDS("hostname=? terminal=?'") ENDS(
				       "terminal=?'\035UID=\"a\" SAUID=\"b\""),
	       8, "0-----");
	expect(ENDS("res=success'") ENDS("lsm=selinux res=1") ENDS(
		       "permissive") "type=PATtype=AVC msg=audit(1.001:1): x\n"
				     "type=PROCTITLE msg=audit(1.001:1): x\n",
	       8, "0-1-2");
}

static void stops_where_there_is_no_room(void **state)
{
	(void)state;
	expect(LINE("CWD", "1.001:1") LINE("CWD", "1.001:1")
		       LINE("CWD", "1.001:2") LINE("CWD", "1.001:3"),
	       2, "001-");
}

static void tells_the_stamp(void **state)
{
	struct sc_quiet quiet[2];

	(void)state;
	assert_int_equal(
		sc_skim(SC_STR(LINE("AVC", "7.001:1") LINE("CWD", "7.001:1")
				       LINE("CWD", "8.5:2")),
			quiet, 2),
		2);
	assert_int_equal(quiet[0].stamp.ms, 7001);
	assert_int_equal(quiet[0].stamp.serial, 1);
	assert_int_equal(quiet[1].stamp.ms, 8005);
	assert_int_equal(quiet[1].stamp.serial, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_over_what_begins_no_event),
		cmocka_unit_test(leaves_other_lines_to_the_reader),
		cmocka_unit_test(passes_over_no_second_record),
		cmocka_unit_test(stops_where_there_is_no_room),
		cmocka_unit_test(tells_the_stamp),
	};

	return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
