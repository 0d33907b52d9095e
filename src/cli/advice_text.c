#include "cli/advice.h"

#include "base/clean.h"
#include "base/safe.h"
#include "base/table.h"

#define WIDTH 80
#define INDENT 8 /* of what stands beside "why", "do", ... */

/* How grave a class is: what must not be missed comes first. */
static const struct {
	enum sc_class class;
	enum sc_colour colour;
} ranks[SC_CLASSES] = {
	{ SC_CLASS_GUARDED, SC_RED },       { SC_CLASS_UNKNOWN, SC_YELLOW },
	{ SC_CLASS_LABEL, SC_YELLOW },      { SC_CLASS_LEVEL, SC_YELLOW },
	{ SC_CLASS_CONSTRAINT, SC_YELLOW }, { SC_CLASS_ROLE, SC_YELLOW },
	{ SC_CLASS_BOUNDS, SC_YELLOW },     { SC_CLASS_BOOLEAN, SC_YELLOW },
	{ SC_CLASS_RULE, SC_GREEN },        { SC_CLASS_NOISE, SC_DIM },
	{ SC_CLASS_ALLOWED, SC_DIM },
};

/* Columns that @v takes: bytes that go on a character take none. */
static size_t columns(struct sc_str v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += ((unsigned char)v.s[i] & 0xc0) != 0x80;
	return n;
}

/* A line "  LABEL   text", wrapped between words. @text is safe already. */
static void put_field(struct sc_buf *out, const char *label, struct sc_str text)
{
	size_t at = INDENT;
	struct sc_str word;
	bool first = true;

	sc_putf(out, "  %-*s", INDENT - 2, label);
	while (sc_take_word(&text, &word)) {
		size_t n = columns(word);

		if (!first && at + 1 + n > WIDTH) {
			sc_putf(out, "\n%*s", INDENT, "");
			at = INDENT;
		} else if (!first) {
			sc_put(out, SC_STR(" "));
			at++;
		}
		sc_put(out, word);
		at += n;
		first = false;
	}
	sc_put(out, SC_STR("\n"));
}

static void put_seen(struct sc_buf *out, const char *before,
		     const struct sc_seen *v, size_t n, uint64_t more)
{
	for (size_t i = 0; i < n; i++) {
		sc_putf(out, "%s", i ? ", " : before);
		sc_put_safe(out, v[i].text);
	}
	if (n && more)
		sc_putf(out, " and %llu more", (unsigned long long)more);
}

static void put_count(struct sc_buf *out, const struct sc_denial *d)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

	sc_putf(&line, "%llu time%s", (unsigned long long)d->count,
		d->count == 1 ? "" : "s");
	if (d->permissive)
		sc_put(&line, SC_STR(", let through (permissive)"));
	if (d->from_user)
		sc_put(&line, SC_STR(", said by a program, not the kernel"));
	put_seen(&line, "; by ", d->programs, d->n_programs, d->more_programs);
	put_seen(&line, "; on ", d->objects, d->n_objects, d->more_objects);
	put_field(out, "seen", (struct sc_str){ line.s, line.n });
	out->failed |= line.failed;
}

static void put_head(struct sc_buf *out, const struct sc_advice *a,
		     enum sc_colour colour, bool on)
{
	const struct sc_denial *d = a->denial;

	sc_putf(out, "%s%s%s  %s", sc_colour(on, colour),
		sc_class_name(a->class), sc_colour(on, SC_PLAIN),
		sc_colour(on, SC_BOLD));
	sc_put_safe(out, d->source);
	sc_put(out, SC_STR(" -> "));
	sc_put_safe(out, d->target);
	sc_put(out, SC_STR(":"));
	sc_put_safe(out, d->tclass);
	sc_put(out, SC_STR(" { "));
	sc_put_safe(out, d->perms);
	sc_putf(out, " }%s\n", sc_colour(on, SC_PLAIN));
}

/* Permissions of @a that are of another class than the whole. */
static void put_other_classes(struct sc_buf *out, const struct sc_advice *a)
{
	for (size_t c = 0; c < SC_CLASSES; c++) {
		SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

		if (ranks[c].class == a->class)
			continue;
		for (size_t i = 0; i < a->n_perms; i++) {
			if (a->perms[i].class != ranks[c].class)
				continue;
			sc_put(&line, line.n ? SC_STR(", ") : SC_STR(""));
			sc_put_safe(&line, a->perms[i].perm);
		}
		if (!line.n)
			continue;
		sc_putf(&line, ": %s", sc_class_name(ranks[c].class));
		put_field(out, "also", (struct sc_str){ line.s, line.n });
	}
}

static void put_switches(struct sc_buf *line, const struct sc_why_option *o)
{
	for (size_t i = 0; i < o->n; i++) {
		sc_put(line, i ? SC_STR(" and ") : SC_STR(""));
		sc_put_safe(line, o->v[i].boolean);
		sc_putf(line, "=%s", o->v[i].needed ? "on" : "off");
	}
}

/* What else there is to know of @p, beside what made it its class. */
static void put_other_reasons(struct sc_buf *out,
			      const struct sc_finding_perm *p)
{
	const struct sc_guard *guard = p->guard;
	const struct sc_why *why = p->why;
	enum sc_class class = p->class;
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	bool by_constraint =
		class == SC_CLASS_LEVEL || class == SC_CLASS_CONSTRAINT;

	if (why->reasons & SC_WHY_CONSTRAINT && !by_constraint) {
		sc_put(&line, SC_STR("a constraint denies it as well: "));
		sc_put_safe(&line, why->words);
		put_field(out, "also", (struct sc_str){ line.s, line.n });
		line.n = 0;
	}
	if (why->reasons & SC_WHY_ROLE && class != SC_CLASS_ROLE)
		put_field(out, "also", SC_STR("the roles may not change so"));
	if (why->reasons & SC_WHY_BOUNDS && class != SC_CLASS_BOUNDS)
		put_field(out, "also", SC_STR("a parent type bounds it"));
	if (why->reasons & SC_WHY_RULE && by_constraint)
		put_field(out, "also", SC_STR("no rule allows it either"));
	if (why->reasons & SC_WHY_BOOLEAN && class != SC_CLASS_BOOLEAN &&
	    why->n_options) {
		sc_put(&line, SC_STR("a boolean opens it: "));
		put_switches(&line, &why->options[0]);
		put_field(out, "also", (struct sc_str){ line.s, line.n });
		line.n = 0;
	}
	if (why->reasons & SC_WHY_DONTAUDIT && class != SC_CLASS_NOISE)
		put_field(out, "also",
			  SC_STR("a dontaudit rule hides it from the log"));
	if (guard && class != SC_CLASS_GUARDED) {
		sc_putf(&line,
			"with such a rule the domain could " SC_FMT " (" SC_FMT
			")",
			SC_ARG(guard->words), SC_ARG(guard->id));
		put_field(out, "also", (struct sc_str){ line.s, line.n });
	}
	if (why->permissive_domain)
		put_field(out, "also",
			  SC_STR("the policy has the domain permissive: "
				 "nothing is refused to it"));
	out->failed |= line.failed;
}

static void put_advice(struct sc_buf *out, const struct sc_advice *a,
		       enum sc_colour colour, bool on)
{
	put_head(out, a, colour, on);
	put_count(out, a->denial);
	put_field(out, "why", a->words);
	put_other_classes(out, a);
	for (size_t i = 0; i < a->n_perms; i++) {
		if (a->perms[i].class != a->class)
			continue;
		put_other_reasons(out, &a->perms[i]);
		break;
	}
	if (a->todo.n)
		put_field(out, "do", a->todo);
	for (size_t i = 0; i < a->commands.n; i++)
		sc_putf(out, "  %-*s" SC_FMT "\n", INDENT - 2,
			i && a->class == SC_CLASS_BOOLEAN ? "or" : "run",
			SC_ARG(a->commands.v[i]));
	sc_put(out, SC_STR("\n"));
}

static void put_summary(struct sc_buf *out, const struct sc_judge *j)
{
	size_t counts[SC_CLASSES] = { 0 };
	const char *between = ": ";

	for (size_t i = 0; i < j->n; i++)
		counts[j->advice[i].class]++;
	sc_putf(out, "%zu denial%s", j->n, j->n == 1 ? "" : "s");
	for (size_t c = 0; c < SC_CLASSES; c++) {
		if (!counts[ranks[c].class])
			continue;
		sc_putf(out, "%s%zu %s", between, counts[ranks[c].class],
			sc_class_name(ranks[c].class));
		between = ", ";
	}
	sc_put(out, SC_STR("\n"));
}

void sc_advice_text(struct sc_buf *out, const struct sc_judge *j, bool colour)
{
	for (size_t c = 0; c < SC_CLASSES; c++)
		for (size_t i = 0; i < j->n; i++)
			if (j->advice[i].class == ranks[c].class)
				put_advice(out, &j->advice[i], ranks[c].colour,
					   colour);
	put_summary(out, j);
}
