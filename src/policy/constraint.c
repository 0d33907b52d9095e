#include "policy/constraint.h"

#include "base/buf.h"

/* What failed in the constraints, over all of them. */
enum failed {
	LEVELS = 1 << 0,
	USERS = 1 << 1,
	ROLES = 1 << 2,
};

/* "mlsconstrain CLASS { PERM PERM } (...": is @perm one of them? */
static bool is_about(struct sc_str line, struct sc_str perm)
{
	struct sc_str perms;

	return sc_take_until(&line, '{', &perms) &&
	       sc_take_until(&line, '}', &perms) &&
	       sc_has_part(perms, ' ', perm);
}

/* The part before a mark, "(h1 dom h2": what did it compare? */
static unsigned read_leaf(struct sc_str before)
{
	size_t start = before.n;

	while (start && before.s[start - 1] != '(')
		start--;
	if (start == before.n)
		return 0;
	switch (before.s[start]) {
	case 'l':
	case 'h':
		return LEVELS;
	case 'u':
		return USERS;
	case 'r':
		return ROLES;
	default:
		return 0; /* types: exceptions that did not apply */
	}
}

static unsigned read_marks(struct sc_str line)
{
	static const struct sc_str mark = { " -Fail-", 7 };
	unsigned failed = 0;

	for (size_t i = 0; i + mark.n <= line.n; i++)
		if (memcmp(line.s + i, mark.s, mark.n) == 0)
			failed |= read_leaf((struct sc_str){ line.s, i });
	return failed;
}

static const char *object_word(struct sc_str tclass)
{
	static const struct {
		const char *class, *word;
	} words[] = {
		{ "file", "file" },
		{ "dir", "directory" },
		{ "lnk_file", "link" },
		{ "chr_file", "device" },
		{ "blk_file", "device" },
		{ "sock_file", "socket" },
		{ "fifo_file", "pipe" },
		{ "process", "other process" },
		{ "process2", "other process" },
		{ "fd", "other process" },
	};
	static const struct sc_str socket = { "_socket", 7 };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (sc_str_eq(tclass, sc_view(words[i].class)))
			return words[i].word;
	if (tclass.n > socket.n &&
	    memcmp(tclass.s + tclass.n - socket.n, socket.s, socket.n) == 0)
		return "socket";
	return "object";
}

static void put_levels(struct sc_buf *out, const struct sc_constrained *c)
{
	struct sc_str own = sc_context_categories(c->source->level);
	struct sc_str other = sc_context_categories(c->target->level);
	const char *object = object_word(c->tclass);

	if (sc_str_eq(own, other) || c->source->c.range.level[1].sens !=
					     c->target->c.range.level[1].sens)
		sc_putf(out,
			"the level of the process, " SC_FMT
			", does not fit that of the %s, " SC_FMT,
			SC_ARG(c->source->level), object,
			SC_ARG(c->target->level));
	else if (!other.n)
		sc_putf(out,
			"the process has categories " SC_FMT
			", the %s has none",
			SC_ARG(own), object);
	else if (!own.n)
		sc_putf(out,
			"the process has no categories, the %s has " SC_FMT
			": it belongs to a container",
			object, SC_ARG(other));
	else
		sc_putf(out,
			"the process's categories " SC_FMT
			" are not those of the %s (" SC_FMT
			"): it belongs to another container",
			SC_ARG(own), object, SC_ARG(other));
}

static void put_pair(struct sc_buf *out, const char *what, struct sc_str one,
		     struct sc_str two)
{
	if (out->n)
		sc_put(out, SC_STR("; "));
	if (sc_str_eq(one, two))
		sc_putf(out, "the constraint does not take %s " SC_FMT, what,
			SC_ARG(one));
	else
		sc_putf(out, "%ss differ: " SC_FMT " and " SC_FMT, what,
			SC_ARG(one), SC_ARG(two));
}

static void put_words(struct sc_buf *out, const struct sc_constrained *c,
		      unsigned failed)
{
	if (failed & LEVELS)
		put_levels(out, c);
	if (failed & USERS)
		put_pair(out, "user", c->source->user, c->target->user);
	if (failed & ROLES)
		put_pair(out, "role", c->source->role, c->target->role);
	if (!out->n)
		sc_putf(out,
			"a constraint does not let type " SC_FMT " do this",
			SC_ARG(c->source->type));
}

int sc_constraint_say(const struct sc_constrained *c, struct sc_str text,
		      struct sc_arena *a, struct sc_why *why,
		      struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf lines = { 0 }, words = { 0 };
	unsigned failed = 0;
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		if (!is_about(line, c->perm))
			continue;
		failed |= read_marks(line);
		if (lines.n)
			sc_put(&lines, SC_STR("\n"));
		sc_put(&lines, line);
	}
	put_words(&words, c, failed);
	if (sc_buf_check(&lines, err) < 0 || sc_buf_check(&words, err) < 0)
		return err->code;
	if (!sc_keep(a, (struct sc_str){ lines.s, lines.n },
		     &why->constraint) ||
	    !sc_keep(a, (struct sc_str){ words.s, words.n }, &why->words))
		return sc_no_memory(err);
	why->mcs = failed & LEVELS;
	return 0;
}
