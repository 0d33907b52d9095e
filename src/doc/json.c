#include "base/clean.h"
#include "doc/tree.h"

#include <jansson.h>
#include <stdio.h>

SC_DEFINE_CLEAN(json_t, json_decref)

static int fail_at(struct sc_error *err, enum sc_err code, uint32_t line,
		   const char *what)
{
	(void)sc_fail(err, code, "line %u: %s", line, what);
	err->line = line;
	return (int)code;
}

/*
 * What jansson would need memory for, counted before it does: three bytes of
 * text can cost it three hundred, and it goes down 2,048 levels.
 */
static int check_size(struct sc_str text, struct sc_error *err)
{
	size_t values = 1, depth = 0;
	uint32_t line = 1;
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];

		line += c == '\n';
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		values += c == ',' || c == '[' || c == '{';
		depth += c == '[' || c == '{';
		depth -= depth && (c == ']' || c == '}');
		if (depth > SC_DOC_DEPTH)
			return fail_at(err, SC_ELIMIT, line,
				       "lists and objects nest more than 64 "
				       "deep");
		if (values > SC_DOC_NODES)
			return fail_at(err, SC_ELIMIT, line,
				       "more than 400000 values");
	}
	return 0;
}

static int fail_json(const json_error_t *why, struct sc_error *err)
{
	enum json_error_code code = json_error_code(why);
	uint32_t line = why->line > 0 ? (uint32_t)why->line : 1;

	if (code == json_error_out_of_memory)
		return sc_no_memory(err);
	if (code == json_error_null_character ||
	    code == json_error_null_byte_in_key)
		return fail_at(err, SC_ESYNTAX, line, "a NUL in the text");
	return fail_at(err, SC_ESYNTAX, line, why->text);
}

static struct sc_str view(const char *s, size_t n)
{
	return (struct sc_str){ s, n };
}

static bool make_number(struct sc_doc_tree *t, const json_t *from,
			struct sc_doc_node *node)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%.17g", json_number_value(from));

	node->kind = SC_DOC_NUMBER;
	return sc_keep(t->a, view(text, (size_t)n), &node->text);
}

static bool make_string(struct sc_doc_tree *t, const json_t *from,
			struct sc_doc_node *node)
{
	node->kind = SC_DOC_STRING;
	node->style = SC_DOC_DOUBLE;
	return sc_keep(t->a,
		       view(json_string_value(from), json_string_length(from)),
		       &node->text);
}

/* NULL with @err filled, like sc_doc_new(). */
static struct sc_doc_node *make(struct sc_doc_tree *t, json_t *from,
				struct sc_error *err);

static bool make_list(struct sc_doc_tree *t, const json_t *from,
		      struct sc_doc_node *node, struct sc_error *err)
{
	json_t *one;
	size_t i;

	node->kind = SC_DOC_LIST;
	node->style = SC_DOC_FLOW;
	json_array_foreach(from, i, one)
	{
		struct sc_doc_node *child = make(t, one, err);

		if (!child)
			return false;
		sc_doc_add(node, child);
	}
	sc_doc_weigh(node);
	return true;
}

static bool make_map(struct sc_doc_tree *t, json_t *from,
		     struct sc_doc_node *node, struct sc_error *err)
{
	const char *key;
	json_t *one;

	node->kind = SC_DOC_MAP;
	node->style = SC_DOC_FLOW;
	json_object_foreach(from, key, one)
	{
		struct sc_doc_node *child = make(t, one, err);

		if (!child)
			return false;
		child->key_style = SC_DOC_DOUBLE;
		if (!sc_keep(t->a, view(key, strlen(key)), &child->key)) {
			(void)sc_no_memory(err);
			return false;
		}
		sc_doc_add(node, child);
	}
	sc_doc_weigh(node);
	return true;
}

static bool make_scalar(struct sc_doc_tree *t, const json_t *from,
			struct sc_doc_node *node)
{
	if (json_is_string(from))
		return make_string(t, from, node);
	if (json_is_number(from))
		return make_number(t, from, node);
	node->kind = json_is_boolean(from) ? SC_DOC_BOOL : SC_DOC_NULL;
	node->text = json_is_true(from)      ? SC_STR("true")
		     : json_is_boolean(from) ? SC_STR("false")
					     : SC_STR("null");
	return true;
}

static struct sc_doc_node *make(struct sc_doc_tree *t, json_t *from,
				struct sc_error *err)
{
	struct sc_doc_node *node = sc_doc_new(t, err);

	if (!node)
		return NULL;
	if (json_is_array(from))
		return make_list(t, from, node, err) ? node : NULL;
	if (json_is_object(from))
		return make_map(t, from, node, err) ? node : NULL;
	if (make_scalar(t, from, node))
		return node;
	(void)sc_no_memory(err);
	return NULL;
}

/* ---- where it all stands, which jansson does not say */

struct places {
	struct sc_str text;
	size_t at;
};

static void skip_blanks(struct places *p)
{
	while (p->at < p->text.n && strchr(" \t\r\n", p->text.s[p->at]))
		p->at++;
}

static void skip_string(struct places *p)
{
	for (p->at++; p->at < p->text.n && p->text.s[p->at] != '"'; p->at++)
		p->at += p->text.s[p->at] == '\\';
	p->at++;
}

static void skip_scalar(struct places *p)
{
	if (p->text.s[p->at] == '"')
		skip_string(p);
	while (p->at < p->text.n && !strchr(",]} \t\r\n", p->text.s[p->at]))
		p->at++;
}

static void place_key(struct places *p, struct sc_doc_node *node)
{
	node->key_start = p->at;
	skip_string(p);
	node->key_end = p->at;
	skip_blanks(p);
	p->at++;
	if (!node->index)
		node->parent->inside = node->key_start;
}

/* jansson has found no fault with the text, and kept its order. */
static void place(struct places *p, struct sc_doc_node *node)
{
	skip_blanks(p);
	node->start = p->at;
	if (node->kind != SC_DOC_MAP && node->kind != SC_DOC_LIST) {
		skip_scalar(p);
		node->end = p->at;
		return;
	}
	p->at++;
	for (struct sc_doc_node *c = node->first; c; c = c->next) {
		p->at += c->index > 0; /* the comma */
		skip_blanks(p);
		if (node->kind == SC_DOC_MAP)
			place_key(p, c);
		place(p, c);
		skip_blanks(p);
	}
	skip_blanks(p);
	node->end = ++p->at;
}

int sc_doc_read_json(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err)
{
	SC_CLEAN(json_decref_p) json_t *tree = NULL;
	struct sc_doc_tree t = { .a = a };
	struct places places = { .text = text };
	struct sc_doc doc = { 0 };
	json_error_t why;
	int r;

	if (text.n > SC_DOC_BYTES)
		return sc_fail(err, SC_ELIMIT, "more than %zu bytes",
			       SC_DOC_BYTES);
	places.at = sc_take_prefix(&text, SC_STR("\xef\xbb\xbf")) ? 3 : 0;
	r = check_size(text, err);
	if (r < 0)
		return r;
	/* as reals: an integer may need the 64th bit, and we do no sums */
	tree = json_loadb(text.n ? text.s : "", text.n,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
			  &why);
	if (!tree)
		return fail_json(&why, err);
	doc.root = make(&t, tree, err);
	if (!doc.root)
		return (int)err->code;
	place(&places, doc.root);
	*out = doc;
	return 0;
}
