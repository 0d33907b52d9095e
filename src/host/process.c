#include "host/process.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/hex.h"
#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"

#define ID_LENGTH ((size_t)64)
#define NAME_MAX_BYTES ((size_t)256)

/* ---- one process */

/* Pass over @n parts of @in, each of which ends in a colon. */
static bool skip_parts(struct sc_str *in, int n)
{
	struct sc_str part;

	for (int i = 0; i < n; i++)
		if (!sc_take_until(in, ':', &part))
			return false;
	return true;
}

/* The number of field @wanted, where the state is number 3. */
static bool take_field(struct sc_str rest, int wanted, uint64_t *out)
{
	struct sc_str field = { 0 };

	for (int i = 3; i <= wanted; i++)
		if (!sc_take_part(&rest, ' ', &field))
			return false;
	return sc_take_u64(&field, out) && !field.n;
}

bool sc_process_stat(struct sc_str text, struct sc_process *out)
{
	struct sc_process p = { 0 };
	const char *end;

	while (text.n && text.s[text.n - 1] == '\n')
		text.n--;
	if (!sc_take_u64(&text, &p.pid) || !sc_take_prefix(&text, SC_STR(" (")))
		return false;
	/* The name may hold anything, brackets too: the last one ends it. */
	end = text.n ? memrchr(text.s, ')', text.n) : NULL;
	if (!end)
		return false;
	p.comm = (struct sc_str){ text.s, (size_t)(end - text.s) };
	sc_str_drop(&text, p.comm.n + 1);
	if (!sc_take_prefix(&text, SC_STR(" ")) || !text.n || *text.s == 'Z' ||
	    *text.s == 'X' || !take_field(text, 4, &p.parent) ||
	    !take_field(text, 22, &p.started))
		return false;
	*out = p;
	return true;
}

static bool is_id(struct sc_str v)
{
	return v.n >= ID_LENGTH && sc_hex_length(v) == ID_LENGTH &&
	       (v.n == ID_LENGTH || v.s[ID_LENGTH] == '.');
}

/* "libpod-0123...", by the table of engines. */
static bool is_scope(struct sc_str part, struct sc_str *engine,
		     struct sc_str *id)
{
	struct sc_str table = sc_data("engines.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		struct sc_str scopes = row.v[3], scope;

		while (sc_take_word(&scopes, &scope)) {
			struct sc_str rest = part;

			if (!sc_take_prefix(&rest, scope) || !is_id(rest))
				continue;
			*engine = row.v[0];
			*id = (struct sc_str){ rest.s, ID_LENGTH };
			return true;
		}
	}
	return false;
}

/* Without systemd the id stands alone: what is before it tells of whom. */
static struct sc_str engine_of(struct sc_str path)
{
	if (sc_glob(SC_STR("*/docker/*"), path))
		return SC_STR("docker");
	if (sc_glob(SC_STR("*kubepods*"), path))
		return SC_STR("kubernetes");
	return SC_STR("unknown");
}

/* The outermost container: what it does inside is its own. */
static bool read_path(struct sc_str path, struct sc_str *engine,
		      struct sc_str *id)
{
	struct sc_str rest = path, part;

	while (sc_take_part(&rest, '/', &part)) {
		if (is_scope(part, engine, id))
			return true;
		if (part.n != ID_LENGTH || !is_id(part))
			continue;
		*id = part;
		*engine = engine_of(
			(struct sc_str){ path.s, (size_t)(part.s - path.s) });
		return true;
	}
	return false;
}

bool sc_process_cgroup(struct sc_str text, struct sc_str *engine,
		       struct sc_str *id)
{
	struct sc_str line;

	/* "5:cpu,cpuacct:/path", the unified one "0::/path" */
	while (sc_take_part(&text, '\n', &line))
		if (skip_parts(&line, 2) && read_path(line, engine, id))
			return true;
	return false;
}

/* ---- all of them */

static bool read_one(const struct sc_host *h, struct sc_str pid,
		     const char *file, struct sc_arena *scratch,
		     struct sc_str *out)
{
	struct sc_error ignored; /* it has ended, or we may not look */
	struct sc_str path;

	return sc_keepf(scratch, &path, "/proc/" SC_FMT "/%s", SC_ARG(pid),
			file) &&
	       sc_host_read(h, path.s, scratch, out, &ignored) == 0;
}

static int keep(struct sc_arena *a, struct sc_process *p, struct sc_error *err)
{
	return sc_keep(a, p->comm, &p->comm) &&
			       sc_keep(a, p->label, &p->label) &&
			       sc_keep(a, p->engine, &p->engine) &&
			       sc_keep(a, p->id, &p->id)
		       ? 0
		       : sc_no_memory(err);
}

static int add_process(const struct sc_host *h, struct sc_str pid,
		       struct sc_arena *scratch, struct sc_arena *a,
		       struct sc_processes *out, struct sc_error *err)
{
	struct sc_process p = { 0 };
	struct sc_str text = { 0 };

	if (!read_one(h, pid, "stat", scratch, &text) ||
	    !sc_process_stat(text, &p))
		return 0;
	if (read_one(h, pid, "attr/current", scratch, &p.label))
		while (p.label.n && (p.label.s[p.label.n - 1] == '\0' ||
				     p.label.s[p.label.n - 1] == '\n'))
			p.label.n--;
	if (read_one(h, pid, "cgroup", scratch, &text))
		(void)sc_process_cgroup(text, &p.engine, &p.id);
	if (keep(a, &p, err) < 0)
		return SC_ENOMEM;
	return SC_PUSH(a, out, p) ? 0 : sc_no_memory(err);
}

static bool is_number(struct sc_str v)
{
	uint64_t n;

	return sc_take_u64(&v, &n) && !v.n;
}

static int by_pid(const void *x, const void *y)
{
	const struct sc_process *a = x, *b = y;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

static const struct sc_process *find_pid(const struct sc_processes *list,
					 uint64_t pid)
{
	const struct sc_process key = { .pid = pid };

	return list->n ? bsearch(&key, list->v, list->n, sizeof(key), by_pid)
		       : NULL;
}

const struct sc_process *sc_process_named(const struct sc_processes *list,
					  struct sc_str comm)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].id.n && sc_str_eq(list->v[i].comm, comm))
			return &list->v[i];
	return NULL;
}

int sc_process_words(const struct sc_host *h, uint64_t pid, struct sc_arena *a,
		     struct sc_names *out, struct sc_error *err)
{
	struct sc_str path, text = { 0 }, word;
	struct sc_names words = { 0 };
	struct sc_error ignored;

	*out = words;
	if (!sc_keepf(a, &path, "/proc/%llu/cmdline", (unsigned long long)pid))
		return sc_no_memory(err);
	if (sc_host_read(h, path.s, a, &text, &ignored) < 0)
		return 0;
	while (sc_take_part(&text, '\0', &word))
		if (!SC_PUSH(a, &words, word))
			return sc_no_memory(err);
	*out = words;
	return 0;
}

/* ---- containers */

static bool is_monitor(const struct sc_process *p)
{
	struct sc_str comm = p->comm;

	return sc_str_eq(comm, SC_STR("conmon")) ||
	       sc_take_prefix(&comm, SC_STR("containerd-shim"));
}

/* The word after @option. */
static struct sc_str word_after(const struct sc_names *words,
				const char *option)
{
	for (size_t i = 0; i + 1 < words->n; i++)
		if (sc_str_eq(words->v[i], sc_view(option)))
			return words->v[i + 1];
	return (struct sc_str){ 0 };
}

/* What engines take as a name; what is none is a process's own invention. */
static bool is_name(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && !memchr("_.-", c, 3))
			return false;
	}
	return v.n > 0 && v.n <= NAME_MAX_BYTES;
}

/* A monitor's command line says whom it watches. */
static int ask_monitor(const struct sc_host *h, const struct sc_process *parent,
		       struct sc_arena *a, struct sc_host_container *c,
		       struct sc_error *err)
{
	bool conmon = sc_str_eq(parent->comm, SC_STR("conmon"));
	struct sc_names words = { 0 };
	struct sc_str id, name;
	int r = sc_process_words(h, parent->pid, a, &words, err);

	if (r < 0)
		return r;
	id = word_after(&words, conmon ? "-c" : "-id");
	if (!c->id.n && is_id(id))
		c->id = id;
	/* What watches another one than its child does, is none. */
	name = word_after(&words, "-n");
	if (conmon && sc_str_eq(id, c->id) && is_name(name))
		c->name = name;
	return 0;
}

static struct sc_host_container *find_container(struct sc_processes *list,
						const struct sc_process *p)
{
	for (size_t i = list->containers.n; i-- > 0;)
		if (sc_str_eq(list->containers.v[i].id, p->id))
			return &list->containers.v[i];
	return NULL;
}

static int start_container(const struct sc_host *h, struct sc_processes *list,
			   const struct sc_process *p, struct sc_arena *a,
			   struct sc_error *err)
{
	const struct sc_process *parent = find_pid(list, p->parent);
	struct sc_host_container c = {
		.engine = p->engine,
		.id = p->id,
		.first = *p,
		.processes = 1,
	};

	if (parent && is_monitor(parent) &&
	    ask_monitor(h, parent, a, &c, err) < 0)
		return err->code;
	if (!c.engine.n)
		c.engine = SC_STR("unknown");
	return SC_PUSH(a, &list->containers, c) ? 0 : sc_no_memory(err);
}

static void join_container(struct sc_host_container *c,
			   const struct sc_process *p)
{
	c->processes++;
	if (!c->other.pid &&
	    !sc_str_eq(sc_label_type(c->first.label), sc_label_type(p->label)))
		c->other = *p;
}

/* Is it a monitor's child that has no cgroup of its own to tell it by? The
 * runtime that makes a container is one too, for a moment. */
static bool is_watched(const struct sc_processes *list,
		       const struct sc_process *p)
{
	const struct sc_process *parent;
	struct sc_str comm = p->comm;

	if (p->id.n || is_monitor(p))
		return false;
	parent = find_pid(list, p->parent);
	return parent && !parent->id.n && is_monitor(parent) &&
	       !sc_take_prefix(&comm, SC_STR("runc")) &&
	       !sc_take_prefix(&comm, SC_STR("crun"));
}

static int by_name(const void *x, const void *y)
{
	const struct sc_host_container *a = x, *b = y;
	int r = strcmp(a->engine.s, b->engine.s);

	if (r == 0)
		r = strcmp(a->name.n ? a->name.s : "",
			   b->name.n ? b->name.s : "");
	if (r == 0)
		r = strcmp(a->id.n ? a->id.s : "", b->id.n ? b->id.s : "");
	return r ? r : by_pid(&a->first, &b->first);
}

/* An engine puts the first process of a container there before it starts
 * others, so it has the least number, unless numbers went round. */
static int find_containers(const struct sc_host *h, struct sc_processes *list,
			   struct sc_arena *a, struct sc_error *err)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_process *p = &list->v[i];
		struct sc_host_container *c;
		int r = 0;

		if (!p->id.n && !is_watched(list, p))
			continue;
		c = p->id.n ? find_container(list, p) : NULL;
		if (c)
			join_container(c, p);
		else
			r = start_container(h, list, p, a, err);
		if (r < 0)
			return r;
	}
	if (list->containers.n)
		qsort(list->containers.v, list->containers.n,
		      sizeof(*list->containers.v), by_name);
	return 0;
}

int sc_processes_read(const struct sc_host *h, struct sc_arena *a,
		      struct sc_processes *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena scratch = { 0 };
	struct sc_processes list = { 0 };
	struct sc_names names = { 0 };
	struct stat st;
	int r;

	if (!sc_host_stat(h, "/proc", &st))
		return sc_fail_os(err, "cannot read '/proc'");
	r = sc_host_list(h, "/proc", 0, a, &names, err);
	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!is_number(names.v[i]))
			continue;
		list.cut = list.n >= SC_PROCESSES_MAX;
		if (list.cut)
			break;
		r = add_process(h, names.v[i], &scratch, a, &list, err);
		sc_arena_reset(&scratch);
	}
	if (r < 0)
		return r;
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), by_pid);
	r = find_containers(h, &list, a, err);
	if (r == 0)
		*out = list;
	return r;
}

/* In seconds since the epoch, of which the kernel tells those of the boot. */
bool sc_process_is_older(const struct sc_host *h, const struct sc_process *p,
			 const char *path, struct sc_arena *a)
{
	struct sc_str text = { 0 }, line;
	struct sc_error ignored;
	uint64_t boot = 0;
	struct stat st;

	if (!sc_host_stat(h, path, &st) ||
	    sc_host_read(h, "/proc/stat", a, &text, &ignored) < 0)
		return false;
	while (sc_take_part(&text, '\n', &line))
		if (sc_take_prefix(&line, SC_STR("btime ")))
			(void)sc_take_u64(&line, &boot);
	/* a minute's grace: clocks are set after the boot */
	return boot && (uint64_t)st.st_mtime > boot + p->started / 100 + 60;
}
