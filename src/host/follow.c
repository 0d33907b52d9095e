#include "host/follow.h"

#include "audit/block.h"
#include "audit/unpack.h"
#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>

#define PIECE ((size_t)64 * 1024)
#define ROTATED_MAX 1000 /* audit.log.N that are looked at */

void sc_follow_fd(int fd, struct sc_follow *out)
{
	*out = (struct sc_follow){ .fd = fd };
}

/* From its first byte; what is left of a line is none. */
static void begin_file(struct sc_follow *f)
{
	f->at = f->tail_n = 0;
	f->lines.n = f->given = f->raw.n = 0;
	f->in_long_line = false;
}

/*
 * Open @path in the place of what @f has open. 0: there is none. A pipe that
 * nobody writes to yet is not waited for, deaf to signals; what is no file does
 * not come after one.
 */
static int open_file(struct sc_follow *f, const char *path,
		     struct sc_error *err)
{
	SC_CLEAN(close_p)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0 || fcntl(fd, F_SETFL, 0) < 0)
		return sc_fail_os(err, "cannot open '%s'", path);
	if (f->fd >= 0 && !S_ISREG(st.st_mode))
		return 0;
	close_p(&f->fd);
	f->fd = SC_TAKE_FD(fd);
	f->st = st;
	begin_file(f);
	return 1;
}

/* If a line is being written there, its rest is none. */
static void go_to_end(struct sc_follow *f)
{
	f->at = (uint64_t)f->st.st_size;
	f->started = f->at > 0;
	f->tail_n = f->at < sizeof(f->tail) ? f->at : sizeof(f->tail);
	if (pread(f->fd, f->tail, f->tail_n, (off_t)(f->at - f->tail_n)) !=
	    (ssize_t)f->tail_n)
		f->tail_n = 0;
	if (!f->tail_n)
		return;
	f->in_long_line = f->tail[f->tail_n - 1] != '\n';
}

static int check_unpacked(struct sc_str head, struct sc_error *err)
{
	enum sc_packing packing = SC_PACKING_NONE;
	int r = sc_packing_of(head, &packing, err);

	if (r < 0 || packing == SC_PACKING_NONE)
		return r;
	return sc_fail(err, SC_EREFUSED,
		       "what is packed does not grow: selcage log and explain "
		       "read it as it is, watch if it is unpacked (zcat FILE | "
		       "selcage watch -)");
}

/* Its first bytes, without taking them. */
static int check_file(const struct sc_follow *f, struct sc_error *err)
{
	char head[SC_PACKING_MAX];
	ssize_t n = pread(f->fd, head, sizeof(head), 0);

	if (n <= 0)
		return 0;
	return check_unpacked((struct sc_str){ head, (size_t)n }, err);
}

int sc_follow_open(const char *path, bool whole, struct sc_follow *out,
		   struct sc_error *err)
{
	struct sc_follow f = { .path = path, .fd = -1 };
	bool regular;
	int r = open_file(&f, path, err);

	if (r == 0)
		r = sc_fail_os(err, "cannot open '%s'", path);
	regular = r > 0 && S_ISREG(f.st.st_mode);
	if (regular && check_file(&f, err) < 0) {
		sc_follow_close(&f);
		return sc_while(err, "'%s'", path);
	}
	if (r < 0)
		return r;
	if (!regular)
		f.path = NULL;
	else if (!whole)
		go_to_end(&f);
	*out = f;
	return 0;
}

void sc_follow_close(struct sc_follow *f)
{
	close_p(&f->fd);
	f->fd = -1;
	sc_buf_free(&f->raw);
	sc_buf_free(&f->lines);
}

/* ---- bytes into lines */

/* Forget what was given out. */
static void forget(struct sc_follow *f)
{
	f->lines.n -= f->given;
	if (f->lines.n)
		memmove(f->lines.s, f->lines.s + f->given, f->lines.n);
	f->given = 0;
}

static int take_netlink(struct sc_follow *f, struct sc_error *err)
{
	struct sc_str in = { f->raw.s, f->raw.n };

	if (!sc_netlink_take(&in, &f->lines, &f->counts))
		return sc_fail(err, SC_ESYNTAX,
			       "this is no stream of audit records from here "
			       "on");
	if (in.n)
		memmove(f->raw.s, in.s, in.n);
	f->raw.n = in.n;
	return f->raw.failed || f->lines.failed ? sc_no_memory(err) : 0;
}

static int take_bytes(struct sc_follow *f, struct sc_str bytes,
		      struct sc_error *err)
{
	if (!f->started && !f->path && check_unpacked(bytes, err) < 0)
		return err->code;
	if (!f->started)
		f->netlink = sc_netlink_is(bytes);
	f->started = true;
	if (f->netlink) {
		sc_put(&f->raw, bytes);
		return take_netlink(f, err);
	}
	sc_put(&f->lines, bytes);
	return f->lines.failed ? sc_no_memory(err) : 0;
}

/* The whole lines of what there is; a line that is too long is passed over. */
static struct sc_str cut(struct sc_follow *f)
{
	struct sc_str all = { f->lines.s, f->lines.n };
	const char *end;

	if (f->in_long_line) {
		end = all.n ? memchr(all.s, '\n', all.n) : NULL;
		f->given = end ? (size_t)(end + 1 - all.s) : all.n;
		f->in_long_line = !end;
		forget(f);
		all.n = f->lines.n;
	}
	end = all.n ? memrchr(all.s, '\n', all.n) : NULL;
	if (!end && all.n > SC_LINE_MAX) {
		f->lines.n = 0;
		f->in_long_line = true;
		f->long_lines++;
		return (struct sc_str){ 0 };
	}
	f->given = end ? (size_t)(end + 1 - all.s) : 0;
	return (struct sc_str){ all.s, f->given };
}

/* ---- from one file to the next */

static bool is_older(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec
		       ? a->st_mtim.tv_sec < b->st_mtim.tv_sec
		       : a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* The number of the rotated file that came after @ours, which is open; 0: it is
 * the log itself. Negative without memory. */
static int number_of_next(const struct sc_follow *f, const struct stat *ours)
{
	SC_CLEAN(sc_buf_free) struct sc_buf name = { 0 };
	int n = 0, later = 0;
	struct stat st;

	while (n < ROTATED_MAX) {
		name.n = 0;
		sc_putf(&name, "%s.%d", f->path, ++n);
		if (name.failed)
			return -1;
		if (stat(name.s, &st) < 0)
			break;
		if (st.st_ino == ours->st_ino && st.st_dev == ours->st_dev)
			return n - 1;
		/* written to after ours, and so not before it */
		if (!is_older(&st, ours))
			later = n;
	}
	return ours->st_nlink ? 0 : later;
}

/*
 * Which file came after ours? It is looked for by its number: auditd renames
 * audit.log to audit.log.1, that to audit.log.2, and so on, and deletes the
 * last. If ours is deleted, the oldest that was written to since may come long
 * after it; if it has another name, the log itself is next. 1: it is open; 0:
 * there is none yet.
 */
static int open_next(struct sc_follow *f, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf name = { 0 };
	struct stat ours;
	int n, r;

	if (fstat(f->fd, &ours) < 0)
		return sc_fail_os(err, "cannot look at '%s'", f->path);
	n = number_of_next(f, &ours);
	sc_putf(&name, "%s", f->path);
	if (n > 0)
		sc_putf(&name, ".%d", n);
	if (n < 0 || name.failed)
		return sc_no_memory(err);
	r = open_file(f, name.s, err);
	f->gaps += r > 0 && ours.st_nlink == 0;
	return r;
}

/* Nothing more is in the file: is there another one? 1: it is open now. */
static int move_on(struct sc_follow *f, struct sc_error *err)
{
	struct stat now, st;
	int r;

	if (stat(f->path, &now) < 0 || fstat(f->fd, &st) < 0)
		return errno == ENOENT ? 0
				       : sc_fail_os(err, "cannot look at '%s'",
						    f->path);
	if (now.st_ino == st.st_ino && now.st_dev == st.st_dev)
		return 0;
	if ((uint64_t)st.st_size > f->at)
		return 1; /* something was written meanwhile */
	r = open_next(f, err);
	f->rotations += r > 0;
	return r;
}

/* Does the file still have what was read of it? If not, it is a new one. */
static void look_back(struct sc_follow *f)
{
	char now[SC_FOLLOW_TAIL];
	uint64_t from = f->at - f->tail_n;

	if (!f->tail_n ||
	    (pread(f->fd, now, f->tail_n, (off_t)from) == (ssize_t)f->tail_n &&
	     memcmp(now, f->tail, f->tail_n) == 0))
		return;
	f->rotations++;
	begin_file(f);
}

static void keep_tail(struct sc_follow *f, struct sc_str bytes)
{
	size_t old = f->tail_n;

	if (bytes.n > sizeof(f->tail))
		sc_str_drop(&bytes, bytes.n - sizeof(f->tail));
	if (old + bytes.n > sizeof(f->tail)) {
		old = sizeof(f->tail) - bytes.n;
		memmove(f->tail, f->tail + f->tail_n - old, old);
	}
	memcpy(f->tail + old, bytes.s, bytes.n);
	f->tail_n = old + bytes.n;
}

/* Read once. 1: something came. */
static int fill(struct sc_follow *f, struct sc_error *err)
{
	char bytes[PIECE];
	ssize_t n;

	if (f->path)
		look_back(f);
	do {
		n = f->path ? pread(f->fd, bytes, sizeof(bytes), (off_t)f->at)
			    : read(f->fd, bytes, sizeof(bytes));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return sc_fail_os(err, "cannot read");
	if (n > 0) {
		struct sc_str got = { bytes, (size_t)n };

		f->at += got.n;
		keep_tail(f, got);
		return take_bytes(f, got, err) < 0 ? err->code : 1;
	}
	if (f->path)
		return 0;
	f->ended = true;
	/* The last message may lack what fills it up to four bytes. */
	if (f->netlink && f->raw.n)
		sc_put(&f->raw, (struct sc_str){ "\0\0\0", 3 });
	if (f->netlink)
		return take_netlink(f, err);
	if (f->lines.n && !f->in_long_line)
		sc_put(&f->lines, SC_STR("\n"));
	return f->lines.failed ? sc_no_memory(err) : 0;
}

int sc_follow_next(struct sc_follow *f, struct sc_str *lines,
		   struct sc_error *err)
{
	int r = 1;

	forget(f);
	for (;;) {
		r = f->ended ? 0 : fill(f, err);
		if (r == 0 && f->path)
			r = move_on(f, err);
		if (r < 0)
			return r;
		*lines = cut(f);
		if (lines->n)
			return 1;
		if (r == 0 || !f->path)
			return 0;
	}
}
