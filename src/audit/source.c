#include "audit/source.h"

#include "base/clean.h"

#include <errno.h>

#define BLOCK ((size_t)256 * 1024)

struct sc_source {
	sc_read_fn *read;
	void *from;
	int fd; /* -1: .from is the caller's */
	size_t block;
	bool started;
	struct sc_unpack *unpack; /* NULL: it is not packed */

	char *bytes; /* owned: what was kept, the block, a part of a line */
	size_t room;
	size_t n;
	size_t given; /* end of the lines that were handed out */
	uint64_t position;
	bool ended;
	bool leave_part;
	bool in_long_line;
	uint64_t long_lines;
};

static long read_fd(void *from, char *to, size_t n)
{
	ssize_t got;

	do {
		got = read(*(int *)from, to, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

int sc_source_from(sc_read_fn *read, void *from, size_t block,
		   struct sc_source **out, struct sc_error *err)
{
	struct sc_source *s = calloc(1, sizeof(*s));

	if (!s)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	s->read = read;
	s->from = from;
	s->fd = -1;
	s->block = block ? block : BLOCK;
	*out = s;
	return 0;
}

int sc_source_open(int fd, struct sc_source **out, struct sc_error *err)
{
	SC_CLEAN(close_p) int owned = fd;
	int r = sc_source_from(read_fd, NULL, 0, out, err);

	if (r < 0)
		return r;
	(*out)->fd = SC_TAKE_FD(owned);
	(*out)->from = &(*out)->fd;
	return 0;
}

void sc_source_close(struct sc_source *s)
{
	close_p(&s->fd);
	if (s->unpack)
		sc_unpack_free(s->unpack);
	free(s->bytes);
	free(s);
}

void sc_source_close_p(struct sc_source **s)
{
	if (*s)
		sc_source_close(*s);
}

void sc_source_leave_part(struct sc_source *s)
{
	s->leave_part = true;
}

uint64_t sc_source_position(const struct sc_source *s)
{
	return s->position;
}

uint64_t sc_source_long_lines(const struct sc_source *s)
{
	return s->long_lines;
}

/* Move what is still wanted to the front, and make room for a block. */
static int make_room(struct sc_source *s, size_t keep, struct sc_error *err)
{
	size_t from = s->given - keep, need;
	char *bytes;

	if (from)
		memmove(s->bytes, s->bytes + from, s->n - from);
	s->n -= from;
	s->given = keep;
	need = s->n + s->block;
	if (need <= s->room)
		return 0;
	bytes = realloc(s->bytes, need);
	if (!bytes)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	s->bytes = bytes;
	s->room = need;
	return 0;
}

/* Read the first bytes, and find out what it is packed with. */
static int start(struct sc_source *s, struct sc_error *err)
{
	size_t room = s->block < SC_UNPACK_HEAD ? s->block : SC_UNPACK_HEAD;
	enum sc_packing packing;
	long got = 1;

	while (s->n < SC_PACKING_MAX && s->n < room && got > 0) {
		got = s->read(s->from, s->bytes + s->n, room - s->n);
		if (got < 0)
			return sc_fail_os(err, "cannot read");
		s->n += (size_t)got;
	}
	s->started = true;
	if (sc_packing_of((struct sc_str){ s->bytes, s->n }, &packing, err) < 0)
		return err->code;
	if (packing == SC_PACKING_NONE) {
		s->ended = got == 0;
		return 0;
	}
	if (sc_unpack_new(packing, (struct sc_str){ s->bytes, s->n }, s->read,
			  s->from, &s->unpack, err) < 0)
		return err->code;
	s->n = 0;
	return 0;
}

static int fill(struct sc_source *s, struct sc_error *err)
{
	long got;

	if (!s->started) {
		got = start(s, err);
		if (got < 0 || !s->unpack)
			return (int)got;
	}
	if (s->unpack) {
		got = sc_unpack_read(s->unpack, s->bytes + s->n, s->block, err);
		if (got < 0)
			return (int)got;
	} else {
		got = s->read(s->from, s->bytes + s->n, s->block);
		if (got < 0)
			return sc_fail_os(err, "cannot read");
	}
	s->n += (size_t)got;
	s->ended = got == 0;
	return 0;
}

/* Forget the part of a line that is too long, up to its newline if that has
 * been read. */
static void drop_long_line(struct sc_source *s)
{
	char *start = s->bytes + s->given;
	size_t n = s->n - s->given;
	char *end = n ? memchr(start, '\n', n) : NULL;

	if (!s->in_long_line)
		s->long_lines++;
	s->in_long_line = !end;
	if (!end) {
		s->position += n;
		s->n = s->given;
		return;
	}
	s->position += (size_t)(end + 1 - start);
	n -= (size_t)(end + 1 - start);
	memmove(start, end + 1, n);
	s->n = s->given + n;
}

/* The end of the last whole line after what was given. */
static size_t whole_lines(const struct sc_source *s)
{
	size_t n = s->n - s->given;
	const char *end = n ? memrchr(s->bytes + s->given, '\n', n) : NULL;

	if (s->ended && !s->leave_part)
		return s->n;
	return end ? (size_t)(end + 1 - s->bytes) : s->given;
}

int sc_source_next(struct sc_source *s, size_t keep, struct sc_str *lines,
		   struct sc_error *err)
{
	size_t end, start = keep, look = s->started ? 0 : SC_LOOK_BYTES;
	int r;

	if (s->ended)
		return 0;
	do {
		r = make_room(s, keep, err);
		if (r >= 0)
			r = fill(s, err);
		if (r < 0)
			return r;
		if (s->in_long_line)
			drop_long_line(s);
		end = whole_lines(s);
		if (end == s->given && s->n - s->given > SC_LINE_MAX)
			drop_long_line(s);
	} while ((end == start || s->n < look) && !s->ended);
	*lines = (struct sc_str){ s->bytes + start, end - start };
	s->given = end;
	s->position += lines->n;
	return lines->n > 0;
}
