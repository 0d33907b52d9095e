#include "rules/mounts.h"

#include "base/clean.h"
#include "base/vec.h"
#include "policy/host_path.h"

/* One mount whose content may be another container's too. */
struct shared {
	struct sc_str key; /* a path, or a volume's name behind a '\1' */
	size_t container;
};

struct shared_list {
	struct shared *v;
	size_t n;
	size_t room;
};

SC_VECTOR(paths, struct sc_str);

struct find {
	const struct sc_mounts_of *in;
	size_t number;
	struct sc_arena *arena;
	struct sc_needs *needs;
	struct sc_warnings *warnings;
	struct sc_error *err;
};

/* ---------------------------------------------------------------- paths */

static void drop_last(struct sc_buf *b)
{
	while (b->n && b->s[b->n - 1] != '/')
		b->n--;
	if (b->n)
		b->n--;
	if (b->s)
		b->s[b->n] = '\0';
}

static void add_parts(struct sc_buf *b, struct sc_str path)
{
	while (path.n) {
		struct sc_str part;

		if (!sc_take_until(&path, '/', &part)) {
			part = path;
			path.n = 0;
		}
		if (part.n == 0 || sc_str_eq(part, SC_STR(".")))
			continue;
		if (sc_str_eq(part, SC_STR(".."))) {
			drop_last(b);
			continue;
		}
		sc_put(b, SC_STR("/"));
		sc_put(b, part);
	}
}

bool sc_path_clean(struct sc_str folder, struct sc_str path, struct sc_arena *a,
		   struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	if (path.n && *path.s == '~') /* somebody's home: left as it is */
		return sc_keep(a, path, out);
	if (!path.n || *path.s != '/')
		add_parts(&b, folder);
	add_parts(&b, path);
	if (!b.n)
		sc_put(&b, SC_STR("/"));
	return !b.failed && sc_keep(a, (struct sc_str){ b.s, b.n }, out);
}

bool sc_mounts_is_engine(struct sc_str path)
{
	static const struct sc_str sockets[] = {
		SC_STR("docker.sock"),      SC_STR("podman.sock"),
		SC_STR("containerd.sock"),  SC_STR("crio.sock"),
		SC_STR("cri-dockerd.sock"), SC_STR("buildkitd.sock"),
	};
	struct sc_str part;

	while (sc_take_until(&path, '/', &part))
		;
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++)
		if (sc_str_eq(path, sockets[i]))
			return true;
	return false;
}

/* --------------------------------------------------------------- groups */

static bool make_key(const struct sc_mounts_of *in, size_t container,
		     const struct sc_mount *m, struct sc_arena *a,
		     struct sc_str *out)
{
	struct sc_str scope = in->scopes[container];

	if (m->kind == SC_MOUNT_BIND)
		return sc_path_clean(in->folders[container], m->source, a, out);
	return sc_keepf(a, out, "\1" SC_FMT "/" SC_FMT, SC_ARG(scope),
			SC_ARG(m->source));
}

/* As bytes, but with what is below a folder right behind it. */
static int compare(const void *a, const void *b)
{
	const struct shared *x = a, *y = b;
	size_t n = x->key.n < y->key.n ? x->key.n : y->key.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char l = (unsigned char)x->key.s[i];
		unsigned char r = (unsigned char)y->key.s[i];

		if (l != r)
			return l == '/' ? -1 : r == '/' ? 1 : l < r ? -1 : 1;
	}
	if (x->key.n != y->key.n)
		return x->key.n < y->key.n ? -1 : 1;
	return (x->container > y->container) - (x->container < y->container);
}

static size_t find_group(const size_t *group, size_t i)
{
	while (group[i] != i)
		i = group[i];
	return i;
}

static void join(size_t *group, size_t a, size_t b)
{
	a = find_group(group, a);
	b = find_group(group, b);
	if (a < b)
		group[b] = a;
	else
		group[a] = b;
}

static int list_shared(const struct sc_mounts_of *in, struct sc_arena *a,
		       struct shared_list *out, struct sc_error *err)
{
	for (size_t c = 0; c < in->all->n; c++)
		for (size_t m = 0; m < in->all->v[c].mounts.n; m++) {
			const struct sc_mount *mount =
				&in->all->v[c].mounts.v[m];
			struct shared s = { .container = c };

			if ((mount->kind != SC_MOUNT_BIND &&
			     mount->kind != SC_MOUNT_VOLUME) ||
			    !mount->source.n)
				continue;
			if (!make_key(in, c, mount, a, &s.key))
				return sc_no_memory(err);
			if (mount->kind == SC_MOUNT_BIND &&
			    sc_path_is_system(s.key))
				continue;
			if (!SC_PUSH(a, out, s))
				return sc_no_memory(err);
		}
	return 0;
}

int sc_mounts_group(const struct sc_mounts_of *in, struct sc_arena *a,
		    size_t *group, struct sc_error *err)
{
	struct shared_list list = { 0 };
	size_t top = 0;
	int r = list_shared(in, a, &list, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < in->all->n; i++)
		group[i] = i;
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), compare);
	for (size_t i = 1; i < list.n; i++) {
		if (sc_path_is_below(list.v[i].key, list.v[top].key))
			join(group, list.v[top].container, list.v[i].container);
		else
			top = i;
	}
	for (size_t i = 0; i < in->all->n; i++)
		group[i] = find_group(group, i);
	return 0;
}

/* ------------------------------------------------------------ judgements */

static int list_relabelled(const struct sc_mounts_of *in, size_t number,
			   struct sc_arena *a, struct paths *out,
			   struct sc_error *err)
{
	const struct sc_mounts *mounts = &in->all->v[number].mounts;

	for (size_t i = 0; i < mounts->n; i++) {
		struct sc_str path;

		if (mounts->v[i].relabel != SC_RELABEL_SHARED ||
		    mounts->v[i].kind != SC_MOUNT_BIND)
			continue;
		if (!sc_path_clean(in->folders[number], mounts->v[i].source, a,
				   &path) ||
		    !SC_PUSH(a, out, path))
			return sc_no_memory(err);
	}
	return 0;
}

int sc_mounts_shared(struct sc_mounts_of *in, struct sc_arena *a,
		     struct sc_error *err)
{
	struct paths paths = { 0 };

	for (size_t c = 0; c < in->all->n; c++) {
		int r = list_relabelled(in, c, a, &paths, err);

		if (r < 0)
			return r;
	}
	if (paths.n)
		qsort(paths.v, paths.n, sizeof(*paths.v), sc_str_order);
	in->shared = paths.v;
	in->n_shared = paths.n;
	return 0;
}

/* z, if another container asks for that on the same path: a Z beside it would
 * change the label at every start. */
static enum sc_relabel choose(const struct find *f, struct sc_str path)
{
	bool is_shared = f->in->n_shared &&
			 bsearch(&path, f->in->shared, f->in->n_shared,
				 sizeof(*f->in->shared), sc_str_order);

	return is_shared ? SC_RELABEL_SHARED : SC_RELABEL_PRIVATE;
}

static int add_relabel(struct find *f, const struct sc_mount *m,
		       struct sc_str path)
{
	struct sc_mount *copy = sc_new(f->arena, struct sc_mount);
	struct sc_need need = { .kind = SC_NEED_RELABEL,
				.confidence = SC_HIGH,
				.mount = copy };

	if (!copy ||
	    !sc_keepf(f->arena, &need.why, SC_FMT " gets the container's label",
		      SC_ARG(m->source)))
		return sc_no_memory(f->err);
	*copy = *m;
	copy->relabel = choose(f, path);
	if (!SC_PUSH(f->arena, f->needs, need))
		return sc_no_memory(f->err);
	return 0;
}

static int warn_of_socket(struct find *f, const struct sc_mount *m)
{
	struct sc_warning w = {
		.container = f->number,
		.grave = true,
		.id = "confine/engine-socket",
		.todo = "take the mount out; who must talk to the engine is "
			"no container to confine",
		.place = m->place,
	};

	return sc_warn(f->warnings, f->arena, w, f->err,
		       SC_FMT " hands the engine over: whoever writes to it is "
			      "root on the host; not granted, it stays refused",
		       SC_ARG(m->source));
}

static int warn_of_system(struct find *f, const struct sc_mount *m,
			  struct sc_str path)
{
	bool relabels = m->relabel != SC_RELABEL_NONE;
	struct sc_warning w = {
		.container = f->number,
		.grave = relabels,
		.id = relabels ? "confine/relabels-host" : "confine/host-path",
		.todo = relabels ? "take the z or Z out, now: starting it "
				   "relabels that tree"
				 : "mount a copy of what it needs, beside the "
				   "compose file",
		.place = m->place,
	};

	if (relabels)
		return sc_warn(f->warnings, f->arena, w, f->err,
			       SC_FMT " belongs to the host: with z or Z "
				      "services of the host lose it, and every "
				      "secret in it opens",
			       SC_ARG(path));
	return sc_warn(f->warnings, f->arena, w, f->err,
		       SC_FMT " belongs to the host and keeps its label: "
			      "what the policy lets no domain %s there stays "
			      "refused",
		       SC_ARG(path), m->read_only ? "read" : "read or write");
}

static int judge(struct find *f, const struct sc_mount *m)
{
	struct sc_str path;

	if (m->kind != SC_MOUNT_BIND || !m->source.n)
		return 0;
	if (!sc_path_clean(f->in->folders[f->number], m->source, f->arena,
			   &path))
		return sc_no_memory(f->err);
	if (sc_mounts_is_engine(path))
		return warn_of_socket(f, m);
	if (sc_path_is_system(path))
		return warn_of_system(f, m, path);
	return m->relabel == SC_RELABEL_NONE ? add_relabel(f, m, path) : 0;
}

int sc_mounts_find(const struct sc_mounts_of *in, size_t number,
		   struct sc_arena *a, struct sc_needs *out,
		   struct sc_warnings *warnings, struct sc_error *err)
{
	const struct sc_mounts *mounts = &in->all->v[number].mounts;
	struct find f = { in, number, a, out, warnings, err };

	for (size_t i = 0; i < mounts->n; i++) {
		int r = judge(&f, &mounts->v[i]);

		if (r < 0)
			return r;
	}
	return 0;
}
