#include "base/clean.h"
#include "policy/cil_read.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sc_cil *walk(const struct sc_cil *list, struct sc_str text,
				 size_t depth)
{
	for (const struct sc_cil *i = list->first; i; i = i->next) {
		if (i->is_list) {
			if (depth > SC_CIL_DEPTH || i->is_string)
				abort();
			walk(i, text, depth + 1);
			continue;
		}
		/* every word lies in the text, and only strings are empty */
		if (i->first || i->text.s < text.s ||
		    i->text.s + i->text.n > text.s + text.n ||
		    (!i->text.n && !i->is_string))
			abort();
		/* none holds what would end it */
		for (size_t k = 0; k < i->text.n; k++)
			if (i->text.s[k] == '\n' || i->text.s[k] == '\r' ||
			    (!i->is_string && strchr("() \t;\"", i->text.s[k])))
				abort();
	}
	return list;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { .limit = 64 << 20 };
	struct sc_str text = { (const char *)data, size };
	struct sc_cil *top = NULL;
	struct sc_error err = { 0 };

	if (sc_cil_read(text, &arena, &top, &err) == 0)
		walk(top, text, 0);
	else if (top || !err.code || !err.msg[0])
		abort();
	return 0;
}
