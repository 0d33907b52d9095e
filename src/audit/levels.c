#include "audit/levels.h"

#include "base/label.h"

#define CATEGORIES 1024
#define WORDS (CATEGORIES / 64)

/* One level: a sensitivity and a set of categories. */
struct level {
	uint64_t sensitivity;
	uint64_t categories[WORDS];
};

struct range {
	struct level low, high;
};

enum order { EQUAL = 1, ABOVE, BELOW, APART };

/* "c5" */
static bool take_category(struct sc_str *in, uint64_t *out)
{
	return sc_take_prefix(in, SC_STR("c")) && sc_take_u64(in, out) &&
	       *out < CATEGORIES;
}

/* "c1,c5.c8" */
static bool read_categories(struct sc_str in, struct level *out)
{
	uint64_t first, last;

	for (;;) {
		if (!take_category(&in, &first))
			return false;
		last = first;
		if (sc_take_prefix(&in, SC_STR(".")) &&
		    !take_category(&in, &last))
			return false;
		for (uint64_t c = first; c <= last; c++)
			out->categories[c / 64] |= (uint64_t)1 << c % 64;
		if (!in.n)
			return true;
		if (!sc_take_prefix(&in, SC_STR(",")))
			return false;
	}
}

/* "s0" or "s0:c1,c2"; no names, as translation would make of them. */
static bool read_level(struct sc_str in, struct level *out)
{
	*out = (struct level){ 0 };
	if (!sc_take_prefix(&in, SC_STR("s")) ||
	    !sc_take_u64(&in, &out->sensitivity))
		return false;
	return !in.n ||
	       (sc_take_prefix(&in, SC_STR(":")) && read_categories(in, out));
}

static bool read_range(struct sc_str in, struct range *out)
{
	struct sc_str low;

	if (!sc_take_until(&in, '-', &low)) {
		if (!read_level(in, &out->low))
			return false;
		out->high = out->low;
		return true;
	}
	return read_level(low, &out->low) && read_level(in, &out->high);
}

static enum order compare_levels(const struct level *a, const struct level *b)
{
	bool above = a->sensitivity >= b->sensitivity;
	bool below = a->sensitivity <= b->sensitivity;

	for (size_t i = 0; i < WORDS; i++) {
		above &= (b->categories[i] & ~a->categories[i]) == 0;
		below &= (a->categories[i] & ~b->categories[i]) == 0;
	}
	if (above && below)
		return EQUAL;
	return above ? ABOVE : below ? BELOW : APART;
}

/* Texts that we can't read are told apart by themselves. */
static uint64_t text_code(struct sc_str a, struct sc_str b)
{
	uint64_t code = 0xcbf29ce484222325;

	for (size_t i = 0; i < a.n; i++)
		code = (code ^ (unsigned char)a.s[i]) * 0x100000001b3;
	code = (code ^ 0x1ff) * 0x100000001b3;
	for (size_t i = 0; i < b.n; i++)
		code = (code ^ (unsigned char)b.s[i]) * 0x100000001b3;
	return code | (uint64_t)1 << 63;
}

static enum sc_levels kind_of(const struct range *a, const struct range *b)
{
	static const enum sc_levels kinds[] = {
		[EQUAL] = SC_LEVELS_EQUAL,
		[ABOVE] = SC_LEVELS_DOMINATES,
		[BELOW] = SC_LEVELS_DOMINATED,
		[APART] = SC_LEVELS_INCOMPARABLE,
	};

	if (compare_levels(&a->low, &a->high) != EQUAL ||
	    compare_levels(&b->low, &b->high) != EQUAL ||
	    a->low.sensitivity != b->low.sensitivity)
		return SC_LEVELS_OTHER;
	return kinds[compare_levels(&a->low, &b->low)];
}

/* All that a constraint can ask of two ranges: each end against each. */
static uint64_t range_code(const struct range *a, const struct range *b)
{
	uint64_t code = (uint64_t)compare_levels(&a->low, &b->low);

	code = code << 3 | (uint64_t)compare_levels(&a->high, &b->high);
	code = code << 3 | (uint64_t)compare_levels(&a->low, &b->high);
	code = code << 3 | (uint64_t)compare_levels(&a->high, &b->low);
	code = code << 3 | (uint64_t)compare_levels(&a->low, &a->high);
	return code << 3 | (uint64_t)compare_levels(&b->low, &b->high);
}

/* The same of two levels, which most contexts have: one question is all. */
static bool relate_levels(struct sc_str a, struct sc_str b,
			  struct sc_levels_relation *out)
{
	static const enum sc_levels kinds[] = {
		[EQUAL] = SC_LEVELS_EQUAL,
		[ABOVE] = SC_LEVELS_DOMINATES,
		[BELOW] = SC_LEVELS_DOMINATED,
		[APART] = SC_LEVELS_INCOMPARABLE,
	};
	struct level left, right;
	uint64_t o;

	if (memchr(a.s, '-', a.n) || memchr(b.s, '-', b.n) ||
	    !read_level(a, &left) || !read_level(b, &right))
		return false;
	o = (uint64_t)compare_levels(&left, &right);
	out->kind = left.sensitivity == right.sensitivity ? kinds[o]
							  : SC_LEVELS_OTHER;
	out->code = o << 15 | o << 12 | o << 9 | o << 6 | (uint64_t)EQUAL << 3 |
		    (uint64_t)EQUAL;
	return true;
}

struct sc_levels_relation sc_levels_relate(struct sc_str source,
					   struct sc_str target)
{
	struct sc_str a = sc_label_part(source, SC_LABEL_LEVEL),
		      b = sc_label_part(target, SC_LABEL_LEVEL);
	struct sc_levels_relation relation;
	struct range left, right;

	if (!a.n || !b.n)
		return (struct sc_levels_relation){ SC_LEVELS_NONE, 0 };
	if (relate_levels(a, b, &relation))
		return relation;
	if (!read_range(a, &left) || !read_range(b, &right)) {
		bool same = sc_str_eq(a, b);

		return (struct sc_levels_relation){
			same ? SC_LEVELS_EQUAL : SC_LEVELS_OTHER,
			same ? 1 : text_code(a, b),
		};
	}
	return (struct sc_levels_relation){
		sc_str_eq(a, b) ? SC_LEVELS_EQUAL : kind_of(&left, &right),
		range_code(&left, &right),
	};
}

bool sc_levels_equal(struct sc_str a, struct sc_str b)
{
	struct range left, right;

	return sc_str_eq(a, b) ||
	       (read_range(a, &left) && read_range(b, &right) &&
		compare_levels(&left.low, &right.low) == EQUAL &&
		compare_levels(&left.high, &right.high) == EQUAL);
}

const char *sc_levels_name(enum sc_levels levels)
{
	static const char *const names[] = {
		[SC_LEVELS_NONE] = "none",
		[SC_LEVELS_EQUAL] = "equal",
		[SC_LEVELS_DOMINATES] = "dominates",
		[SC_LEVELS_DOMINATED] = "dominated",
		[SC_LEVELS_INCOMPARABLE] = "incomparable",
		[SC_LEVELS_OTHER] = "other",
	};

	return names[levels];
}
