/* hex.h - digits of base 16, of numbers, digests and ids. */
#ifndef SC_BASE_HEX_H
#define SC_BASE_HEX_H

#include "base/str.h"

/* What @c stands for, in either case; -1: it is no digit. */
static inline int sc_hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Take a number of @most digits, 16 or less; false if there is none. */
static inline bool sc_take_hex(struct sc_str *in, size_t most, uint64_t *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < most && n < in->n && sc_hex_digit(in->s[n]) >= 0; n++)
		*out = *out << 4 | (uint64_t)sc_hex_digit(in->s[n]);
	if (!n)
		return false;
	sc_str_drop(in, n);
	return true;
}

/* Read "0x5401", or "5401": @most digits, and nothing behind them. */
static inline bool sc_hex_read(struct sc_str text, size_t most, uint64_t *out)
{
	(void)sc_take_prefix(&text, SC_STR("0x"));
	return sc_take_hex(&text, most, out) && !text.n;
}

/* How many digits @v begins with, as digests and ids have them: in lower case.
 */
static inline size_t sc_hex_length(struct sc_str v)
{
	size_t n = 0;

	while (n < v.n && sc_hex_digit(v.s[n]) >= 0 &&
	       !(v.s[n] >= 'A' && v.s[n] <= 'F'))
		n++;
	return n;
}

#endif
