#include "audit/form.h"
#include "audit/source.h"
#include "base/clean.h"
#include "memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST ((size_t)4 << 20) /* bytes of a bomb that we wait for */

/* Every view that comes back lies in the line, or is a word of ours. */
static void check(struct sc_str line)
{
	struct sc_record r;

	(void)sc_form_has_time(line);
	(void)sc_form_is_interpreted(line);
	(void)sc_form_refusal(line);
	if (!sc_form_read(line, &r))
		return;
	if (r.form == SC_FORM_AUDIT || r.node.n || !r.type.n ||
	    r.body.s < line.s || r.body.s + r.body.n != line.s + line.n)
		abort();
	(void)sc_record_kind(r.type);
}

/* The sum of all lines; the same, however the bytes come in. */
static uint64_t read_all(struct sc_str bytes, size_t piece, int *result)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct memory m = { bytes, piece, false };
	struct sc_error err = { 0 };
	struct sc_str lines, line;
	uint64_t sum = 0;
	size_t n = 0;

	if (sc_source_from(read_memory, &m, 4096, &source, &err) < 0)
		abort();
	while ((*result = sc_source_next(source, 0, &lines, &err)) > 0) {
		for (size_t i = 0; i < lines.n; i++)
			sum = sum * 31 + (unsigned char)lines.s[i];
		n += lines.n;
		while (sc_take_part(&lines, '\n', &line))
			check(line);
		if (n > MOST)
			break;
	}
	if (*result < 0 && !err.msg[0])
		abort();
	return n > MOST ? 0 : sum;
}

/* A log of any form, packed or not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_str bytes = { (const char *)data, size };
	int whole, pieces;
	uint64_t a = read_all(bytes, 4096, &whole);
	uint64_t b = read_all(bytes, 1 + size % 61, &pieces);

	/* How much comes out of corrupt data before it shows can differ. */
	if ((whole < 0) != (pieces < 0) || (whole == 0 && a != b))
		abort();
	return 0;
}
