#include "host/status.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/hex.h"
#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"
#include "policy/relabel.h"

#include <fcntl.h>

#define STORES_MAX 64 /* of images */
#define LAYERS_MAX 24 /* looked at in each */
#define TOP_MAX 8     /* entries looked at in each layer */
#define WRONG_MAX 16  /* kept */

struct check {
	const struct sc_host *host;
	struct sc_arena *a;
	struct sc_contexts *wanted; /* NULL: not to be had */
	struct sc_status *s;
};

/* Through a folder that is open, so that what the root's links say holds. */
int sc_status_contexts(const struct sc_host *h, const struct sc_status *s,
		       struct sc_arena *a, struct sc_contexts **out,
		       struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	struct sc_error ignored;
	struct sc_str folder;
	char path[64];

	*out = NULL;
	if (!s->policy_there)
		return 0;
	if (!sc_keepf(a, &folder, "/etc/selinux/%s/contexts/files",
		      s->policy_name.s))
		return sc_no_memory(err);
	fd = sc_host_fd(h, folder.s, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/file_contexts",
		       fd);
	if (sc_contexts_open(path, out, &ignored) == SC_ENOMEM)
		return sc_no_memory(err);
	return 0;
}

/* The label that @path has; false: it has none, or is not there. No part of the
 * path may be a link: users can write to some of these places. */
static bool label_of(const struct check *c, const char *path, struct stat *st,
		     struct sc_str *out)
{
	SC_CLEAN(close_p)
	int fd = sc_host_fd(c->host, path, O_PATH | O_NOFOLLOW);

	return fd >= 0 && fstat(fd, st) == 0 && sc_context_of_fd(fd, c->a, out);
}

static int add(struct check *c, struct sc_mislabels *out, const char *path,
	       struct sc_str label, struct sc_str wanted, struct sc_error *err)
{
	struct sc_mislabel one = { .label = sc_label_type(label),
				   .wanted = sc_label_type(wanted) };

	if (out->n >= WRONG_MAX)
		return 0;
	if (!sc_keep(c->a, sc_view(path), &one.path) ||
	    !SC_PUSH(c->a, out, one))
		return sc_no_memory(err);
	return 0;
}

/* As restorecon would: the type alone, and not what people set by hand. What a
 * container wrote to its own layer is container_file_t, and right. */
static int compare(struct check *c, const char *path, struct sc_mislabels *out,
		   struct sc_error *err)
{
	struct sc_str label, wanted;
	struct stat st;

	if (!c->wanted || !label_of(c, path, &st, &label) ||
	    S_ISLNK(st.st_mode))
		return 0;
	if (!sc_contexts_find(c->wanted, path, st.st_mode, c->a, &wanted) ||
	    sc_str_eq(sc_label_type(label), sc_label_type(wanted)) ||
	    sc_str_eq(sc_label_type(label), SC_STR("container_file_t")) ||
	    sc_context_is_customizable(label.s))
		return 0;
	return add(c, out, path, label, wanted, err);
}

/* ---- sockets */

static bool is_general(struct sc_str type)
{
	static const struct sc_str types[] = {
		SC_STR("var_run_t"),   SC_STR("var_t"),  SC_STR("tmp_t"),
		SC_STR("user_tmp_t"),  SC_STR("file_t"), SC_STR("default_t"),
		SC_STR("unlabeled_t"),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sc_str_eq(types[i], type))
			return true;
	return false;
}

static int check_sockets(struct check *c, struct sc_error *err)
{
	struct sc_str table = sc_data("engines.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		struct sc_str paths = row.v[4], path, label;
		struct stat st;

		while (sc_take_word(&paths, &path)) {
			if (!sc_keep(c->a, path, &path))
				return sc_no_memory(err);
			if (!label_of(c, path.s, &st, &label) ||
			    !is_general(sc_label_type(label)))
				continue;
			if (add(c, &c->s->sockets, path.s, label,
				(struct sc_str){ 0 }, err) < 0)
				return err->code;
		}
	}
	return 0;
}

/* ---- images */

static int check_layer(struct check *c, const char *layer, struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error ignored;
	struct sc_str diff, path;
	int r = compare(c, layer, &c->s->layers, err);

	if (r < 0 || !sc_keepf(c->a, &diff, "%s/diff", layer))
		return r < 0 ? r : sc_no_memory(err);
	r = compare(c, diff.s, &c->s->layers, err);
	if (r < 0)
		return r;
	if (sc_host_list(c->host, diff.s, O_NOFOLLOW, c->a, &names, &ignored) <
	    0)
		return 0;
	for (size_t i = 0; i < names.n && i < TOP_MAX && r == 0; i++) {
		if (!sc_keepf(c->a, &path, "%s/%s", diff.s, names.v[i].s))
			return sc_no_memory(err);
		r = compare(c, path.s, &c->s->layers, err);
	}
	return r;
}

/* @folder has a folder for each layer. */
static int check_store(struct check *c, const char *folder,
		       struct sc_error *err)
{
	struct sc_str path;
	struct sc_names names = { 0 };
	struct sc_error ignored;
	size_t looked = 0;
	int r = compare(c, folder, &c->s->layers, err);

	if (r < 0)
		return r;
	if (sc_host_list(c->host, folder, O_NOFOLLOW, c->a, &names, &ignored) <
	    0)
		return 0;
	for (size_t i = 0; i < names.n && looked < LAYERS_MAX && r == 0; i++) {
		if (!names.v[i].n || sc_hex_length(names.v[i]) != names.v[i].n)
			continue;
		looked++;
		if (!sc_keepf(c->a, &path, "%s/%s", folder, names.v[i].s))
			return sc_no_memory(err);
		r = check_layer(c, path.s, err);
	}
	return r;
}

static int check_homes(struct check *c, struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error ignored;
	struct sc_str path;
	int r = 0;

	if (sc_host_list(c->host, "/home", O_NOFOLLOW, c->a, &names, &ignored) <
	    0)
		return 0;
	for (size_t i = 0; i < names.n && i < STORES_MAX && r == 0; i++) {
		if (!sc_keepf(c->a, &path,
			      "/home/%s/.local/share/containers/storage/"
			      "overlay",
			      names.v[i].s))
			return sc_no_memory(err);
		r = check_store(c, path.s, err);
	}
	return r;
}

int sc_status_labels(const struct sc_host *h, struct sc_arena *a,
		     struct sc_status *s, struct sc_error *err)
{
	static const char *const run[] = { "/run/containers", "/run/libpod",
					   "/run/docker", "/run/containerd" };
	static const char *const stores[] = {
		"/var/lib/containers/storage/overlay",
		"/var/lib/docker/overlay2",
	};
	SC_CLEAN(sc_contexts_close_p)
	struct sc_contexts *wanted = NULL;
	struct check c = { .host = h, .a = a, .s = s };
	int r;

	/* Without SELinux labels on disk are of another time. */
	if (!h->root && !s->state.mounted)
		return 0;
	r = sc_status_contexts(h, s, a, &wanted, err);
	c.wanted = wanted;
	if (r == 0)
		r = check_sockets(&c, err);
	for (size_t i = 0; i < sizeof(run) / sizeof(run[0]) && r == 0; i++)
		r = compare(&c, run[i], &s->run, err);
	for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]) && r == 0;
	     i++)
		r = check_store(&c, stores[i], err);
	if (r == 0)
		r = check_homes(&c, err);
	return r;
}
