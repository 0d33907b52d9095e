#include "base/clean.h"
#include "base/table.h"
#include "policy/why.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sc_policy *open_policy(void)
{
	const char *folder = getenv("SELCAGE_TEST_POLICIES");
	struct sc_policy *p = NULL;
	struct sc_error err;
	char path[4096];

	snprintf(path, sizeof(path), "%s/why.policy", folder ? folder : ".");
	if (access(path, R_OK) < 0) {
		printf("1..0 # SKIP no policies in $SELCAGE_TEST_POLICIES\n");
		exit(77);
	}
	if (sc_policy_open(path, &p, &err) < 0)
		abort();
	return p;
}

/* Lines of scontext, tcontext, tclass, perms: each word gets one answer, and
 * the same one when it is asked again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sc_policy *p;
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_str text = { (const char *)data, size };
	struct sc_row row = { 0 };

	if (!p)
		p = open_policy();
	while (sc_take_row(&text, &row)) {
		struct sc_whys one = { 0 }, two = { 0 };
		struct sc_str perms = row.v[3], word;
		struct sc_error err;
		size_t n = 0;

		if (sc_why_ask(p, row.v[0], row.v[1], row.v[2], row.v[3],
			       &arena, &one, &err) < 0 ||
		    sc_why_ask(p, row.v[0], row.v[1], row.v[2], row.v[3],
			       &arena, &two, &err) < 0)
			abort();
		while (sc_take_word(&perms, &word))
			n++;
		if (one.n != n || two.n != n)
			abort();
		for (size_t i = 0; i < n; i++)
			if (one.v[i].reasons != two.v[i].reasons)
				abort();
	}
	return 0;
}
