#include "base/clean.h"
#include "cli/change.h"
#include "cli/modules.h"
#include "rules/base.h"

struct options {
	struct sc_change_options common;
	bool previous;
	bool all;
};

static const struct sc_option options[] = {
	{ 'a', "all", NULL, "all that selcage loaded",
	  offsetof(struct options, all) },
	{ 0, "previous", NULL,
	  "go back to the version before, each time one more",
	  offsetof(struct options, previous) },
	SC_CHANGE_OPTIONS(struct options),
	{ 0 },
};

static int unload(struct sc_work *w, const struct sc_loaded *l, bool previous,
		  struct sc_error *err)
{
	for (size_t i = 0; i < w->targets.n; i++)
		if (sc_str_eq(w->targets.v[i].name, l->name))
			return 0; /* named twice */
	return previous ? sc_work_put_back(w, l, err)
			: sc_work_remove(w, l, err);
}

static int unload_named(struct sc_work *w, char *const *names, size_t n,
			bool previous, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		const struct sc_loaded *l = sc_loaded_named(
			&w->loaded,
			(struct sc_str){ names[i], strlen(names[i]) });

		if (!l)
			return sc_fail(err, SC_ENOTFOUND,
				       "selcage loaded no module '%s' (selcage "
				       "modules lists those that it did)",
				       names[i]);
		r = unload(w, l, previous, err);
	}
	return r;
}

static int unload_all(struct sc_work *w, bool previous, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->loaded.n; i++)
		r = unload(w, &w->loaded.v[i], previous, err);
	return r;
}

static bool is_removed(const struct sc_work *w, struct sc_str name)
{
	for (size_t i = 0; i < w->targets.n; i++)
		if (sc_str_eq(w->targets.v[i].name, name))
			return !w->targets.v[i].text.s;
	return false;
}

/* The others do not compile without the base. */
static int check_base(struct sc_work *w, struct sc_error *err)
{
	if (!is_removed(w, SC_STR(SC_BASE_MODULE)))
		return 0;
	for (size_t i = 0; i < w->loaded.n; i++) {
		const struct sc_loaded *l = &w->loaded.v[i];
		struct sc_str name = l->name, text;
		int r;

		if (l->drift == SC_DRIFT_GONE || is_removed(w, l->name) ||
		    sc_take_prefix(&name, SC_STR("selcage_fix_")))
			continue; /* a fix stands alone, or libsemanage says so
				   */
		r = sc_store_read(w->store, l->name, &w->arena, &text, err);
		if (r < 0)
			return r;
		if (!sc_module_is_rules(text, &w->arena))
			return sc_fail(err, SC_EREFUSED,
				       "'" SC_FMT "' needs " SC_BASE_MODULE
				       ": unload it as well, or --all",
				       SC_ARG(l->name));
	}
	return 0;
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	const struct options *o = data;
	int r;

	if ((argc == 0) != o->all)
		return sc_fail(err, SC_ENOTFOUND,
			       "name the modules to unload, or --all");
	r = sc_work_open(&o->common, !o->common.dry_run, &w, err);
	if (r < 0)
		return r;
	if (w.loaded.n == 0 && o->all) {
		fputs("nothing to do: selcage loaded nothing here\n", out);
		return SC_EXIT_CLEAN;
	}
	r = o->all ? unload_all(&w, o->previous, err)
		   : unload_named(&w, argv, (size_t)argc, o->previous, err);
	if (r == 0)
		r = check_base(&w, err);
	return r < 0 ? r : sc_work_run(&w, &o->common, out, err);
}

const struct sc_command sc_cmd_unload = {
	.name = "unload",
	.operands = "NAME...",
	.summary = "remove modules that were loaded, or put back older ones",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
