/*
 * vectors_ask POLICY DOMAIN [MODULE...]: every access vector of DOMAIN in the
 * compiled POLICY, after MODULEs were compiled on top of it, one line for each
 * target and class.
 */
#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"
#include "policy/compile.h"
#include "policy/vectors.h"

struct state {
	struct sc_arena arena;
	struct sc_policy *policy, *with;
	struct sc_vectors *vectors;
	struct sc_error err;
};

static int add_modules(struct state *s, int n, char **paths)
{
	struct sc_sources sources = { 0 };

	for (int i = 0; i < n; i++) {
		struct sc_source one = { { paths[i], strlen(paths[i]) },
					 { 0 } };

		if (sc_file_read(paths[i], 1 << 24, &s->arena, &one.text,
				 &s->err) < 0 ||
		    !SC_PUSH(&s->arena, &sources, one))
			return -1;
	}
	return sc_compile(s->policy, &sources, &s->with, &s->err);
}

static int ask(struct state *s, int argc, char **argv)
{
	struct sc_vector_list list;
	struct sc_str domain;

	if (argc < 3 || sc_policy_open(argv[1], &s->policy, &s->err) < 0)
		return -1;
	if (argc > 3 && add_modules(s, argc - 3, argv + 3) < 0)
		return -1;
	domain = sc_view(argv[2]);
	if (sc_vectors_open(s->with ? s->with : s->policy, domain, SC_AS_SET,
			    &s->vectors, &s->err) < 0 ||
	    sc_vectors_list(s->vectors, &s->arena, &list, &s->err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		printf(SC_FMT " " SC_FMT " { " SC_FMT " }\n",
		       SC_ARG(list.v[i].target), SC_ARG(list.v[i].tclass),
		       SC_ARG(list.v[i].perms));
	return 0;
}

int main(int argc, char **argv)
{
	struct state s = { 0 };
	int r = ask(&s, argc, argv);

	if (r < 0)
		fprintf(stderr, "vectors_ask: %s\n",
			s.err.code ? s.err.msg : "POLICY DOMAIN [MODULE...]");
	sc_vectors_close(s.vectors);
	sc_policy_close(s.with);
	sc_policy_close(s.policy);
	sc_arena_free(&s.arena);
	return r < 0 ? 2 : 0;
}
