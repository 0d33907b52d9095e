/* clock.h - how time passes, whatever is done to the date. */
#ifndef SC_BASE_CLOCK_H
#define SC_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since some moment (CLOCK_MONOTONIC of clock_gettime(2)). */
static inline uint64_t sc_clock_us(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static inline uint64_t sc_clock_ms(void)
{
	return sc_clock_us() / 1000;
}

#endif
