#include "cli/modules.h"

#include "base/clean.h"
#include "base/file.h"
#include "cli/cli.h"
#include "policy/structure.h"
#include "rules/base.h"

#include <dirent.h>
#include <sys/stat.h>

#define MODULE_FILE_MAX ((size_t)4 << 20) /* bytes; the proof takes less */
#define MODULES_MAX 1000

/* "dir/misp_db.cil" is called "misp_db.cil", also in libsepol's messages. */
static struct sc_str base_name(struct sc_str path)
{
	const char *slash = path.n ? memrchr(path.s, '/', path.n) : NULL;

	if (slash)
		sc_str_drop(&path, (size_t)(slash - path.s) + 1);
	return path;
}

static int read_file(const char *path, struct sc_arena *a,
		     struct sc_sources *out, struct sc_error *err)
{
	struct sc_source s = { 0 };
	int r = sc_file_read(path, MODULE_FILE_MAX, a, &s.text, err);

	if (r < 0)
		return r;
	if (out->n >= MODULES_MAX)
		return sc_fail(err, SC_ELIMIT, "more than %d modules",
			       MODULES_MAX);
	if (!sc_keep(a, base_name(sc_view(path)), &s.name) ||
	    !SC_PUSH(a, out, s))
		return sc_no_memory(err);
	return 0;
}

static int is_module(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + n - 4, ".cil") == 0;
}

static int compare_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_entries(const char *folder, struct dirent *const *entries,
			int n, struct sc_arena *a, struct sc_sources *out,
			struct sc_error *err)
{
	int r = 0;

	for (int i = 0; i < n && r == 0; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };

		sc_putf(&path, "%s/%s", folder, entries[i]->d_name);
		r = sc_buf_check(&path, err);
		if (r == 0)
			r = read_file(path.s, a, out, err);
	}
	return r;
}

static int read_folder(const char *folder, struct sc_arena *a,
		       struct sc_sources *out, struct sc_error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_module, compare_bytes);
	int r;

	if (n < 0)
		return sc_fail_os(err, "cannot read '%s'", folder);
	r = n == 0 ? sc_fail(err, SC_ENOTFOUND,
			     "no module (*.cil) in the folder '%s'", folder)
		   : read_entries(folder, entries, n, a, out, err);
	while (n-- > 0)
		free(entries[n]);
	free(entries);
	return r;
}

int sc_modules_read(char *const *paths, size_t n, struct sc_arena *a,
		    struct sc_sources *out, struct sc_error *err)
{
	for (size_t i = 0; i < n; i++) {
		struct stat st;
		bool folder = stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);
		int r = folder ? read_folder(paths[i], a, out, err)
			       : read_file(paths[i], a, out, err);

		if (r < 0)
			return r;
	}
	return 0;
}

struct ground {
	struct sc_policy *policy;
	struct sc_buf base;
};

static void ground_free(struct ground *g)
{
	sc_policy_close(g->policy);
	sc_buf_free(&g->base);
}

int sc_modules_prove(const char *policy, const struct sc_sources *modules,
		     struct sc_arena *a, struct sc_proof *out,
		     struct sc_error *err)
{
	SC_CLEAN(ground_free) struct ground g = { 0 };
	struct sc_notes lacks = { 0 };
	struct sc_family family;
	struct sc_str base = { 0 };
	int r = sc_policy_open(sc_policy_path(policy), &g.policy, err);

	if (r == 0)
		r = sc_family_find(g.policy, &family, err);
	if (r == 0)
		r = sc_base_write(g.policy, &family, &g.base, &lacks, a, err);
	/* the proof points into the base: it must live as long as @a */
	if (r == 0 && !sc_keep(a, (struct sc_str){ g.base.s, g.base.n }, &base))
		r = sc_no_memory(err);
	return r < 0 ? r
		     : sc_prove(g.policy, &family, modules, base, a, out, err);
}

bool sc_module_is_rules(struct sc_str text, struct sc_arena *a)
{
	struct sc_error ignored;
	struct sc_cil *top;

	return sc_cil_read(text, a, &top, &ignored) == 0 &&
	       sc_structure_is_rules(top);
}
