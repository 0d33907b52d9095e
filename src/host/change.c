#include "host/change.h"

#include "base/clean.h"
#include "base/vec.h"
#include "plan/run.h"

#include <time.h>

#define SYSTEMCTL "/usr/bin/systemctl"
#define LOOKS 3 /* a second apart: at a unit that was started */

static int run(void *data, const char *const *argv, struct sc_error *err)
{
	(void)data;
	return sc_run(argv, err);
}

const struct sc_runner sc_host_runner = { .run = run };

static void wait_a_second(const struct sc_runner *runner)
{
	const struct timespec second = { .tv_sec = 1 };

	if (runner == &sc_host_runner)
		nanosleep(&second, NULL);
}

/* Start @unit anew, and see that it stays up. */
static int restart(const struct sc_runner *runner, struct sc_str unit,
		   struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const char *reload[] = { SYSTEMCTL, "daemon-reload", NULL };
	const char *start[] = { SYSTEMCTL, "restart", "--", NULL, NULL };
	const char *ask[] = { SYSTEMCTL, "is-active", "--quiet",
			      "--",      NULL,        NULL };
	struct sc_str name;
	int r;

	if (!sc_keep(&a, unit, &name))
		return sc_no_memory(err);
	start[3] = ask[4] = name.s;
	r = runner->run(runner->data, reload, err);
	if (r == 0)
		r = runner->run(runner->data, start, err);
	for (int i = 0; r == 0 && i < LOOKS; i++) {
		wait_a_second(runner);
		r = runner->run(runner->data, ask, err);
	}
	return r < 0 ? sc_while(err, "restarting '%s'", name.s) : 0;
}

static int run_one(const struct sc_host_step *s,
		   const struct sc_command_line *c, struct sc_error *err)
{
	return c->unit.n ? restart(s->runner, c->unit, err)
			 : s->runner->run(s->runner->data, c->argv, err);
}

bool sc_command_split(struct sc_str text, struct sc_arena *a,
		      struct sc_command_line *out)
{
	struct {
		const char **v;
		size_t n, room;
	} words = { 0 };
	struct sc_str word;

	while (sc_take_part(&text, ' ', &word))
		if (!sc_keep(a, word, &word) || !SC_PUSH(a, &words, word.s))
			return false;
	if (!SC_PUSH(a, &words, (const char *)NULL))
		return false;
	out->argv = words.v;
	return true;
}

int sc_host_run(const struct sc_host_step *s, bool back, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; s->runner && r == 0 && i < s->commands.n; i++) {
		const struct sc_command_line *c = &s->commands.v[i];

		if (!back || c->unit.n || c->makes)
			r = run_one(s, c, err);
	}
	return r;
}

/* 1: the file is as @want says; 0: it is not. */
static int is_so(const struct sc_host_step *s, struct sc_str path,
		 const struct sc_file *want, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_file *now = sc_new(&a, struct sc_file);
	int r;

	if (!now)
		return sc_no_memory(err);
	r = sc_file_state(s->host, path, &a, now, err);
	if (r == SC_ENOTFOUND) /* not even its folder */
		return !want->there;
	return r < 0 ? r : sc_file_same(now, want);
}

static int is_done(void *data, struct sc_error *err)
{
	const struct sc_host_step *s = data;
	int r = 1;

	for (size_t i = 0; r > 0 && i < s->files.n; i++)
		r = is_so(s, s->files.v[i].path, &s->files.v[i].after, err);
	if (r > 0 && !s->files.n)
		r = s->ran;
	return r;
}

/* Is @c what it was when it was planned? One that is already as it is to be is
 * passed over, on the way back as well. */
static int check_one(const struct sc_host_step *s, struct sc_file_change *c,
		     bool back, struct sc_error *err)
{
	const struct sc_file *from = back ? &c->after : &c->before;
	const struct sc_file *to = back ? &c->before : &c->after;
	int r = c->skipped ? 1 : is_so(s, c->path, from, err);

	if (r == 0 && !back) {
		r = is_so(s, c->path, to, err);
		c->skipped = r > 0;
	}
	return r != 0 ? r
		      : sc_fail(err, SC_EREFUSED,
				"'" SC_FMT
				"' has changed since, and is left as it is",
				SC_ARG(c->path));
}

static int check(const struct sc_host_step *s, bool back, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->files.n; i++)
		r = check_one(s, &s->files.v[i], back, err);
	return r < 0 ? r : 0;
}

/* Put back the first @n of the files, last first. */
static int put_back(const struct sc_host_step *s, size_t n,
		    struct sc_error *err)
{
	int r = 0;

	while (r == 0 && n-- > 0)
		if (!s->files.v[n].skipped)
			r = sc_file_put(s->host, s->files.v[n].path,
					&s->files.v[n].before, err);
	return r;
}

static int apply(void *data, struct sc_error *err)
{
	struct sc_host_step *s = data;
	struct sc_error second;
	size_t n = 0;
	int r = check(s, false, err);

	if (r < 0)
		return r;
	for (; r == 0 && n < s->files.n; n++)
		if (!s->files.v[n].skipped)
			r = sc_file_put(s->host, s->files.v[n].path,
					&s->files.v[n].after, err);
	if (r == 0)
		r = sc_host_run(s, false, err);
	if (r == 0) {
		s->ran = true;
		return 0;
	}
	if (put_back(s, n, &second) < 0)
		return sc_while(err, "cannot put back what was (%s), after",
				second.msg);
	if (sc_host_run(s, true, &second) < 0)
		return sc_while(err, "all is put back, and still fails (%s)",
				second.msg);
	return r;
}

static int undo(void *data, struct sc_error *err)
{
	const struct sc_host_step *s = data;
	int r = check(s, true, err);

	if (r == 0)
		r = put_back(s, s->files.n, err);
	return r == 0 ? sc_host_run(s, true, err) : r;
}

/* ---- for the ledger */

/* Is it there all the time, and its bytes the same? */
static bool only_dressed(struct sc_host_step *const *steps, size_t n,
			 struct sc_str path)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < steps[i]->files.n; k++) {
			const struct sc_file_change *c = &steps[i]->files.v[k];

			if (sc_str_eq(c->path, path) &&
			    (!c->before.there || !c->after.there ||
			     !sc_file_same_bytes(&c->before, &c->after)))
				return false;
		}
	return true;
}

void sc_host_seal(struct sc_host_step *const *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < steps[i]->files.n; k++) {
			struct sc_file_change *c = &steps[i]->files.v[k];

			c->sealed = only_dressed(steps, n, c->path);
		}
}

static int keep_file(struct sc_ledger *ledger, const struct sc_file *file,
		     struct sc_arena *a, struct sc_str *digest,
		     struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!ledger || !file->there)
		return sc_file_digest(file, a, digest, err);
	sc_file_write(file, &text);
	if (text.failed)
		return sc_no_memory(err);
	return sc_ledger_keep(ledger, (struct sc_str){ text.s, text.n }, digest,
			      err);
}

/* One side of @c, or, of what is sealed, a copy without its bytes. */
static int keep_side(struct sc_ledger *ledger, const struct sc_file_change *c,
		     bool after, struct sc_arena *a, struct sc_str *digest,
		     struct sc_error *err)
{
	const struct sc_file *file = after ? &c->after : &c->before;
	struct sc_file *copy;

	if (!c->sealed)
		return keep_file(ledger, file, a, digest, err);
	copy = sc_new(a, struct sc_file);
	if (!copy)
		return sc_no_memory(err);
	*copy = *file;
	if (!sc_file_seal(copy, a))
		return sc_no_memory(err);
	return keep_file(ledger, copy, a, digest, err);
}

/* "restart:UNIT", "make:NAME", "run:NAME", with a digest of all its words. */
static int name_command(struct sc_ledger *ledger,
			const struct sc_command_line *c, struct sc_arena *a,
			struct sc_change *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };
	char hex[SC_SHA256_HEX + 1];
	const char *name = "";
	struct sc_str text;
	bool kept;

	if (c->unit.n)
		sc_putf(&words, "restart " SC_FMT, SC_ARG(c->unit));
	for (size_t i = 0; !c->unit.n && c->argv[i]; i++)
		sc_putf(&words, "%s%s", i ? " " : "", c->argv[i]);
	if (!c->unit.n)
		name = strrchr(c->argv[0], '/');
	kept = c->unit.n ? sc_keepf(a, &out->name, "restart:" SC_FMT,
				    SC_ARG(c->unit))
			 : sc_keepf(a, &out->name, "%s:%s",
				    c->makes ? "make" : "run", name + 1);
	if (words.failed || !kept)
		return sc_no_memory(err);
	text = (struct sc_str){ words.s, words.n };
	if (ledger)
		return sc_ledger_keep(ledger, text, &out->after, err);
	sc_sha256_hex(text, hex);
	return sc_keep(a, (struct sc_str){ hex, SC_SHA256_HEX }, &out->after)
		       ? 0
		       : sc_no_memory(err);
}

static int fill_changes(struct sc_host_step *s, struct sc_ledger *ledger,
			struct sc_arena *a, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->files.n; i++) {
		struct sc_change c = { .name = s->files.v[i].path };

		r = keep_side(ledger, &s->files.v[i], false, a, &c.before, err);
		if (r == 0)
			r = keep_side(ledger, &s->files.v[i], true, a, &c.after,
				      err);
		if (r == 0 && !SC_PUSH(a, &s->changes, c))
			r = sc_no_memory(err);
	}
	for (size_t i = 0; r == 0 && i < s->commands.n; i++) {
		struct sc_change c = { 0 };

		r = name_command(ledger, &s->commands.v[i], a, &c, err);
		if (r == 0 && !SC_PUSH(a, &s->changes, c))
			r = sc_no_memory(err);
	}
	return r;
}

// NOLINTNEXTLINE(readability-function-size): the step, its names, where to
int sc_host_step(struct sc_host_step *step, struct sc_str place,
		 const char *title, struct sc_ledger *ledger,
		 struct sc_arena *a, struct sc_step *out, struct sc_error *err)
{
	int r;

	step->changes =
		(struct sc_change_set){ .kind = SC_HOST_KIND, .place = place };
	r = fill_changes(step, ledger, a, err);
	*out = (struct sc_step){ .title = title,
				 .changes = step->changes,
				 .data = step,
				 .done = is_done,
				 .apply = apply,
				 .undo = undo };
	return r;
}
