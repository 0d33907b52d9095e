/* date.h - days of the calendar that everybody has. All times are UTC. */
#ifndef SC_BASE_DATE_H
#define SC_BASE_DATE_H

#include "base/str.h"

#define SC_DAY_MS ((uint64_t)24 * 60 * 60 * 1000)
#define SC_YEAR_MAX 9999

struct sc_date {
	uint64_t year, month, day; /* the latter two are counted from 1 */
};

/* Days from 1970-01-01 to @d; false if it is no day, or before that one. */
bool sc_date_days(struct sc_date d, uint64_t *out);

/* The other way round; false after the year 9999. */
bool sc_date_of(uint64_t days, struct sc_date *out);

/* Take @n digits, no more and no less. */
bool sc_take_digits(struct sc_str *in, size_t n, uint64_t *out);

/* Take "2026-11-21": its days from 1970-01-01. */
bool sc_take_date(struct sc_str *in, uint64_t *days);

#endif
