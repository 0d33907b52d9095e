/* lines.h - look for lines in what a command would show. */
#ifndef SC_TESTS_LINES_H
#define SC_TESTS_LINES_H

#include "base/str.h"

static inline struct sc_str view(const char *s)
{
	return sc_view(s);
}

/* Every line of @lines is in @shown, in that order. */
static inline void assert_lines(const char *shown, const char *lines)
{
	struct sc_str rest = view(lines), line;
	const char *at = shown;

	while (sc_take_until(&rest, '\n', &line)) {
		const char *found = memmem(at, strlen(at), line.s, line.n);

		if (!found)
			fail_msg("no '" SC_FMT "' in:\n%s", SC_ARG(line),
				 shown);
		else
			at = found + line.n;
	}
}

#endif
