#include "plan/ledger.h"

#include "base/clean.h"
#include "base/file.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define JOURNAL "journal"
#define TEXTS "texts"
#define LOCK "lock"
#define JOURNAL_BYTES ((size_t)64 << 20)
#define TEXT_BYTES ((size_t)16 << 20)
#define DIGEST_SIZE ((size_t)SC_SHA256_HEX)
#define SUM_DIGITS 16 /* of the line's SHA-256: finds damage, not forgery */
#define NO_TEXT SC_STR("-")

/* ---- lines */

static void put_sum(struct sc_buf *line)
{
	char hex[SC_SHA256_HEX + 1];

	sc_sha256_hex((struct sc_str){ line->s, line->n }, hex);
	sc_putf(line, "\t%.*s\n", SUM_DIGITS, hex);
}

/* @line without its checksum, if that is right. */
static bool take_sum(struct sc_str *line)
{
	char hex[SC_SHA256_HEX + 1];
	size_t tail = SUM_DIGITS + 1;

	if (line->n <= tail || line->s[line->n - tail] != '\t')
		return false;
	sc_sha256_hex((struct sc_str){ line->s, line->n - tail }, hex);
	if (memcmp(hex, line->s + line->n - SUM_DIGITS, SUM_DIGITS) != 0)
		return false;
	line->n -= tail;
	return true;
}

static struct sc_str take_field(struct sc_str *line)
{
	struct sc_str field;

	if (sc_take_until(line, '\t', &field))
		return field;
	field = *line;
	*line = (struct sc_str){ line->s + line->n, 0 };
	return field;
}

static bool is_digest(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!strchr("0123456789abcdef", v.s[i]) || !v.s[i])
			return false;
	return v.n == DIGEST_SIZE;
}

/* A digest, or "-" for no text. */
static bool read_digest(struct sc_str v, struct sc_str *out)
{
	*out = sc_str_eq(v, NO_TEXT) ? (struct sc_str){ 0 } : v;
	return !out->n || is_digest(v);
}

/* "NAME BEFORE AFTER" */
static bool read_change(struct sc_str field, struct sc_change *out)
{
	struct sc_str before;

	return sc_take_until(&field, ' ', &out->name) &&
	       sc_take_until(&field, ' ', &before) &&
	       read_digest(before, &out->before) &&
	       read_digest(field, &out->after);
}

static int damaged(uint32_t line, struct sc_error *err)
{
	int r = sc_fail(err, SC_ESYNTAX,
			"line %u is not what was written there; nothing is "
			"done while the ledger cannot be trusted",
			line);

	err->line = line;
	return r;
}

static struct sc_entry *find_entry(struct sc_ledger *l, uint64_t id)
{
	for (size_t i = l->n; i-- > 0;)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static int read_begin(struct sc_ledger *l, struct sc_entry *e,
		      struct sc_str rest, uint32_t line, struct sc_error *err)
{
	e->changes.kind = take_field(&rest);
	e->changes.place = take_field(&rest);
	while (rest.n) {
		struct sc_change c;

		if (!read_change(take_field(&rest), &c))
			return damaged(line, err);
		if (!SC_PUSH(l->arena, &e->changes, c))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	if (find_entry(l, e->id))
		return damaged(line, err);
	if (!SC_PUSH(l->arena, l, *e))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	return 0;
}

static int read_line(struct sc_ledger *l, struct sc_str text, uint32_t line,
		     struct sc_error *err)
{
	struct sc_entry e = { 0 }, *begun;
	struct sc_str word, id;

	if (!sc_take_prefix(&text, SC_STR("1\t")))
		return sc_fail(err, SC_ESYNTAX,
			       "line %u was written by another version of "
			       "selcage",
			       line);
	id = take_field(&text);
	if (!sc_take_u64(&id, &e.id) || id.n)
		return damaged(line, err);
	e.time = take_field(&text);
	word = take_field(&text);
	if (sc_str_eq(word, SC_STR("begin")))
		return read_begin(l, &e, text, line, err);
	begun = find_entry(l, e.id);
	if (!begun)
		return damaged(line, err);
	if (sc_str_eq(word, SC_STR("done")))
		begun->state = SC_ENTRY_DONE;
	else if (sc_str_eq(word, SC_STR("undone")))
		begun->state = SC_ENTRY_UNDONE;
	else
		return damaged(line, err);
	return 0;
}

/* @whole: bytes of @text up to the end of its last good line. */
static int read_lines(struct sc_ledger *l, struct sc_str text, size_t *whole,
		      struct sc_error *err)
{
	const char *start = text.s;
	struct sc_str line;

	*whole = 0;
	for (uint32_t n = 1; sc_take_until(&text, '\n', &line); n++) {
		int r;

		if (!take_sum(&line)) {
			if (text.n == 0)
				return 0; /* cut short by a crash */
			return damaged(n, err);
		}
		r = read_line(l, line, n, err);
		if (r < 0)
			return r;
		*whole = (size_t)(text.s - start);
	}
	return 0;
}

/* ---- files */

static int path_of(const struct sc_ledger *l, struct sc_str name,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out, SC_FMT "/" SC_FMT, SC_ARG(l->dir), SC_ARG(name))
		       ? 0
		       : sc_fail(err, SC_ENOMEM, "out of memory");
}

static int sync_folder(const char *path, struct sc_error *err)
{
	SC_CLEAN(close_p)
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return sc_fail_os(err, "cannot write the folder '%s'", path);
	return 0;
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
		return sc_fail(err, SC_ENOMEM, "out of memory");
	if (mkdir(copy.s, 0700) == 0)
		return sync_folder(parent.s, err);
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
	return sync_folder(l->dir.s, err);
}

static int prepare(struct sc_ledger *l, struct sc_error *err)
{
	struct sc_str texts = { 0 }, journal = { 0 };
	int r = path_of(l, SC_STR(TEXTS), l->arena, &texts, err);

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
	return r == 0 ? read_lines(l, text, whole, err) : r;
}

static int fill(struct sc_ledger *l, bool write, struct sc_error *err)
{
	size_t whole = 0;
	int r = write ? prepare(l, err) : 0;

	if (r == 0)
		r = read_journal(l, &whole, err);
	if (r == 0 && write && ftruncate(l->journal, (off_t)whole) < 0)
		return sc_fail_os(err, "cannot write the journal");
	return r;
}

int sc_ledger_open(const char *dir, bool write, struct sc_arena *a,
		   struct sc_ledger *out, struct sc_error *err)
{
	SC_CLEAN(sc_ledger_close)
	struct sc_ledger l = { .arena = a, .journal = -1, .lock = -1 };

	if (!sc_keep(a, (struct sc_str){ dir, strlen(dir) }, &l.dir))
		return sc_fail(err, SC_ENOMEM, "out of memory");
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
	if (n == (ssize_t)line->n && fsync(l->journal) == 0)
		return 0;
	if (n >= 0 && n != (ssize_t)line->n)
		errno = ENOSPC; /* what a short write to a file means */
	sc_fail_os(err, "cannot write the ledger '" SC_FMT "'", SC_ARG(l->dir));
	if (end >= 0 && ftruncate(l->journal, end) < 0)
		return sc_while(err, "the line cannot be taken back");
	return err->code;
}

static void put_now(struct sc_buf *line)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	sc_putf(line, "%s", text);
}

static bool is_word(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.s[i] <= ' ')
			return false;
	return v.n > 0;
}

static struct sc_str digest_or_dash(struct sc_str v)
{
	return v.n ? v : NO_TEXT;
}

static int put_changes(struct sc_buf *line, const struct sc_change_set *set,
		       struct sc_error *err)
{
	if (!is_word(set->kind) || !is_word(set->place))
		return sc_fail(err, SC_ESYNTAX, "no name for the ledger");
	sc_putf(line, "\tbegin\t" SC_FMT "\t" SC_FMT, SC_ARG(set->kind),
		SC_ARG(set->place));
	for (size_t i = 0; i < set->n; i++) {
		const struct sc_change *c = &set->v[i];

		if (!is_word(c->name))
			return sc_fail(err, SC_ESYNTAX,
				       "a name that the ledger cannot hold");
		sc_putf(line, "\t" SC_FMT " " SC_FMT " " SC_FMT,
			SC_ARG(c->name), SC_ARG(digest_or_dash(c->before)),
			SC_ARG(digest_or_dash(c->after)));
	}
	return 0;
}

static int keep_entry(struct sc_ledger *l, const struct sc_entry *e,
		      struct sc_error *err)
{
	return SC_PUSH(l->arena, l, *e)
		       ? 0
		       : sc_fail(err, SC_ENOMEM, "out of memory");
}

int sc_ledger_begin(struct sc_ledger *l, const struct sc_change_set *changes,
		    uint64_t *id, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };
	struct sc_entry e = { .changes = *changes };
	int r;

	e.id = l->n ? l->v[l->n - 1].id + 1 : 1;
	sc_putf(&line, "1\t%llu\t", (unsigned long long)e.id);
	put_now(&line);
	r = put_changes(&line, changes, err);
	if (r < 0)
		return r;
	put_sum(&line);
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
	struct sc_entry *e = find_entry(l, id);
	int r;

	if (!e)
		return sc_fail(err, SC_ENOTFOUND, "no such entry");
	sc_putf(&line, "1\t%llu\t", (unsigned long long)id);
	put_now(&line);
	sc_putf(&line, "\t%s", state == SC_ENTRY_DONE ? "done" : "undone");
	put_sum(&line);
	r = append(l, &line, err);
	if (r == 0)
		e->state = state;
	return r;
}

const struct sc_entry *sc_ledger_interrupted(const struct sc_ledger *l)
{
	return l->n && l->v[l->n - 1].state == SC_ENTRY_OPEN ? &l->v[l->n - 1]
							     : NULL;
}

/* ---- texts */

static int text_path(const struct sc_ledger *l, struct sc_str digest,
		     struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err)
{
	if (!is_digest(digest))
		return sc_fail(err, SC_ESYNTAX, "no digest of a text");
	return sc_keepf(a, out, SC_FMT "/" TEXTS "/" SC_FMT, SC_ARG(l->dir),
			SC_ARG(digest))
		       ? 0
		       : sc_fail(err, SC_ENOMEM, "out of memory");
}

int sc_ledger_fetch(const struct sc_ledger *l, struct sc_str digest,
		    struct sc_arena *a, struct sc_str *text,
		    struct sc_error *err)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str path = { 0 }, found = { 0 };
	int r = text_path(l, digest, a, &path, err);

	if (r == 0)
		r = sc_file_read(path.s, TEXT_BYTES, a, &found, err);
	if (r < 0)
		return r;
	sc_sha256_hex(found, hex);
	if (!sc_str_eq(digest, (struct sc_str){ hex, DIGEST_SIZE }))
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no more the text that was kept",
			       path.s);
	*text = found;
	return 0;
}

int sc_ledger_keep(struct sc_ledger *l, struct sc_str text,
		   struct sc_str *digest, struct sc_error *err)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str path = { 0 }, there, folder = { 0 };
	struct sc_error ignored;
	int r;

	sc_sha256_hex(text, hex);
	if (!sc_keep(l->arena, (struct sc_str){ hex, DIGEST_SIZE }, digest))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	if (sc_ledger_fetch(l, *digest, l->arena, &there, &ignored) == 0)
		return 0;
	r = text_path(l, *digest, l->arena, &path, err);
	if (r == 0)
		r = path_of(l, SC_STR(TEXTS), l->arena, &folder, err);
	if (r == 0)
		r = sc_files_replace(&(struct sc_output){ path.s, text }, 1,
				     err);
	if (r == 0)
		r = sync_folder(folder.s, err);
	return r < 0 ? sc_while(err, "cannot keep a text in the ledger") : 0;
}
