#include "unit.h"

#include "audit/form.h"

#define STAMP "audit(1700000002.000:6): "
#define BODY "avc:  denied  { read } for  pid=1"

static void reads_the_forms_of_text_logs(void **state)
{
	static const struct {
		const char *line;
		enum sc_form form;
		const char *type;
		uint64_t ms, serial;
	} cases[] = {
		{ "audit: type=1400 " STAMP BODY, SC_FORM_KERNEL, "1400",
		  1700000002000, 6 },
		{ "type=1400 " STAMP BODY, SC_FORM_KERNEL, "1400",
		  1700000002000, 6 },
		{ "[    1.500000] audit: type=1400 " STAMP BODY, SC_FORM_KERNEL,
		  "1400", 1700000002000, 6 },
		{ "[Tue Nov 14 22:13:20 2023] audit: type=1300 " STAMP BODY,
		  SC_FORM_KERNEL, "1300", 1700000002000, 6 },
		{ "[    1.500000][  T123] audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "<5>[    1.500000][    C0] audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "<5>audit: type=1400 " STAMP BODY, SC_FORM_KERNEL, "1400",
		  1700000002000, 6 },
		{ "kern  :notice: [    1.500000] audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "[    1.500000 <    0.000012>] audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "[  +0.000012] audit: type=1400 " STAMP BODY, SC_FORM_KERNEL,
		  "1400", 1700000002000, 6 },
		{ "[Nov14 22:13] audit: type=1400 " STAMP BODY, SC_FORM_KERNEL,
		  "1400", 1700000002000, 6 },
		{ "<13>Nov 14 22:13:20 h kernel: audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "<5>1 2023-11-14T22:13:20Z h kernel - - - audit: type=1400 " STAMP
			  BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "<5>1 2023-11-14T22:13:20Z h audit 33 - - AVC " BODY,
		  SC_FORM_JOURNAL, "AVC", 1700000000000, 0 },
		{ "2023-11-14 22:13:20 h audit[33]: AVC " BODY, SC_FORM_JOURNAL,
		  "AVC", 0, 0 },
		{ "[    1.500000] host kernel: audit: type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "Sep  2 08:26:43 host1 kernel: " STAMP BODY, SC_FORM_KERNEL,
		  "AVC", 1700000002000, 6 },
		{ "Sep 12 08:26:43 h kernel: [   12.34] type=1400 " STAMP BODY,
		  SC_FORM_KERNEL, "1400", 1700000002000, 6 },
		{ "2023-11-14T22:13:20+0100 h audit[33]: AVC " BODY,
		  SC_FORM_JOURNAL, "AVC", 1699996400000, 0 },
		{ "2023-11-14T22:13:20.123456Z h audit: USER_AVC pid=1 msg='x'",
		  SC_FORM_JOURNAL, "USER_AVC", 1700000000123, 0 },
		{ "Tue 2023-11-14 22:13:20 UTC h audit[33]: AVC " BODY,
		  SC_FORM_JOURNAL, "AVC", 1700000000000, 0 },
		{ "Tue 2023-11-14 22:13:20 CET h audit[33]: AVC " BODY,
		  SC_FORM_JOURNAL, "AVC", 0, 0 },
		{ "1700000000.123456 h audit[33]: AVC " BODY, SC_FORM_JOURNAL,
		  "AVC", 1700000000123, 0 },
		{ "Nov 14 22:13:20 h audit[33]: UNKNOWN[1420] x=y",
		  SC_FORM_JOURNAL, "UNKNOWN[1420]", 0, 0 },
		{ "AVC " BODY, SC_FORM_JOURNAL, "AVC", 0, 0 },
		{ "Nov 14 22:13:20 h audisp-syslog[9]: type=AVC msg=" STAMP
			  BODY,
		  SC_FORM_RELAYED, "AVC", 1700000002000, 6 },
		{ "Nov 14 22:13:20 h audispd: node=n type=AVC msg=" STAMP BODY,
		  SC_FORM_RELAYED, "AVC", 1700000002000, 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_str line = sc_view(cases[i].line);
		struct sc_record r;

		if (sc_record_read(line, &r) || !sc_form_read(line, &r))
			fail_msg("%s", cases[i].line);
		assert_int_equal(r.form, cases[i].form);
		assert_true(sc_str_eq(r.type, sc_view(cases[i].type)));
		assert_int_equal(r.stamp.ms, cases[i].ms);
		assert_int_equal(r.stamp.serial, cases[i].serial);
		assert_int_equal(r.node.n, 0);
		assert_true(r.body.n > 0 &&
			    r.body.s + r.body.n == line.s + line.n);
	}
}

static void takes_nobody_else_for_the_kernel(void **state)
{
	static const char *const lines[] = {
		"",
		"x",
		"Nov 14 22:13:20 h mallory[99]: AVC " BODY,
		"Nov 14 22:13:20 h mallory: kernel: " STAMP BODY,
		"[    1.500000] mallory: audit: type=1400 " STAMP BODY,
		"Nov 14 22:13:20 h mallory: audit: type=1400 " STAMP BODY,
		"I1114 kubelet: " BODY,
		"message=" BODY,
		"avc:  denied  { read } for  pid=1",
		"audit: type=1400 audit(1700000002.6): " BODY,
		"audit: type=1400 audit(x): " BODY,
		"[1.5] audit[x]: AVC " BODY,
		"[] audit: AVC",
		"[1.5][x1] audit: type=1400 " STAMP BODY,
		"[1x.5] audit: type=1400 " STAMP BODY,
		"[Nov] audit: type=1400 " STAMP BODY,
		"<x>audit: type=1400 " STAMP BODY,
		"user  :notice: [1.5] audit: type=1400 " STAMP BODY,
		"<5>1 2023-11-14T22:13:20Z h mallory - - - audit: type=1400 " STAMP
			BODY,
		"<5>1 2023-11-14T22:13:20Z h audit 33 - [a b=\"\"] AVC " BODY,
		"2023-11-14 22:13 h audit[33]: AVC " BODY,
		"2023-13-14T22:13:20Z h audit[1]: AVC " BODY,
		"Nov 14 22:13:20 h audit[1]: avc " BODY,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct sc_record r;

		if (sc_form_read(sc_view(lines[i]), &r))
			fail_msg("%s", lines[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_forms_of_text_logs),
		cmocka_unit_test(takes_nobody_else_for_the_kernel),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
