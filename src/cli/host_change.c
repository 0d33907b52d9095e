#include "cli/host_change.h"

#include "base/clean.h"
#include "base/diff.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/ask.h"
#include "cli/wrap.h"

#include <errno.h>
#include <fcntl.h>

void sc_host_work_free(struct sc_host_work *w)
{
	sc_ledger_close(&w->ledger);
	sc_host_close(&w->host);
	sc_arena_free(&w->arena);
}

/* An image is not ours: a link in it must not lead our ledger out of it. */
static int check_way(const struct sc_host *h, struct sc_error *err)
{
	static const char *const way[] = { "/var", "/var/lib",
					   "/var/lib/selcage", SC_LEDGER_DIR };

	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		SC_CLEAN(close_p)
		int fd = sc_host_fd(h, way[i],
				    O_PATH | O_DIRECTORY | O_NOFOLLOW);

		if (fd < 0 && errno == ENOENT)
			return 0;
		if (fd < 0)
			return sc_fail(err, SC_EREFUSED,
				       "'%s' in the image is a link or no "
				       "folder: no place for the ledger",
				       way[i]);
	}
	return 0;
}

static int settle(struct sc_host_work *w, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf said = { 0 };
	struct sc_host_settled s;
	int r = sc_host_settle(&w->ledger, &w->host, w->runner, &w->arena, &s,
			       err);

	if (r < 0 || !s.any)
		return r;
	sc_putf(&said, "selcage: a step was interrupted: %s\n",
		s.done ? "all of it had been done, and stays"
		       : "its files are as they were before");
	if (s.foreign.n) {
		sc_put(&said, SC_STR("selcage: others have changed this one "
				     "since, and it is left as it is: "));
		sc_put_safe(&said, s.foreign);
		sc_put(&said, SC_STR("\n"));
	}
	return sc_print(&said, stderr, err);
}

int sc_host_work_open(const char *root, struct sc_host_work *w,
		      struct sc_error *err)
{
	w->runner = root ? NULL : &sc_host_runner;
	return sc_host_open(root, &w->host, err);
}

int sc_host_work_ledger(bool write, struct sc_host_work *w,
			struct sc_error *err)
{
	const char *root = w->host.root;
	struct sc_str dir;
	int r = root ? check_way(&w->host, err) : 0;

	if (r < 0)
		return r;
	if (!sc_keepf(&w->arena, &dir, "%s" SC_LEDGER_DIR, root ? root : ""))
		return sc_no_memory(err);
	r = sc_ledger_open(dir.s, write, &w->arena, &w->ledger, err);
	if (r == 0)
		sc_say_ledger(&w->ledger);
	return r == 0 && write ? settle(w, err) : r;
}

int sc_host_work_only(struct sc_host_work *w, const struct sc_values *names,
		      struct sc_error *err)
{
	struct sc_check check;

	for (size_t i = 0; i < names->n; i++) {
		struct sc_str name = sc_view(names->v[i]);

		if (!sc_check_find(name, &check))
			return sc_fail(err, SC_ENOTFOUND,
				       "no check '%s' (selcage host check)",
				       names->v[i]);
		if (!SC_PUSH(&w->arena, &w->only, check.id))
			return sc_no_memory(err);
	}
	return 0;
}

int sc_host_work_plan(const struct sc_host_ask *ask, struct sc_host_work *w,
		      struct sc_error *err)
{
	const struct sc_cure_how how = { .live = w->runner != NULL,
					 .only = &w->only };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = sc_host_ask(ask, &w->host, &w->arena, &w->answer, err);

	if (r == 0)
		r = sc_cure_plan(&w->answer.machine, &w->answer.verdicts, &how,
				 &w->arena, &w->plan, err);
	if (r == 0)
		r = sc_host_put_steps_json(w, false, &text, err);
	if (r < 0)
		return r;
	sc_sha256_hex((struct sc_str){ text.s, text.n }, w->digest);
	return 0;
}

/* ---- text */

#define INDENT 10 /* of what there is to say of a step */

static void put_owner(struct sc_buf *out, const struct sc_file *f)
{
	sc_putf(out, "%u:%u", f->uid, f->gid);
}

static void put_head(const struct sc_file_change *f, struct sc_buf *out)
{
	const struct sc_file *x = &f->before, *y = &f->after;

	sc_put(out, SC_STR("     "));
	sc_put_safe(out, f->path);
	if (!y->there)
		sc_put(out, SC_STR(" is removed"));
	else if (!x->there)
		sc_putf(out, ": a new %s, mode %04o",
			y->folder ? "folder" : "file", y->mode);
	if (x->there && y->there && x->mode != y->mode)
		sc_putf(out, ": mode %04o, now %04o", y->mode, x->mode);
	if (x->there && y->there && (x->uid != y->uid || x->gid != y->gid)) {
		sc_put(out, SC_STR(": owner "));
		put_owner(out, y);
		sc_put(out, SC_STR(", now "));
		put_owner(out, x);
	}
	sc_put(out, SC_STR("\n"));
}

int sc_host_put_file(const struct sc_file_change *f, struct sc_buf *out,
		     struct sc_error *err)
{
	put_head(f, out);
	if (sc_str_eq(f->before.bytes, f->after.bytes))
		return sc_buf_check(out, err);
	return sc_diff_put(out, "       ", f->before.bytes, f->after.bytes,
			   err);
}

static void put_names(struct sc_buf *out, const char *before,
		      const struct sc_names *names)
{
	struct sc_str text;
	SC_CLEAN(sc_buf_free) struct sc_buf words = { 0 };

	for (size_t i = 0; i < names->n; i++)
		sc_putf(&words, "%s" SC_FMT, i ? " " : "", SC_ARG(names->v[i]));
	text = (struct sc_str){ words.s, words.n };
	sc_put_field(out, before, INDENT, text);
	out->failed = out->failed || words.failed;
}

void sc_host_put_command(const struct sc_command_line *c, struct sc_buf *out)
{
	sc_put(out, SC_STR("     $ "));
	if (c->unit.n) {
		sc_put(out, SC_STR("systemctl restart "));
		sc_put_safe(out, c->unit);
	}
	for (size_t i = 0; !c->unit.n && c->argv[i]; i++) {
		sc_put(out, i ? SC_STR(" ") : SC_STR(""));
		sc_put_safe(out, sc_view(c->argv[i]));
	}
	sc_put(out, SC_STR("\n"));
}

static int put_step(const struct sc_cure_step *s, size_t number,
		    struct sc_buf *out, struct sc_error *err)
{
	int r = 0;

	sc_putf(out, "  %zu. %s: " SC_FMT "\n", number, sc_risk_name(s->risk),
		SC_ARG(s->title));
	put_names(out, "     for", &s->checks);
	for (size_t i = 0; r == 0 && i < s->step.files.n; i++)
		r = sc_host_put_file(&s->step.files.v[i], out, err);
	for (size_t i = 0; i < s->step.commands.n; i++)
		sc_host_put_command(&s->step.commands.v[i], out);
	for (size_t i = 0; i < s->notes.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf safe = { 0 };

		sc_put_safe(&safe, s->notes.v[i]);
		sc_put_field(out, "     note", INDENT,
			     (struct sc_str){ safe.s, safe.n });
		out->failed = out->failed || safe.failed;
	}
	if (s->containers)
		sc_put_field(out, "     note", INDENT,
			     SC_STR("containers that run keep what they have "
				    "until they are made again"));
	if (s->boot)
		sc_put_field(out, "     note", INDENT,
			     SC_STR("it holds from the next boot on"));
	return r;
}

int sc_host_put_steps(const struct sc_host_work *w, enum sc_risk most,
		      struct sc_buf *out, struct sc_error *err)
{
	size_t number = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->plan.steps.n; i++)
		if (w->plan.steps.v[i].risk <= most)
			r = put_step(&w->plan.steps.v[i], ++number, out, err);
	return r < 0 ? r : sc_buf_check(out, err);
}

void sc_host_put_left(const struct sc_host_work *w, struct sc_buf *out)
{
	if (w->plan.left.n)
		sc_putf(out, "\nleft to a person: %zu\n", w->plan.left.n);
	for (size_t i = 0; i < w->plan.left.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf safe = { 0 };

		sc_putf(out, "  " SC_FMT "\n", SC_ARG(w->plan.left.v[i].check));
		sc_put_safe(&safe, w->plan.left.v[i].why);
		sc_put_field(out, "", 5, (struct sc_str){ safe.s, safe.n });
		out->failed = out->failed || safe.failed;
	}
}
