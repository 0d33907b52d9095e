#include "audit/scan.h"
#include "audit/tally.h"
#include "base/clean.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct counting {
	struct sc_arena arena;
	struct sc_tally tally;
	uint64_t texts; /* a sum over all bytes of the events */
	int result;
};

static void touch(struct counting *c, struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		c->texts = c->texts * 31 + (unsigned char)v.s[i];
}

static int count(void *data, struct sc_event *e, struct sc_error *err)
{
	struct counting *c = data;

	touch(c, e->exe);
	touch(c, e->comm);
	touch(c, e->proctitle);
	touch(c, e->arguments);
	touch(c, e->address);
	for (size_t i = 0; i < e->n_avcs; i++) {
		touch(c, e->objects[i]);
		if (!sc_is_name(e->avcs[i].tclass))
			abort();
	}
	return sc_tally_add(&c->tally, &c->arena, e, err);
}

/* Names of a policy only: they may become rules. */
static void check(const struct sc_tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct sc_denial *d = &t->v[i];
		struct sc_str perms = d->perms, word;

		if (!sc_is_name(d->source) || !sc_is_name(d->target) ||
		    !sc_is_name(d->tclass) || !perms.n)
			abort();
		while (perms.n) {
			if (!sc_take_until(&perms, ' ', &word)) {
				word = perms;
				perms.n = 0;
			}
			if (!sc_is_name(word))
				abort();
		}
	}
}

static void scan(struct counting *c, struct sc_str log, size_t piece)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	SC_CLEAN(sc_scan_free_p) struct sc_scan *s = NULL;
	struct memory m = { log, piece, false };
	struct sc_error err = { 0 };

	c->tally.source = 1;
	if (sc_source_from(read_memory, &m, 4096, &source, &err) < 0 ||
	    sc_scan_new(count, c, &s, &err) < 0)
		abort();
	c->result = sc_scan_source(s, source, &err);
	if (c->result < 0 && !err.msg[0])
		abort();
	if (sc_scan_end(s, &err) < 0)
		abort();
	if (sc_scan_is_text(s))
		sc_tally_distrust(&c->tally);
	check(&c->tally);
}

/* Whatever the bytes, and however they come in, they tell the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_str log = { (const char *)data, size };
	struct counting whole = { 0 }, pieces = { 0 };

	scan(&whole, log, 4096);
	scan(&pieces, log, 1 + size % 61);
	if ((whole.result < 0) != (pieces.result < 0))
		abort();
	/* How much comes out of corrupt data before it shows can differ. */
	if (whole.result == 0 && (whole.texts != pieces.texts ||
				  whole.tally.records != pieces.tally.records ||
				  whole.tally.n != pieces.tally.n))
		abort();
	sc_arena_free(&whole.arena);
	sc_arena_free(&pieces.arena);
	return 0;
}
