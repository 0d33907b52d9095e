#include "cli/allow_files.h"

#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"
#include "rules/cil.h"
#include "rules/name.h"
#include "rules/te.h"

#include <sys/stat.h>

enum { CIL, TE, PP, FILES };

static const char *const suffixes[FILES] = {
	[CIL] = "cil",
	[TE] = "te",
	[PP] = "pp",
};

struct writing {
	const struct sc_allow_files *files;
	const struct sc_policy *policy;
	const struct sc_rules *rules;
	struct sc_buf text[FILES];
	struct sc_str paths[FILES];
	size_t n; /* files to be written: the first of them, or all */
	struct sc_arena arena;
	struct sc_error *err;
};

static void free_writing(struct writing *w)
{
	for (size_t i = 0; i < FILES; i++)
		sc_buf_free(&w->text[i]);
	sc_arena_free(&w->arena);
}

int sc_allow_package(struct sc_str name, const struct sc_policy *p,
		     const struct sc_rules *rules,
		     const struct sc_package_role *roles, size_t n_roles,
		     struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_package_rule *v =
		sc_new_array(&arena, struct sc_package_rule, rules->n + 1);
	struct sc_package package = {
		.name = name,
		.mls = sc_policy_has_mls(p),
		.rules = v,
		.n_rules = rules->n,
		.roles = roles,
		.n_roles = n_roles,
	};

	if (!v)
		return sc_no_memory(err);
	for (size_t i = 0; i < rules->n; i++) {
		const struct sc_rule *r = &rules->v[i];

		v[i] = (struct sc_package_rule){
			.dontaudit = r->kind == SC_DONTAUDIT,
			.source = r->source,
			.target = r->target,
			.tclass = r->tclass,
			.perms = r->perms,
			.ioctls = r->ioctls,
			.n_ioctls = r->n_ioctls,
		};
	}
	return sc_package_write(&package, out, err);
}

/* CIL's modules are called as their files are: so the name that all three carry
 * must be good for each, and stay in the folder. */
int sc_allow_files_check(const char *name, struct sc_error *err)
{
	if (sc_te_is_name(sc_view(name)) && strlen(name) <= SC_MODULE_NAME_MAX)
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "'%.100s' cannot be the name of a module: a letter "
		       "first, then letters, digits, '_' and '-', %d at most, "
		       "and no word of the policy language",
		       name, SC_MODULE_NAME_MAX);
}

static int find_paths(struct writing *w)
{
	const char *folder = w->files->folder;

	for (size_t i = 0; i < FILES; i++)
		if (!sc_keepf(&w->arena, &w->paths[i], "%s%s%s.%s",
			      folder ? folder : "", folder ? "/" : "",
			      w->files->name, suffixes[i]))
			return sc_no_memory(w->err);
	return 0;
}

/* Any of the three that stands there would be taken for one of ours. */
static int check_free(const struct writing *w)
{
	for (size_t i = 0; i < FILES; i++) {
		struct stat st;

		if (lstat(w->paths[i].s, &st) < 0)
			continue;
		if (!w->files->force)
			return sc_fail(w->err, SC_EREFUSED,
				       "'%s' is there already: --force writes "
				       "over it",
				       w->paths[i].s);
		if (i >= w->n)
			return sc_fail(w->err, SC_EREFUSED,
				       "'%s' is there already, and would not "
				       "say the same as '%s': remove it",
				       w->paths[i].s, w->paths[CIL].s);
	}
	return 0;
}

/* No .te and no .pp: only CIL has words for it. */
static void say_only_cil(struct writing *w)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };

	sc_put_safe(&why, sc_view(w->err->msg));
	fprintf(stderr, "selcage: only %s is written: %s\n", w->paths[CIL].s,
		why.failed || !why.s ? "" : why.s);
	w->n = 1;
}

static int make_texts(struct writing *w)
{
	struct sc_str name = sc_view(w->files->name);
	int r = sc_cil_write(w->rules, &w->text[CIL], w->err);

	if (r < 0)
		return r;
	w->n = FILES;
	r = sc_te_write(name, w->rules, &w->text[TE], w->err);
	if (r == 0)
		r = sc_allow_package(name, w->policy, w->rules, NULL, 0,
				     &w->text[PP], w->err);
	if (r != SC_EREFUSED)
		return r;
	say_only_cil(w);
	return 0;
}

static int write_all(struct writing *w)
{
	struct sc_output outputs[FILES];

	for (size_t i = 0; i < w->n; i++)
		outputs[i] =
			(struct sc_output){ w->paths[i].s,
					    { w->text[i].s, w->text[i].n } };
	if (w->files->folder && sc_folder_make(w->files->folder, w->err) < 0)
		return w->err->code;
	return sc_files_replace(outputs, w->n, w->err);
}

int sc_allow_files_write(const struct sc_allow_files *files,
			 const struct sc_policy *p,
			 const struct sc_rules *rules, FILE *out,
			 struct sc_error *err)
{
	SC_CLEAN(free_writing)
	struct writing w = {
		.files = files,
		.policy = p,
		.rules = rules,
		.err = err,
	};
	int r = sc_allow_files_check(files->name, err);

	if (r == 0 && !rules->n)
		r = sc_fail(err, SC_ENOTFOUND,
			    "there is no rule to write: no file was made");
	if (r == 0)
		r = find_paths(&w);
	if (r == 0)
		r = make_texts(&w);
	if (r == 0)
		r = check_free(&w);
	if (r == 0)
		r = write_all(&w);
	for (size_t i = 0; r == 0 && i < w.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf line = { 0 };

		sc_put_safe(&line, w.paths[i]);
		sc_put(&line, SC_STR("\n"));
		r = sc_print(&line, out, err);
	}
	return r;
}
