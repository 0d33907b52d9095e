#include "base/clean.h"
#include "base/sha256.h"
#include "host/change.h"
#include "plan/journal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SUM 16 /* digits of it behind a line */

/* Each line with the sum that makes it one of a journal. */
static void put_sums(struct sc_str text, struct sc_buf *out)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		sc_sha256_hex(line, hex);
		sc_put(out, line);
		sc_putf(out, "\t%.*s\n", SUM, hex);
	}
}

static void check_entry(const struct sc_entry *e)
{
	for (size_t i = 0; i < e->changes.n; i++) {
		const struct sc_change *c = &e->changes.v[i];

		if (!c->name.n || (c->before.n && !sc_is_digest(c->before)) ||
		    (c->after.n && !sc_is_digest(c->after)))
			abort();
	}
}

static void read_all(struct sc_str text)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_ledger l = { .arena = &a, .journal = -1, .lock = -1 };
	struct sc_host_pasts pasts;
	struct sc_error err;
	size_t whole;

	if (sc_journal_read(&l, text, &whole, &err) < 0)
		return;
	if (whole > text.n)
		abort();
	for (size_t i = 0; i < l.n; i++)
		check_entry(&l.v[i]);
	if (sc_host_pasts(&l, &a, &pasts, &err) < 0 || pasts.n > l.n)
		abort();
}

/* What host rollback reads of a ledger, which in an image others wrote: as it
 * is, and as it would be were all its sums right. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sc_str text = { (const char *)data, size };
	SC_CLEAN(sc_buf_free) struct sc_buf summed = { 0 };

	read_all(text);
	put_sums(text, &summed);
	if (!summed.failed)
		read_all((struct sc_str){ summed.s, summed.n });
	return 0;
}
