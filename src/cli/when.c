#include "cli/when.h"

#include "base/clean.h"
#include "base/date.h"
#include "base/member.h"

#include <inttypes.h>
#include <locale.h>
#include <time.h>

#define SECOND ((uint64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY SC_DAY_MS
#define THURSDAY 4 /* was 1970-01-01 */

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec t = { 0 };

	if (clock_gettime(clock, &t) < 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* What the clock on the wall shows at @ms, as if that were UTC. */
static uint64_t to_wall(uint64_t ms)
{
	time_t seconds = (time_t)(ms / SECOND);
	struct tm t;

	if (!localtime_r(&seconds, &t) ||
	    (t.tm_gmtoff < 0 && (uint64_t)-t.tm_gmtoff * SECOND > ms))
		return ms;
	return ms + (uint64_t)t.tm_gmtoff * SECOND;
}

/* The other way round. An hour that the clock skips is the one after it. */
static uint64_t from_wall(uint64_t ms)
{
	time_t seconds = (time_t)(ms / SECOND);
	struct tm t;

	if (!gmtime_r(&seconds, &t))
		return ms;
	t.tm_isdst = -1;
	seconds = mktime(&t);
	return seconds < 0 ? 0 : (uint64_t)seconds * SECOND + ms % SECOND;
}

struct sc_now sc_when_now(void)
{
	uint64_t ms = clock_ms(CLOCK_REALTIME);

	return (struct sc_now){ ms, ms - clock_ms(CLOCK_BOOTTIME) };
}

/* "11/21/26", or whatever the locale's form of a date is; ausearch takes it. */
static bool take_local_date(struct sc_str *in, uint64_t *days)
{
	locale_t locale = newlocale(LC_TIME_MASK, "", (locale_t)0);
	struct tm t = { 0 };
	const char *end;

	/* One that is not installed, as often in containers. */
	if (!locale)
		locale = newlocale(LC_TIME_MASK, "C", (locale_t)0);
	if (!locale)
		return false;
	end = strptime_l(in->s, "%x", &t, locale);
	freelocale(locale);
	if (!end || t.tm_year < 0 ||
	    !sc_date_days((struct sc_date){ (uint64_t)t.tm_year + 1900,
					    (uint64_t)t.tm_mon + 1,
					    (uint64_t)t.tm_mday },
			  days))
		return false;
	sc_str_drop(in, (size_t)(end - in->s));
	return true;
}

static bool take_date(struct sc_str *in, uint64_t *ms)
{
	uint64_t days;

	if (!sc_take_date(in, &days) && !take_local_date(in, &days))
		return false;
	*ms = days * DAY;
	return true;
}

static bool take_fraction(struct sc_str *in, uint64_t *ms, uint64_t *unit)
{
	uint64_t n;

	if (!sc_take_prefix(in, SC_STR(".")))
		return true;
	if (!sc_take_digits(in, 3, &n))
		return false;
	*ms += n;
	*unit = 1;
	return true;
}

/* "10:00", "10:00:30", "10:00:30.123"; @unit becomes the last part's. */
static bool take_time(struct sc_str *in, uint64_t *ms, uint64_t *unit)
{
	uint64_t hour, minute, second = 0;

	if (!sc_take_digits(in, 2, &hour) || !sc_take_prefix(in, SC_STR(":")) ||
	    !sc_take_digits(in, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*unit = MINUTE;
	if (sc_take_prefix(in, SC_STR(":"))) {
		if (!sc_take_digits(in, 2, &second) || second > 59)
			return false;
		*unit = SECOND;
	}
	*ms += hour * HOUR + minute * MINUTE + second * SECOND;
	return *unit == MINUTE || take_fraction(in, ms, unit);
}

/* What was written: from .ms on, .unit long. */
struct span {
	uint64_t ms, unit;
	bool wall; /* by the clock on the wall: see to_wall() */
};

/* "Z", "+01:00": then it is no matter where we are. */
static bool take_zone(struct sc_str *in, struct span *out)
{
	bool east = sc_take_prefix(in, SC_STR("+"));
	uint64_t hours, minutes;

	if (!in->n && !east)
		return true;
	out->wall = false;
	if (!east && sc_take_prefix(in, SC_STR("Z")))
		return true;
	if ((!east && !sc_take_prefix(in, SC_STR("-"))) ||
	    !sc_take_digits(in, 2, &hours) || hours > 14)
		return false;
	(void)sc_take_prefix(in, SC_STR(":"));
	if (!sc_take_digits(in, 2, &minutes) || minutes > 59)
		return false;
	hours = hours * HOUR + minutes * MINUTE;
	if (east)
		out->ms -= hours < out->ms ? hours : out->ms;
	else
		out->ms += hours;
	return true;
}

/* A date, a time, or both. */
static bool read_point(struct sc_str in, uint64_t now_ms, struct span *out)
{
	uint64_t wall = to_wall(now_ms);

	*out = (struct span){ wall - wall % DAY, DAY, true };
	if (take_date(&in, &out->ms)) {
		if (!in.n)
			return true;
		if (!sc_take_prefix(&in, SC_STR("T")) &&
		    !sc_take_prefix(&in, SC_STR(" ")))
			return false;
	}
	return take_time(&in, &out->ms, &out->unit) && take_zone(&in, out) &&
	       !in.n;
}

/* "30m": that long before now. */
static bool read_ago(struct sc_str in, uint64_t now_ms, struct span *out)
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
		*out = (struct span){ now_ms - n, 1, false };
		return true;
	}
	return false;
}

static bool read_word(struct sc_str in, struct sc_now now, struct span *out)
{
	uint64_t wall = to_wall(now.ms), days = wall / DAY, today = days * DAY;
	uint64_t month = 0, next_month = 0, year = 0, next_year = 0;
	uint64_t week = today - (days + THURSDAY) % 7 * DAY;
	struct sc_date d;
	bool known =
		sc_date_of(days, &d) &&
		sc_date_days((struct sc_date){ d.year, d.month, 1 }, &month) &&
		sc_date_days((struct sc_date){ d.year + d.month / 12,
					       d.month % 12 + 1, 1 },
			     &next_month) &&
		sc_date_days((struct sc_date){ d.year, 1, 1 }, &year) &&
		sc_date_days((struct sc_date){ d.year + 1, 1, 1 }, &next_year);
	const struct {
		struct sc_str name;
		struct span span;
	} words[] = {
		{ SC_STR("now"), { now.ms, 1, false } },
		{ SC_STR("recent"), { now.ms - 10 * MINUTE, 1, false } },
		{ SC_STR("today"), { today, DAY, true } },
		{ SC_STR("yesterday"), { today - DAY, DAY, true } },
		{ SC_STR("boot"), { now.boot_ms, 1, false } },
		{ SC_STR("this-hour"), { wall - wall % HOUR, HOUR, true } },
		{ SC_STR("this-week"), { week, 7 * DAY, true } },
		{ SC_STR("week-ago"), { today - 7 * DAY, DAY, true } },
		{ SC_STR("this-month"),
		  { month * DAY, (next_month - month) * DAY, true } },
		{ SC_STR("this-year"),
		  { year * DAY, (next_year - year) * DAY, true } },
	};

	for (size_t i = 0; known && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!sc_str_eq(in, words[i].name))
			continue;
		*out = words[i].span;
		return true;
	}
	return false;
}

int sc_when_read(const char *text, struct sc_now now, bool end, uint64_t *out,
		 struct sc_error *err)
{
	struct sc_str in = sc_view(text);
	struct span span;

	if (strcmp(text, "checkpoint") == 0)
		return sc_fail(err, SC_ESYNTAX,
			       "'checkpoint' is an option here: --checkpoint "
			       "FILE");
	if (!read_word(in, now, &span) && !read_ago(in, now.ms, &span) &&
	    !read_point(in, now.ms, &span))
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no time: write " SC_WHEN_HELP, text);
	/* Not every day has 24 hours: its end is the start of the next one. */
	if (end)
		span.ms += span.unit;
	if (span.wall)
		span.ms = from_wall(span.ms);
	*out = span.ms - (end && span.ms ? 1 : 0);
	return 0;
}

static void write_time(struct sc_buf *out, uint64_t ms, bool with_ms, bool here)
{
	time_t seconds = (time_t)(ms / SECOND);
	struct tm t;
	char text[32];
	long zone;

	if (!sc_date_of(ms / DAY, &(struct sc_date){ 0 }) ||
	    !(here ? localtime_r(&seconds, &t) : gmtime_r(&seconds, &t)) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &t)) {
		sc_putf(out, "@%" PRIu64, ms);
		return;
	}
	sc_putf(out, "%s", text);
	if (with_ms)
		sc_putf(out, ".%03" PRIu64, ms % SECOND);
	zone = labs(t.tm_gmtoff) / 60;
	if (zone)
		sc_putf(out, "%c%02ld:%02ld", t.tm_gmtoff < 0 ? '-' : '+',
			zone / 60, zone % 60);
	else
		sc_put(out, SC_STR("Z"));
}

void sc_when_write(struct sc_buf *out, uint64_t ms, bool with_ms)
{
	write_time(out, ms, with_ms, false);
}

void sc_when_show(struct sc_buf *out, uint64_t ms, bool with_ms)
{
	write_time(out, ms, with_ms, true);
}

void sc_when_put_event(struct sc_buf *out, uint64_t ms)
{
	if (ms)
		sc_when_show(out, ms, true);
	else
		sc_putf(out, "%24s", "-");
}

void sc_when_put_clock(struct sc_buf *out, uint64_t ms)
{
	uint64_t s = to_wall(ms) / SECOND % (UINT64_C(24) * 3600);

	if (ms)
		sc_putf(out, "%02u:%02u:%02u", (unsigned)(s / 3600),
			(unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		sc_putf(out, "%8s", "");
}

void sc_when_member(struct sc_buf *out, const char *name, uint64_t ms,
		    bool with_ms)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!ms)
		return;
	sc_when_write(&text, ms, with_ms);
	sc_member_text(out, name, (struct sc_str){ text.s, text.n });
	out->failed |= text.failed;
}
