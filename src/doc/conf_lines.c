#include "base/clean.h"
#include "doc/conf_form.h"

#include <ctype.h>

/* A word that needs no quotes in a shell. */
static bool is_bare(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!isalnum((unsigned char)v.s[i]) &&
		    (!v.s[i] || !strchr("_./:=,+@%-", v.s[i])))
			return false;
	return true;
}

/* Printable, and nothing in it that a shell or systemd would work out. */
static bool is_plain(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.s[i] < ' ' || v.s[i] > '~' || strchr("\"'\\`$", v.s[i]))
			return false;
	return true;
}

static int check(struct sc_conf_edit *c)
{
	if (c->value &&
	    (c->value->kind == SC_DOC_LIST || !is_plain(c->value->text)))
		return sc_conf_refuse(c, "a value that needs escapes");
	if (c->node && c->node->style == SC_DOC_LITERAL)
		return sc_conf_refuse(c, "the value is worked out by a shell, "
					 "or goes on in more lines");
	if (c->place->n != (c->place->form == SC_CONF_UNIT ? 2 : 1))
		return sc_conf_refuse(c, "no place in such a file");
	return 0;
}

static void put_word(struct sc_buf *out, struct sc_str v,
		     enum sc_doc_style style)
{
	const char *quote = style == SC_DOC_SINGLE                  ? "'"
			    : style == SC_DOC_DOUBLE || !is_bare(v) ? "\""
								    : "";

	sc_putf(out, "%s" SC_FMT "%s", quote, SC_ARG(v), quote);
}

static int replace_at(struct sc_conf_edit *c, const struct sc_buf *made)
{
	return sc_edit_replace_by(&c->edits, c->node->start, c->node->end,
				  made);
}

static int replace_word(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int r = check(c);

	if (r < 0)
		return r;
	put_word(&made, c->value->text, c->node->style);
	return replace_at(c, &made);
}

/* Lines, without their last break, behind all others. */
static int add_at_end(struct sc_conf_edit *c, struct sc_buf *made)
{
	struct sc_str text = c->edits.text, end = sc_usual_break(text);
	SC_CLEAN(sc_buf_free) struct sc_buf all = { 0 };
	bool is_whole = !text.n || strchr("\r\n", text.s[text.n - 1]);

	if (!is_whole)
		sc_put(&all, end);
	sc_put(&all, (struct sc_str){ made->s, made->n });
	if (is_whole)
		sc_put(&all, end);
	if (made->failed)
		return sc_no_memory(c->edits.err);
	return sc_edit_replace_by(&c->edits, text.n, text.n, &all);
}

static int add_word(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int r = check(c);

	if (r < 0)
		return r;
	sc_putf(&made, SC_FMT "=", SC_ARG(c->place->keys[0]));
	put_word(&made, c->value->text, SC_DOC_PLAIN);
	return add_at_end(c, &made);
}

static int cut_word(struct sc_conf_edit *c)
{
	int r = check(c);

	return r < 0 ? r
		     : sc_conf_cut_lines(c, c->node->key_start, c->node->end);
}

static int replace_setting(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int r = check(c);

	if (r < 0)
		return r;
	sc_put(&made, c->value->text);
	return replace_at(c, &made);
}

/* Behind the last setting of the section, or a section at the end. */
static int add_setting(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_str text = c->edits.text, end = sc_usual_break(text);
	int r = check(c);

	if (r < 0)
		return r;
	if (c->depth == 0) {
		if (text.n)
			sc_put(&made, end);
		sc_putf(&made, "[" SC_FMT "]" SC_FMT, SC_ARG(c->place->keys[0]),
			SC_ARG(end));
	}
	sc_putf(&made, SC_FMT "=" SC_FMT, SC_ARG(c->place->keys[1]),
		SC_ARG(c->value->text));
	if (c->depth == 0)
		return add_at_end(c, &made);
	return sc_edit_below(&c->edits,
			     c->map->last ? c->map->last->end : c->map->end,
			     &made);
}

static int cut_setting(struct sc_conf_edit *c)
{
	const struct sc_doc_node *node = c->node;
	size_t start = node->key_start, end = node->end;

	if (node->last)
		end = node->last->end;
	if (node->kind == SC_DOC_MAP)
		start = sc_conf_above(c->edits.text, start);
	return sc_conf_cut_lines(c, start, end);
}

const struct sc_conf_writer sc_conf_keys = {
	.read = sc_doc_read_keys,
	.replace = replace_word,
	.add = add_word,
	.remove = cut_word,
};

const struct sc_conf_writer sc_conf_unit = {
	.read = sc_doc_read_unit,
	.replace = replace_setting,
	.add = add_setting,
	.remove = cut_setting,
};
