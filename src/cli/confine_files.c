#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"
#include "cli/confine.h"
#include "rules/base.h"
#include "rules/cil.h"
#include "spec/patch.h"

#include <sys/stat.h>

static int add_file(struct sc_confine *c, struct sc_str name,
		    struct sc_str bytes)
{
	struct sc_confine_file f = { 0 };

	if (!sc_keepf(c->arena, &f.path, "%s/" SC_FMT, c->options->output,
		      SC_ARG(name)) ||
	    !sc_keep(c->arena, bytes, &f.bytes))
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->files.n; i++)
		if (sc_str_eq(c->files.v[i].path, f.path))
			return sc_fail(c->err, SC_EREFUSED,
				       "two files would be written to '" SC_FMT
				       "': give their specs one by one, each "
				       "with a folder of its own",
				       SC_ARG(f.path));
	return SC_PUSH(c->arena, &c->files, f) ? 0 : sc_no_memory(c->err);
}

static int add_module(struct sc_confine *c, const struct sc_cage *g)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_str name;
	int r = sc_cil_write_module(&g->module, &text, c->err);

	if (r < 0)
		return sc_while(c->err, "writing module '" SC_FMT "'",
				SC_ARG(g->module.name));
	if (!sc_keepf(c->arena, &name, SC_FMT ".cil", SC_ARG(g->module.name)))
		return sc_no_memory(c->err);
	return add_file(c, name, (struct sc_str){ text.s, text.n });
}

/* The mounts of @g that shall be relabelled, in one row. */
static int list_mounts(struct sc_confine *c, const struct sc_cage *g,
		       struct sc_patch *out)
{
	struct sc_mounts list = { 0 };

	for (size_t i = 0; i < g->needs.n; i++)
		if (g->needs.v[i].kind == SC_NEED_RELABEL &&
		    !SC_PUSH(c->arena, &list, *g->needs.v[i].mount))
			return sc_no_memory(c->err);
	out->mounts = list.v;
	out->n_mounts = list.n;
	return 0;
}

static struct sc_str last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (strcmp(path, "-") == 0)
		name = "compose.yaml";
	return sc_view(name);
}

/* The file that is patched must not be the one that it was read from. */
static int check_apart(struct sc_confine *c, const char *input,
		       struct sc_str name)
{
	struct sc_str path;
	struct stat in, out;

	if (!sc_keepf(c->arena, &path, "%s/" SC_FMT, c->options->output,
		      SC_ARG(name)))
		return sc_no_memory(c->err);
	if (stat(input, &in) < 0 || stat(path.s, &out) < 0 ||
	    in.st_dev != out.st_dev || in.st_ino != out.st_ino)
		return 0;
	return sc_fail(c->err, SC_EREFUSED,
		       "'%s' would be overwritten by its own patched copy: "
		       "choose another folder with --output",
		       input);
}

static int add_patched(struct sc_confine *c, size_t number)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_spec_input *in = &c->inputs.v[number];
	const struct sc_spec *spec = &c->inputs.specs[number];
	struct sc_patch *patches =
		sc_new_array(c->arena, struct sc_patch, spec->containers.n + 1);
	struct sc_str name = last_part(in->path);
	size_t n = 0;
	int r;

	if (!patches)
		return sc_no_memory(c->err);
	for (size_t i = 0; i < c->cages.n; i++) {
		const struct sc_cage *g = &c->cages.v[i];

		if (g->spec != spec || g->unprotected)
			continue;
		patches[n].service = g->container->name;
		patches[n].label_type = g->type;
		if (!g->level_kept)
			patches[n].label_level = g->level;
		r = list_mounts(c, g, &patches[n++]);
		if (r < 0)
			return r;
	}
	r = check_apart(c, in->path, name);
	if (r == 0)
		r = sc_spec_patch(in->text, patches, n, c->arena, &text,
				  c->err);
	if (r < 0)
		return sc_while(c->err, "patching '%s'", in->path);
	return add_file(c, name, (struct sc_str){ text.s, text.n });
}

int sc_confine_files_make(struct sc_confine *c)
{
	int r = add_file(c, SC_STR(SC_BASE_MODULE ".cil"), c->base);

	for (size_t i = 0; r == 0 && i < c->cages.n; i++)
		r = add_module(c, &c->cages.v[i]);
	for (size_t i = 0; r == 0 && i < c->inputs.n; i++)
		if (c->inputs.specs[i].format == SC_FORMAT_COMPOSE)
			r = add_patched(c, i);
	return r;
}

int sc_confine_files_write(struct sc_confine *c)
{
	struct sc_output *outputs =
		sc_new_array(c->arena, struct sc_output, c->files.n);

	if (!outputs)
		return sc_no_memory(c->err);
	if (sc_folder_make(c->options->output, c->err) < 0)
		return c->err->code;
	for (size_t i = 0; i < c->files.n; i++)
		outputs[i] = (struct sc_output){ c->files.v[i].path.s,
						 c->files.v[i].bytes };
	return sc_files_replace(outputs, c->files.n, c->err);
}
