#include "audit/slot.h"

#define KEEP_BYTES ((size_t)4 * 1024) /* of memory, for the next event */

static struct sc_part *parts(const struct sc_slot *s, size_t *n)
{
	*n = s->parts.n / sizeof(struct sc_part);
	return (void *)s->parts.s;
}

void sc_slot_begin(struct sc_slot *s, const struct sc_record *r)
{
	s->stamp = r->stamp;
	s->node = r->node;
	s->complete = false;
}

void sc_slot_add(struct sc_slot *s, const struct sc_record *r,
		 enum sc_kind kind)
{
	struct sc_part part = { kind, r->body };

	if (kind == SC_KIND_PROCTITLE || sc_kind_is_alone(kind))
		s->complete = true;
	sc_put(&s->parts, (struct sc_str){ (const char *)&part, sizeof(part) });
}

void sc_slot_settle(struct sc_slot *s)
{
	size_t n, settled = s->settled;
	struct sc_part *v = parts(s, &n);
	const char *at;

	if (settled == n)
		return;
	if (!settled)
		sc_put(&s->own, s->node);
	for (size_t i = settled; i < n; i++)
		sc_put(&s->own, v[i].body);
	if (s->own.failed)
		return;
	/* they stand in order; growing has moved those that were there */
	at = s->own.s;
	s->node.s = at;
	at += s->node.n;
	for (size_t i = 0; i < n; i++) {
		v[i].body.s = at;
		at += v[i].body.n;
	}
	s->settled = n;
}

struct sc_parts sc_slot_parts(const struct sc_slot *s)
{
	struct sc_parts out = { .stamp = s->stamp, .node = s->node };

	out.v = parts(s, &out.n);
	return out;
}

int sc_slot_check(const struct sc_slot *s, struct sc_error *err)
{
	return s->parts.failed ? sc_buf_check(&s->parts, err)
			       : sc_buf_check(&s->own, err);
}

static void empty(struct sc_buf *b)
{
	b->n = 0;
	if (b->room > KEEP_BYTES)
		sc_buf_free(b);
}

void sc_slot_clear(struct sc_slot *s)
{
	empty(&s->parts);
	empty(&s->own);
	s->node = (struct sc_str){ 0 };
	s->settled = s->bytes = 0;
}

void sc_slot_free(struct sc_slot *s)
{
	sc_buf_free(&s->parts);
	sc_buf_free(&s->own);
}
