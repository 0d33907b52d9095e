#include "base/clean.h"
#include "doc/conf_form.h"

#include <ctype.h>

static void put_quoted(struct sc_buf *out, struct sc_str v)
{
	sc_putf(out, "\"" SC_FMT "\"", SC_ARG(v));
}

static bool is_writable(const struct sc_conf_edit *c)
{
	for (size_t i = c->depth; i < c->place->n; i++)
		if (!sc_edit_is_quotable(c->place->keys[i]))
			return false;
	return sc_conf_is_quotable(c->value);
}

static void put_name(struct sc_buf *out, struct sc_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isalnum((unsigned char)name.s[i]) && name.s[i] != '_' &&
		    name.s[i] != '-') {
			put_quoted(out, name);
			return;
		}
	sc_put(out, name);
}

static void put_pair(struct sc_buf *out, const struct sc_conf_edit *c)
{
	put_name(out, c->place->keys[c->place->n - 1]);
	sc_put(out, SC_STR(" = "));
	sc_conf_put_value(out, c->value, put_quoted, put_quoted);
}

static int replace(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_doc_node *node = c->node;
	struct sc_str text = c->edits.text;

	if (!is_writable(c))
		return sc_conf_refuse(c, "a value that needs escapes");
	if (node->kind == SC_DOC_MAP ||
	    (node->kind == SC_DOC_LIST && node->style == SC_DOC_BLOCK))
		return sc_conf_refuse(c, "a table is there");
	if (node->kind == SC_DOC_LIST &&
	    memchr(text.s + node->start, '#', node->end - node->start))
		return sc_conf_refuse(c, "a comment in the list");
	sc_conf_put_value(&made, c->value, put_quoted, put_quoted);
	return sc_edit_replace_by(&c->edits, node->start, node->end, &made);
}

/* It has a value of its own, in the lines below its header. */
static bool is_pair(const struct sc_doc_node *node)
{
	return node->kind != SC_DOC_MAP &&
	       !(node->kind == SC_DOC_LIST && node->style == SC_DOC_BLOCK);
}

/* Behind the last value of a table, or its header, or first of all. */
static int add_to_table(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_doc_node *map = c->map, *last = NULL;
	struct sc_str text = c->edits.text;
	size_t at = map->end, start = map->start;

	for (const struct sc_doc_node *i = map->first; i; i = i->next)
		if (is_pair(i) || i->style == SC_DOC_FLOW)
			last = i;
	if (last) {
		at = last->end;
		start = last->key_start;
	}
	if (!last && !map->parent) {
		put_pair(&made, c);
		sc_put(&made, sc_usual_break(text));
		return sc_edit_replace_by(&c->edits, 0, 0, &made);
	}
	while (sc_line_start(text, start) < start &&
	       strchr(" \t", text.s[start - 1]))
		start--;
	for (; start < text.n && strchr(" \t", text.s[start]); start++)
		sc_put(&made, (struct sc_str){ text.s + start, 1 });
	put_pair(&made, c);
	return sc_edit_below(&c->edits, at, &made);
}

/* Are all maps down to @map tables that may get another header below them? */
static bool is_open(const struct sc_doc_node *map)
{
	for (; map->parent; map = map->parent)
		if (map->kind != SC_DOC_MAP || map->style == SC_DOC_FLOW ||
		    (map->style == SC_DOC_PLAIN && map->key_end))
			return false;
	return true;
}

/* A table of its own, at the end. */
static int add_table(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_str text = c->edits.text, end = sc_usual_break(text);
	bool is_whole = !text.n || text.s[text.n - 1] == '\n';

	if (!is_open(c->map))
		return sc_conf_refuse(c, "a table in braces, in a list, or "
					 "made by names with dots");
	if (!is_whole)
		sc_put(&made, end);
	if (text.n)
		sc_put(&made, end);
	sc_put(&made, SC_STR("["));
	for (size_t i = 0; i + 1 < c->place->n; i++) {
		if (i)
			sc_put(&made, SC_STR("."));
		put_name(&made, c->place->keys[i]);
	}
	sc_put(&made, SC_STR("]"));
	sc_put(&made, end);
	put_pair(&made, c);
	if (is_whole)
		sc_put(&made, end);
	return sc_edit_replace_by(&c->edits, text.n, text.n, &made);
}

static int add(struct sc_conf_edit *c)
{
	bool is_direct = c->depth + 1 == c->place->n;

	if (!is_writable(c))
		return sc_conf_refuse(c, "a value that needs escapes");
	if (is_direct && c->map->style == SC_DOC_BLOCK)
		return add_to_table(c);
	return add_table(c);
}

/* The header, its lines, and the empty one in front of it. */
static int cut_table(struct sc_conf_edit *c, const struct sc_doc_node *table)
{
	struct sc_str text = c->edits.text;
	size_t start = sc_line_start(text, table->start), end = table->end;

	for (const struct sc_doc_node *i = table->first; i; i = i->next) {
		if (!is_pair(i) && c->node == table)
			return sc_conf_refuse(c, "a table with tables in it");
		if (is_pair(i))
			end = i->end;
	}
	return sc_conf_cut_lines(c, sc_conf_above(text, start), end);
}

/* The only value of the last table, which others have in their names: as
 * add_table() makes it. */
static bool fills_a_table(struct sc_str text, const struct sc_doc_node *node)
{
	const struct sc_doc_node *table = node->parent;
	size_t end = sc_line_end(text, node->end), pairs = 0;

	for (const struct sc_doc_node *i = table->first; i; i = i->next)
		pairs += is_pair(i) || i->style == SC_DOC_FLOW ||
			 (i->style == SC_DOC_PLAIN && i->key_end);
	return table->parent && pairs == 1 && table->n > 1 &&
	       end + sc_line_break(text, end).n == text.n;
}

static int cut_out(struct sc_conf_edit *c)
{
	const struct sc_doc_node *node = c->node;
	struct sc_str prefix;

	while (node->kind == SC_DOC_MAP && node->style == SC_DOC_PLAIN &&
	       node->n == 1 && !node->key_end)
		node = node->first;
	if (node->kind == SC_DOC_MAP && node->style == SC_DOC_BLOCK)
		return cut_table(c, node);
	if (!is_pair(node) || node->parent->style == SC_DOC_FLOW)
		return sc_conf_refuse(c, "a table in braces, in a list, or "
					 "made by names with dots");
	if (fills_a_table(c->edits.text, node))
		return cut_table(c, node->parent);
	prefix = sc_line_before(c->edits.text, node->key_start);
	for (size_t i = 0; i < prefix.n; i++)
		if (!strchr(" \t", prefix.s[i]))
			return sc_conf_refuse(c, "no line of its own");
	return sc_conf_cut_lines(c, node->key_start, node->end);
}

const struct sc_conf_writer sc_conf_toml = {
	.read = sc_doc_read_toml,
	.replace = replace,
	.add = add,
	.remove = cut_out,
};
