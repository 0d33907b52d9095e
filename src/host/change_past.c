#include "base/clean.h"
#include "base/vec.h"
#include "host/change.h"

#define RESTART SC_STR("restart:")
#define MAKE SC_STR("make:")
#define RUN SC_STR("run:")

static bool is_file(struct sc_str name)
{
	return name.n && name.s[0] == '/';
}

/* ---- what was done */

static struct sc_host_past *find(struct sc_host_pasts *all, struct sc_str place)
{
	for (size_t i = 0; i < all->n; i++)
		if (sc_str_eq(all->v[i].place, place))
			return &all->v[i];
	return NULL;
}

static bool note_file(struct sc_host_past *p, const struct sc_change *c,
		      struct sc_arena *a)
{
	for (size_t i = 0; i < p->files.n; i++)
		if (sc_str_eq(p->files.v[i].name, c->name)) {
			p->files.v[i].after = c->after;
			return true;
		}
	return SC_PUSH(a, &p->files, *c);
}

static bool note_again(struct sc_host_past *p, const struct sc_change *c,
		       struct sc_arena *a)
{
	for (size_t i = 0; i < p->again.n; i++)
		if (sc_str_eq(p->again.v[i].name, c->name) &&
		    sc_str_eq(p->again.v[i].after, c->after))
			return true;
	return SC_PUSH(a, &p->again, *c);
}

static bool note(struct sc_host_past *p, const struct sc_change *c,
		 struct sc_arena *a)
{
	struct sc_str name = c->name;

	if (is_file(name))
		return note_file(p, c, a);
	if (sc_take_prefix(&name, RESTART) || sc_take_prefix(&name, MAKE))
		return note_again(p, c, a);
	p->programs += c->after.n > 0;
	return true;
}

static bool note_entry(struct sc_host_pasts *all, const struct sc_entry *e,
		       struct sc_arena *a)
{
	const struct sc_host_past fresh = { .place = e->changes.place,
					    .time = e->time };
	struct sc_host_past *p = find(all, e->changes.place);

	if (!p && !SC_PUSH(a, all, fresh))
		return false;
	p = p ? p : &all->v[all->n - 1];
	for (size_t i = 0; i < e->changes.n; i++)
		if (!note(p, &e->changes.v[i], a))
			return false;
	return true;
}

/* What came back to where it began is no change. */
static void drop_undone(struct sc_host_past *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->files.n; i++)
		if (!sc_str_eq(p->files.v[i].before, p->files.v[i].after))
			p->files.v[n++] = p->files.v[i];
	p->files.n = n;
}

int sc_host_pasts(const struct sc_ledger *ledger, struct sc_arena *a,
		  struct sc_host_pasts *out, struct sc_error *err)
{
	struct sc_host_pasts all = { 0 };
	struct sc_host_past *p;

	for (size_t i = 0; i < ledger->n; i++) {
		const struct sc_entry *e = &ledger->v[i];

		if (e->state != SC_ENTRY_DONE)
			continue;
		if (sc_str_eq(e->changes.kind, SC_HOST_CONFIRMED)) {
			p = find(&all, e->changes.place);
			if (p)
				p->confirmed = true;
		}
		if (sc_str_eq(e->changes.kind, SC_HOST_KIND) &&
		    !note_entry(&all, e, a))
			return sc_no_memory(err);
	}
	for (size_t i = 0; i < all.n; i++)
		drop_undone(&all.v[i]);
	*out = all;
	return 0;
}

bool sc_host_is_left(const struct sc_ledger *ledger, struct sc_str place)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_host_pasts all = { 0 };
	const struct sc_host_past *p;
	struct sc_error ignored;

	for (size_t i = 0; i < ledger->n; i++) {
		const struct sc_entry *e = &ledger->v[i];

		if (e->state == SC_ENTRY_OPEN &&
		    sc_str_eq(e->changes.kind, SC_HOST_KIND) &&
		    sc_str_eq(e->changes.place, place))
			return true;
	}
	if (sc_host_pasts(ledger, &a, &all, &ignored) < 0)
		return true;
	p = find(&all, place);
	return p && p->files.n > 0;
}

/* ---- programs */

int sc_host_command(const struct sc_ledger *ledger, const struct sc_change *c,
		    struct sc_arena *a, struct sc_command_line *out,
		    struct sc_error *err)
{
	struct sc_str name = c->name, text;
	int r;

	*out = (struct sc_command_line){ 0 };
	if (sc_take_prefix(&name, RESTART)) {
		out->unit = name;
		return 0;
	}
	out->makes = sc_take_prefix(&name, MAKE);
	if (!out->makes && !sc_take_prefix(&name, RUN))
		return sc_fail(err, SC_ESYNTAX,
			       "the ledger has a program of no kind that we "
			       "know");
	r = sc_ledger_fetch(ledger, c->after, a, &text, err);
	if (r < 0)
		return r;
	return sc_command_split(text, a, out) ? 0 : sc_no_memory(err);
}

static int push_command(const struct sc_ledger *ledger,
			const struct sc_change *c, struct sc_arena *a,
			struct sc_host_step *s, struct sc_error *err)
{
	struct sc_command_line line;
	int r = sc_host_command(ledger, c, a, &line, err);

	if (r < 0)
		return r;
	return SC_PUSH(a, &s->commands, line) ? 0 : sc_no_memory(err);
}

/* ---- and taken back */

static int fetch(const struct sc_ledger *ledger, struct sc_str digest,
		 struct sc_arena *a, struct sc_file *out, struct sc_error *err)
{
	struct sc_str text;
	int r;

	memset(out, 0, sizeof(*out));
	if (!digest.n)
		return 0;
	r = sc_ledger_fetch(ledger, digest, a, &text, err);
	return r < 0 ? r : sc_file_parse(text, a, out, err);
}

static int fetch_change(const struct sc_ledger *ledger,
			const struct sc_change *c, struct sc_arena *a,
			struct sc_file_change *out, struct sc_error *err)
{
	int r = fetch(ledger, c->before, a, &out->before, err);

	out->path = c->name;
	return r < 0 ? r : fetch(ledger, c->after, a, &out->after, err);
}

int sc_host_back(const struct sc_host_past *past, const struct sc_host *h,
		 const struct sc_ledger *ledger, struct sc_arena *a,
		 struct sc_host_step *out, struct sc_error *err)
{
	struct sc_file_change *f = sc_new(a, struct sc_file_change);
	int r = f ? 0 : sc_no_memory(err);

	*out = (struct sc_host_step){ .host = h };
	for (size_t i = past->files.n; r == 0 && i-- > 0;) {
		const struct sc_change back = {
			.name = past->files.v[i].name,
			.before = past->files.v[i].after,
			.after = past->files.v[i].before,
		};

		r = fetch_change(ledger, &back, a, f, err);
		if (r == 0 && !SC_PUSH(a, &out->files, *f))
			r = sc_no_memory(err);
	}
	for (size_t i = 0; r == 0 && i < past->again.n; i++)
		r = push_command(ledger, &past->again.v[i], a, out, err);
	return r;
}

/* ---- what was interrupted */

enum found { IS_BEFORE, IS_AFTER, IS_BETWEEN, IS_FOREIGN };

static bool same_bytes(const struct sc_file *a, const struct sc_file *b)
{
	return a->there && b->there && a->folder == b->folder &&
	       sc_file_same_bytes(a, b);
}

static int look(const struct sc_host *h, const struct sc_file_change *c,
		struct sc_arena *a, enum found *out, struct sc_error *err)
{
	struct sc_file *now = sc_new(a, struct sc_file);
	int r = now ? sc_file_state(h, c->path, a, now, err)
		    : sc_no_memory(err);

	if (r == SC_EREFUSED) {
		*out = IS_FOREIGN;
		return 0;
	}
	if (r < 0 && r != SC_ENOTFOUND)
		return r;
	if (sc_file_same(now, &c->after))
		*out = IS_AFTER;
	else if (sc_file_same(now, &c->before))
		*out = IS_BEFORE;
	else if (same_bytes(now, &c->before) || same_bytes(now, &c->after))
		*out = IS_BETWEEN;
	else
		*out = IS_FOREIGN;
	return 0;
}

/* The entry as a step, and what is there of it. */
struct broken {
	struct sc_host_step step;
	enum found *found;
	bool all_after, none_after;
};

static int examine(const struct sc_entry *e, struct sc_ledger *ledger,
		   const struct sc_host *h, struct sc_arena *a,
		   struct broken *b, struct sc_error *err)
{
	struct sc_file_change *f = sc_new(a, struct sc_file_change);
	int r = 0;

	b->found = sc_new_array(a, enum found, e->changes.n);
	b->step.host = h;
	b->all_after = b->none_after = true;
	if (!f || !b->found)
		return sc_no_memory(err);
	for (size_t i = 0; r == 0 && i < e->changes.n; i++) {
		enum found *found = &b->found[b->step.files.n];

		if (!is_file(e->changes.v[i].name)) {
			r = push_command(ledger, &e->changes.v[i], a, &b->step,
					 err);
			continue;
		}
		sc_file_tidy(h, e->changes.v[i].name);
		r = fetch_change(ledger, &e->changes.v[i], a, f, err);
		if (r == 0)
			r = look(h, f, a, found, err);
		if (r == 0 && !SC_PUSH(a, &b->step.files, *f))
			r = sc_no_memory(err);
		b->all_after = b->all_after && *found == IS_AFTER;
		b->none_after = b->none_after && *found == IS_BEFORE;
	}
	return r;
}

/* Every file that is not as it was before. */
static int mend(const struct broken *b, const struct sc_host *h,
		struct sc_host_settled *out, struct sc_error *err)
{
	int r = 0;

	for (size_t i = b->step.files.n; r == 0 && i-- > 0;) {
		const struct sc_file_change *c = &b->step.files.v[i];

		if (b->found[i] == IS_FOREIGN)
			out->foreign = c->path;
		else if (b->found[i] != IS_BEFORE)
			r = sc_file_put(h, c->path, &c->before, err);
	}
	return r;
}

/* To its end or back; @failed: a program does not go after all is put back. */
static int finish(const struct broken *b, const struct sc_host *h,
		  struct sc_host_settled *out, bool *failed,
		  struct sc_error *err)
{
	int r;

	out->done = b->all_after && b->step.files.n &&
		    sc_host_run(&b->step, false, err) == 0;
	if (out->done)
		return 0;
	r = mend(b, h, out, err);
	/* what runs may have read the files while they were half changed */
	if (r == 0 && !b->none_after)
		*failed = sc_host_run(&b->step, true, err) < 0;
	return r;
}

int sc_host_settle(struct sc_ledger *ledger, const struct sc_host *h,
		   const struct sc_runner *runner, struct sc_arena *a,
		   struct sc_host_settled *out, struct sc_error *err)
{
	const struct sc_entry *e = sc_ledger_interrupted(ledger, SC_HOST_KIND);
	struct broken b = { 0 };
	bool failed = false;
	struct sc_error why;
	int r;

	*out = (struct sc_host_settled){ .any = e != NULL };
	if (!e)
		return 0;
	r = examine(e, ledger, h, a, &b, err);
	b.step.runner = runner;
	if (r == 0)
		r = finish(&b, h, out, &failed, err);
	if (r < 0)
		return sc_while(err, "settling what was interrupted");
	why = *err;
	r = sc_ledger_end(ledger, e->id,
			  out->done ? SC_ENTRY_DONE : SC_ENTRY_UNDONE, err);
	if (r < 0 || !failed)
		return r;
	*err = why;
	return sc_while(err, "what was interrupted is put back, but");
}
