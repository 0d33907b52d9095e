#include "base/clean.h"
#include "doc/doc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every node is below the limits, and its parent's; no key comes twice. */
static size_t walk(const struct sc_doc_node *node, size_t depth)
{
	size_t n = 1, children = 0;

	if (depth > SC_DOC_DEPTH + 1 || (node->n > 0) != (node->first != NULL))
		abort();
	for (const struct sc_doc_node *c = node->first; c; c = c->next) {
		if (c->parent != node || c->index != children++)
			abort();
		if (node->kind == SC_DOC_MAP && children < 64)
			for (const struct sc_doc_node *o = node->first; o != c;
			     o = o->next)
				if (sc_str_eq(o->key, c->key))
					abort();
		n += walk(c, depth + 1);
	}
	if (children != node->n || n != node->weight)
		abort();
	if (node->text.n && memchr(node->text.s, '\0', node->text.n))
		abort();
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_doc doc;
	struct sc_str path;

	if (sc_doc_read_toml((struct sc_str){ (const char *)data, size }, &a,
			     &doc, &err) < 0) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	if (walk(doc.root, 1) > SC_DOC_NODES ||
	    !sc_doc_path(doc.root, &a, &path))
		abort();
	return 0;
}
