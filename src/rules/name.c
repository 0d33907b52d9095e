#include "rules/name.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "rules/cil.h"

#define CATEGORIES 1024
#define TRIES 10000

static bool is_kept(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* At most 60 bytes of a name from outside, for a message. */
static struct sc_str shown(struct sc_str v)
{
	return (struct sc_str){ v.s, v.n < 60 ? v.n : 60 };
}

int sc_module_name(struct sc_str project, struct sc_str service,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	struct sc_str name;
	char *s;

	if (!project.n || !service.n)
		return sc_fail(err, SC_EREFUSED,
			       "a container without a %s cannot have a module "
			       "(%s)",
			       project.n ? "name" : "project",
			       project.n ? "give it one" : "--project NAME");
	if (project.n + service.n + 1 > SC_MODULE_NAME_MAX)
		return sc_fail(err, SC_EREFUSED,
			       "the name of service '" SC_FMT
			       "' is longer than a module's may be (%d bytes "
			       "with the project's)",
			       SC_ARG(shown(service)), SC_MODULE_NAME_MAX);
	if (!sc_keepf(a, &name, SC_FMT "_" SC_FMT, SC_ARG(project),
		      SC_ARG(service)))
		return sc_no_memory(err);
	s = (char *)name.s;
	for (size_t i = 0; i < name.n; i++)
		if (!is_kept(s[i]))
			s[i] = '_';
	if (!sc_cil_is_name(name))
		return sc_fail(err, SC_EREFUSED,
			       "no module can be called '" SC_FMT
			       "': its name must start with a letter (choose "
			       "another project name: --project NAME)",
			       SC_ARG(shown(name)));
	*out = name;
	return 0;
}

static bool take_category(struct sc_str *in, uint64_t *out)
{
	return sc_take_prefix(in, SC_STR("c")) && sc_take_u64(in, out) &&
	       *out < CATEGORIES;
}

static bool read_level(struct sc_str level, uint64_t *a, uint64_t *b)
{
	return sc_take_prefix(&level, SC_STR("s0:")) &&
	       take_category(&level, a) &&
	       sc_take_prefix(&level, SC_STR(",")) &&
	       take_category(&level, b) && level.n == 0 && *a != *b;
}

bool sc_level_is_own(struct sc_str level)
{
	uint64_t a, b;

	return read_level(level, &a, &b);
}

bool sc_level_same(struct sc_str x, struct sc_str y)
{
	uint64_t a, b, c, d;

	if (!read_level(x, &a, &b) || !read_level(y, &c, &d))
		return sc_str_eq(x, y);
	return (a == c && b == d) || (a == d && b == c);
}

static bool is_taken(const struct sc_levels_taken *taken, struct sc_str level)
{
	for (size_t i = 0; i < taken->n; i++)
		if (sc_level_same(taken->v[i], level))
			return true;
	return false;
}

/* Two categories out of a digest, the smaller one first. */
static bool make_level(const uint8_t *digest, struct sc_arena *a,
		       struct sc_str *out)
{
	unsigned x = (digest[0] * 256U + digest[1]) % CATEGORIES;
	unsigned y = (digest[2] * 256U + digest[3]) % (CATEGORIES - 1);

	if (y >= x)
		y++;
	return sc_keepf(a, out, "s0:c%u,c%u", x < y ? x : y, x < y ? y : x);
}

int sc_level_choose(struct sc_str name, struct sc_levels_taken *taken,
		    struct sc_arena *a, struct sc_str *out,
		    struct sc_error *err)
{
	for (unsigned i = 0; i < TRIES; i++) {
		uint8_t digest[SC_SHA256_BYTES];
		struct sc_str text, level;

		if (!sc_keepf(a, &text, SC_FMT " %u", SC_ARG(name), i))
			return sc_no_memory(err);
		sc_sha256(text, digest);
		if (!make_level(digest, a, &level))
			return sc_no_memory(err);
		if (is_taken(taken, level))
			continue;
		if (!SC_PUSH(a, taken, level))
			return sc_no_memory(err);
		*out = level;
		return 0;
	}
	return sc_fail(err, SC_ELIMIT, "no level is left for '" SC_FMT "'",
		       SC_ARG(shown(name)));
}
