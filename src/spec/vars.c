#include "base/vec.h"
#include "spec/reader.h"

#include <stdlib.h>

/*
 * Variables in the values of a compose file. What a variable holds is not
 * looked at again, so only defaults nest: ${A:-${B:-c}}.
 */
#define NESTING_MAX 32
#define VALUE_BYTES ((size_t)1024 * 1024)    /* of one value, replaced */
#define ALL_BYTES ((size_t)64 * 1024 * 1024) /* of all values */

struct text {
	char *v;
	size_t n, room;
};

struct state {
	struct sc_reader *r;
	const struct sc_doc_node *node;
	struct text out;
	size_t nesting;
};

static int by_name(const void *left, const void *right)
{
	const struct sc_item *const *a = left, *const *b = right;
	int order = sc_str_compare((*a)->name, (*b)->name);

	return order ? order : (*a > *b) - (*a < *b);
}

int sc_reader_set_variables(struct sc_reader *r,
			    const struct sc_items *variables)
{
	const struct sc_item **sorted;
	size_t n = variables ? variables->n : 0;

	r->has_variables = true;
	sorted = sc_new_array(r->a, const struct sc_item *, n + 1);
	if (!sorted)
		return sc_no_memory(r->err);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &variables->v[i];
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 0; i < n; i++) {
		/* of equal names the last counts, as in a .env file */
		if (i + 1 < n &&
		    sc_str_eq(sorted[i]->name, sorted[i + 1]->name))
			continue;
		if (!SC_PUSH(r->a, &r->vars, *sorted[i]))
			return sc_no_memory(r->err);
	}
	return 0;
}

static const struct sc_item *find(const struct sc_reader *r, struct sc_str name)
{
	size_t low = 0, high = r->vars.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = sc_str_compare(r->vars.v[middle].name, name);

		if (order == 0)
			return &r->vars.v[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int put(struct state *s, struct sc_str text)
{
	struct text *o = &s->out;
	size_t room = o->room ? o->room : 32;
	char *bigger;

	if (o->n + text.n > VALUE_BYTES ||
	    s->r->substituted + o->n + text.n > ALL_BYTES)
		return sc_reader_fail(s->r, s->node, SC_ELIMIT,
				      "its variables make it too long");
	while (room < o->n + text.n)
		room *= 2;
	if (room > o->room) {
		bigger = sc_new_array(s->r->a, char, room);
		if (!bigger)
			return sc_no_memory(s->r->err);
		if (o->n)
			memcpy(bigger, o->v, o->n);
		o->v = bigger;
		o->room = room;
	}
	if (text.n)
		memcpy(o->v + o->n, text.s, text.n);
	o->n += text.n;
	return 0;
}

static bool is_name_char(char c, bool is_first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!is_first && c >= '0' && c <= '9');
}

static bool take_name(struct sc_str *in, struct sc_str *out)
{
	size_t n = 0;

	while (n < in->n && is_name_char(in->s[n], n == 0))
		n++;
	*out = (struct sc_str){ in->s, n };
	sc_str_drop(in, n);
	return n > 0;
}

/* Take what stands before the brace that closes the one just taken. */
static bool take_braced(struct sc_str *in, struct sc_str *out)
{
	size_t open = 1;

	for (size_t i = 0; i < in->n; i++) {
		if (in->s[i] == '$' && i + 1 < in->n && in->s[i + 1] == '{') {
			open++;
			i++;
		} else if (in->s[i] == '}' && --open == 0) {
			*out = (struct sc_str){ in->s, i };
			sc_str_drop(in, i + 1);
			return true;
		}
	}
	return false;
}

static int put_replaced(struct state *s, struct sc_str in);

static int note_unset(struct state *s, struct sc_str name)
{
	struct sc_reader *r = s->r;

	for (size_t i = 0; i < r->unset.n; i++)
		if (sc_str_eq(r->unset.v[i].name, name))
			return 0;
	if (r->unset.n >= SC_SPEC_NOTES)
		return 0;
	if (!SC_PUSH(r->a, &r->unset, ((struct sc_item){ .name = name })))
		return sc_no_memory(r->err);
	return sc_reader_note(
		r, s->node, "variable '" SC_FMT "' is not set: taken as empty",
		SC_ARG(name));
}

/* "${NAME" is taken; @word is what follows the operator. */
static int put_choice(struct state *s, struct sc_str name, struct sc_str op,
		      struct sc_str word)
{
	const struct sc_item *var = find(s->r, name);
	bool is_set = var && (op.n == 1 || var->value.n);

	switch (op.s[op.n - 1]) {
	case '-':
		return is_set ? put(s, var->value) : put_replaced(s, word);
	case '+':
		return is_set ? put_replaced(s, word) : 0;
	default:
		break;
	}
	if (is_set)
		return put(s, var->value);
	return sc_reader_fail(s->r, s->node, SC_ESYNTAX,
			      "variable '" SC_FMT "' must be set%s" SC_FMT,
			      SC_ARG(name), word.n ? ": " : "", SC_ARG(word));
}

static int put_plain(struct state *s, struct sc_str name)
{
	const struct sc_item *var = find(s->r, name);

	return var ? put(s, var->value) : note_unset(s, name);
}

/* The inside of ${...}. */
static int put_expression(struct state *s, struct sc_str in)
{
	struct sc_str name, op;

	if (!take_name(&in, &name))
		return sc_reader_fail(s->r, s->node, SC_ESYNTAX,
				      "'${" SC_FMT "}' names no variable",
				      SC_ARG(in));
	if (in.n == 0)
		return put_plain(s, name);
	op = (struct sc_str){ in.s, in.s[0] == ':' && in.n > 1 ? 2 : 1 };
	if (!strchr("-?+", op.s[op.n - 1]))
		return sc_reader_fail(s->r, s->node, SC_ESYNTAX,
				      "'${" SC_FMT SC_FMT
				      "}' is none of the forms that compose "
				      "knows",
				      SC_ARG(name), SC_ARG(in));
	sc_str_drop(&in, op.n);
	return put_choice(s, name, op, in);
}

/* What follows a '$' that is taken. */
static int put_variable(struct state *s, struct sc_str *in)
{
	struct sc_str inside;

	if (sc_take_prefix(in, SC_STR("$")))
		return put(s, SC_STR("$"));
	if (sc_take_prefix(in, SC_STR("{"))) {
		if (!take_braced(in, &inside))
			return sc_reader_fail(s->r, s->node, SC_ESYNTAX,
					      "'${' is not closed");
		return put_expression(s, inside);
	}
	if (take_name(in, &inside))
		return put_plain(s, inside);
	if (put(s, SC_STR("$")) < 0)
		return (int)s->r->err->code;
	return sc_reader_note(s->r, s->node,
			      "a single '$' that begins no variable: compose "
			      "wants '$$'");
}

static int put_replaced(struct state *s, struct sc_str in)
{
	struct sc_str before;
	int e = 0;

	if (++s->nesting > NESTING_MAX)
		return sc_reader_fail(s->r, s->node, SC_ELIMIT,
				      "variables nest more than %d deep",
				      NESTING_MAX);
	while (e >= 0 && sc_take_until(&in, '$', &before)) {
		e = put(s, before);
		if (e >= 0)
			e = put_variable(s, &in);
	}
	if (e >= 0)
		e = put(s, in);
	s->nesting--;
	return e;
}

int sc_reader_substitute(struct sc_reader *r, const struct sc_doc_node *node,
			 struct sc_str *text)
{
	struct state s = { .r = r, .node = node };
	int e;

	if (text->n == 0 || !memchr(text->s, '$', text->n))
		return 0;
	e = put_replaced(&s, *text);
	if (e < 0)
		return e;
	r->substituted += s.out.n;
	*text = s.out.n ? (struct sc_str){ s.out.v, s.out.n }
			: (struct sc_str){ "", 0 };
	return 0;
}
