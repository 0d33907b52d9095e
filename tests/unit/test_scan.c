#include "unit.h"

#include "audit/scan.h"
#include "audit/tally.h"
#include "base/buf.h"
#include "base/clean.h"
#include "memory.h"

#include <errno.h>

/* What the events said, a line each. */
static int note(void *data, struct sc_event *e, struct sc_error *err)
{
	struct sc_buf *out = data;

	for (size_t i = 0; i < e->n_avcs; i++) {
		sc_putf(out, "%u " SC_FMT " " SC_FMT " ",
			(unsigned)e->stamp.serial, SC_ARG(e->exe),
			SC_ARG(e->avcs[i].perms));
		sc_put(out, e->objects[i]);
		sc_put(out, SC_STR("\n"));
	}
	return sc_buf_check(out, err);
}

static int scan(struct sc_str log, size_t piece, struct sc_buf *out,
		struct sc_scan_counts *counts, struct sc_error *err)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	SC_CLEAN(sc_scan_free_p) struct sc_scan *s = NULL;
	struct memory m = { log, piece, false };
	int r;

	r = sc_source_from(read_memory, &m, 64, &source, err);
	if (r >= 0)
		r = sc_scan_new(note, out, &s, err);
	if (r >= 0)
		r = sc_scan_source(s, source, err);
	if (r >= 0)
		r = sc_scan_end(s, err);
	if (r >= 0)
		*counts = sc_scan_counts(s);
	return r;
}

static struct sc_scan_counts expect(struct sc_str log, size_t piece,
				    const char *want)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_scan_counts counts = { 0 };
	struct sc_error err = { 0 };

	assert_int_equal(scan(log, piece, &out, &counts, &err), 0);
	assert_string_equal(out.s ? out.s : "", want);
	return counts;
}

#define HEAD(type, ms, serial) \
	"type=" type " msg=audit(1700000000." ms ":" serial "): "
#define AVC(ms, serial, perm)                                          \
	HEAD("AVC", ms, serial)                                        \
	"avc:  denied  { " perm " } for  pid=1 comm=\"p\" name=\"f\" " \
	"ino=3 scontext=u:r:a_t:s0 tcontext=u:r:b_t:s0 tclass=file "   \
	"permissive=0\n"
#define SYSCALL(ms, serial, exe)    \
	HEAD("SYSCALL", ms, serial) \
	"arch=c000003e syscall=2 a0=0 pid=1 comm=\"p\" exe=\"" exe "\"\n"
#define PATH(ms, serial, path) \
	HEAD("PATH", ms, serial) "name=\"" path "\" inode=3 nametype=NORMAL\n"
#define TITLE(ms, serial) HEAD("PROCTITLE", ms, serial) "proctitle=\"p\"\n"

static const size_t pieces[] = { 1, 7, 64, 100000 };

static void joins_events_that_stand_between_each_other(void **state)
{
	static const struct sc_str log = SC_STR(
		SYSCALL("000", "9", "/other") AVC("001", "1", "read") AVC(
			"002", "2", "write") SYSCALL("001", "1", "/one")
			TITLE("000", "9") SYSCALL("002", "2", "/two") PATH(
				"002", "2", "/d2/f") PATH("001", "1", "/d1/f")
				TITLE("002", "2") TITLE("001", "1"));

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct sc_scan_counts c =
			expect(log, pieces[i],
			       "1 /one read /d1/f\n2 /two write /d2/f\n");

		assert_int_equal(c.lines, 10);
		assert_int_equal(c.other_lines + c.bad_records, 0);
	}
}

static void takes_records_that_come_before_their_denial(void **state)
{
	static const struct sc_str log = SC_STR(
		"----\ntime->Tue Nov 14 22:13:20 2023\n" TITLE("001", "1") PATH(
			"001", "1", "/d/f") SYSCALL("001", "1",
						    "/one") AVC("001", "1",
								"read")
			AVC("001", "1",
			    "open") "----\ntime->Tue Nov 14 22:13:20 2023\n" TITLE("002",
										   "2")
				PATH("002", "2", "/e/f")
					SYSCALL("002", "2", "/two")
						AVC("002", "2", "read"));

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct sc_scan_counts c =
			expect(log, pieces[i],
			       "1 /one read /d/f\n1 /one open /d/f\n"
			       "2 /two read /e/f\n");

		assert_int_equal(c.other_lines, 0);
	}
}

static void keeps_apart_what_only_looks_alike(void **state)
{
	/* the serial starts again at boot; two hosts in one log */
	static const struct sc_str log = SC_STR(
		"node=a " AVC("001", "1", "read") "node=b " AVC(
			"001", "1", "open") "node=b " SYSCALL("001", "1", "/b")
			AVC("500", "1", "write") SYSCALL("500", "1", "/late"));

	(void)state;
	(void)expect(log, 100000, "1  read f\n1 /b open f\n1 /late write f\n");
}

static void counts_what_it_passes_over(void **state)
{
	static const struct sc_str log = SC_STR(AVC(
		"000", "0",
		"first") "type=AVC msg=audit(11/14/23 22:13:26.000:13) : avc:  denied  "
			 "{ read } for  scontext=u:r:a_t:s0 tcontext=u:r:b_t:s0 "
			 "tclass=file\n"
			 "\n\0\0\n\xff\xfe\n" HEAD("AVC", "001", "1") "avc: denied\n" HEAD(
				 "USER_AVC", "002",
				 "2") "pid=1 msg='avc:  received policyload notice (seqno=2)'\n" AVC("003",
												     "3",
												     "all"));
	struct sc_scan_counts c = expect(log, 100000, "0  first f\n3  all f\n");

	(void)state;
	assert_int_equal(c.other_lines, 3);
	assert_int_equal(c.bad_records, 1);
}

/* --- text logs --------------------------------------------------------- */

#define TAIL                                                             \
	"avc:  denied  { read } for  pid=1 comm=\"p\" name=\"f\" ino=3 " \
	"scontext=u:r:a_t:s0 tcontext=u:r:b_t:s0 tclass=file permissive=0"
#define KERNEL(ms, serial) \
	"audit: type=1400 audit(1700000000." ms ":" serial "): " TAIL "\n"

/* "t" for each event that anybody could have written, else "-". */
static int note_trust(void *data, struct sc_event *e, struct sc_error *err)
{
	struct sc_buf *out = data;

	for (size_t i = 0; i < e->n_avcs; i++)
		sc_putf(out, "%s", e->forgeable ? "t" : "-");
	return sc_buf_check(out, err);
}

/* Both logs, one after the other, in one scan. */
static int scan_trust(const struct sc_str logs[2], struct sc_buf *out,
		      struct sc_scan_counts *counts, struct sc_error *err)
{
	SC_CLEAN(sc_scan_free_p) struct sc_scan *s = NULL;
	int r = sc_scan_new(note_trust, out, &s, err);

	for (int i = 0; r >= 0 && i < 2; i++) {
		SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
		struct memory m = { logs[i], 1000, false };

		r = sc_source_from(read_memory, &m, 1000, &source, err);
		if (r >= 0)
			r = sc_scan_source(s, source, err);
	}
	if (r >= 0)
		r = sc_scan_end(s, err);
	if (r >= 0)
		*counts = sc_scan_counts(s);
	return r;
}

static void marks_what_anybody_can_write(void **state)
{
	static const struct {
		struct sc_str logs[2];
		const char *want;
		uint64_t echoes;
	} cases[] = {
		{ { SC_STR(AVC("001", "1", "read")),
		    SC_STR("[1.5] h kernel: " KERNEL("001", "2")) },
		  "-t",
		  0 },
		/* a record among text is no better than the text */
		{ { SC_STR(AVC("001", "1",
			       "read") "a\n\nb\nc\nd\ne\nf\ng\nh\ni\n"),
		    SC_STR(AVC("009", "2", "read")) },
		  "t-",
		  0 },
		{ { SC_STR("Nov 14 22:13:20 h x[1]: y\n" AVC("001", "1",
							     "read")),
		    SC_STR("") },
		  "t",
		  0 },
		/* damage is no text: a start that was cut off, a crash */
		{ { SC_STR("0): avc: denied\n" AVC(
			    "001", "1",
			    "read") "type=AVC ms\n\0\0\0x\n----\nx\ny\n"),
		    SC_STR("") },
		  "-",
		  0 },
		/* the same record in two forms: the forgeable one goes */
		{ { SC_STR("[1.5] " KERNEL("001", "1")),
		    SC_STR("Nov 14 22:13:20 h audit[1]: AVC " TAIL "\n"
			   "Nov 14 22:13:20 h kernel: " KERNEL("001", "1")) },
		  "tt",
		  1 },
		{ { SC_STR("Nov 14 22:13:20 h audit[1]: AVC " TAIL "\n"
			   "Nov 14 22:13:20 h audit[1]: AVC " TAIL "\n"
			   "Nov 14 22:13:20 h kernel: " KERNEL(
				   "001",
				   "1") "Nov 14 22:13:20 h kernel: " KERNEL("001",
									    "2")),
		    SC_STR("") },
		  "tt",
		  2 },
		/* one of auditd never does */
		{ { SC_STR("[1.5] " KERNEL("001", "1")),
		    SC_STR("type=AVC msg=audit(1700000000.001:1): " TAIL
			   "\n") },
		  "t-",
		  0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_scan_counts counts = { 0 };
		struct sc_error err = { 0 };

		if (scan_trust(cases[i].logs, &out, &counts, &err) < 0)
			fail_msg("%zu: %s", i, err.msg);
		if (strcmp(out.s ? out.s : "", cases[i].want) != 0 ||
		    counts.echoes != cases[i].echoes)
			fail_msg("%zu: %s, %u echoes", i, out.s ? out.s : "",
				 (unsigned)counts.echoes);
	}
}

static void refuses_forms_that_it_does_not_read(void **state)
{
	static const char *const logs[] = {
		"----\ntype=AVC msg=audit(11/14/23 22:13:26.000:13) : avc:\n",
		"{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"x\"}\n{\"MESSAGE\":1}\n",
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n",
		"BZh91AY&SY",
		"LPKSHHRH\0\0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_scan_counts counts;
		struct sc_error err = { 0 };

		assert_int_equal(
			scan(sc_view(logs[i]), 1000, &out, &counts, &err),
			SC_EREFUSED);
		assert_non_null(strstr(err.msg, "write "));
	}
}

static void believes_no_class_that_is_cut_off(void **state)
{
	static const char whole[] =
		HEAD("AVC", "001",
		     "1") "avc:  denied  { mount } for  scontext=u:r:a_t:s0 "
			  "tcontext=u:r:b_t:s0 tclass=filesystem permissive=0";
	size_t file = (size_t)(strstr(whole, "system perm") - whole);
	struct sc_scan_counts c;

	(void)state;
	for (size_t n = file - 4; n <= file + 6; n++) {
		c = expect((struct sc_str){ whole, n }, 9, "");
		assert_int_equal(c.bad_records, 1);
	}
	c = expect((struct sc_str){ whole, file + 7 }, 9, "1  mount \n");
	assert_int_equal(c.bad_records, 0);
}

static void reads_both_records_of_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		/* the path is that of the first event, not /lost */
		(void)expect(
			SC_STR(AVC("001", "1", "read") HEAD(
				"PATH", "001",
				"1") "name=\"/d/f\" inode=3 nam" AVC("002", "2",
								     "write")),
			pieces[i], "1  read /d/f\n2  write f\n");
		/* before its own AVC, as ausearch has it */
		(void)expect(
			SC_STR(HEAD("SYSCALL", "002", "2") "exe=\"/b\" na" AVC(
				"002", "2", "write")),
			pieces[i], "2 /b write f\n");
		/* /lent is of the second event, which has no denial */
		(void)expect(
			SC_STR(AVC("001", "1", "read") HEAD(
				"SYSCALL", "001",
				"1") "arch=c000003e sysc" SYSCALL("002", "2",
								  "/lent")),
			pieces[i], "1  read f\n");
	}
}

static void passes_over_lines_without_end(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf log = { 0 };
	struct sc_scan_counts c;

	(void)state;
	sc_put(&log, SC_STR(AVC("001", "1", "read")));
	for (size_t i = 0; i < SC_LINE_MAX + 70000; i++)
		sc_put(&log, SC_STR("x"));
	sc_put(&log, SC_STR("\n" SYSCALL("001", "1", "/one")));
	c = expect((struct sc_str){ log.s, log.n }, 100000, "1 /one read f\n");
	assert_int_equal(c.bad_records, 1);
	assert_int_equal(c.lines, 2);
}

static void finishes_old_events_when_very_many_are_open(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf log = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf want = { 0 };

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		sc_putf(&log,
			"type=AVC msg=audit(1700000000.000:%u): avc:  denied  "
			"{ read } for  scontext=u:r:a_t:s0 "
			"tcontext=u:r:b_t:s0 tclass=file\n",
			i);
		sc_putf(&want, "%u %s read \n", i, i == 4999 ? "/x" : "");
	}
	sc_put(&log, SC_STR(SYSCALL("000", "4999", "/x")));
	(void)expect((struct sc_str){ log.s, log.n }, 100000, want.s);
}

static void loses_no_denial_of_a_very_large_event(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf log = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_scan_counts counts = { 0 };
	struct sc_error err = { 0 };
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 3000; i++)
		sc_put(&log, SC_STR(AVC("001", "1", "read")));
	sc_put(&log, SC_STR(SYSCALL("001", "1", "/one") TITLE("001", "1")));
	assert_int_equal(scan((struct sc_str){ log.s, log.n }, 5000, &out,
			      &counts, &err),
			 0);
	assert_int_equal(counts.bad_records, 0);
	for (size_t i = 0; i < out.n; i++)
		lines += out.s[i] == '\n';
	assert_int_equal(lines, 3000);
}

static void says_why_it_cannot_read(void **state)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct memory m = { SC_STR("type"), 9, true };
	struct sc_error err = { 0 };
	struct sc_str lines;

	(void)state;
	assert_int_equal(sc_source_from(read_memory, &m, 0, &source, &err), 0);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), SC_ESYSTEM);
	assert_int_equal(err.os_errno, EIO);
}

/* Who gives lines as they come has no use for them afterwards. */
static void keeps_what_an_open_event_has(void **state)
{
	static const char *const given[] = { "node=a " AVC("001", "1", "read"),
					     "node=a " PATH("001", "1",
							    "/d/f") };
	SC_CLEAN(sc_scan_free_p) struct sc_scan *s = NULL;
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_error err = { 0 };
	char bytes[1024];

	(void)state;
	assert_int_equal(sc_scan_new(note, &out, &s, &err), 0);
	sc_scan_begin(s);
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct sc_str lines = { bytes, strlen(given[i]) };

		memcpy(bytes, given[i], lines.n);
		assert_int_equal(sc_scan_lines(s, lines, &err), 0);
		memset(bytes, 'x', sizeof(bytes));
	}
	assert_int_equal(sc_scan_end(s, &err), 0);
	assert_string_equal(out.s ? out.s : "", "1  read /d/f\n");
}

static void fails_without_memory(void **state)
{
	static const struct sc_str log =
		SC_STR(AVC("001", "1", "read") PATH("001", "1", "/d/f"));
	int r = -1;

	(void)state;
	for (long n = 0; r < 0; n++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_scan_counts counts;
		struct sc_error err = { 0 };

		sc_test_fail_after = n;
		r = scan(log, 64, &out, &counts, &err);
		sc_test_fail_after = -1;
		assert_true(r == 0 || (r == SC_ENOMEM && err.code == r));
		assert_true(n < 50 && (r < 0 || n > 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_events_that_stand_between_each_other),
		cmocka_unit_test(takes_records_that_come_before_their_denial),
		cmocka_unit_test(keeps_apart_what_only_looks_alike),
		cmocka_unit_test(counts_what_it_passes_over),
		cmocka_unit_test(marks_what_anybody_can_write),
		cmocka_unit_test(refuses_forms_that_it_does_not_read),
		cmocka_unit_test(believes_no_class_that_is_cut_off),
		cmocka_unit_test(reads_both_records_of_a_line),
		cmocka_unit_test(passes_over_lines_without_end),
		cmocka_unit_test(finishes_old_events_when_very_many_are_open),
		cmocka_unit_test(loses_no_denial_of_a_very_large_event),
		cmocka_unit_test(says_why_it_cannot_read),
		cmocka_unit_test(keeps_what_an_open_event_has),
		cmocka_unit_test(fails_without_memory),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
