/* walk.h - what holds for each node of a tree, whatever it was read from. */
#ifndef SC_TESTS_FUZZ_WALK_H
#define SC_TESTS_FUZZ_WALK_H

#include "doc/doc.h"

#include <stdlib.h>

/* One that is looked at for more; it aborts. */
typedef void check_node(const struct sc_doc_node *node, const void *data);

/* Every node is below the limits, and its parent's. The number of nodes. */
static inline size_t walk(const struct sc_doc_node *node, size_t depth,
			  check_node *check, const void *data)
{
	size_t n = 1, children = 0;

	if (depth > SC_DOC_DEPTH + 1 || (node->n > 0) != (node->first != NULL))
		abort();
	if (check)
		check(node, data);
	for (const struct sc_doc_node *c = node->first; c; c = c->next) {
		if (c->parent != node || c->index != children++)
			abort();
		n += walk(c, depth + 1, check, data);
	}
	if (children != node->n || n != node->weight)
		abort();
	if (node->text.n && memchr(node->text.s, '\0', node->text.n))
		abort();
	return n;
}

#endif
