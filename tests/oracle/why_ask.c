/*
 * why_ask POLICY: read denials from standard input, one a line and split by
 * tabs (scontext, tcontext, tclass, perms), and print why each permission is
 * denied: the reasons, then what belongs to them.
 */
#include "base/clean.h"
#include "base/file.h"
#include "base/table.h"
#include "policy/why.h"

#include <stdio.h>

#define INPUT_MAX ((size_t)16 * 1024 * 1024)

static const struct {
	unsigned reason;
	const char *word;
} reasons[] = {
	{ SC_WHY_RULE, "rule" },
	{ SC_WHY_BOOLEAN, "boolean" },
	{ SC_WHY_CONSTRAINT, "constraint" },
	{ SC_WHY_ROLE, "role" },
	{ SC_WHY_BOUNDS, "bounds" },
	{ SC_WHY_DONTAUDIT, "dontaudit" },
};

static const char *const unknown[] = {
	[SC_KNOWN] = "",
	[SC_UNKNOWN_SOURCE] = "unknown-source",
	[SC_UNKNOWN_TARGET] = "unknown-target",
	[SC_UNKNOWN_CLASS] = "unknown-class",
	[SC_UNKNOWN_PERM] = "unknown-perm",
};

static void print_options(const struct sc_why *why)
{
	for (size_t i = 0; i < why->n_options; i++) {
		const struct sc_why_option *o = &why->options[i];

		printf("\t");
		for (size_t j = 0; j < o->n; j++)
			printf("%s" SC_FMT "=%d", j ? "," : "",
			       SC_ARG(o->v[j].boolean), o->v[j].needed);
	}
}

static void print_why(const struct sc_why *why)
{
	const char *comma = "";

	printf(SC_FMT "\t", SC_ARG(why->perm));
	if (!why->reasons)
		printf("allowed");
	if (why->reasons & SC_WHY_UNKNOWN)
		printf("%s", unknown[why->unknown]);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (why->reasons & reasons[i].reason) {
			printf("%s%s", comma, reasons[i].word);
			comma = ",";
		}
	print_options(why);
	if (why->words.n)
		printf("\t" SC_FMT, SC_ARG(why->words));
	printf("\n");
}

static int ask_all(struct sc_policy *p, struct sc_str text, struct sc_arena *a,
		   struct sc_error *err)
{
	struct sc_row row = { 0 };

	while (sc_take_row(&text, &row)) {
		struct sc_whys whys = { 0 };

		if (sc_why_ask(p, row.v[0], row.v[1], row.v[2], row.v[3], a,
			       &whys, err) < 0)
			return sc_while(err, "line %u", row.line);
		for (size_t i = 0; i < whys.n; i++)
			print_why(&whys.v[i]);
		printf("\n");
	}
	return 0;
}

int main(int argc, char **argv)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_policy *p = NULL;
	struct sc_error err = { 0 };
	struct sc_str text;
	int r = -1;

	if (argc == 2 && sc_policy_open(argv[1], &p, &err) == 0 &&
	    sc_file_read("-", INPUT_MAX, &arena, &text, &err) == 0)
		r = ask_all(p, text, &arena, &err);
	sc_policy_close(p);
	if (r < 0)
		fprintf(stderr, "why_ask: %s\n",
			*err.msg ? err.msg : "usage: why_ask POLICY");
	return r < 0 ? 2 : 0;
}
