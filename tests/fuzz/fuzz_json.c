#include "base/clean.h"
#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_doc doc;
	struct sc_str path;

	if (sc_doc_read_json((struct sc_str){ (const char *)data, size }, &a,
			     &doc, &err) < 0) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	if (walk(doc.root, 1, NULL, NULL) > SC_DOC_NODES ||
	    !sc_doc_path(doc.root, &a, &path))
		abort();
	return 0;
}
