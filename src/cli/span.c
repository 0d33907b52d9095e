#include "cli/span.h"

#include "base/str.h"

static uint64_t unit_of(struct sc_str unit)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (sc_str_eq(unit, sc_view(units[i].name)))
			return units[i].seconds;
	return 0;
}

int sc_span_read(const char *option, const char *text, uint64_t *out,
		 struct sc_error *err)
{
	struct sc_str rest = sc_view(text);
	uint64_t n = 0, unit;

	if (!sc_take_u64(&rest, &n) || !(unit = unit_of(rest)) || !n)
		return sc_fail(err, SC_ESYNTAX,
			       "%s takes a number and a unit, such as 45s, "
			       "30m or 2h: '%s'",
			       option, text);
	if (__builtin_mul_overflow(n, unit, out))
		return sc_fail(err, SC_ELIMIT, "%s: '%s' is too long", option,
			       text);
	return 0;
}
