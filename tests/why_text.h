/* why_text.h - an answer of sc_why_ask() as one line, for tests. */
#ifndef SC_TESTS_WHY_TEXT_H
#define SC_TESTS_WHY_TEXT_H

#include "base/buf.h"
#include "policy/why.h"

static const struct {
	unsigned reason;
	const char *word;
} why_reasons[] = {
	{ SC_WHY_RULE, "rule" },
	{ SC_WHY_BOOLEAN, "boolean" },
	{ SC_WHY_CONSTRAINT, "constraint" },
	{ SC_WHY_ROLE, "role" },
	{ SC_WHY_BOUNDS, "bounds" },
	{ SC_WHY_DONTAUDIT, "dontaudit" },
	{ SC_WHY_XPERM, "xperm" },
};

static const char *const why_unknown[] = {
	[SC_KNOWN] = "",
	[SC_UNKNOWN_SOURCE] = "unknown-source",
	[SC_UNKNOWN_TARGET] = "unknown-target",
	[SC_UNKNOWN_CLASS] = "unknown-class",
	[SC_UNKNOWN_PERM] = "unknown-perm",
};

/* "PERM REASON,REASON [a=1,b=0 or c=1]: words" */
static inline void why_put(struct sc_buf *out, const struct sc_why *why)
{
	const char *before = " ";

	sc_putf(out, SC_FMT, SC_ARG(why->perm));
	if (!why->reasons)
		sc_putf(out, " allowed");
	if (why->reasons & SC_WHY_UNKNOWN)
		sc_putf(out, " %s '" SC_FMT "' '" SC_FMT "'",
			why_unknown[why->unknown], SC_ARG(why->unknown_name),
			SC_ARG(why->nearest));
	for (size_t i = 0; i < sizeof(why_reasons) / sizeof(*why_reasons); i++)
		if (why->reasons & why_reasons[i].reason) {
			sc_putf(out, "%s%s", before, why_reasons[i].word);
			before = ",";
		}
	if (why->permissive_domain)
		sc_putf(out, " permissive");
	before = " [";
	for (size_t i = 0; i < why->n_options; i++)
		for (size_t j = 0; j < why->options[i].n; j++) {
			const struct sc_why_switch *s = &why->options[i].v[j];

			sc_putf(out, "%s" SC_FMT "=%d",
				i && !j ? " or " : before, SC_ARG(s->boolean),
				s->needed);
			before = ",";
		}
	if (why->n_options)
		sc_putf(out, "]");
	if (why->words.n)
		sc_putf(out, ": " SC_FMT, SC_ARG(why->words));
}

#endif
