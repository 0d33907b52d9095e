#include "doc/doc.h"

#include <stdio.h>
#include <string.h>

struct sc_doc_node *sc_doc_get(const struct sc_doc_node *map, const char *key)
{
	struct sc_str want = sc_view(key);

	if (!sc_doc_is(map, SC_DOC_MAP))
		return NULL;
	for (struct sc_doc_node *c = map->first; c; c = c->next)
		if (sc_str_eq(c->key, want))
			return c;
	return NULL;
}

bool sc_doc_same(const struct sc_doc_node **a, const struct sc_doc_node **b)
{
	const struct sc_doc_node *x = *a, *y = *b;

	if (x->kind != y->kind || x->n != y->n || !sc_str_eq(x->key, y->key) ||
	    !sc_str_eq(x->tag, y->tag) || !sc_str_eq(x->text, y->text))
		return false;
	x = x->first;
	y = y->first;
	for (; x && y; x = x->next, y = y->next) {
		*a = x;
		*b = y;
		if (!sc_doc_same(a, b))
			return false;
	}
	return true;
}

#define STEP_MAX (SC_DOC_PATH_KEY_MAX + 32)

/* One step of a path into @out; returns its length. */
static size_t write_step(const struct sc_doc_node *node, bool is_first,
			 char out[STEP_MAX])
{
	struct sc_str key = node->key;
	bool is_cut = key.n > SC_DOC_PATH_KEY_MAX;
	char *end = out;

	if (node->parent->kind == SC_DOC_LIST)
		return (size_t)snprintf(out, STEP_MAX, "[%zu]", node->index);
	if (is_cut)
		key.n = SC_DOC_PATH_KEY_MAX;
	if (!is_first)
		*end++ = '.';
	if (key.n)
		end = mempcpy(end, key.s, key.n);
	if (is_cut)
		end = mempcpy(end, "...", 3);
	return (size_t)(end - out);
}

bool sc_doc_path(const struct sc_doc_node *node, struct sc_arena *a,
		 struct sc_str *out)
{
	const struct sc_doc_node *steps[SC_DOC_DEPTH + 2];
	char text[(SC_DOC_DEPTH + 2) * STEP_MAX];
	size_t depth = 0, used = 0;

	for (; node && node->parent && depth < SC_DOC_DEPTH + 2;
	     node = node->parent)
		steps[depth++] = node;
	for (size_t i = depth; i-- > 0;)
		used += write_step(steps[i], i + 1 == depth, text + used);
	return sc_keep(a, (struct sc_str){ text, used }, out);
}

const char *sc_doc_kind_name(enum sc_doc_kind kind)
{
	static const char *const names[] = {
		[SC_DOC_NULL] = "null",       [SC_DOC_BOOL] = "a boolean",
		[SC_DOC_NUMBER] = "a number", [SC_DOC_STRING] = "a string",
		[SC_DOC_LIST] = "a list",     [SC_DOC_MAP] = "a mapping",
	};

	return names[kind];
}
