#include "doc/edit.h"

#include "base/clean.h"
#include "base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int sc_edit_refuse(const struct sc_edits *e, const struct sc_doc_node *node,
		   const char *fmt, ...)
{
	char what[sizeof(e->err->msg) - 32];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	(void)sc_fail(e->err, SC_EREFUSED, "line %u: %s", node->line, what);
	e->err->line = node->line;
	return SC_EREFUSED;
}

bool sc_edit_is_in_flow(const struct sc_doc_node *node)
{
	for (node = node->parent; node; node = node->parent)
		if (node->style == SC_DOC_FLOW)
			return true;
	return false;
}

int sc_edit_replace(struct sc_edits *e, size_t start, size_t end,
		    struct sc_str text)
{
	struct sc_edit edit = { .start = start, .end = end };

	if (!sc_keep(e->a, text, &edit.text) || !SC_PUSH(e->a, e, edit))
		return sc_no_memory(e->err);
	return 0;
}

/* Replace by what a writer made, which may have run out of memory. */
int sc_edit_replace_by(struct sc_edits *e, size_t start, size_t end,
		       const struct sc_buf *made)
{
	if (made->failed)
		return sc_no_memory(e->err);
	return sc_edit_replace(
		e, start, end,
		(struct sc_str){ made->s ? made->s : "", made->n });
}

bool sc_edit_is_quotable(struct sc_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];

		if (c < ' ' || c > '~' || strchr("\"\\'", c))
			return false;
	}
	return true;
}

static void put_quoted(struct sc_buf *out, struct sc_str text, char quote)
{
	sc_putf(out, "%c" SC_FMT "%c", quote, SC_ARG(text), quote);
}

void sc_edit_flow_list(struct sc_buf *out, const struct sc_str *texts, size_t n)
{
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < n; i++) {
		if (i)
			sc_put(out, SC_STR(", "));
		put_quoted(out, texts[i], '"');
	}
	sc_put(out, SC_STR("]"));
}

/*
 * Plain only where nothing in the text could mean more: letters, digits and
 * what stands in labels and paths, no comma in brackets.
 */
static bool can_be_plain(struct sc_str text, bool in_flow)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		bool is_word = (c >= 'a' && c <= 'z') ||
			       (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!is_word && !strchr("=:./_-~$", c) &&
		    (in_flow || !strchr(",{}", c)))
			return false;
	}
	return text.n && text.s[text.n - 1] != ':' &&
	       !strchr("-?:,{}", text.s[0]);
}

static void put_scalar(struct sc_buf *out, struct sc_str text,
		       enum sc_doc_style style, bool in_flow)
{
	if (style == SC_DOC_SINGLE)
		put_quoted(out, text, '\'');
	else if (style == SC_DOC_PLAIN && can_be_plain(text, in_flow))
		sc_put(out, text);
	else
		put_quoted(out, text, '"');
}

int sc_edit_scalar(struct sc_edits *e, const struct sc_doc_node *node,
		   struct sc_str text)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };

	if (!sc_edit_is_quotable(text) || node->style == SC_DOC_LITERAL ||
	    node->style == SC_DOC_FOLDED)
		return sc_edit_refuse(e, node,
				      "this text cannot be changed for sure: "
				      "write it in quotes, on one line");
	put_scalar(&made, text, node->style, sc_edit_is_in_flow(node));
	return sc_edit_replace_by(e, node->start, node->end, &made);
}

/* Lines of the text, as they end in \n, \r\n or \r. */

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

size_t sc_line_start(struct sc_str text, size_t at)
{
	while (at && !is_break(text.s[at - 1]))
		at--;
	return at;
}

size_t sc_line_end(struct sc_str text, size_t at)
{
	while (at < text.n && !is_break(text.s[at]))
		at++;
	return at;
}

struct sc_str sc_line_break(struct sc_str text, size_t at)
{
	size_t n = 0;

	if (at < text.n)
		n = text.s[at] == '\r' && at + 1 < text.n &&
				    text.s[at + 1] == '\n'
			    ? 2
			    : 1;
	return (struct sc_str){ text.s + at, n };
}

/* The file's own line break, for lines that have none yet. */
struct sc_str sc_usual_break(struct sc_str text)
{
	struct sc_str found = sc_line_break(text, sc_line_end(text, 0));

	return found.n ? found : SC_STR("\n");
}

bool sc_is_spaces(struct sc_str v)
{
	while (v.n && v.s[0] == ' ')
		sc_str_drop(&v, 1);
	return v.n == 0;
}

struct sc_str sc_line_before(struct sc_str text, size_t at)
{
	size_t start = sc_line_start(text, at);

	return (struct sc_str){ text.s + start, at - start };
}

/* "      - ", with nothing else before @item on its line. */
static bool is_dash(struct sc_str prefix)
{
	while (prefix.n && prefix.s[0] == ' ')
		sc_str_drop(&prefix, 1);
	return sc_take_prefix(&prefix, SC_STR("-")) && prefix.n &&
	       sc_is_spaces(prefix);
}

/* Whether a key and its value, or an item, begin and end on one line. */
static bool is_one_line(const struct sc_edits *e,
			const struct sc_doc_node *node)
{
	size_t start = node->parent->kind == SC_DOC_MAP ? node->key_start
							: node->start;

	if (node->copied)
		return false;
	if (!node->alias &&
	    (node->style == SC_DOC_LITERAL || node->style == SC_DOC_FOLDED ||
	     node->style == SC_DOC_BLOCK))
		return false;
	return node->end >= start && sc_line_end(e->text, start) >= node->end;
}

/* Put lines, which @made has without the last break, below that of @at. */
int sc_edit_below(struct sc_edits *e, size_t at, struct sc_buf *made)
{
	SC_CLEAN(sc_buf_free) struct sc_buf last = { 0 };
	size_t end = sc_line_end(e->text, at);
	struct sc_str found = sc_line_break(e->text, end);
	struct sc_str lines = { made->s, made->n };

	if (made->failed)
		return sc_no_memory(e->err);
	if (found.n) {
		sc_put(&last, lines);
		sc_put(&last, found);
	} else {
		sc_put(&last, sc_usual_break(e->text));
		sc_put(&last, lines);
	}
	return sc_edit_replace_by(e, end + found.n, end + found.n, &last);
}

int sc_edit_drop_item(struct sc_edits *e, const struct sc_doc_node *node)
{
	size_t end = sc_line_end(e->text, node->end);

	if (!is_one_line(e, node) ||
	    !is_dash(sc_line_before(e->text, node->start)))
		return sc_edit_refuse(e, node,
				      "this entry must go, and has no line of "
				      "its own: take it out by hand");
	return sc_edit_replace(e, sc_line_start(e->text, node->start),
			       end + sc_line_break(e->text, end).n,
			       (struct sc_str){ "", 0 });
}

/* Put @made where another thing in the brackets of @node can come. */
int sc_edit_add_in_brackets(struct sc_edits *e, const struct sc_doc_node *node,
			    const struct sc_buf *made)
{
	SC_CLEAN(sc_buf_free) struct sc_buf all = { 0 };
	const struct sc_doc_node *last = NULL;
	struct sc_str text = { made->s, made->n };
	char open = node->kind == SC_DOC_MAP ? '{' : '[';

	if (made->failed)
		return sc_no_memory(e->err);
	for (const struct sc_doc_node *c = node->first; c; c = c->next)
		if (!c->copied)
			last = c;
	if (last) {
		sc_put(&all, SC_STR(", "));
		sc_put(&all, text);
		return sc_edit_replace_by(e, last->end, last->end, &all);
	}
	if (node->start >= e->text.n || e->text.s[node->start] != open)
		return sc_edit_refuse(e, node,
				      "an anchor or tag before the bracket: "
				      "add " SC_FMT " by hand",
				      SC_ARG(text));
	sc_put(&all, text);
	if (node->merges)
		sc_put(&all, SC_STR(", "));
	return sc_edit_replace_by(e, node->start + 1, node->start + 1, &all);
}

int sc_edit_append(struct sc_edits *e, const struct sc_doc_node *list,
		   const struct sc_str *texts, size_t n)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_doc_node *last = list->last;
	struct sc_str prefix;

	if (n == 0)
		return 0;
	if (list->style == SC_DOC_FLOW) {
		for (size_t i = 0; i < n; i++) {
			if (i)
				sc_put(&made, SC_STR(", "));
			put_quoted(&made, texts[i], '"');
		}
		return sc_edit_add_in_brackets(e, list, &made);
	}
	prefix = sc_line_before(e->text, last->start);
	if (!is_one_line(e, last) || !is_dash(prefix))
		return sc_edit_refuse(e, last,
				      "the last entry is not on a line of its "
				      "own: add '" SC_FMT "' by hand",
				      SC_ARG(texts[0]));
	for (size_t i = 0; i < n; i++) {
		if (i)
			sc_put(&made, sc_usual_break(e->text));
		sc_put(&made, prefix);
		put_scalar(&made, texts[i], last->style, false);
	}
	return sc_edit_below(e, last->end, &made);
}

/* A key that stands well in front of the new one: its line is a whole pair. */
static const struct sc_doc_node *find_neighbour(const struct sc_edits *e,
						const struct sc_doc_node *map)
{
	static const char *const good[] = { "image", "build", "target",
					    "source" };
	const struct sc_doc_node *c, *found = NULL;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		c = sc_doc_get(map, good[i]);
		if (c && !e->at_end && is_one_line(e, c))
			return c;
	}
	for (c = map->first; c && (e->at_end || !found); c = c->next)
		if (is_one_line(e, c))
			found = c;
	return found;
}

/* Put the lines of @made into the block mapping @map. */
int sc_edit_add_lines(struct sc_edits *e, const struct sc_doc_node *map,
		      struct sc_buf *made)
{
	const struct sc_doc_node *neighbour = find_neighbour(e, map);
	size_t start = sc_line_start(e->text, map->inside);

	if (neighbour)
		return sc_edit_below(e, neighbour->end, made);
	if (!sc_is_spaces(sc_line_before(e->text, map->inside)))
		return sc_edit_refuse(e, map,
				      "no place for a new line in this "
				      "mapping: add it by hand");
	sc_put(made, sc_usual_break(e->text));
	return sc_edit_replace_by(e, start, start, made);
}

/* How far in the dash of a list stands from the key, as the file has it. */
static size_t dash_indent(const struct sc_edits *e,
			  const struct sc_doc_node *map)
{
	size_t column = sc_line_before(e->text, map->inside).n;

	for (const struct sc_doc_node *c = map->first; c; c = c->next) {
		struct sc_str prefix = sc_line_before(e->text, c->start);

		if (c->copied || c->kind != SC_DOC_LIST ||
		    c->style != SC_DOC_BLOCK || e->text.s[c->start] != '-' ||
		    !sc_is_spaces(prefix) || prefix.n < column)
			continue;
		return prefix.n - column;
	}
	return 2;
}

static bool has_quoted_keys(const struct sc_doc_node *map)
{
	return map->first && map->first->key_style == SC_DOC_DOUBLE;
}

static void put_key(struct sc_buf *out, const struct sc_doc_node *map,
		    const char *key)
{
	const char *quote = has_quoted_keys(map) ? "\"" : "";

	sc_putf(out, "%s%s%s:", quote, key, quote);
}

int sc_edit_put_list(struct sc_edits *e, const struct sc_doc_node *map,
		     const char *key, const struct sc_str *texts, size_t n)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int column, dash;

	if (map->style == SC_DOC_FLOW) {
		put_key(&made, map, key);
		sc_put(&made, SC_STR(" "));
		sc_edit_flow_list(&made, texts, n);
		return sc_edit_add_in_brackets(e, map, &made);
	}
	column = (int)sc_line_before(e->text, map->inside).n;
	dash = column + (int)dash_indent(e, map);
	sc_putf(&made, "%*s", column, "");
	put_key(&made, map, key);
	for (size_t i = 0; i < n; i++) {
		sc_put(&made, sc_usual_break(e->text));
		sc_putf(&made, "%*s- ", dash, "");
		put_scalar(&made, texts[i], SC_DOC_PLAIN, false);
	}
	return sc_edit_add_lines(e, map, &made);
}

int sc_edit_put_key(struct sc_edits *e, const struct sc_doc_node *map,
		    const char *key, const char *inner, const char *value)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	bool in_flow = map->style == SC_DOC_FLOW;
	const char *quote = in_flow && has_quoted_keys(map) ? "\"" : "";
	int column = in_flow ? 0 : (int)sc_line_before(e->text, map->inside).n;

	if (!in_flow)
		sc_putf(&made, "%*s", column, "");
	put_key(&made, map, key);
	if (inner && in_flow) {
		sc_put(&made, SC_STR(" {"));
		put_key(&made, map, inner);
	} else if (inner) {
		sc_put(&made, sc_usual_break(e->text));
		sc_putf(&made, "%*s%s:", column + 2, "", inner);
	}
	sc_putf(&made, " %s%s%s", quote, value, quote);
	if (inner && in_flow)
		sc_put(&made, SC_STR("}"));
	return in_flow ? sc_edit_add_in_brackets(e, map, &made)
		       : sc_edit_add_lines(e, map, &made);
}

static int by_start(const void *left, const void *right)
{
	const struct sc_edit *const *a = left, *const *b = right;

	if ((*a)->start != (*b)->start)
		return (*a)->start < (*b)->start ? -1 : 1;
	return (*a > *b) - (*a < *b);
}

int sc_edit_apply(struct sc_edits *e, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_edit **sorted =
		sc_new_array(e->a, const struct sc_edit *, e->n + 1);
	size_t at = 0;

	if (!sorted)
		return sc_no_memory(e->err);
	for (size_t i = 0; i < e->n; i++)
		sorted[i] = &e->v[i];
	qsort(sorted, e->n, sizeof(*sorted), by_start);
	for (size_t i = 0; i < e->n; i++) {
		const struct sc_edit *one = sorted[i];

		if (one->start < at || one->end < one->start ||
		    one->end > e->text.n)
			return sc_fail(e->err, SC_EREFUSED,
				       "two changes meet in one place: write "
				       "the labels by hand");
		sc_put(&made,
		       (struct sc_str){ e->text.s + at, one->start - at });
		sc_put(&made, one->text);
		at = one->end;
	}
	sc_put(&made, (struct sc_str){ e->text.s + at, e->text.n - at });
	if (made.failed)
		return sc_no_memory(e->err);
	return sc_keep(e->a, (struct sc_str){ made.s, made.n }, out)
		       ? 0
		       : sc_no_memory(e->err);
}
