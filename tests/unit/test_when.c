#include "unit.h"

#include "base/clean.h"

/* cli/ is no library. */
#include "cli/when.c" /* NOLINT(bugprone-suspicious-include) */

/* 2026-11-21T10:20:30.456Z, five hours after boot */
static const struct sc_now now = { 1795256430456, 1795238430456 };

static void reads_what_people_write(void **state)
{
	static const struct {
		const char *text;
		uint64_t first, last;
	} cases[] = {
		{ "2026-11-21", 1795219200000, 1795305599999 },
		{ "2026-11-21T10:00", 1795255200000, 1795255259999 },
		{ "2026-11-21T10:00:01", 1795255201000, 1795255201999 },
		{ "2026-11-21T10:00:01.007Z", 1795255201007, 1795255201007 },
		{ "2026-11-21 10:00", 1795255200000, 1795255259999 },
		{ "10:00", 1795255200000, 1795255259999 },
		{ "1970-01-01", 0, 86399999 },
		{ "2024-02-29", 1709164800000, 1709251199999 },
		{ "30m", 1795254630456, 1795254630456 },
		{ "2h", 1795249230456, 1795249230456 },
		{ "3d", 1794997230456, 1794997230456 },
		{ "999999999999999w", 0, 0 },
		{ "now", 1795256430456, 1795256430456 },
		{ "recent", 1795255830456, 1795255830456 },
		{ "today", 1795219200000, 1795305599999 },
		{ "yesterday", 1795132800000, 1795219199999 },
		{ "boot", 1795238430456, 1795238430456 },
		{ "this-hour", 1795255200000, 1795258799999 },
		{ "this-week", 1794700800000, 1795305599999 },
		{ "week-ago", 1794614400000, 1794700799999 },
		{ "this-month", 1793491200000, 1796083199999 },
		{ "this-year", 1767225600000, 1798761599999 },
		{ "11/21/26", 1795219200000, 1795305599999 },
		{ "11/21/26 10:00", 1795255200000, 1795255259999 },
	};
	struct sc_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t first = 0, last = 0;

		if (sc_when_read(cases[i].text, now, false, &first, &err) < 0 ||
		    sc_when_read(cases[i].text, now, true, &last, &err) < 0)
			fail_msg("%s", err.msg);
		if (first != cases[i].first || last != cases[i].last)
			fail_msg("%s: %" PRIu64 " %" PRIu64, cases[i].text,
				 first, last);
	}
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const texts[] = {
		"",
		"noon",
		"2026",
		"2026-13-01",
		"2026-02-29",
		"2026-00-10",
		"2026-11-31",
		"13/21/26",
		"24:00",
		"10:60",
		"10",
		"5y",
		"-5m",
		"2026-11-21T",
		"2026-11-21T10:00x",
		"2026-11-21T10:00+",
		"2026-11-21T10:00+15:00",
		"1969-12-31",
	};
	struct sc_error err = { 0 };
	uint64_t ms = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (sc_when_read(texts[i], now, false, &ms, &err) != SC_ESYNTAX)
			fail_msg("took '%s'", texts[i]);
	assert_int_equal(ms, 77);
}

static void writes_what_it_reads(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err = { 0 };
	uint64_t ms = 0;

	(void)state;
	sc_when_write(&text, now.ms, true);
	assert_string_equal(text.s, "2026-11-21T10:20:30.456Z");
	assert_int_equal(sc_when_read(text.s, now, false, &ms, &err), 0);
	assert_int_equal(ms, now.ms);
	text.n = 0;
	sc_when_write(&text, 0, false);
	assert_string_equal(text.s, "1970-01-01T00:00:00Z");
	text.n = 0;
	sc_when_write(&text, UINT64_MAX, true);
	assert_string_equal(text.s, "@18446744073709551615");
}

static void set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* The clocks of @zone, as they went forward on 2026-03-29 and back on
 * 2026-10-25. */
static void goes_by_the_clock_on_the_wall(void **state)
{
	static const struct {
		const char *text;
		uint64_t first, last;
	} cases[] = {
		{ "2026-11-21", 1795215600000, 1795301999999 },
		{ "today", 1795215600000, 1795301999999 },
		{ "2026-03-29", 1774738800000, 1774821599999 }, /* 23 hours */
		{ "2026-10-25", 1792879200000, 1792969199999 }, /* 25 */
		{ "2026-11-21T10:00Z", 1795255200000, 1795255259999 },
		{ "2026-11-21T10:00+0100", 1795251600000, 1795251659999 },
		{ "2026-11-21T10:00-05:00", 1795273200000, 1795273259999 },
		{ "1970-01-01", 0, 82799999 },
		{ "2h", 1795249230456, 1795249230456 },
		{ "boot", 1795238430456, 1795238430456 },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err = { 0 };

	(void)state;
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t first = 1, last = 0;

		if (sc_when_read(cases[i].text, now, false, &first, &err) < 0 ||
		    sc_when_read(cases[i].text, now, true, &last, &err) < 0)
			fail_msg("%s", err.msg);
		if (first != cases[i].first || last != cases[i].last)
			fail_msg("%s: %" PRIu64 " %" PRIu64, cases[i].text,
				 first, last);
	}
	sc_when_show(&text, now.ms, true);
	assert_string_equal(text.s, "2026-11-21T11:20:30.456+01:00");
	set_zone("UTC0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_people_write),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(goes_by_the_clock_on_the_wall),
	};

	set_zone("UTC0");
	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
