#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"
#include "cli/confine.h"
#include "spec/read.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#define ENV_BYTES ((size_t)1024 * 1024)
#define SPECS_MAX 100

/* "." of "compose.yaml", "a/b" of "a/b/compose.yaml" */
static struct sc_str folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0 || !slash)
		return SC_STR(".");
	return slash == path ? SC_STR("/")
			     : (struct sc_str){ path, (size_t)(slash - path) };
}

static int find_folder(struct sc_confine *c, struct sc_spec_input *in)
{
	char real[PATH_MAX];
	struct sc_str folder, kept;

	folder = folder_of(in->path);
	if (!sc_keep(c->arena, folder, &kept))
		return sc_no_memory(c->err);
	if (!realpath(kept.s, real))
		return sc_fail_os(c->err, "cannot find the folder of '%s'",
				  in->path);
	return sc_keep(c->arena, sc_view(real), &in->folder)
		       ? 0
		       : sc_no_memory(c->err);
}

static int read_env(struct sc_confine *c, const char *path,
		    struct sc_items *out)
{
	struct sc_str text;
	int r = sc_file_read(path, ENV_BYTES, c->arena, &text, c->err);

	if (r < 0)
		return r;
	return sc_dotenv_read(text, sc_view(path), c->arena, out)
		       ? 0
		       : sc_no_memory(c->err);
}

/* What stands beside the compose file, if it is a file and no link that leads
 * out of the folder. */
static int read_own_env(struct sc_confine *c, const struct sc_spec_input *in,
			struct sc_items *out)
{
	struct sc_str path;
	struct stat st;

	if (!sc_keepf(c->arena, &path, SC_FMT "/.env", SC_ARG(in->folder)))
		return sc_no_memory(c->err);
	if (lstat(path.s, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return read_env(c, path.s, out);
}

static struct sc_str last_part(struct sc_str path)
{
	struct sc_str part;

	while (sc_take_until(&path, '/', &part))
		;
	return path;
}

static int read_one(struct sc_confine *c, const char *path, size_t number)
{
	struct sc_spec_input *in = &c->inputs.v[number];
	struct sc_items variables = { 0 };
	struct sc_spec_options opt = { .variables = &variables };
	int r;

	in->path = path;
	r = find_folder(c, in);
	if (r == 0)
		r = sc_file_read(path, SC_SPEC_BYTES, c->arena, &in->text,
				 c->err);
	if (r == 0)
		r = read_own_env(c, in, &variables);
	if (r == 0 && c->options->env_file)
		r = read_env(c, c->options->env_file, &variables);
	if (r < 0)
		return r;
	opt.project = last_part(in->folder);
	r = sc_spec_read(in->text, sc_view(path), &opt, c->arena,
			 &c->inputs.specs[number], c->err);
	return r < 0 ? sc_while(c->err, "reading '%s'", path) : 0;
}

int sc_confine_read(struct sc_confine *c, char *const *paths, size_t n)
{
	if (n == 0)
		return sc_fail(c->err, SC_ESYNTAX,
			       "no spec is given (selcage confine --help)");
	if (n > SPECS_MAX)
		return sc_fail(c->err, SC_ELIMIT, "more than %d specs",
			       SPECS_MAX);
	c->inputs.v = sc_new_array(c->arena, struct sc_spec_input, n);
	c->inputs.specs = sc_new_array(c->arena, struct sc_spec, n);
	if (!c->inputs.v || !c->inputs.specs)
		return sc_no_memory(c->err);
	for (size_t i = 0; i < n; i++) {
		int r = read_one(c, paths[i], i);

		if (r < 0)
			return r;
	}
	c->inputs.n = n;
	return 0;
}
