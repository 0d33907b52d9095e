#include "base/clean.h"
#include "doc/doc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Below the limits, and every place lies in the text. */
static size_t walk(const struct sc_doc_node *node, size_t depth, size_t size)
{
	size_t n = 1, children = 0;

	if (depth > SC_DOC_DEPTH + 1 || node->line == 0 ||
	    node->start > node->end || node->end > size ||
	    node->key_start > node->key_end || node->key_end > size)
		abort();
	for (const struct sc_doc_node *c = node->first; c; c = c->next) {
		if (c->parent != node || c->index != children++ ||
		    (node->copied && !c->copied))
			abort();
		n += walk(c, depth + 1, size);
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

	if (sc_doc_read_yaml((struct sc_str){ (const char *)data, size }, &a,
			     &doc, &err) < 0) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	if (walk(doc.root, 1, size) > SC_DOC_NODES)
		abort();
	return 0;
}
