/*
 * why_ask POLICY: read denials from standard input, one a line and split by
 * tabs (scontext, tcontext, tclass, perms), and print why each permission is
 * denied, one a line, with an empty line after each denial.
 */
#include "base/clean.h"
#include "base/file.h"
#include "base/table.h"
#include "why_text.h"

#define INPUT_MAX ((size_t)16 * 1024 * 1024)

static int ask_all(struct sc_policy *p, struct sc_str text, struct sc_buf *out,
		   struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_row row = { 0 };

	while (sc_take_row(&text, &row)) {
		struct sc_whys whys = { 0 };

		if (sc_why_ask(p, row.v[0], row.v[1], row.v[2], row.v[3],
			       &arena, &whys, err) < 0)
			return sc_while(err, "line %u", row.line);
		for (size_t i = 0; i < whys.n; i++) {
			why_put(out, &whys.v[i]);
			sc_put(out, SC_STR("\n"));
		}
		sc_put(out, SC_STR("\n"));
		sc_arena_reset(&arena);
	}
	return sc_buf_check(out, err);
}

int main(int argc, char **argv)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_error err = { .msg = "usage: why_ask POLICY" };
	struct sc_policy *p = NULL;
	struct sc_str text;
	int r = -1;

	if (argc == 2 && sc_policy_open(argv[1], &p, &err) == 0 &&
	    sc_file_read("-", INPUT_MAX, &arena, &text, &err) == 0)
		r = ask_all(p, text, &out, &err);
	sc_policy_close(p);
	if (r < 0)
		fprintf(stderr, "why_ask: %s\n", err.msg);
	else
		fwrite(out.s, 1, out.n, stdout);
	return r < 0 ? 2 : 0;
}
