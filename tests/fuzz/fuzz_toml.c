#include "base/clean.h"
#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No key comes twice. */
static void check(const struct sc_doc_node *node, const void *data)
{
	size_t n = 0;

	(void)data;
	for (const struct sc_doc_node *c = node->first; c; c = c->next)
		if (node->kind == SC_DOC_MAP && n++ < 64)
			for (const struct sc_doc_node *o = node->first; o != c;
			     o = o->next)
				if (sc_str_eq(o->key, c->key))
					abort();
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
	if (walk(doc.root, 1, check, NULL) > SC_DOC_NODES ||
	    !sc_doc_path(doc.root, &a, &path))
		abort();
	return 0;
}
