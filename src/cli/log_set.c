#include "cli/log_set.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#define NAME SC_STR("audit.log")
#define FOLDER_MAX 512 /* files that we open in one */
#define TRIES 8        /* to see a folder while nothing is rotated in it */

/* A log in a folder. */
struct member {
	struct sc_str name;
	struct sc_str date; /* "20231114", of "audit.log-20231114"; or empty */
	uint64_t number;    /* 3, of "audit.log.3"; 0: the one that grows */
	bool packed;        /* its name says so */
	int fd;
	struct stat st;
};

struct members {
	struct member *v;
	size_t n;
	size_t room;
};

/* Take away @end, if @v ends with it. */
static bool drop_end(struct sc_str *v, struct sc_str end)
{
	if (v->n < end.n || memcmp(v->s + v->n - end.n, end.s, end.n) != 0)
		return false;
	v->n -= end.n;
	return true;
}

static bool is_date(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((v.s[i] < '0' || v.s[i] > '9') && v.s[i] != '-' &&
		    v.s[i] != '.')
			return false;
	return v.n >= 8;
}

/* False if @name is none of those that auditd and logrotate give. */
static bool read_name(struct sc_str name, struct member *out)
{
	struct sc_str rest = name;

	*out = (struct member){ .name = name, .fd = -1 };
	if (!sc_take_prefix(&rest, NAME))
		return false;
	out->packed = drop_end(&rest, SC_STR(".gz")) ||
		      drop_end(&rest, SC_STR(".xz")) ||
		      drop_end(&rest, SC_STR(".zst"));
	if (!rest.n)
		return true;
	if (sc_take_prefix(&rest, SC_STR("-"))) {
		out->date = rest;
		return is_date(rest);
	}
	return sc_take_prefix(&rest, SC_STR(".")) &&
	       sc_take_u64(&rest, &out->number) && !rest.n;
}

static int compare(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int c = sc_str_compare(a->date, b->date);

	/* Those with a date come before those with a number. */
	if (!a->date.n != !b->date.n)
		return a->date.n ? -1 : 1;
	if (c)
		return c;
	if (a->number != b->number)
		return a->number > b->number ? -1 : 1;
	return a->packed - b->packed;
}

static const char *user_name(uid_t uid)
{
	const struct passwd *p = getpwuid(uid);

	return p ? p->pw_name : "its owner";
}

static const char *group_name(gid_t gid)
{
	const struct group *g = getgrgid(gid);

	return g ? g->gr_name : "its own";
}

/* What open() or opendir() just said of @path. */
static int fail_open(const char *path, struct sc_error *err)
{
	int why = errno;
	struct stat st;
	bool known = stat(path, &st) == 0;

	errno = why;
	if (why != EACCES || !known)
		return sc_fail_os(err, "cannot open '%s'", path);
	(void)sc_fail_os(err, "cannot open '%s'", path);
	return sc_fail(err, SC_ESYSTEM,
		       "cannot open '%s': permission denied: %s may read it%s%s"
		       "; try sudo",
		       path, user_name(st.st_uid),
		       st.st_mode & S_IRGRP ? ", and the group " : "",
		       st.st_mode & S_IRGRP ? group_name(st.st_gid) : "");
}

static void close_all(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		close_p(&m->v[i].fd);
	m->n = 0;
}

static int list(DIR *dir, const char *path, struct sc_arena *a,
		struct members *out, struct sc_error *err)
{
	const struct dirent *entry;

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		struct member m;
		struct sc_str name = sc_view(entry->d_name);

		if (!read_name(name, &m))
			continue;
		if (out->n == FOLDER_MAX)
			return sc_fail(err, SC_ELIMIT,
				       "'%s' has more than %d logs: name those "
				       "that you mean",
				       path, FOLDER_MAX);
		if (!sc_keep(a, name, &name) || !read_name(name, &m) ||
		    !SC_PUSH(a, out, m))
			return sc_no_memory(err);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare);
	return 0;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Drop what is no file, or is there twice: while logrotate packs a file, both
 * are. */
static void drop_doubles(struct members *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct member *v = &m->v[i], *last = n ? &m->v[n - 1] : NULL;

		if (v->fd < 0 || !S_ISREG(v->st.st_mode) ||
		    (last && (is_same_file(&v->st, &last->st) ||
			      (v->packed && !last->packed &&
			       v->number == last->number &&
			       sc_str_eq(v->date, last->date)))))
			close_p(&v->fd);
		else
			m->v[n++] = *v;
	}
	m->n = n;
}

/* Open them all; 1: somebody rotated them meanwhile. */
static int open_members(int dir, const char *path, struct members *m,
			struct sc_error *err)
{
	struct stat st;

	for (size_t i = 0; i < m->n; i++) {
		struct member *v = &m->v[i];

		v->fd = openat(dir, v->name.s,
			       O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (v->fd < 0 && errno == ENOENT)
			return 1;
		if (v->fd < 0 || fstat(v->fd, &v->st) < 0) {
			SC_CLEAN(sc_buf_free) struct sc_buf full = { 0 };

			sc_putf(&full, "%s/%s", path, v->name.s);
			return fail_open(full.s ? full.s : path, err);
		}
	}
	for (size_t i = 0; i < m->n; i++)
		if (fstatat(dir, m->v[i].name.s, &st, 0) < 0 ||
		    !is_same_file(&st, &m->v[i].st))
			return 1;
	drop_doubles(m);
	return 0;
}

static int no_logs(const char *path, struct sc_error *err)
{
	return sc_fail(err, SC_ENOTFOUND,
		       "no audit.log in '%s': where auditd doesn't run, the "
		       "journal has the denials (journalctl -o short-iso | "
		       "selcage log -), or the kernel's ring (dmesg | selcage "
		       "log -)",
		       path);
}

static int add_folder(struct sc_log_set *set, const char *path, DIR *dir,
		      struct sc_error *err)
{
	struct members m = { 0 };
	int r = 1;

	for (int i = 0; i < TRIES && r > 0; i++) {
		close_all(&m);
		r = list(dir, path, &set->arena, &m, err);
		if (r == 0)
			r = open_members(dirfd(dir), path, &m, err);
	}
	if (r > 0)
		r = sc_fail(err, SC_ESYSTEM,
			    "the logs in '%s' change all the time: try again",
			    path);
	if (r == 0 && !m.n)
		r = no_logs(path, err);
	for (size_t i = 0; r == 0 && i < m.n; i++) {
		struct sc_log log = { .fd = m.v[i].fd };
		struct sc_str full;

		if (!sc_keepf(&set->arena, &full, "%s/%s", path,
			      m.v[i].name.s) ||
		    !SC_PUSH(&set->arena, set, log)) {
			r = sc_no_memory(err);
			break;
		}
		m.v[i].fd = -1;
		set->v[set->n - 1].path = full.s;
	}
	close_all(&m);
	return r;
}

static void closedir_p(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int add(struct sc_log_set *set, const char *path, bool host,
	       struct sc_error *err)
{
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	struct sc_log log = { path, -1 };
	struct stat st;

	if (strcmp(path, "-") != 0 &&
	    (host || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))) {
		dir = opendir(path);
		if (!dir && host && errno == ENOENT)
			return no_logs(path, err);
		return dir ? add_folder(set, path, dir, err)
			   : fail_open(path, err);
	}
	return SC_PUSH(&set->arena, set, log) ? 0 : sc_no_memory(err);
}

int sc_log_set_open(char *const *paths, size_t n, struct sc_log_set *out,
		    struct sc_error *err)
{
	int r = n ? 0 : add(out, SC_HOST_LOGS, true, err);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = add(out, paths[i], false, err);
	return r;
}

void sc_log_set_close(struct sc_log_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		close_p(&set->v[i].fd);
	sc_arena_free(&set->arena);
}

int sc_log_set_take(struct sc_log_set *set, size_t i, struct sc_error *err)
{
	struct sc_log *log = &set->v[i];
	int fd = log->fd;

	log->fd = -1;
	if (fd >= 0)
		return fd;
	fd = strcmp(log->path, "-") == 0
		     ? dup(STDIN_FILENO)
		     : open(log->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? fail_open(log->path, err) : fd;
}
