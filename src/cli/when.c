#include "cli/when.h"

#include <inttypes.h>
#include <time.h>

#define SECOND ((uint64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR_MAX 9999

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec t = { 0 };

	if (clock_gettime(clock, &t) < 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct sc_now sc_when_now(void)
{
	uint64_t ms = clock_ms(CLOCK_REALTIME);

	return (struct sc_now){ ms, ms - clock_ms(CLOCK_BOOTTIME) };
}

/* Days from 1970-01-01; months are counted from March, so that the day which
 * leap years add comes last. */
static uint64_t days_before(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t y = month < 3 ? year - 1 : year;
	uint64_t m = month < 3 ? month + 9 : month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	       1 - 719468;
}

static uint64_t month_days(uint64_t year, uint64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
					31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return (uint64_t)days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* @n digits, no more and no less. */
static bool take_digits(struct sc_str *in, size_t n, uint64_t *out)
{
	struct sc_str digits = { in->s, n };

	if (in->n < n || !sc_take_u64(&digits, out) || digits.n)
		return false;
	sc_str_drop(in, n);
	return true;
}

/* "2026-11-21" */
static bool take_date(struct sc_str *in, uint64_t *ms)
{
	struct sc_str rest = *in;
	uint64_t year, month, day;

	if (!take_digits(&rest, 4, &year) ||
	    !sc_take_prefix(&rest, SC_STR("-")) ||
	    !take_digits(&rest, 2, &month) ||
	    !sc_take_prefix(&rest, SC_STR("-")) ||
	    !take_digits(&rest, 2, &day) || year < 1970 || month < 1 ||
	    month > 12 || day < 1 || day > month_days(year, month))
		return false;
	*ms = days_before(year, month, day) * DAY;
	*in = rest;
	return true;
}

static bool take_fraction(struct sc_str *in, uint64_t *ms, uint64_t *unit)
{
	uint64_t n;

	if (!sc_take_prefix(in, SC_STR(".")))
		return true;
	if (!take_digits(in, 3, &n))
		return false;
	*ms += n;
	*unit = 1;
	return true;
}

/* "10:00", "10:00:30", "10:00:30.123"; @unit becomes the last part's. */
static bool take_time(struct sc_str *in, uint64_t *ms, uint64_t *unit)
{
	uint64_t hour, minute, second = 0;

	if (!take_digits(in, 2, &hour) || !sc_take_prefix(in, SC_STR(":")) ||
	    !take_digits(in, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*unit = MINUTE;
	if (sc_take_prefix(in, SC_STR(":"))) {
		if (!take_digits(in, 2, &second) || second > 59)
			return false;
		*unit = SECOND;
	}
	*ms += hour * HOUR + minute * MINUTE + second * SECOND;
	return *unit == MINUTE || take_fraction(in, ms, unit);
}

/* A date, a time, or both. */
static bool read_point(struct sc_str in, uint64_t now_ms, uint64_t *ms,
		       uint64_t *unit)
{
	*ms = now_ms - now_ms % DAY;
	*unit = DAY;
	if (take_date(&in, ms)) {
		if (!in.n)
			return true;
		if (!sc_take_prefix(&in, SC_STR("T")) &&
		    !sc_take_prefix(&in, SC_STR(" ")))
			return false;
	}
	if (!take_time(&in, ms, unit))
		return false;
	(void)sc_take_prefix(&in, SC_STR("Z"));
	return !in.n;
}

/* "30m": that long before now. */
static bool read_ago(struct sc_str in, uint64_t now_ms, uint64_t *ms)
{
	static const struct {
		struct sc_str name;
		uint64_t ms;
	} units[] = {
		{ SC_STR("s"), SECOND },  { SC_STR("m"), MINUTE },
		{ SC_STR("h"), HOUR },    { SC_STR("d"), DAY },
		{ SC_STR("w"), 7 * DAY },
	};
	uint64_t n;

	if (!sc_take_u64(&in, &n))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!sc_str_eq(in, units[i].name))
			continue;
		if (__builtin_mul_overflow(n, units[i].ms, &n) || n > now_ms)
			n = now_ms;
		*ms = now_ms - n;
		return true;
	}
	return false;
}

static bool read_word(struct sc_str in, struct sc_now now, uint64_t *ms,
		      uint64_t *unit)
{
	uint64_t today = now.ms - now.ms % DAY;
	const struct {
		struct sc_str name;
		uint64_t ms, unit;
	} words[] = {
		{ SC_STR("now"), now.ms, 1 },
		{ SC_STR("recent"), now.ms - 10 * MINUTE, 1 },
		{ SC_STR("today"), today, DAY },
		{ SC_STR("yesterday"), today - DAY, DAY },
		{ SC_STR("boot"), now.boot_ms, 1 },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!sc_str_eq(in, words[i].name))
			continue;
		*ms = words[i].ms;
		*unit = words[i].unit;
		return true;
	}
	return false;
}

int sc_when_read(const char *text, struct sc_now now, bool end, uint64_t *out,
		 struct sc_error *err)
{
	struct sc_str in = sc_view(text);
	uint64_t ms, unit = 1;

	if (!read_word(in, now, &ms, &unit) && !read_ago(in, now.ms, &ms) &&
	    !read_point(in, now.ms, &ms, &unit))
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no time: write " SC_WHEN_HELP, text);
	*out = end ? ms + unit - 1 : ms;
	return 0;
}

void sc_when_write(struct sc_buf *out, uint64_t ms, bool with_ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm t;
	char text[32];

	if (ms / 1000 > days_before(YEAR_MAX, 12, 31) * (DAY / 1000) ||
	    !gmtime_r(&seconds, &t) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &t)) {
		sc_putf(out, "@%" PRIu64, ms);
		return;
	}
	sc_putf(out, "%s", text);
	if (with_ms)
		sc_putf(out, ".%03" PRIu64, ms % 1000);
	sc_put(out, SC_STR("Z"));
}
