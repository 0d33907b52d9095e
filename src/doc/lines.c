/*
 * Files of KEY=value lines, as a shell would read them, and systemd's units,
 * as trees. What a shell would have to work out ($, `, \) stays as it is
 * written, of the style LITERAL: nobody may judge or change it.
 */
#include "doc/conf_form.h"
#include "doc/edit.h"
#include "doc/tree.h"

#include <ctype.h>

struct reader {
	struct sc_doc_tree tree;
	struct sc_str text;
	size_t at; /* where the line begins */
	uint32_t line;
	struct sc_error *err;
};

static int syntax(const struct reader *r, const char *what)
{
	(void)sc_fail(r->err, SC_ESYNTAX, "line %u: %s", r->line, what);
	r->err->line = r->line;
	return SC_ESYNTAX;
}

static struct sc_doc_node *add(struct reader *r, struct sc_doc_node *parent,
			       enum sc_doc_kind kind)
{
	struct sc_doc_node *node = sc_doc_new(&r->tree, r->err);

	if (!node)
		return NULL;
	node->kind = kind;
	node->line = node->key_line = r->line;
	if (parent)
		sc_doc_add(parent, node);
	return node;
}

static int keep(struct reader *r, struct sc_str v, struct sc_str *out)
{
	return sc_keep(r->tree.a, v, out) ? 0 : sc_no_memory(r->err);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next line without its break; false at the end. */
static bool next_line(struct reader *r, struct sc_str *out)
{
	size_t end;

	if (r->at >= r->text.n)
		return false;
	end = sc_line_end(r->text, r->at);
	*out = (struct sc_str){ r->text.s + r->at, end - r->at };
	r->line++;
	return true;
}

static void pass_line(struct reader *r, struct sc_str line)
{
	r->at += line.n;
	r->at += sc_line_break(r->text, r->at).n;
}

static size_t skip_blanks(struct sc_str line, size_t i)
{
	while (i < line.n && is_blank(line.s[i]))
		i++;
	return i;
}

static int open_tree(struct reader *r, struct sc_str text, struct sc_doc *out)
{
	if (text.n > SC_CONF_BYTES)
		return sc_fail(r->err, SC_ELIMIT, "more than %zu bytes",
			       SC_CONF_BYTES);
	if (text.n && memchr(text.s, '\0', text.n))
		return sc_fail(r->err, SC_ESYNTAX, "a NUL in the text");
	out->second_line = 0;
	out->root = add(r, NULL, SC_DOC_MAP);
	return out->root ? 0 : (int)r->err->code;
}

/* ---- KEY=value */

static size_t take_name(struct sc_str line, size_t i)
{
	size_t start = i;

	while (i < line.n &&
	       (isalpha((unsigned char)line.s[i]) || line.s[i] == '_' ||
		(i > start && isdigit((unsigned char)line.s[i]))))
		i++;
	return i;
}

static enum sc_doc_style style_of(char quote)
{
	return quote == '\''  ? SC_DOC_SINGLE
	       : quote == '"' ? SC_DOC_DOUBLE
			      : SC_DOC_PLAIN;
}

/* From @i on: a word, or one in quotes. What follows must be a comment. */
static int take_word(struct reader *r, struct sc_str line, size_t i,
		     struct sc_doc_node *node)
{
	char quote = i < line.n && strchr("'\"", line.s[i]) ? line.s[i] : 0;
	size_t start = i + (quote != 0), end = start;

	while (end < line.n &&
	       (quote ? line.s[end] != quote : !is_blank(line.s[end])))
		end++;
	node->style = style_of(quote);
	node->start = r->at + i;
	node->end = r->at + end + (quote != 0);
	if (quote && end >= line.n)
		return syntax(r, "a quote that does not end");
	i = skip_blanks(line, end + (quote != 0));
	for (size_t k = start; k < end; k++)
		if (strchr("$`\\", line.s[k]) ||
		    (!quote && strchr("'\"|&;()<>", line.s[k])))
			node->style = SC_DOC_LITERAL;
	if (quote == '\'')
		node->style = SC_DOC_SINGLE;
	if (i < line.n && (line.s[i] != '#' || !is_blank(line.s[i - 1])))
		node->style = SC_DOC_LITERAL;
	if (node->style == SC_DOC_LITERAL) {
		start = node->start - r->at;
		end = line.n;
		node->end = r->at + end;
	}
	return keep(r, (struct sc_str){ line.s + start, end - start },
		    &node->text);
}

static int take_pair(struct reader *r, struct sc_str line,
		     struct sc_doc_node *map)
{
	struct sc_str rest = line;
	size_t start = skip_blanks(line, 0), end;
	struct sc_doc_node *node;
	int code;

	if (start == line.n || line.s[start] == '#')
		return 0;
	sc_str_drop(&rest, start);
	if (sc_take_prefix(&rest, SC_STR("export ")))
		start = skip_blanks(line, start + 7);
	end = take_name(line, start);
	if (end == start || end >= line.n || line.s[end] != '=')
		return syntax(r, "no comment, and no KEY=value");
	node = add(r, map, SC_DOC_STRING);
	if (!node)
		return (int)r->err->code;
	node->key_start = r->at + start;
	node->key_end = r->at + end;
	code = keep(r, (struct sc_str){ line.s + start, end - start },
		    &node->key);
	return code < 0 ? code : take_word(r, line, end + 1, node);
}

int sc_doc_read_keys(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err)
{
	struct reader r = { .tree = { .a = a }, .text = text, .err = err };
	struct sc_str line;
	int code = open_tree(&r, text, out);

	for (; code == 0 && next_line(&r, &line); pass_line(&r, line))
		code = take_pair(&r, line, out->root);
	if (code == 0)
		sc_doc_weigh(out->root);
	return code;
}

/* ---- units */

static int take_section(struct reader *r, struct sc_str line,
			struct sc_doc_node *root, struct sc_doc_node **section)
{
	while (line.n && is_blank(line.s[line.n - 1]))
		line.n--;
	if (line.n < 3 || line.s[line.n - 1] != ']')
		return syntax(r, "a section without a name or an end");
	*section = add(r, root, SC_DOC_MAP);
	if (!*section)
		return (int)r->err->code;
	(*section)->start = (*section)->key_start = r->at;
	(*section)->end = (*section)->key_end = r->at + line.n;
	return keep(r, (struct sc_str){ line.s + 1, line.n - 2 },
		    &(*section)->key);
}

/* The line and all those that it goes on in. */
static void extend(struct reader *r, struct sc_str *line)
{
	while (line->n && line->s[line->n - 1] == '\\') {
		size_t end = r->at + line->n;

		end += sc_line_break(r->text, end).n;
		if (end >= r->text.n)
			return;
		r->line++;
		line->n = sc_line_end(r->text, end) - r->at;
	}
}

static int take_setting(struct reader *r, struct sc_str *line,
			struct sc_doc_node *section)
{
	const char *equals = memchr(line->s, '=', line->n);
	size_t end, start;
	struct sc_doc_node *node;
	int code;

	if (!section || !equals || equals == line->s)
		return syntax(r, "no comment, no section and no Key=value");
	node = add(r, section, SC_DOC_STRING);
	if (!node)
		return (int)r->err->code;
	end = (size_t)(equals - line->s);
	start = skip_blanks(*line, end + 1);
	while (end && is_blank(line->s[end - 1]))
		end--;
	node->key_start = r->at;
	node->key_end = r->at + end;
	node->start = r->at + start;
	code = keep(r, (struct sc_str){ line->s, end }, &node->key);
	extend(r, line);
	if (memchr(line->s, '\n', line->n) || memchr(line->s, '\\', line->n))
		node->style = SC_DOC_LITERAL;
	end = line->n;
	while (end > start && is_blank(line->s[end - 1]))
		end--;
	node->end = r->at + end;
	return code < 0 ? code
			: keep(r,
			       (struct sc_str){ line->s + start, end - start },
			       &node->text);
}

int sc_doc_read_unit(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err)
{
	struct reader r = { .tree = { .a = a }, .text = text, .err = err };
	struct sc_doc_node *section = NULL;
	struct sc_str line;
	int code = open_tree(&r, text, out);

	for (; code == 0 && next_line(&r, &line); pass_line(&r, line)) {
		size_t start = skip_blanks(line, 0);

		if (start == line.n || strchr("#;", line.s[start]))
			continue;
		if (start)
			code = syntax(&r, "blanks before a setting");
		else if (line.s[0] == '[')
			code = take_section(&r, line, out->root, &section);
		else
			code = take_setting(&r, &line, section);
	}
	if (code < 0 || !out->root)
		return code;
	for (struct sc_doc_node *c = out->root->first; c; c = c->next)
		sc_doc_weigh(c);
	sc_doc_weigh(out->root);
	return 0;
}
