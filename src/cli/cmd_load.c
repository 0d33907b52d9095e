#include "base/clean.h"
#include "cli/change.h"
#include "cli/modules.h"

struct options {
	struct sc_change_options common;
	struct sc_values fixes;
};

static const struct sc_option options[] = {
	{ 0, "with-fix", "FIX...",
	  "mend the host's policy: default-range, engine-unit, ...",
	  offsetof(struct options, fixes) },
	SC_CHANGE_OPTIONS(struct options),
	{ 0 },
};

/* "misp_db.cil" is the module misp_db. */
static struct sc_str module_of(struct sc_str file)
{
	struct sc_str cil = SC_STR(".cil");

	if (file.n > cil.n &&
	    memcmp(file.s + file.n - cil.n, cil.s, cil.n) == 0)
		file.n -= cil.n;
	return file;
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	const struct options *o = data;
	struct sc_sources modules = { 0 };
	int r;

	if (argc == 0 && o->fixes.n == 0)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the modules to load: selcage load DIR");
	r = sc_modules_read(argv, (size_t)argc, &w.arena, &modules, err);
	if (r == 0)
		r = sc_work_open(&o->common, !o->common.dry_run, &w, err);
	for (size_t i = 0; r == 0 && i < modules.n; i++)
		r = sc_work_install(&w, module_of(modules.v[i].name),
				    modules.v[i].text, err);
	for (size_t i = 0; r == 0 && i < o->fixes.n; i++)
		r = sc_work_fix(&w, &o->common, sc_view(o->fixes.v[i]), err);
	return r < 0 ? r : sc_work_run(&w, &o->common, out, err);
}

const struct sc_command sc_cmd_load = {
	.name = "load",
	.operands = "MODULE|DIR...",
	.summary = "load modules, all or none; exit 1 if they are not proven",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
