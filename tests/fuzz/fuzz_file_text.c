#include "base/clean.h"
#include "host/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a ledger keeps of a file, which in an image others wrote: what is read
 * is written and read as the same, and by the same digest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sc_str text = { (const char *)data, size };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_file *file = sc_new(&a, struct sc_file);
	struct sc_file *again = sc_new(&a, struct sc_file);
	struct sc_str one, two;
	struct sc_error err;

	if (!file || !again)
		return 0;
	if (sc_file_parse(text, &a, file, &err) < 0)
		return 0;
	if (file->mode > 07777 || file->n_xattrs > SC_FILE_XATTRS ||
	    (file->sealed.n && (file->bytes.n || file->folder)))
		abort();
	sc_file_write(file, &made);
	if (sc_file_parse((struct sc_str){ made.s, made.n }, &a, again, &err) <
		    0 ||
	    !sc_file_same(file, again) ||
	    sc_file_digest(file, &a, &one, &err) < 0 ||
	    sc_file_digest(again, &a, &two, &err) < 0 || !sc_str_eq(one, two))
		abort();
	return 0;
}
