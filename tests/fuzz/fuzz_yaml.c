#include "base/clean.h"
#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every place lies in the text. */
static void check(const struct sc_doc_node *node, const void *data)
{
	size_t size = *(const size_t *)data;

	if (node->line == 0 || node->start > node->end || node->end > size ||
	    node->key_start > node->key_end || node->key_end > size ||
	    (node->parent && node->parent->copied && !node->copied))
		abort();
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
	if (walk(doc.root, 1, check, &size) > SC_DOC_NODES)
		abort();
	return 0;
}
