#include "audit/block.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#define IDLE_MS 500

static bool make_room(struct sc_block *b, size_t more)
{
	char *bytes;

	if (b->n + more <= b->room)
		return true;
	bytes = realloc(b->bytes, b->n + more + 1);
	if (!bytes)
		return false;
	b->bytes = bytes;
	b->room = b->n + more;
	/* A zero behind it: a sanitizer's regexec() looks for one, wherever it
	 * is told that the text ends. */
	b->bytes[b->room] = '\0';
	return true;
}

/* Begin with the part of a line that the block before ended with. */
static bool begin(struct sc_block *b, const struct sc_block *before)
{
	size_t part = before ? before->n - before->end : 0;

	b->n = 0;
	if (!make_room(b, SC_KEEP_MAX + part))
		return false;
	if (part)
		memcpy(b->bytes + SC_KEEP_MAX, before->bytes + before->end,
		       part);
	b->end = SC_KEEP_MAX;
	b->n = SC_KEEP_MAX + part;
	b->n_quiet = 0;
	b->skimmed = false;
	return true;
}

/* Read the first bytes, and find out what it is packed with. */
static int start(struct sc_reader *r, struct sc_block *b, struct sc_error *err)
{
	size_t room = r->size < SC_UNPACK_HEAD ? r->size : SC_UNPACK_HEAD;
	struct sc_str head = { b->bytes + SC_KEEP_MAX, 0 };
	enum sc_packing packing;
	long got = 1;

	while (head.n < SC_PACKING_MAX && head.n < room && got > 0) {
		got = r->read(r->from, b->bytes + SC_KEEP_MAX + head.n,
			      room - head.n);
		if (got < 0)
			return sc_fail_os(err, "cannot read");
		head.n += (size_t)got;
	}
	r->started = true;
	if (sc_packing_of(head, &packing, err) < 0)
		return err->code;
	if (packing == SC_PACKING_NONE) {
		r->ended = got == 0;
		b->n += head.n;
		return 0;
	}
	return sc_unpack_new(packing, head, r->read, r->from, &r->unpack, err);
}

static int fill(struct sc_reader *r, struct sc_block *b, struct sc_error *err)
{
	long got;

	if (!make_room(b, r->size))
		return sc_no_memory(err);
	if (!r->started) {
		got = start(r, b, err);
		if (got < 0 || !r->unpack)
			return (int)got;
	}
	if (r->unpack) {
		got = sc_unpack_read(r->unpack, b->bytes + b->n, r->size, err);
		if (got < 0)
			return (int)got;
	} else {
		got = r->read(r->from, b->bytes + b->n, r->size);
		if (got < 0)
			return sc_fail_os(err, "cannot read");
	}
	b->n += (size_t)got;
	r->ended = got == 0;
	return 0;
}

/* Forget the part of a line that is too long, up to its newline if that has
 * been read. */
static void drop_long_line(struct sc_reader *r, struct sc_block *b)
{
	char *from = b->bytes + b->end;
	size_t n = b->n - b->end;
	char *end = n ? memchr(from, '\n', n) : NULL;

	if (!r->in_long_line)
		r->long_lines++;
	r->in_long_line = !end;
	if (!end) {
		r->position += n;
		b->n = b->end;
		return;
	}
	r->position += (size_t)(end + 1 - from);
	n -= (size_t)(end + 1 - from);
	memmove(from, end + 1, n);
	b->n = b->end + n;
}

/* The end of the last whole line. */
static size_t whole_lines(const struct sc_reader *r, const struct sc_block *b)
{
	size_t n = b->n - b->end;
	const char *end = n ? memrchr(b->bytes + b->end, '\n', n) : NULL;

	if (r->ended && !r->leave_part)
		return b->n;
	return end ? (size_t)(end + 1 - b->bytes) : b->end;
}

/* Does nothing come for a while? What is packed has bytes in store. */
static bool is_idle(const struct sc_reader *r)
{
	struct pollfd p = { .fd = r->live, .events = POLLIN };

	return r->live >= 0 && r->started && !r->unpack &&
	       poll(&p, 1, IDLE_MS) == 0;
}

static int read_lines(struct sc_reader *r, struct sc_block *b,
		      struct sc_error *err)
{
	size_t look = r->started ? 0 : SC_KEEP_MAX + SC_LOOK_BYTES;
	size_t end = b->end;

	do {
		bool idle = !r->idle && is_idle(r);

		if (idle && end > b->end)
			break;
		r->idle = idle;
		if (idle)
			return 1;
		if (fill(r, b, err) < 0)
			return err->code;
		if (r->in_long_line)
			drop_long_line(r, b);
		end = whole_lines(r, b);
		if (end == b->end && b->n - b->end > SC_LINE_MAX)
			drop_long_line(r, b);
	} while ((end == b->end || b->n < look) && !r->ended);
	r->position += end - b->end;
	b->end = end;
	return end > SC_KEEP_MAX;
}

void sc_block_make(struct sc_reader *r, const struct sc_block *before,
		   struct sc_block *out)
{
	if (r->ended)
		out->result = 0;
	else if (!begin(out, before))
		out->result = sc_no_memory(&out->err);
	else
		out->result = read_lines(r, out, &out->err);
	out->position = r->position;
	out->long_lines = r->long_lines;
}

void sc_block_skim(struct sc_block *b)
{
	struct sc_str lines = { b->bytes + SC_KEEP_MAX, b->end - SC_KEEP_MAX };

	if (!b->skimmed)
		b->n_quiet = sc_skim(lines, b->quiet, SC_QUIET_MAX);
	b->skimmed = true;
}
