#include "base/buf.h"
#include "base/clean.h"
#include "base/hex.h"
#include "doc/tree.h"

/*
 * TOML 1.0 into the tree of doc.h. Tables are maps, arrays are lists; numbers
 * and dates stay as they were written. Stricter than asked nowhere, laxer in
 * this: numbers and dates are told by their characters alone.
 *
 * .style tells the maps apart: BLOCK has had its [header], PLAIN was made by
 * the way and may get one, FLOW is closed. Of the lists only BLOCK ones, made
 * by
 * [[header]], may grow.
 */

#define TOML_VALUES 20000 /* at most, since keys are looked for one by one */
#define TOML_KEYS 4096    /* in one table, at most */

struct toml {
	struct sc_doc_tree tree;
	struct sc_str rest;
	const char *base; /* of the text */
	size_t pair;      /* where the line's names begin */
	size_t pair_end;  /* and end; 0: in a header */
	uint32_t line;
	struct sc_error *err;
};

static size_t offset(const struct toml *t)
{
	return (size_t)(t->rest.s - t->base);
}

static int fail(struct toml *t, enum sc_err code, const char *what)
{
	(void)sc_fail(t->err, code, "line %u: %s", t->line, what);
	t->err->line = t->line;
	return (int)code;
}

static int syntax(struct toml *t, const char *what)
{
	return fail(t, SC_ESYNTAX, what);
}

static bool at(const struct toml *t, char c)
{
	return t->rest.n && *t->rest.s == c;
}

static bool take(struct toml *t, char c)
{
	if (!at(t, c))
		return false;
	sc_str_drop(&t->rest, 1);
	t->line += c == '\n';
	return true;
}

static void skip_blanks(struct toml *t)
{
	while (take(t, ' ') || take(t, '\t'))
		;
}

static void skip_comment(struct toml *t)
{
	if (!at(t, '#'))
		return;
	while (t->rest.n && !at(t, '\n'))
		sc_str_drop(&t->rest, 1);
}

/* Blanks, comments and ends of lines. */
static void skip_lines(struct toml *t)
{
	do {
		skip_blanks(t);
		skip_comment(t);
	} while (take(t, '\n') || take(t, '\r'));
}

/* ---- strings */

static char tail(uint32_t c, unsigned shift)
{
	return (char)(0x80 | (c >> shift & 0x3f));
}

static bool put_utf8(struct sc_buf *out, uint32_t c)
{
	char s[4];
	size_t n = 0;

	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return false;
	if (c >= 0x10000)
		s[n++] = (char)(0xf0 | c >> 18);
	else if (c >= 0x800)
		s[n++] = (char)(0xe0 | c >> 12);
	else if (c >= 0x80)
		s[n++] = (char)(0xc0 | c >> 6);
	else
		s[n++] = (char)c;
	if (c >= 0x10000)
		s[n++] = tail(c, 12);
	if (c >= 0x800)
		s[n++] = tail(c, 6);
	if (c >= 0x80)
		s[n++] = tail(c, 0);
	sc_put(out, (struct sc_str){ s, n });
	return true;
}

static bool take_hex(struct toml *t, size_t digits, uint32_t *out)
{
	struct sc_str text = { t->rest.s, digits };
	uint64_t value;

	if (t->rest.n < digits || !sc_take_hex(&text, digits, &value) || text.n)
		return false;
	sc_str_drop(&t->rest, digits);
	*out = (uint32_t)value;
	return true;
}

/* What comes after a backslash; at the end of a line, it and what is blank
 * after it go. */
static int take_escape(struct toml *t, struct sc_buf *out, bool many_lines)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *found;
	uint32_t c;

	if (many_lines && t->rest.n && strchr(" \t\r\n", *t->rest.s)) {
		while (take(t, ' ') || take(t, '\t') || take(t, '\r') ||
		       take(t, '\n'))
			;
		return 0;
	}
	if (take(t, 'u') || at(t, 'U')) {
		size_t digits = take(t, 'U') ? 8 : 4;

		if (!take_hex(t, digits, &c) || !put_utf8(out, c))
			return syntax(t, "a character that does not exist");
		return 0;
	}
	found = t->rest.n && *t->rest.s ? strchr(from, *t->rest.s) : NULL;
	if (!found)
		return syntax(t, "'\\' before what it does not go with");
	sc_put(out, (struct sc_str){ to + (found - from), 1 });
	sc_str_drop(&t->rest, 1);
	return 0;
}

/* Three quotes, or up to two more of them that belong to the text. */
static bool take_end(struct toml *t, char quote, struct sc_buf *out)
{
	size_t n = 0;

	while (n < t->rest.n && n < 5 && t->rest.s[n] == quote)
		n++;
	if (n < 3) {
		sc_put(out, (struct sc_str){ t->rest.s, n ? n : 1 });
		sc_str_drop(&t->rest, n ? n : 1);
		return false;
	}
	sc_put(out, (struct sc_str){ t->rest.s, n - 3 });
	sc_str_drop(&t->rest, n);
	return true;
}

static int take_quoted(struct toml *t, struct sc_buf *out, bool may_be_long)
{
	const char quote = *t->rest.s;
	bool many_lines = may_be_long && t->rest.n >= 3 &&
			  t->rest.s[1] == quote && t->rest.s[2] == quote;
	int r = 0;

	sc_str_drop(&t->rest, many_lines ? 3 : 1);
	if (many_lines && !(take(t, '\r') && take(t, '\n')))
		(void)take(t, '\n');
	while (t->rest.n && r == 0) {
		unsigned char c = (unsigned char)*t->rest.s;

		if (c == (unsigned char)quote && !many_lines) {
			sc_str_drop(&t->rest, 1);
			return 0;
		}
		if (c == (unsigned char)quote) {
			if (take_end(t, quote, out))
				return 0;
		} else if (c == '\\' && quote == '"') {
			sc_str_drop(&t->rest, 1);
			r = take_escape(t, out, many_lines);
		} else if (c == 0 || (c == '\n' && !many_lines)) {
			break;
		} else {
			sc_put(out, (struct sc_str){ t->rest.s, 1 });
			(void)take(t, (char)c);
		}
	}
	return r < 0 ? r : syntax(t, "a string that does not end");
}

static int keep(struct toml *t, const struct sc_buf *text, struct sc_str *out)
{
	return !text->failed &&
			       sc_keep(t->tree.a,
				       (struct sc_str){ text->s, text->n }, out)
		       ? 0
		       : sc_no_memory(t->err);
}

static int take_string(struct toml *t, bool may_be_long, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = take_quoted(t, &text, may_be_long);

	return r < 0 ? r : keep(t, &text, out);
}

/* The characters of which names, numbers and dates are made. */
static bool is_bare(char c, bool value)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       (value && (c == '+' || c == '.' || c == ':'));
}

static int take_bare(struct toml *t, bool value, struct sc_str *out)
{
	struct sc_str word = { t->rest.s, 0 };

	while (word.n < t->rest.n && is_bare(t->rest.s[word.n], value))
		word.n++;
	if (!word.n)
		return syntax(t, value ? "no value" : "no name");
	sc_str_drop(&t->rest, word.n);
	return sc_keep(t->tree.a, word, out) ? 0 : sc_no_memory(t->err);
}

/* ---- tables */

static struct sc_doc_node *find(const struct sc_doc_node *map,
				struct sc_str key)
{
	for (struct sc_doc_node *c = map->first; c; c = c->next)
		if (sc_str_eq(c->key, key))
			return c;
	return NULL;
}

static struct sc_doc_node *add(struct toml *t, struct sc_doc_node *parent,
			       struct sc_str key, enum sc_doc_kind kind,
			       enum sc_doc_style style)
{
	struct sc_doc_node *node;
	size_t depth = 1;

	for (node = parent; node; node = node->parent)
		depth++;
	if (depth > SC_DOC_DEPTH) {
		(void)fail(t, SC_ELIMIT, "lists and tables nest too deep");
		return NULL;
	}
	if (t->tree.nodes >= TOML_VALUES || parent->n >= TOML_KEYS) {
		(void)fail(t, SC_ELIMIT, "too many values");
		return NULL;
	}
	node = sc_doc_new(&t->tree, t->err);
	if (!node)
		return NULL;
	node->kind = kind;
	node->style = style;
	node->key = key;
	node->line = node->key_line = t->line;
	node->key_start = t->pair;
	node->key_end = t->pair_end;
	sc_doc_add(parent, node);
	return node;
}

/* The table @key of @map, made if it is not there; of a list of tables, the
 * last one. NULL with the error said. */
static struct sc_doc_node *enter(struct toml *t, struct sc_doc_node *map,
				 struct sc_str key)
{
	struct sc_doc_node *node = find(map, key);

	if (!node)
		return add(t, map, key, SC_DOC_MAP, SC_DOC_PLAIN);
	if (node->kind == SC_DOC_LIST && node->style == SC_DOC_BLOCK)
		return node->last;
	if (node->kind == SC_DOC_MAP && node->style != SC_DOC_FLOW)
		return node;
	(void)syntax(t, "what has a value already is no table");
	return NULL;
}

/* "a.'b c'.d": enter all but the last, which goes to @last. */
static int take_path(struct toml *t, struct sc_doc_node **map,
		     struct sc_str *last)
{
	for (size_t depth = 0; depth < SC_DOC_DEPTH / 2; depth++) {
		int r;

		skip_blanks(t);
		r = at(t, '"') || at(t, '\'') ? take_string(t, false, last)
					      : take_bare(t, false, last);
		if (r < 0)
			return r;
		skip_blanks(t);
		if (!take(t, '.'))
			return 0;
		*map = enter(t, *map, *last);
		if (!*map)
			return (int)t->err->code;
	}
	return fail(t, SC_ELIMIT, "a name of too many parts");
}

static int take_value(struct toml *t, struct sc_doc_node *map,
		      struct sc_str key, size_t depth);

static int take_pair(struct toml *t, struct sc_doc_node *map, size_t depth)
{
	struct sc_str key = { 0 };
	int r;

	t->pair = offset(t);
	t->pair_end = t->pair + 1; /* until it is known */
	r = take_path(t, &map, &key);
	if (r < 0)
		return r;
	t->pair_end = offset(t);
	if (!take(t, '='))
		return syntax(t, "no '=' after a name");
	if (find(map, key))
		return syntax(t, "a name that is here already");
	skip_blanks(t);
	return take_value(t, map, key, depth);
}

static int take_list(struct toml *t, struct sc_doc_node *list, size_t depth)
{
	for (;;) {
		int r;

		skip_lines(t);
		if (take(t, ']'))
			return 0;
		r = take_value(t, list, (struct sc_str){ 0 }, depth + 1);
		if (r < 0)
			return r;
		skip_lines(t);
		if (!take(t, ',') && !at(t, ']'))
			return syntax(t, "no ',' or ']' after a value");
	}
}

static void close_maps(struct sc_doc_node *map)
{
	map->style = SC_DOC_FLOW;
	for (struct sc_doc_node *c = map->first; c; c = c->next)
		if (c->kind == SC_DOC_MAP && c->style != SC_DOC_FLOW)
			close_maps(c);
}

static int take_inline(struct toml *t, struct sc_doc_node *map, size_t depth)
{
	map->style = SC_DOC_PLAIN;
	skip_blanks(t);
	while (!take(t, '}')) {
		int r = take_pair(t, map, depth + 1);

		if (r < 0)
			return r;
		skip_blanks(t);
		if (!take(t, ',') && !at(t, '}'))
			return syntax(t, "no ',' or '}' after a value");
	}
	close_maps(map);
	return 0;
}

static int take_scalar(struct toml *t, struct sc_doc_node *node)
{
	int r;

	if (at(t, '"') || at(t, '\'')) {
		node->style = SC_DOC_DOUBLE;
		return take_string(t, true, &node->text);
	}
	r = take_bare(t, true, &node->text);
	if (sc_str_eq(node->text, SC_STR("true")) ||
	    sc_str_eq(node->text, SC_STR("false")))
		node->kind = SC_DOC_BOOL;
	else
		node->kind = SC_DOC_NUMBER;
	return r;
}

static int take_value(struct toml *t, struct sc_doc_node *map,
		      struct sc_str key, size_t depth)
{
	bool list = at(t, '['), table = at(t, '{');
	struct sc_doc_node *node;
	int r;

	if (depth >= SC_DOC_DEPTH / 4)
		return fail(t, SC_ELIMIT, "lists and tables nest too deep");
	node = add(t, map, key,
		   list    ? SC_DOC_LIST
		   : table ? SC_DOC_MAP
			   : SC_DOC_STRING,
		   SC_DOC_FLOW);
	if (!node)
		return (int)t->err->code;
	node->start = offset(t);
	if (list || table)
		sc_str_drop(&t->rest, 1);
	r = list    ? take_list(t, node, depth)
	    : table ? take_inline(t, node, depth)
		    : take_scalar(t, node);
	node->end = offset(t);
	return r;
}

/* [table] or [[list of tables]]; @map becomes what the lines below belong to.
 */
static int take_header(struct toml *t, struct sc_doc_node *root,
		       struct sc_doc_node **map)
{
	bool many = t->rest.n > 1 && t->rest.s[1] == '[';
	struct sc_doc_node *parent = root, *node;
	struct sc_str key = { 0 };
	size_t start = offset(t);
	int r;

	t->pair = t->pair_end = 0;
	sc_str_drop(&t->rest, many ? 2 : 1);
	r = take_path(t, &parent, &key);
	if (r < 0)
		return r;
	if (!take(t, ']') || (many && !take(t, ']')))
		return syntax(t, "no ']' after a table's name");
	node = find(parent, key);
	if (node && (node->style != (many ? SC_DOC_BLOCK : SC_DOC_PLAIN) ||
		     node->kind != (many ? SC_DOC_LIST : SC_DOC_MAP)))
		return syntax(t, "a table that is here already");
	if (!node)
		node = add(t, parent, key, many ? SC_DOC_LIST : SC_DOC_MAP,
			   SC_DOC_BLOCK);
	if (node && many)
		node = add(t, node, (struct sc_str){ 0 }, SC_DOC_MAP,
			   SC_DOC_BLOCK);
	if (!node)
		return (int)t->err->code;
	node->style = SC_DOC_BLOCK;
	node->start = start;
	node->end = node->key_end = offset(t);
	*map = node;
	return 0;
}

static void weigh(struct sc_doc_node *node)
{
	for (struct sc_doc_node *c = node->first; c; c = c->next)
		weigh(c);
	sc_doc_weigh(node);
}

int sc_doc_read_toml(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err)
{
	struct toml t = {
		.tree = { .a = a },
		.rest = text,
		.base = text.s,
		.line = 1,
		.err = err,
	};
	struct sc_doc_node *root, *map;
	int r = 0;

	if (text.n > SC_DOC_BYTES)
		return sc_fail(err, SC_ELIMIT, "more than %zu bytes",
			       SC_DOC_BYTES);
	(void)sc_take_prefix(&t.rest, SC_STR("\xef\xbb\xbf"));
	root = map = sc_doc_new(&t.tree, err);
	if (!root)
		return (int)err->code;
	root->kind = SC_DOC_MAP;
	root->style = SC_DOC_BLOCK;
	root->line = 1;
	for (skip_lines(&t); t.rest.n && r == 0; skip_lines(&t)) {
		r = at(&t, '[') ? take_header(&t, root, &map)
				: take_pair(&t, map, 0);
		if (r < 0)
			return r;
		skip_blanks(&t);
		skip_comment(&t);
		(void)take(&t, '\r');
		if (t.rest.n && !at(&t, '\n'))
			return syntax(&t, "more than one thing in a line");
	}
	weigh(root);
	out->root = root;
	out->second_line = 0;
	return 0;
}
