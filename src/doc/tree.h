/*
 * tree.h - what the readers of doc/ build trees with; not for others.
 */
#ifndef SC_DOC_TREE_H
#define SC_DOC_TREE_H

#include "doc/doc.h"

struct sc_doc_tree {
	struct sc_arena *a;
	size_t nodes; /* made so far */
};

/* A new node; NULL with @err filled: SC_ELIMIT or SC_ENOMEM. */
struct sc_doc_node *sc_doc_new(struct sc_doc_tree *t, struct sc_error *err);

/* Put @child last below @parent. */
void sc_doc_add(struct sc_doc_node *parent, struct sc_doc_node *child);

/* Make the weight and height of @node, all of whose children are there. */
void sc_doc_weigh(struct sc_doc_node *node);

/*
 * A copy of @from and what is below, marked so, to stand @depth levels down.
 * NULL with @err filled; a copy over the limits is not even begun.
 */
struct sc_doc_node *sc_doc_copy(struct sc_doc_tree *t,
				const struct sc_doc_node *from, size_t depth,
				struct sc_error *err);

/*
 * Make @map whole: refuse a key that comes twice, take over what @merged, the
 * value of its merge key, holds and it does not. @merged may be NULL.
 */
int sc_doc_finish_map(struct sc_doc_tree *t, struct sc_doc_node *map,
		      const struct sc_doc_node *merged, size_t depth,
		      struct sc_error *err) SC_MUST_USE;

#endif
