#include "audit/path.h"

#include "base/buf.h"
#include "base/clean.h"

/*
 * System calls that take a path relative to an open folder: which argument is
 * that folder (a second one for rename and link). No record tells the folder's
 * path, so with these a relative name can be told only if the folder is the
 * working folder, AT_FDCWD.
 */
struct at_call {
	uint16_t number;
	uint8_t first, second; /* arguments, from 0; NONE */
};

#define NONE 9

static const struct at_call x86_64[] = {
	{ 257, 0, NONE }, { 258, 0, NONE }, { 259, 0, NONE }, { 260, 0, NONE },
	{ 261, 0, NONE }, { 262, 0, NONE }, { 263, 0, NONE }, { 264, 0, 2 },
	{ 265, 0, 2 },    { 266, 1, NONE }, { 267, 0, NONE }, { 268, 0, NONE },
	{ 269, 0, NONE }, { 280, 0, NONE }, { 303, 0, NONE }, { 316, 0, 2 },
	{ 322, 0, NONE }, { 332, 0, NONE }, { 437, 0, NONE }, { 439, 0, NONE },
	{ 452, 0, NONE },
};

static const struct at_call aarch64[] = {
	{ 33, 0, NONE },  { 34, 0, NONE },  { 35, 0, NONE },  { 36, 1, NONE },
	{ 37, 0, 2 },     { 38, 0, 2 },     { 48, 0, NONE },  { 53, 0, NONE },
	{ 54, 0, NONE },  { 56, 0, NONE },  { 78, 0, NONE },  { 79, 0, NONE },
	{ 88, 0, NONE },  { 264, 0, NONE }, { 276, 0, 2 },    { 281, 0, NONE },
	{ 291, 0, NONE }, { 437, 0, NONE }, { 439, 0, NONE }, { 452, 0, NONE },
};

static const struct at_call *find_call(const struct sc_scene *s)
{
	const struct at_call *calls = NULL;
	struct sc_str number = s->syscall;
	size_t count = 0;
	uint64_t n;

	if (sc_str_eq(s->arch, SC_STR("c000003e"))) {
		calls = x86_64;
		count = sizeof(x86_64) / sizeof(x86_64[0]);
	} else if (sc_str_eq(s->arch, SC_STR("c00000b7"))) {
		calls = aarch64;
		count = sizeof(aarch64) / sizeof(aarch64[0]);
	}
	if (!sc_take_u64(&number, &n) || number.n)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (calls[i].number == n)
			return &calls[i];
	return NULL;
}

/* AT_FDCWD is -100, in 32 or in 64 bits. */
static bool is_cwd(struct sc_str argument)
{
	static const struct sc_str end = SC_STR("ffffff9c");

	return argument.n >= end.n &&
	       memcmp(argument.s + argument.n - end.n, end.s, end.n) == 0;
}

static bool starts_at_cwd(const struct sc_scene *s)
{
	const struct sc_str arguments[] = { s->a0, s->a1, s->a2 };
	const struct at_call *call = find_call(s);

	return !call ||
	       (is_cwd(arguments[call->first]) &&
		(call->second == NONE || is_cwd(arguments[call->second])));
}

static struct sc_str without_slashes(struct sc_str path)
{
	while (path.n > 1 && path.s[path.n - 1] == '/')
		path.n--;
	return path;
}

static struct sc_str last_part(struct sc_str path)
{
	const char *slash;

	path = without_slashes(path);
	slash = path.n > 1 ? memrchr(path.s, '/', path.n) : NULL;
	if (slash)
		sc_str_drop(&path, (size_t)(slash - path.s) + 1);
	return path;
}

/* How well @item fits; 0: it is something else. */
static int fit(const struct sc_avc *avc, struct sc_str name,
	       const struct sc_path_item *item)
{
	bool same_name = sc_str_eq(last_part(item->name), name);
	bool child = !sc_str_eq(item->nametype, SC_STR("PARENT"));

	if (!item->name.n)
		return 0;
	if (!avc->ino.n || !item->inode.n)
		return same_name ? 1 + child : 0;
	if (!sc_str_eq(avc->ino, item->inode))
		return 0;
	if (same_name)
		return 5 + child;
	/* A link, "." or the root of a mount; or a like inode of another file
	 * system, which the label gives away. */
	return sc_str_eq(item->label, avc->target) ? 3 + child : 0;
}

static const struct sc_path_item *best_item(const struct sc_avc *avc,
					    struct sc_str name,
					    const struct sc_scene *s)
{
	const struct sc_path_item *best = NULL;
	int best_fit = 0;

	for (size_t i = 0; i < s->n_items; i++) {
		int f = fit(avc, name, &s->items[i]);

		if (f > best_fit) {
			best_fit = f;
			best = &s->items[i];
		}
	}
	return best;
}

/* The only folder of the call; NULL if there are two, as in rename. */
static const struct sc_path_item *only_parent(const struct sc_scene *s)
{
	const struct sc_path_item *parent = NULL;

	for (size_t i = 0; i < s->n_items; i++) {
		if (!sc_str_eq(s->items[i].nametype, SC_STR("PARENT")))
			continue;
		if (parent)
			return NULL;
		parent = &s->items[i];
	}
	return parent;
}

/* Shorten @dir by its last part. */
static void go_up(struct sc_buf *dir)
{
	while (dir->n && dir->s[dir->n - 1] != '/')
		dir->n--;
	while (dir->n && dir->s[dir->n - 1] == '/')
		dir->n--;
}

/* Append the parts of @path. A ".." is followed only out of the working folder,
 * whose path has no links in it. */
static void put_parts(struct sc_buf *out, struct sc_str path, bool in_cwd)
{
	while (path.n) {
		struct sc_str part;

		if (!sc_take_until(&path, '/', &part)) {
			part = path;
			sc_str_drop(&path, path.n);
		}
		if (!part.n || sc_str_eq(part, SC_STR(".")))
			continue;
		if (in_cwd && sc_str_eq(part, SC_STR(".."))) {
			go_up(out);
			continue;
		}
		in_cwd = false;
		sc_put(out, SC_STR("/"));
		sc_put(out, part);
	}
}

/* False if it is not known where the item's name starts. */
static bool put_whole(struct sc_buf *out, const struct sc_path_item *item,
		      const struct sc_scene *s)
{
	struct sc_str name = item->name;
	bool relative = name.n && name.s[0] != '/';

	/* The kernel writes the working folder for any parent that the program
	 * gave no name of. */
	if (sc_str_eq(item->nametype, SC_STR("PARENT")) &&
	    sc_str_eq(name, s->cwd) && !starts_at_cwd(s))
		return false;
	if (relative) {
		if (!s->cwd.n || s->cwd.s[0] != '/' || !starts_at_cwd(s))
			return false;
		put_parts(out, s->cwd, false);
	}
	put_parts(out, name, relative);
	if (!out->n)
		sc_put(out, SC_STR("/"));
	return true;
}

/* Cut @whole behind its part @name; false unless that stands there once. */
static bool cut_behind(struct sc_buf *whole, struct sc_str name)
{
	size_t end = 0, found = 0;

	for (size_t at = 0; at + name.n < whole->n; at++) {
		size_t stop = at + 1 + name.n;

		if (whole->s[at] != '/' ||
		    memcmp(whole->s + at + 1, name.s, name.n) != 0 ||
		    (stop < whole->n && whole->s[stop] != '/'))
			continue;
		end = stop;
		found++;
	}
	if (found == 1)
		whole->n = end;
	return found == 1;
}

/* A folder that was to be passed through: it is a part of what the program
 * asked for. */
static bool put_passed(struct sc_buf *out, struct sc_str name,
		       const struct sc_scene *s)
{
	for (size_t i = 0; i < s->n_items; i++) {
		out->n = 0;
		if (s->items[i].name.n && put_whole(out, &s->items[i], s) &&
		    !out->failed && cut_behind(out, name))
			return true;
	}
	return false;
}

/* @item is the one that fits, if any. False if the records don't tell. */
static bool put_found(struct sc_buf *out, const struct sc_avc *avc,
		      struct sc_str name, const struct sc_path_item *item,
		      const struct sc_scene *s)
{
	if (item)
		return put_whole(out, item, s);
	if (!avc->ino.n) {
		item = only_parent(s);
		if (!item || !item->name.n || !put_whole(out, item, s))
			return false;
		if (out->n == 1)
			out->n = 0;
		put_parts(out, name, false);
		return true;
	}
	return sc_str_eq(avc->tclass, SC_STR("dir")) &&
	       put_passed(out, name, s);
}

/* Would put_whole() say what it says? Mostly, and then nothing is copied. */
static bool is_whole(const struct sc_path_item *item)
{
	struct sc_str path = item->name, part;

	if (sc_str_eq(item->nametype, SC_STR("PARENT")))
		return false;
	if (!sc_take_prefix(&path, SC_STR("/")))
		return false;
	while (sc_take_short(&path, '/', &part))
		if (!part.n || sc_str_eq(part, SC_STR(".")))
			return false;
	return path.n && !sc_str_eq(path, SC_STR("."));
}

bool sc_path_find(const struct sc_avc *avc, struct sc_str name,
		  const struct sc_scene *scene, struct sc_arena *a,
		  struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf whole = { 0 };
	const struct sc_path_item *item = best_item(avc, name, scene);
	bool found;

	if (item && is_whole(item)) {
		*out = item->name;
		return true;
	}
	found = put_found(&whole, avc, name, item, scene);
	if (whole.failed)
		return false;
	if (!found) {
		*out = name;
		return true;
	}
	return sc_keep(a, (struct sc_str){ whole.s, whole.n }, out);
}

bool sc_path_of_item(const struct sc_path_item *item,
		     const struct sc_scene *scene, struct sc_arena *a,
		     struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf whole = { 0 };
	bool found = put_whole(&whole, item, scene);

	if (whole.failed)
		return false;
	if (!found)
		return sc_keep(a, item->name, out);
	return sc_keep(a, (struct sc_str){ whole.s, whole.n }, out);
}
