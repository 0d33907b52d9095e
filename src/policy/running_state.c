#include "policy/running_state.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define LOCK "lock"
#define BASE "base"
#define STATE "relaxed"
#define STATE_BYTES ((size_t)1 << 20)
#define HEAD "selcage 1\n"
#define LOCK_SECONDS 60
#define LOCK_PAUSE_MS 50

/* ---- the lock */

static int check_folder(const char *dir, struct sc_error *err)
{
	struct stat st;

	if (lstat(dir, &st) < 0)
		return sc_fail_os(err, "cannot look at '%s'", dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)))
		return sc_fail(err, SC_EREFUSED,
			       "'%s' is no folder that only we can write to: "
			       "remove it, then try again",
			       dir);
	return 0;
}

static int wait_for(int fd, const char *dir, int seconds, struct sc_error *err)
{
	struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };

	for (int ms = 0; flock(fd, LOCK_EX | LOCK_NB) < 0;
	     ms += LOCK_PAUSE_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return sc_fail_os(err, "cannot lock '%s'", dir);
		if (ms >= seconds * 1000)
			return sc_fail(err, SC_EREFUSED,
				       "another selcage has been changing the "
				       "kernel's policy for %d s: wait for it, "
				       "then try again",
				       seconds);
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

int sc_running_lock(const char *dir, bool wait, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };
	SC_CLEAN(close_p) int fd = -1;
	int r;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return sc_fail_os(err, "cannot make the folder '%s'", dir);
	r = check_folder(dir, err);
	sc_putf(&path, "%s/" LOCK, dir);
	if (r == 0)
		r = sc_buf_check(&path, err);
	if (r < 0)
		return r;
	fd = open(path.s, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return sc_fail_os(err, "cannot open '%s'", path.s);
	r = wait_for(fd, dir, wait ? LOCK_SECONDS : 0, err);
	return r < 0 ? r : SC_TAKE_FD(fd);
}

/* ---- reading */

static bool take_number(struct sc_str *line, uint64_t *out)
{
	struct sc_str field;

	return sc_take_part(line, ' ', &field) && sc_take_u64(&field, out) &&
	       !field.n;
}

/* "now FLAGS SINCE UNTIL USER TURN DOMAIN" */
static bool read_line(struct sc_str line, struct sc_arena *a,
		      struct sc_running_state *out)
{
	struct sc_str word;
	struct sc_respite r = { 0 };
	uint64_t flags = 0, user = 0, turn = 0;

	if (!sc_take_until(&line, ' ', &word) || !take_number(&line, &flags) ||
	    !take_number(&line, &r.since) || !take_number(&line, &r.until) ||
	    !take_number(&line, &user) || !take_number(&line, &turn) ||
	    !line.n || flags > (SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT) ||
	    user > UINT32_MAX || turn > 1)
		return false;
	r.what = (struct sc_relaxed){ line, (unsigned)flags };
	r.user = (uint32_t)user;
	r.turn = (uint32_t)turn;
	if (sc_str_eq(word, SC_STR("now")))
		return SC_PUSH(a, &out->now, r);
	return sc_str_eq(word, SC_STR("next")) && SC_PUSH(a, &out->next, r);
}

static bool read_lines(struct sc_str text, struct sc_arena *a,
		       struct sc_running_state *out)
{
	struct sc_str line;

	if (!sc_take_prefix(&text, SC_STR(HEAD)))
		return false;
	while (sc_take_until(&text, '\n', &line)) {
		if (sc_str_eq(line, SC_STR("changing")))
			out->changing = true;
		else if (!read_line(line, a, out))
			return false;
	}
	return text.n == 0;
}

/* A file that is not there is empty, and none of ours is. */
static int read_file(struct sc_str dir, const char *name, size_t limit,
		     struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err)
{
	struct sc_str path;
	int r;

	if (!sc_keepf(a, &path, SC_FMT "/%s", SC_ARG(dir), name))
		return sc_no_memory(err);
	r = sc_file_read(path.s, limit, a, out, err);
	if (r == SC_ESYSTEM && err->os_errno == ENOENT) {
		*out = (struct sc_str){ 0 };
		return 0;
	}
	return r;
}

int sc_running_recall(struct sc_str dir, struct sc_arena *a,
		      struct sc_running_state *out, struct sc_error *err)
{
	struct sc_running_state s = { 0 };
	struct sc_str text = { 0 };
	int r = read_file(dir, STATE, STATE_BYTES, a, &text, err);

	if (r == 0 && text.n && !read_lines(text, a, &s))
		s = (struct sc_running_state){ 0 };
	if (r == 0 && (s.now.n || s.next.n))
		r = read_file(dir, BASE, SC_POLICY_BYTES, a, &s.base, err);
	if (r < 0)
		return r;
	if (!s.base.n)
		s.base = (struct sc_str){ 0 };
	*out = s;
	return 0;
}

/* ---- writing */

static void put_lines(struct sc_buf *out, const char *word,
		      const struct sc_respites *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_respite *r = &list->v[i];

		sc_putf(out, "%s %u %llu %llu %u %u " SC_FMT "\n", word,
			r->what.flags, (unsigned long long)r->since,
			(unsigned long long)r->until, r->user, r->turn,
			SC_ARG(r->what.domain));
	}
}

static int replace(struct sc_str dir, const char *name, struct sc_str bytes,
		   struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };
	int r;

	sc_putf(&path, SC_FMT "/%s", SC_ARG(dir), name);
	r = sc_buf_check(&path, err);
	return r < 0 ? r
		     : sc_files_replace(&(struct sc_output){ path.s, bytes }, 1,
					err);
}

int sc_running_note(struct sc_str dir, const struct sc_running_state *state,
		    bool with_base, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = 0;

	sc_putf(&text, HEAD);
	put_lines(&text, "now", &state->now);
	put_lines(&text, "next", &state->next);
	if (state->changing)
		sc_putf(&text, "changing\n");
	if (with_base)
		r = replace(dir, BASE, state->base, err);
	if (r == 0)
		r = sc_buf_check(&text, err);
	if (r == 0)
		r = replace(dir, STATE, (struct sc_str){ text.s, text.n }, err);
	return r < 0 ? sc_while(err, "noting what is relaxed") : 0;
}
