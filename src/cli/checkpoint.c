#include "cli/checkpoint.h"

#include "audit/unpack.h"
#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/hex.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

#define FILE_MAX_BYTES 4096
#define TAIL ((size_t)256) /* bytes that tell a file from another */

/* "0x802" or "2050" */
static bool take_number(struct sc_str *in, uint64_t *out)
{
	struct sc_str rest = *in;

	if (!sc_take_prefix(&rest, SC_STR("0x")))
		return sc_take_u64(in, out);
	if (!sc_take_hex(&rest, 16, out))
		return false;
	*in = rest;
	return true;
}

/* "NODE 1700000000.123:45 0x578" */
static bool read_output(struct sc_str in, struct sc_stamp *out)
{
	struct sc_str node;

	return sc_take_until(&in, ' ', &node) && sc_take_stamp(&in, out) &&
	       (!in.n || *in.s == ' ');
}

static bool read_line(struct sc_str line, struct sc_checkpoint *c,
		      unsigned *seen)
{
	const struct {
		struct sc_str key;
		uint64_t *to;
	} numbers[] = {
		{ SC_STR("dev="), &c->dev },
		{ SC_STR("inode="), &c->inode },
		{ SC_STR("position="), &c->position },
	};

	for (size_t i = 0; i < 3; i++)
		if (sc_take_prefix(&line, numbers[i].key)) {
			*seen |= 1U << i;
			return take_number(&line, numbers[i].to) && !line.n;
		}
	if (sc_take_prefix(&line, SC_STR("tail="))) {
		if (line.n != SC_SHA256_HEX)
			return false;
		memcpy(c->tail, line.s, line.n);
		return true;
	}
	*seen |= 8;
	return sc_take_prefix(&line, SC_STR("output=")) &&
	       read_output(line, &c->last);
}

int sc_checkpoint_read(const char *path, struct sc_checkpoint *out,
		       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_str text, line;
	struct stat st;
	unsigned seen = 0;
	bool good = true;

	*out = (struct sc_checkpoint){ 0 };
	if (stat(path, &st) < 0 && errno == ENOENT)
		return 0;
	if (sc_file_read(path, FILE_MAX_BYTES, &arena, &text, err) < 0)
		return err->code;
	while (good && sc_take_part(&text, '\n', &line))
		good = read_line(line, out, &seen);
	if (!good || (seen & 11) != 11)
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no checkpoint: name another file, or "
			       "take it away to begin anew",
			       path);
	out->set = true;
	return 0;
}

int sc_checkpoint_write(const char *path, const struct sc_checkpoint *c,
			struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_output file = { .path = path };

	sc_putf(&text,
		"dev=0x%" PRIX64 "\ninode=0x%" PRIX64 "\noutput=- %" PRIu64
		".%03" PRIu64 ":%" PRIu64 " 0x578\nposition=%" PRIu64
		"\ntail=%s\n",
		c->dev, c->inode, c->last.ms / 1000, c->last.ms % 1000,
		c->last.serial, c->position, c->tail);
	if (sc_buf_check(&text, err) < 0)
		return err->code;
	file.bytes = (struct sc_str){ text.s, text.n };
	return sc_files_replace(&file, 1, err);
}

bool sc_stamp_is_after(struct sc_stamp a, struct sc_stamp b)
{
	return a.ms != b.ms ? a.ms > b.ms : a.serial > b.serial;
}

/* The digest of what stands before @position; false if @fd is no file, or
 * packed, or has less. */
static bool read_tail(int fd, uint64_t position, char hex[SC_SHA256_HEX + 1])
{
	size_t want = position < TAIL ? (size_t)position : TAIL;
	char head[SC_PACKING_MAX], tail[TAIL];
	enum sc_packing packing;
	struct sc_error err;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    position > (uint64_t)st.st_size)
		return false;
	n = pread(fd, head, sizeof(head), 0);
	if (n < 0 ||
	    sc_packing_of((struct sc_str){ head, (size_t)n }, &packing, &err) <
		    0 ||
	    packing != SC_PACKING_NONE ||
	    pread(fd, tail, want, (off_t)(position - want)) != (ssize_t)want)
		return false;
	sc_sha256_hex((struct sc_str){ tail, want }, hex);
	return true;
}

int sc_checkpoint_move(struct sc_checkpoint *c, int fd, uint64_t position,
		       struct sc_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return sc_fail_os(err, "cannot read");
	c->dev = st.st_dev;
	c->inode = st.st_ino;
	c->position = position;
	if (!read_tail(fd, position, c->tail)) {
		c->position = 0;
		sc_sha256_hex((struct sc_str){ 0 }, c->tail);
	}
	return 0;
}

/* Is @fd, of the same number, the same file still? */
static bool can_go_on(int fd, const struct sc_checkpoint *c)
{
	char tail[SC_SHA256_HEX + 1];

	return c->position && read_tail(fd, c->position, tail) &&
	       memcmp(tail, c->tail, SC_SHA256_HEX) == 0;
}

int sc_checkpoint_find(const struct sc_checkpoint *c, struct sc_log_set *set,
		       struct sc_resume *out, struct sc_error *err)
{
	*out = (struct sc_resume){ 0 };
	for (size_t i = 0; c->set && i < set->n; i++) {
		int fd = sc_log_set_take(set, i, err);
		struct stat st;

		if (fd < 0)
			return fd;
		set->v[i].fd = fd;
		if (fstat(fd, &st) < 0)
			return sc_fail_os(err, "cannot read '%s'",
					  set->v[i].path);
		if (st.st_dev != c->dev || st.st_ino != c->inode ||
		    !can_go_on(fd, c) ||
		    lseek(fd, (off_t)c->position, SEEK_SET) < 0)
			continue;
		out->first = i;
		out->start = c->position;
		break;
	}
	out->by_stamp = c->set && !out->start;
	return 0;
}
