#include "doc/tree.h"

#include <stdlib.h>

struct sc_doc_node *sc_doc_new(struct sc_doc_tree *t, struct sc_error *err)
{
	struct sc_doc_node *node;

	if (t->nodes >= SC_DOC_NODES) {
		(void)sc_fail(err, SC_ELIMIT, "more than %d values",
			      SC_DOC_NODES);
		return NULL;
	}
	node = sc_new(t->a, struct sc_doc_node);
	if (!node) {
		(void)sc_no_memory(err);
		return NULL;
	}
	t->nodes++;
	node->weight = 1;
	node->height = 1;
	return node;
}

void sc_doc_add(struct sc_doc_node *parent, struct sc_doc_node *child)
{
	child->parent = parent;
	child->next = NULL;
	child->index = parent->n++;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

void sc_doc_weigh(struct sc_doc_node *node)
{
	node->weight = 1;
	node->height = 1;
	for (const struct sc_doc_node *c = node->first; c; c = c->next) {
		node->weight += c->weight;
		if (node->height < c->height + 1)
			node->height = c->height + 1;
	}
}

static struct sc_doc_node *copy_tree(struct sc_doc_tree *t,
				     const struct sc_doc_node *from,
				     struct sc_error *err)
{
	struct sc_doc_node *node = sc_doc_new(t, err);

	if (!node)
		return NULL;
	*node = *from;
	node->copied = true;
	node->parent = node->first = node->last = node->next = NULL;
	node->n = 0;
	for (const struct sc_doc_node *c = from->first; c; c = c->next) {
		struct sc_doc_node *child = copy_tree(t, c, err);

		if (!child)
			return NULL;
		sc_doc_add(node, child);
	}
	return node;
}

struct sc_doc_node *sc_doc_copy(struct sc_doc_tree *t,
				const struct sc_doc_node *from, size_t depth,
				struct sc_error *err)
{
	if (from->weight > SC_DOC_NODES - t->nodes) {
		(void)sc_fail(err, SC_ELIMIT,
			      "aliases make more than %d values of it",
			      SC_DOC_NODES);
		return NULL;
	}
	if (depth + from->height > SC_DOC_DEPTH + 1) {
		(void)sc_fail(err, SC_ELIMIT,
			      "aliases nest it more than %d deep",
			      SC_DOC_DEPTH);
		return NULL;
	}
	return copy_tree(t, from, err);
}

/* A key of a map to be, and where it comes in the order of precedence. */
struct entry {
	const struct sc_doc_node *node;
	size_t rank;
	bool is_own;
	bool is_dropped;
};

static int by_key(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left;
	const struct entry *b = *(const struct entry *const *)right;
	int order = sc_str_compare(a->node->key, b->node->key);

	if (order == 0)
		order = (a->rank > b->rank) - (a->rank < b->rank);
	return order;
}

static struct entry *add_entries(struct entry *end,
				 const struct sc_doc_node *map, bool is_own,
				 size_t *rank)
{
	for (const struct sc_doc_node *c = map->first; c; c = c->next)
		*end++ = (struct entry){ c, (*rank)++, is_own, false };
	return end;
}

/* How many keys @merged, a map or a list of maps, would bring. */
static int count_merged(const struct sc_doc_node *merged, size_t *n,
			struct sc_error *err)
{
	const struct sc_doc_node *one;

	if (merged->kind == SC_DOC_MAP) {
		*n += merged->n;
		return 0;
	}
	if (merged->kind == SC_DOC_LIST) {
		for (one = merged->first; one; one = one->next) {
			if (one->kind != SC_DOC_MAP)
				break;
			*n += one->n;
		}
		if (!one)
			return 0;
		merged = one;
	}
	(void)sc_fail(err, SC_ESYNTAX,
		      "line %u: '<<' merges mappings, and this is %s",
		      merged->line, sc_doc_kind_name(merged->kind));
	err->line = merged->line;
	return SC_ESYNTAX;
}

/* The first of equal keys stays; two of the map's own are a mistake. */
static int drop_doubles(struct entry **sorted, size_t n, struct sc_error *err)
{
	for (size_t i = 1; i < n; i++) {
		const struct sc_doc_node *node = sorted[i]->node;

		if (!sc_str_eq(sorted[i - 1]->node->key, node->key))
			continue;
		if (sorted[i]->is_own) {
			(void)sc_fail(err, SC_ESYNTAX,
				      "line %u: key '" SC_FMT
				      "' is here already, at line %u",
				      node->key_line, SC_ARG(node->key),
				      sorted[i - 1]->node->key_line);
			err->line = node->key_line;
			return SC_ESYNTAX;
		}
		sorted[i]->is_dropped = true;
	}
	return 0;
}

int sc_doc_finish_map(struct sc_doc_tree *t, struct sc_doc_node *map,
		      const struct sc_doc_node *merged, size_t depth,
		      struct sc_error *err)
{
	size_t n = map->n, rank = 0;
	struct entry *entries, *end, **sorted;
	int r;

	if (merged && (r = count_merged(merged, &n, err)) < 0)
		return r;
	if (n > SC_DOC_NODES)
		return sc_fail(err, SC_ELIMIT, "more than %d values merged",
			       SC_DOC_NODES);
	entries = sc_new_array(t->a, struct entry, n + 1);
	sorted = sc_new_array(t->a, struct entry *, n + 1);
	if (!entries || !sorted)
		return sc_no_memory(err);

	end = add_entries(entries, map, true, &rank);
	if (sc_doc_is(merged, SC_DOC_MAP))
		end = add_entries(end, merged, false, &rank);
	else if (merged)
		for (const struct sc_doc_node *one = merged->first; one;
		     one = one->next)
			end = add_entries(end, one, false, &rank);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &entries[i];
	qsort(sorted, n, sizeof(*sorted), by_key);
	r = drop_doubles(sorted, n, err);
	if (r < 0)
		return r;

	for (struct entry *e = entries; e < end; e++) {
		struct sc_doc_node *copy;

		if (e->is_own || e->is_dropped)
			continue;
		copy = sc_doc_copy(t, e->node, depth, err);
		if (!copy)
			return (int)err->code;
		sc_doc_add(map, copy);
	}
	sc_doc_weigh(map);
	return 0;
}
