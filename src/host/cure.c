#include "host/cure.h"

#include "base/clean.h"
#include "base/vec.h"
#include "host/curing.h"

#include <stdarg.h>

#define NEW_MODE 0644
#define NEW_FOLDER 0755

static const char *const risks[] = { "safe", "careful", "boot" };

const char *sc_risk_name(enum sc_risk risk)
{
	return risks[risk];
}

/* ---- steps */

static enum sc_risk risk_of(struct sc_str name)
{
	for (size_t i = 0; i < sizeof(risks) / sizeof(risks[0]); i++)
		if (sc_str_eq(name, sc_view(risks[i])))
			return (enum sc_risk)i;
	return SC_RISK_BOOT;
}

/* "docker.service containers": the unit; "boot" is none. */
static struct sc_str unit_of(struct sc_str after)
{
	struct sc_str word;

	while (sc_take_part(&after, ' ', &word))
		if (sc_glob(SC_STR("*.service"), word))
			return word;
	return SC_STR("");
}

static bool add_check(struct sc_curing *c, struct sc_cure_step *s)
{
	struct sc_str id = c->verdict->check.id;

	if (s->checks.n && sc_str_eq(s->checks.v[s->checks.n - 1], id))
		return true;
	return SC_PUSH(c->a, &s->checks, id);
}

static bool add_restart(struct sc_curing *c, struct sc_cure_step *s)
{
	struct sc_str unit = unit_of(c->cure.after);
	const struct sc_command_line start = { .unit = unit };

	return !unit.n || !c->live || SC_PUSH(c->a, &s->step.commands, start);
}

struct sc_cure_step *sc_curing_step(struct sc_curing *c)
{
	enum sc_risk risk = risk_of(c->cure.risk);
	struct sc_cure_step fresh = { .risk = risk,
				      .after = c->cure.after,
				      .step.host = c->machine->host };
	struct sc_cure_step *s = NULL;

	for (size_t i = 0; i < c->plan->steps.n && !s; i++) {
		struct sc_cure_step *one = &c->plan->steps.v[i];

		if (one->risk == risk && sc_str_eq(one->after, c->cure.after))
			s = one;
	}
	if (!s) {
		if (!SC_PUSH(c->a, &c->plan->steps, fresh))
			return NULL;
		s = &c->plan->steps.v[c->plan->steps.n - 1];
		s->boot = sc_has_part(c->cure.after, ' ', SC_STR("boot"));
		s->containers =
			sc_has_part(c->cure.after, ' ', SC_STR("containers"));
		if (!add_restart(c, s))
			return NULL;
	}
	return add_check(c, s) ? s : NULL;
}

bool sc_curing_note(struct sc_curing *c, const char *fmt, ...)
{
	struct sc_cure_step *s = sc_curing_step(c);
	struct sc_str note = { 0 };
	va_list args;
	bool ok;

	va_start(args, fmt);
	ok = s && sc_keepvf(c->a, &note, SIZE_MAX, fmt, args);
	va_end(args);
	return ok && (sc_names_has(&s->notes, note) ||
		      SC_PUSH(c->a, &s->notes, note));
}

static bool same_words(const char *const *a, const char *const *b)
{
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return !*a && !*b;
}

/* What @fmt makes, its words split by blanks, as a program of the step. */
static SC_PRINTF(3, 0) int add_program(struct sc_curing *c, bool makes,
				       const char *fmt, va_list args)
{
	struct sc_cure_step *s = sc_curing_step(c);
	struct sc_command_line line = { .makes = makes };
	struct sc_str text = { 0 };

	if (!s || !sc_keepvf(c->a, &text, SIZE_MAX, fmt, args) ||
	    !sc_command_split(text, c->a, &line))
		return sc_no_memory(c->err);
	for (size_t i = 0; i < s->step.commands.n; i++)
		if (!s->step.commands.v[i].unit.n &&
		    same_words(s->step.commands.v[i].argv, line.argv))
			return 0;
	return SC_PUSH(c->a, &s->step.commands, line) ? 0
						      : sc_no_memory(c->err);
}

int sc_curing_run(struct sc_curing *c, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = add_program(c, false, fmt, args);
	va_end(args);
	return r;
}

int sc_curing_make(struct sc_curing *c, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = add_program(c, true, fmt, args);
	va_end(args);
	return r;
}

/* ---- files */

/* What an earlier step leaves of it. */
static const struct sc_file_change *find_change(const struct sc_curing *c,
						struct sc_str path)
{
	const struct sc_file_change *found = NULL;

	for (size_t i = 0; i < c->plan->steps.n; i++) {
		const struct sc_host_step *s = &c->plan->steps.v[i].step;

		for (size_t k = 0; k < s->files.n; k++)
			if (sc_str_eq(s->files.v[k].path, path))
				found = &s->files.v[k];
	}
	return found;
}

struct sc_file_change *sc_curing_file(struct sc_curing *c, struct sc_str path)
{
	struct sc_file_change *fresh = sc_new(c->a, struct sc_file_change);
	const struct sc_file_change *earlier;
	struct sc_cure_step *s;

	if (!fresh || !sc_keep(c->a, path, &fresh->path)) {
		sc_no_memory(c->err);
		return NULL;
	}
	earlier = find_change(c, path);
	if (earlier)
		fresh->before = earlier->after;
	else if (sc_file_state(c->machine->host, fresh->path, c->a,
			       &fresh->before, c->err) < 0 &&
		 c->err->code != SC_ENOTFOUND)
		return NULL;
	fresh->after = fresh->before;
	s = sc_curing_step(c);
	for (size_t i = 0; s && i < s->step.files.n; i++)
		if (sc_str_eq(s->step.files.v[i].path, path))
			return &s->step.files.v[i];
	if (!s || !SC_PUSH(c->a, &s->step.files, *fresh)) {
		sc_no_memory(c->err);
		return NULL;
	}
	return &s->step.files.v[s->step.files.n - 1];
}

static int dress_new(struct sc_curing *c, struct sc_file_change *f, bool folder)
{
	f->after.there = true;
	f->after.folder = folder;
	f->after.mode = folder ? NEW_FOLDER : NEW_MODE;
	return sc_file_label_as_folder(c->machine->host, f->path, c->a,
				       &f->after, c->err);
}

static struct sc_str folder_of(struct sc_str path)
{
	const char *slash = memrchr(path.s, '/', path.n);

	return (struct sc_str){ path.s, (size_t)(slash - path.s) };
}

static bool is_there(const struct sc_curing *c, struct sc_str path)
{
	const struct sc_file_change *change = find_change(c, path);
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct stat st;

	if (change)
		return change->after.there;
	return sc_keep(&a, path, &path) &&
	       sc_host_stat(c->machine->host, path.s, &st);
}

/* What is made in a folder that is as new has the same label. */
static void label_alike(struct sc_file *file, struct sc_file *labels)
{
	if (!labels->n_xattrs) {
		*labels = *file;
		return;
	}
	file->n_xattrs = labels->n_xattrs;
	memcpy(file->xattrs, labels->xattrs, sizeof(labels->xattrs));
}

/* @path, made if it is not there, and all that it is in. */
static int need_folder(struct sc_curing *c, struct sc_str path,
		       struct sc_file *labels)
{
	struct sc_str above = folder_of(path);
	struct sc_file_change *f;

	if (above.n && !is_there(c, above) && need_folder(c, above, labels) < 0)
		return (int)c->err->code;
	f = sc_curing_file(c, path);
	if (!f || (!f->after.there && dress_new(c, f, true) < 0))
		return (int)c->err->code;
	if (!f->before.there)
		label_alike(&f->after, labels);
	return 0;
}

struct sc_file_change *sc_curing_new_file(struct sc_curing *c,
					  struct sc_str path,
					  struct sc_str bytes)
{
	struct sc_file labels = { 0 };
	struct sc_file_change *f = NULL;

	if (folder_of(path).n && need_folder(c, folder_of(path), &labels) < 0)
		return NULL;
	f = sc_curing_file(c, path);
	if (!f || f->after.there)
		return f;
	if (dress_new(c, f, false) < 0)
		return NULL;
	f->after.bytes = bytes;
	if (labels.n_xattrs)
		label_alike(&f->after, &labels);
	return f;
}

/* ---- the simple cures */

static bool read_octal(struct sc_str text, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '7' || i > 5)
			return false;
		*out = *out << 3 | (uint32_t)(text.s[i] - '0');
	}
	return text.n > 0;
}

static bool has_acl(const struct sc_file *f)
{
	for (size_t i = 0; i < f->n_xattrs; i++)
		if (sc_str_eq(f->xattrs[i].name,
			      SC_STR("system.posix_acl_access")))
			return true;
	return false;
}

/* Modes and owners of the files that the verdict found wrong. Bits are taken
 * and never given. */
static int cure_files(struct sc_curing *c)
{
	for (size_t i = 0; i < c->verdict->evidence.n; i++) {
		const struct sc_evidence *e = &c->verdict->evidence.v[i];
		struct sc_file_change *f;
		uint32_t mode;

		if (!e->wrong || !e->path.n)
			continue;
		f = sc_curing_file(c, e->path);
		if (!f)
			return (int)c->err->code;
		if (read_octal(e->wanted, &mode)) {
			if (has_acl(&f->after))
				return sc_fail(c->err, SC_EREFUSED,
					       "'" SC_FMT "' has an ACL, which "
					       "a mode changes as well: "
					       "change it by hand",
					       SC_ARG(e->path));
			f->after.mode &= mode;
		} else if (sc_str_eq(e->wanted, SC_STR("root:root"))) {
			f->after.uid = 0;
			f->after.gid = 0;
		}
	}
	return 0;
}

static int cure_unlink(struct sc_curing *c)
{
	struct sc_file_change *f = sc_curing_file(c, c->cure.key);

	if (!f)
		return (int)c->err->code;
	f->after = (struct sc_file){ 0 };
	return 0;
}

static int cure_boolean(struct sc_curing *c)
{
	if (!c->live)
		return sc_fail(c->err, SC_EREFUSED,
			       "booleans are set in a running kernel");
	for (size_t i = 0; i < c->verdict->evidence.n; i++) {
		const struct sc_evidence *e = &c->verdict->evidence.v[i];

		if (e->wrong &&
		    sc_curing_run(c,
				  "/usr/sbin/setsebool -P " SC_FMT " " SC_FMT,
				  SC_ARG(e->what), SC_ARG(e->wanted)) < 0)
			return (int)c->err->code;
	}
	return 0;
}

/* ---- all of them */

static const struct {
	struct sc_str action;
	int (*cure)(struct sc_curing *c);
} actions[] = {
	{ { "value", 5 }, sc_cure_value },
	{ { "mode", 4 }, cure_files },
	{ { "owner", 5 }, cure_files },
	{ { "label", 5 }, sc_cure_label },
	{ { "program", 7 }, sc_cure_program },
	{ { "remove", 6 }, sc_cure_program },
	{ { "unlink", 6 }, cure_unlink },
	{ { "kernel", 6 }, sc_cure_kernel },
	{ { "boolean", 7 }, cure_boolean },
};

static bool leave(struct sc_curing *c, struct sc_str why)
{
	struct sc_cure_left left = { .check = c->verdict->check.id };

	return sc_keep(c->a, why, &left.why) &&
	       SC_PUSH(c->a, &c->plan->left, left);
}

static int act(struct sc_curing *c)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (sc_str_eq(c->cure.action, actions[i].action))
			return actions[i].cure(c);
	return sc_fail(c->err, SC_EREFUSED, "no such cure");
}

/* What the check's cure put into the plan is taken out again: it is whole or
 * not there at all. Files are kept by value, so a copy of the lists will do. */
static int cure_one(struct sc_curing *c)
{
	size_t n = c->plan->steps.n;
	struct sc_cure_step *saved =
		sc_new_array(c->a, struct sc_cure_step, n + 1);
	struct sc_error ignored;
	int r = 0;

	if (!saved)
		return sc_no_memory(c->err);
	for (size_t i = 0; i < n; i++) {
		struct sc_host_step *s = &c->plan->steps.v[i].step;
		size_t files = s->files.n;
		struct sc_file_change *copy =
			sc_new_array(c->a, struct sc_file_change, files + 1);

		if (!copy)
			return sc_no_memory(c->err);
		if (files)
			memcpy(copy, s->files.v, files * sizeof(*copy));
		saved[i] = c->plan->steps.v[i];
		saved[i].step.files.v = copy;
		saved[i].step.files.room = files;
	}
	r = act(c);
	if (r >= 0 || r == SC_ENOMEM)
		return r;
	if (n)
		memcpy(c->plan->steps.v, saved, n * sizeof(*saved));
	c->plan->steps.n = n;
	ignored = *c->err;
	return leave(c, sc_view(ignored.msg)) ? 0 : sc_no_memory(c->err);
}

static int cure(struct sc_curing *c, enum sc_risk risk)
{
	struct sc_str todo = c->verdict->check.todo, why;

	if (c->verdict->kind == SC_ERROR && risk == SC_RISK_SAFE)
		return sc_keepf(c->a, &why, "it cannot be told: " SC_FMT,
				SC_ARG(c->verdict->reason)) &&
				       leave(c, why)
			       ? 0
			       : sc_no_memory(c->err);
	if (c->verdict->kind != SC_FAIL)
		return 0;
	if (!sc_check_cure(c->verdict->check.id, &c->cure))
		return risk != SC_RISK_SAFE || leave(c, todo)
			       ? 0
			       : sc_no_memory(c->err);
	if (risk_of(c->cure.risk) != risk)
		return 0;
	if (sc_str_eq(c->cure.after, SC_STR("-")))
		c->cure.after = SC_STR("");
	if (sc_str_eq(c->cure.value, SC_STR("?")))
		return leave(c, todo) ? 0 : sc_no_memory(c->err);
	return cure_one(c);
}

/* ---- titles */

static size_t count_files(const struct sc_cure_step *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->step.files.n; i++)
		n += !sc_file_same(&s->step.files.v[i].before,
				   &s->step.files.v[i].after);
	return n;
}

/* Files that nothing changed of are none of the step's. */
static void drop_same(struct sc_cure_step *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->step.files.n; i++)
		if (!sc_file_same(&s->step.files.v[i].before,
				  &s->step.files.v[i].after))
			s->step.files.v[n++] = s->step.files.v[i];
	s->step.files.n = n;
}

static bool name_step(struct sc_curing *c, struct sc_cure_step *s)
{
	SC_CLEAN(sc_buf_free) struct sc_buf title = { 0 };
	size_t files = count_files(s);

	if (files)
		sc_putf(&title, "change %zu file%s", files,
			files == 1 ? "" : "s");
	for (size_t i = 0; i < s->step.commands.n; i++) {
		const struct sc_command_line *l = &s->step.commands.v[i];

		sc_putf(&title, "%s%s ", title.n ? ", " : "",
			l->unit.n ? "restart" : "run");
		if (l->unit.n)
			sc_put(&title, l->unit);
		else
			sc_putf(&title, "%s", strrchr(l->argv[0], '/') + 1);
	}
	return !title.failed &&
	       sc_keep(c->a, (struct sc_str){ title.s, title.n }, &s->title);
}

/* In the order of the checks, whatever their cures risk. */
static bool sort_left(struct sc_curing *c)
{
	size_t n = c->plan->left.n, at = 0;
	struct sc_cure_left *sorted =
		sc_new_array(c->a, struct sc_cure_left, n + 1);

	for (size_t i = 0; sorted && i < c->all->n; i++)
		for (size_t k = 0; k < n; k++)
			if (sc_str_eq(c->plan->left.v[k].check,
				      c->all->v[i].check.id))
				sorted[at++] = c->plan->left.v[k];
	if (sorted)
		c->plan->left.v = sorted;
	return sorted != NULL;
}

static int finish(struct sc_curing *c)
{
	size_t n = 0;

	if (!sort_left(c))
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->plan->steps.n; i++) {
		struct sc_cure_step *s = &c->plan->steps.v[i];

		drop_same(s);
		if (!s->step.files.n &&
		    (!s->step.commands.n || unit_of(s->after).n))
			continue;
		if (!name_step(c, s))
			return sc_no_memory(c->err);
		c->plan->steps.v[n++] = *s;
	}
	c->plan->steps.n = n;
	return 0;
}

static bool is_asked(const struct sc_names *only, struct sc_str check)
{
	bool all = !only || !only->n;

	for (size_t i = 0; !all && i < only->n; i++)
		if (sc_str_eq(only->v[i], check))
			return true;
	return all;
}

int sc_cure_plan(const struct sc_machine *m, const struct sc_verdicts *found,
		 const struct sc_cure_how *how, struct sc_arena *a,
		 struct sc_cure_plan *out, struct sc_error *err)
{
	struct sc_curing c = { .machine = m,
			       .all = found,
			       .live = how->live,
			       .a = a,
			       .plan = out,
			       .err = err };
	int r = 0;

	*out = (struct sc_cure_plan){ 0 };
	for (int risk = SC_RISK_SAFE; risk <= SC_RISK_BOOT; risk++)
		for (size_t i = 0; r >= 0 && i < found->n; i++) {
			c.verdict = &found->v[i];
			if (is_asked(how->only, c.verdict->check.id))
				r = cure(&c, (enum sc_risk)risk);
		}
	return r < 0 ? r : finish(&c);
}

bool sc_curing_passes(const struct sc_curing *c, const char *id)
{
	for (size_t i = 0; i < c->all->n; i++)
		if (sc_str_eq(c->all->v[i].check.id, sc_view(id)))
			return c->all->v[i].kind == SC_PASS ||
			       c->all->v[i].kind == SC_EXCEPTED;
	return false;
}
