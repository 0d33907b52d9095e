#include "base/diff.h"

#include "base/clean.h"
#include "base/safe.h"
#include "base/vec.h"

#define CONTEXT 2
#define CELLS ((size_t)4 << 20) /* of the table of common lines, at most */

struct lines {
	struct sc_str *v; /* without their ends */
	size_t n, room;
};

/* A line of the result: kept, taken out or put in. */
struct step {
	char sign;
	struct sc_str line;
};

struct steps {
	struct step *v;
	size_t n, room;
};

static bool split(struct sc_str text, struct sc_arena *a, struct lines *out)
{
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line))
		if (!SC_PUSH(a, out, line))
			return false;
	return true;
}

static bool add(struct steps *s, struct sc_arena *a, char sign,
		struct sc_str line)
{
	return SC_PUSH(a, s, ((struct step){ sign, line }));
}

static bool add_all(struct steps *s, struct sc_arena *a, char sign,
		    struct lines lines)
{
	for (size_t i = 0; i < lines.n; i++)
		if (!add(s, a, sign, lines.v[i]))
			return false;
	return true;
}

/* The length of the longest common sequence of what is left, for each place. */
static bool compare(struct lines x, struct lines y, struct sc_arena *a,
		    struct steps *out)
{
	size_t width = y.n + 1, i = 0, j = 0;
	uint32_t *table = sc_new_array(a, uint32_t, (x.n + 1) * width);
	bool ok = table != NULL;

	for (size_t k = x.n; ok && k-- > 0;)
		for (size_t l = y.n; l-- > 0;) {
			uint32_t *at = &table[k * width + l];

			if (sc_str_eq(x.v[k], y.v[l]))
				*at = at[width + 1] + 1;
			else
				*at = at[width] > at[1] ? at[width] : at[1];
		}
	while (ok && (i < x.n || j < y.n)) {
		const uint32_t *at = table ? &table[i * width + j] : NULL;

		if (i < x.n && j < y.n && sc_str_eq(x.v[i], y.v[j])) {
			ok = add(out, a, ' ', x.v[i++]);
			j++;
		} else if (i < x.n && (j >= y.n || at[width] >= at[1])) {
			ok = add(out, a, '-', x.v[i++]);
		} else {
			ok = add(out, a, '+', y.v[j++]);
		}
	}
	return ok;
}

static struct lines part(struct lines l, size_t start, size_t end)
{
	if (start >= end)
		return (struct lines){ 0 };
	return (struct lines){ .v = l.v + start, .n = end - start };
}

/* All lines in order, with what is the same at both ends left to itself. */
static bool find_steps(struct lines x, struct lines y, struct sc_arena *a,
		       struct steps *out)
{
	size_t head = 0, tail = 0;
	struct lines p, q;
	bool ok;

	while (head < x.n && head < y.n && sc_str_eq(x.v[head], y.v[head]))
		head++;
	while (tail < x.n - head && tail < y.n - head &&
	       sc_str_eq(x.v[x.n - 1 - tail], y.v[y.n - 1 - tail]))
		tail++;
	p = part(x, head, x.n - tail);
	q = part(y, head, y.n - tail);
	ok = add_all(out, a, ' ', part(x, 0, head));
	if (ok && (p.n + 1) * (q.n + 1) <= CELLS)
		ok = compare(p, q, a, out);
	else
		ok = ok && add_all(out, a, '-', p) && add_all(out, a, '+', q);
	return ok && add_all(out, a, ' ', part(x, x.n - tail, x.n));
}

/* Is a change near enough to show this line? */
static bool is_shown(const struct steps *s, size_t at)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0;

	for (size_t i = from; i < s->n && i <= at + CONTEXT; i++)
		if (s->v[i].sign != ' ')
			return true;
	return false;
}

static void put_header(struct sc_buf *out, const char *indent,
		       const struct steps *s, const size_t at[3])
{
	size_t old = 0, new = 0;

	for (size_t i = at[0]; i < s->n && is_shown(s, i); i++) {
		old += s->v[i].sign != '+';
		new += s->v[i].sign != '-';
	}
	sc_putf(out, "%s@@ -%zu,%zu +%zu,%zu @@\n", indent, at[1] + (old > 0),
		old, at[2] + (new > 0), new);
}

int sc_diff_put(struct sc_buf *out, const char *indent, struct sc_str before,
		struct sc_str after, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct lines x = { 0 }, y = { 0 };
	struct steps s = { 0 };
	size_t old = 0, new = 0;
	bool open = false;

	if (!split(before, &a, &x) || !split(after, &a, &y) ||
	    !find_steps(x, y, &a, &s))
		return sc_no_memory(err);
	for (size_t i = 0; i < s.n; i++) {
		bool shown = is_shown(&s, i);

		if (shown && !open)
			put_header(out, indent, &s,
				   (const size_t[]){ i, old, new });
		open = shown;
		if (shown) {
			sc_putf(out, "%s%c", indent, s.v[i].sign);
			sc_put_safe(out, s.v[i].line);
			sc_put(out, SC_STR("\n"));
		}
		old += s.v[i].sign != '+';
		new += s.v[i].sign != '-';
	}
	return sc_buf_check(out, err);
}
