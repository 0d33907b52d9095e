#include "base/date.h"

#define FIRST_DAY 719468 /* of 1970, from March of the year 0 */

/* Days from March of the year 0; months are counted from March, so that the
 * day which leap years add comes last. */
static uint64_t count_days(struct sc_date d)
{
	uint64_t y = d.month < 3 ? d.year - 1 : d.year;
	uint64_t m = d.month < 3 ? d.month + 9 : d.month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + d.day -
	       1;
}

static uint64_t month_days(uint64_t year, uint64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
					31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return (uint64_t)days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool sc_date_days(struct sc_date d, uint64_t *out)
{
	if (d.year < 1970 || d.year > SC_YEAR_MAX || d.month < 1 ||
	    d.month > 12 || d.day < 1 || d.day > month_days(d.year, d.month))
		return false;
	*out = count_days(d) - FIRST_DAY;
	return true;
}

bool sc_date_of(uint64_t days, struct sc_date *out)
{
	struct sc_date d = { 1970 + days / 366, 1, 1 };
	uint64_t before;

	if (days / 366 > SC_YEAR_MAX - 1970)
		return false;
	while (d.year < SC_YEAR_MAX &&
	       sc_date_days((struct sc_date){ d.year + 1, 1, 1 }, &before) &&
	       before <= days)
		d.year++;
	while (d.month < 12 &&
	       sc_date_days((struct sc_date){ d.year, d.month + 1, 1 },
			    &before) &&
	       before <= days)
		d.month++;
	if (!sc_date_days(d, &before) ||
	    days - before >= month_days(d.year, d.month))
		return false;
	d.day += days - before;
	*out = d;
	return true;
}

bool sc_take_digits(struct sc_str *in, size_t n, uint64_t *out)
{
	struct sc_str digits = { in->s, n };

	if (in->n < n || !sc_take_u64(&digits, out) || digits.n)
		return false;
	sc_str_drop(in, n);
	return true;
}

bool sc_take_date(struct sc_str *in, uint64_t *days)
{
	struct sc_str rest = *in;
	struct sc_date d;

	if (!sc_take_digits(&rest, 4, &d.year) ||
	    !sc_take_prefix(&rest, SC_STR("-")) ||
	    !sc_take_digits(&rest, 2, &d.month) ||
	    !sc_take_prefix(&rest, SC_STR("-")) ||
	    !sc_take_digits(&rest, 2, &d.day) || !sc_date_days(d, days))
		return false;
	*in = rest;
	return true;
}
