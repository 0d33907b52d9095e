#include "base/clean.h"
#include "doc/conf_form.h"

#include <ctype.h>
#include <stdio.h>

#define INDENT 2 /* of a map that has none yet */

/* Words that some reader of YAML takes for more than a string. */
static bool is_reserved(struct sc_str v)
{
	static const char *const words[] = { "y",    "n",     "yes",
					     "no",   "on",    "off",
					     "true", "false", "null" };
	char low[8] = "";

	if (v.n >= sizeof(low))
		return false;
	for (size_t i = 0; i < v.n; i++)
		low[i] = (char)tolower((unsigned char)v.s[i]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(low, words[i]) == 0)
			return true;
	return false;
}

/* A letter or a slash, then what stands in names and paths. */
static bool can_be_plain(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!isalnum((unsigned char)v.s[i]) &&
		    (!v.s[i] || !strchr("/._-", v.s[i])))
			return false;
	return v.n && (isalpha((unsigned char)v.s[0]) || v.s[0] == '/') &&
	       !is_reserved(v);
}

static void put_quoted(struct sc_buf *out, struct sc_str v)
{
	sc_putf(out, "\"" SC_FMT "\"", SC_ARG(v));
}

static void put_string(struct sc_buf *out, struct sc_str v)
{
	if (can_be_plain(v))
		sc_put(out, v);
	else
		put_quoted(out, v);
}

static bool has_tabs(struct sc_str text)
{
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		sc_skip_spaces(&line);
		if (line.n && line.s[0] == '\t')
			return true;
	}
	return false;
}

static int check(struct sc_conf_edit *c)
{
	if (has_tabs(c->edits.text))
		return sc_conf_refuse(c, "a tab in the indentation");
	if (c->value && !sc_conf_is_quotable(c->value))
		return sc_conf_refuse(c, "a value that needs escapes");
	return 0;
}

/* Where what belongs to @node ends, comments behind it left out. */
static size_t content_end(const struct sc_doc_node *node)
{
	while (node->style == SC_DOC_BLOCK && node->last && !node->alias)
		node = node->last;
	return node->end;
}

/* Is there a scalar in it whose end libyaml does not tell for sure? */
static bool has_block_text(const struct sc_doc_node *node)
{
	if (node->style == SC_DOC_LITERAL || node->style == SC_DOC_FOLDED)
		return true;
	for (const struct sc_doc_node *i = node->first; i; i = i->next)
		if (has_block_text(i))
			return true;
	return false;
}

static bool has_comment(struct sc_str text, size_t start, size_t end)
{
	return end > start && memchr(text.s + start, '#', end - start);
}

/* The items of a list, each on a line of its own, with dashes as they were. */
static int replace_items(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_doc_node *list = c->node;
	size_t end = content_end(list);
	struct sc_str text = c->edits.text, prefix;

	prefix = sc_line_before(text, list->start);
	if (!list->n || !c->value->n || !sc_is_spaces(prefix) ||
	    has_block_text(list) || has_comment(text, list->start, end))
		return sc_conf_refuse(c, "a list with more than its items");
	for (size_t i = 0; i < c->value->n; i++) {
		if (i) {
			sc_put(&made, sc_usual_break(text));
			sc_put(&made, prefix);
		}
		sc_put(&made, SC_STR("- "));
		if (list->first->style == SC_DOC_PLAIN)
			put_string(&made, c->value->items[i]);
		else
			put_quoted(&made, c->value->items[i]);
	}
	return sc_edit_replace_by(&c->edits, list->start, end, &made);
}

static int replace(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	const struct sc_doc_node *node = c->node;
	int r = check(c);

	if (r < 0)
		return r;
	if (c->value->kind == SC_DOC_LIST && node->kind == SC_DOC_LIST &&
	    node->style == SC_DOC_BLOCK)
		return replace_items(c);
	if (node->style == SC_DOC_BLOCK || has_block_text(node) ||
	    has_comment(c->edits.text, node->start, node->end))
		return sc_conf_refuse(c, "the value has lines of its own");
	if (c->value->kind == SC_DOC_STRING && sc_doc_is_scalar(node) &&
	    node->style != SC_DOC_PLAIN)
		return sc_edit_scalar(&c->edits, node, c->value->text);
	if (node->start == node->end)
		sc_put(&made, SC_STR(" "));
	sc_conf_put_value(&made, c->value, put_string, put_quoted);
	return sc_edit_replace_by(&c->edits, node->start, node->end, &made);
}

static void put_key(struct sc_buf *out, const struct sc_conf_edit *c,
		    struct sc_str key)
{
	if (c->root->first && c->root->first->key_style == SC_DOC_DOUBLE)
		put_quoted(out, key);
	else
		put_string(out, key);
	sc_put(out, SC_STR(":"));
}

/* {a: {b: value}}, without the outermost braces */
static int add_in_flow(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };

	for (size_t i = c->depth; i < c->place->n; i++) {
		if (i > c->depth)
			sc_put(&made, SC_STR("{"));
		put_key(&made, c, c->place->keys[i]);
		sc_put(&made, SC_STR(" "));
	}
	sc_conf_put_value(&made, c->value, put_string, put_quoted);
	for (size_t i = c->depth + 1; i < c->place->n; i++)
		sc_put(&made, SC_STR("}"));
	return sc_edit_add_in_brackets(&c->edits, c->map, &made);
}

static int add(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int column, r = check(c);

	if (r < 0)
		return r;
	for (size_t i = c->depth; i < c->place->n; i++)
		if (!sc_edit_is_quotable(c->place->keys[i]))
			return sc_conf_refuse(c, "a key that needs escapes");
	if (c->map->merges)
		return sc_conf_refuse(c, "a merge key on the way");
	if (c->map->style == SC_DOC_FLOW)
		return add_in_flow(c);
	column = (int)sc_line_before(c->edits.text, c->map->inside).n;
	for (size_t i = c->depth; i < c->place->n; i++, column += INDENT) {
		if (i > c->depth)
			sc_put(&made, sc_usual_break(c->edits.text));
		sc_putf(&made, "%*s", column, "");
		put_key(&made, c, c->place->keys[i]);
	}
	sc_put(&made, SC_STR(" "));
	sc_conf_put_value(&made, c->value, put_string, put_quoted);
	return sc_edit_add_lines(&c->edits, c->map, &made);
}

static int cut_out(struct sc_conf_edit *c)
{
	const struct sc_doc_node *node = c->node;
	struct sc_str text = c->edits.text, prefix;
	size_t end = content_end(node);
	int r = check(c);

	if (r < 0)
		return r;
	if (node->parent->style == SC_DOC_FLOW)
		return node->parent->merges
			       ? sc_conf_refuse(c, "a merge key beside it")
			       : sc_conf_cut_member(c, node);
	prefix = sc_line_before(text, node->key_start);
	if (has_block_text(node) || !sc_is_spaces(prefix))
		return sc_conf_refuse(c, "the key has no lines of its own");
	return sc_conf_cut_lines(c, node->key_start, end);
}

const struct sc_conf_writer sc_conf_yaml = {
	.read = sc_doc_read_yaml,
	.replace = replace,
	.add = add,
	.remove = cut_out,
};
