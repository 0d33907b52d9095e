#include "plan/ledger.h"

#include "base/clean.h"
#include "base/file.h"
#include "plan/journal.h"
#include "plan/texts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#define JOURNAL "journal"
#define LOCK "lock"
#define JOURNAL_BYTES ((size_t)64 << 20)
#define ENDS_BYTES 4096 /* of it are for the ends of what is open */

/* ---- files */

static int path_of(const struct sc_ledger *l, struct sc_str name,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out, SC_FMT "/" SC_FMT, SC_ARG(l->dir), SC_ARG(name))
		       ? 0
		       : sc_no_memory(err);
}

/* One folder, and on disk that it is there. */
static int make_folder(struct sc_str path, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const char *slash = memrchr(path.s, '/', path.n);
	struct sc_str copy, parent = SC_STR(".");

	if (slash)
		parent =
			(struct sc_str){ path.s, (size_t)(slash - path.s) + 1 };
	if (!sc_keep(&a, path, &copy) || !sc_keep(&a, parent, &parent))
		return sc_no_memory(err);
	if (mkdir(copy.s, 0700) == 0)
		return sc_sync_folder(parent.s, err);
	if (errno == EEXIST)
		return 0;
	return sc_fail_os(err, "cannot make the folder '%s'", copy.s);
}

/* Each folder on the way to @path, and itself. */
static int make_folders(struct sc_str path, struct sc_error *err)
{
	int r = 0;

	for (size_t n = 1; r == 0 && n <= path.n; n++)
		if (n == path.n || path.s[n] == '/')
			r = make_folder((struct sc_str){ path.s, n }, err);
	return r;
}

static int open_lock(struct sc_ledger *l, struct sc_error *err)
{
	struct sc_str path;
	int r = path_of(l, SC_STR(LOCK), l->arena, &path, err);

	if (r < 0)
		return r;
	l->lock = open(path.s, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (l->lock < 0)
		return sc_fail_os(err, "cannot open '%s'", path.s);
	if (flock(l->lock, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK
			       ? sc_fail(err, SC_EREFUSED,
					 "another selcage is at work on it: "
					 "wait for it, then try again")
			       : sc_fail_os(err, "cannot lock '%s'", path.s);
	return 0;
}

static int open_journal(struct sc_ledger *l, const char *path,
			struct sc_error *err)
{
	l->journal = open(
		path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
		0600);
	if (l->journal < 0)
		return sc_fail_os(err, "cannot open '%s'", path);
	return sc_sync_folder(l->dir.s, err);
}

static int prepare(struct sc_ledger *l, struct sc_error *err)
{
	struct sc_str texts = { 0 }, journal = { 0 };
	int r = path_of(l, SC_STR(SC_TEXTS), l->arena, &texts, err);

	if (r == 0)
		r = path_of(l, SC_STR(JOURNAL), l->arena, &journal, err);
	if (r == 0)
		r = make_folders(texts, err);
	if (r == 0)
		r = open_lock(l, err);
	return r == 0 ? open_journal(l, journal.s, err) : r;
}

static int read_journal(struct sc_ledger *l, size_t *whole,
			struct sc_error *err)
{
	struct sc_str path, text;
	int r = path_of(l, SC_STR(JOURNAL), l->arena, &path, err);

	*whole = 0;
	if (r < 0)
		return r;
	if (access(path.s, F_OK) < 0 && errno == ENOENT)
		return 0;
	r = sc_file_read(path.s, JOURNAL_BYTES, l->arena, &text, err);
	return r == 0 ? sc_journal_read(l, text, whole, err) : r;
}

static int fill(struct sc_ledger *l, bool write, struct sc_error *err)
{
	size_t whole = 0;
	int r = write ? prepare(l, err) : 0;

	if (r == 0)
		r = read_journal(l, &whole, err);
	l->bytes = whole;
	if (r == 0 && write && ftruncate(l->journal, (off_t)whole) < 0)
		return sc_fail_os(err, "cannot write the journal");
	return r;
}

int sc_ledger_open(const char *dir, bool write, struct sc_arena *a,
		   struct sc_ledger *out, struct sc_error *err)
{
	SC_CLEAN(sc_ledger_close)
	struct sc_ledger l = {
		.arena = a, .limit = JOURNAL_BYTES, .journal = -1, .lock = -1
	};

	if (!sc_keep(a, (struct sc_str){ dir, strlen(dir) }, &l.dir))
		return sc_no_memory(err);
	if (fill(&l, write, err) < 0)
		return sc_while(err, "the ledger '%s'", dir);
	*out = l;
	l.journal = l.lock = -1;
	return 0;
}

void sc_ledger_close(struct sc_ledger *l)
{
	close_p(&l->journal);
	close_p(&l->lock);
}

/* ---- writing */

/* All of @line and on disk, or none of it. */
static int append(struct sc_ledger *l, const struct sc_buf *line,
		  struct sc_error *err)
{
	off_t end = lseek(l->journal, 0, SEEK_END);
	ssize_t n;

	if (sc_buf_check(line, err) < 0)
		return SC_ENOMEM;
	do
		n = write(l->journal, line->s, line->n);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)line->n && fsync(l->journal) == 0) {
		l->bytes += line->n;
		return 0;
	}
	if (n >= 0 && n != (ssize_t)line->n)
		errno = ENOSPC; /* what a short write to a file means */
	sc_fail_os(err, "cannot write the ledger '" SC_FMT "'", SC_ARG(l->dir));
	if (end >= 0 && ftruncate(l->journal, end) < 0)
		return sc_while(err, "the line cannot be taken back");
	return err->code;
}

static int keep_entry(struct sc_ledger *l, const struct sc_entry *e,
		      struct sc_error *err)
{
	return SC_PUSH(l->arena, l, *e) ? 0 : sc_no_memory(err);
}

/* A journal that is longer than can be read would be the end of it. */
static int check_room(const struct sc_ledger *l, const struct sc_buf *line,
		      struct sc_error *err)
{
	if (l->bytes + line->n + ENDS_BYTES <= l->limit)
		return 0;
	return sc_fail(err, SC_ELIMIT,
		       "the ledger is full, so nothing was changed: undo what "
		       "shall not stay, then put '" SC_FMT "/" JOURNAL
		       "' away; a new one is begun, that knows of nothing "
		       "done before",
		       SC_ARG(l->dir));
}

int sc_ledger_begin(struct sc_ledger *l, const struct sc_change_set *changes,
		    uint64_t *id, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	struct sc_entry e = { .changes = *changes };
	int r;

	e.id = l->n ? l->v[l->n - 1].id + 1 : 1;
	r = sc_journal_put_begin(&line, e.id, changes, err);
	if (r == 0)
		r = check_room(l, &line, err);
	if (r == 0)
		r = append(l, &line, err);
	if (r == 0)
		r = keep_entry(l, &e, err);
	if (r == 0)
		*id = e.id;
	return r;
}

int sc_ledger_end(struct sc_ledger *l, uint64_t id, enum sc_entry_state state,
		  struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	struct sc_entry *e = sc_journal_find(l, id);
	int r;

	if (!e)
		return sc_fail(err, SC_ENOTFOUND, "no such entry");
	sc_journal_put_end(&line, id, state);
	r = append(l, &line, err);
	if (r == 0)
		e->state = state;
	return r;
}

const struct sc_entry *sc_ledger_interrupted(const struct sc_ledger *l,
					     struct sc_str kinds)
{
	for (size_t i = l->n; i-- > 0;)
		if (sc_has_part(kinds, ' ', l->v[i].changes.kind))
			return l->v[i].state == SC_ENTRY_OPEN ? &l->v[i] : NULL;
	return NULL;
}
