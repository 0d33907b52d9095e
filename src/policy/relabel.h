/*
 * relabel.h - what the store's file contexts say of a path, and files given
 * the label that they say: restorecon, but for trees that a container may be
 * writing to. Nothing below the path is looked up by its name twice, so that
 * nobody can put a link to elsewhere in its place in between; links are not
 * followed, mounts not entered.
 */
#ifndef SC_POLICY_RELABEL_H
#define SC_POLICY_RELABEL_H

#include "base/clean.h"
#include "plan/plan.h"
#include "policy/claim.h"
#include "policy/store.h"

struct sc_contexts; /* a file_contexts, as it was when it was read */

/* The host's own; NULL if it has none. */
const char *sc_contexts_path(void);

/* Errors: SC_ESYSTEM; SC_EPOLICY if it cannot be read as contexts. */
int sc_contexts_open(const char *path, struct sc_contexts **out,
		     struct sc_error *err) SC_MUST_USE;
void sc_contexts_close(struct sc_contexts *c);

SC_DEFINE_CLEAN(struct sc_contexts, sc_contexts_close)

/* The context that a file of st_mode @mode at @path shall have; false: none is
 * said of it. */
bool sc_contexts_find(const struct sc_contexts *c, const char *path,
		      unsigned mode, struct sc_arena *a, struct sc_str *out);

/*
 * The type that an object of @tclass ("file", "dir", ...) at @path shall have,
 * in @a; empty if the contexts do not say, or the class is none of files.
 * Errors: SC_ENOMEM.
 */
int sc_contexts_type(const struct sc_contexts *c, struct sc_str path,
		     struct sc_str tclass, struct sc_arena *a,
		     struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/*
 * Append to @out the paths of @claims that the host gives to a service of its
 * own: that @c labels with a type that is neither one for anything nor the
 * claim's. Errors: SC_ENOMEM.
 */
int sc_claims_judge_paths(const struct sc_claims *claims,
			  const struct sc_contexts *c, struct sc_arena *a,
			  struct sc_findings *out, struct sc_error *err)
	SC_MUST_USE;

/* One path to give labels to. */
struct sc_relabel_path {
	struct sc_str path;
	struct sc_str only; /* what has this type; empty: all */
	bool below;
};

struct sc_labelling {
	const char *contexts;       /* path of the installed file_contexts */
	struct sc_contexts *before; /* as it was before the plan */
	struct sc_relabel_path *v;
	size_t n;
	size_t room;
	size_t changed; /* files, when it was applied */
	size_t no_room; /* files on file systems that keep no labels */
	bool applied;   /* private */
};

/* As the contexts say when the step is applied; undone as .before says. */
int sc_relabel_step(struct sc_labelling *r, struct sc_str place,
		    struct sc_arena *a, struct sc_step *out,
		    struct sc_error *err) SC_MUST_USE;

#define SC_RELABEL_KIND SC_STR("labels") /* of its entries in the ledger */

/*
 * Give @p the labels of @c. A path that is not there is done. Errors:
 * SC_EREFUSED if a link is in it; SC_ESYSTEM, and some labels are changed.
 */
int sc_relabel_one(const struct sc_relabel_path *p, const struct sc_contexts *c,
		   struct sc_labelling *r, struct sc_error *err) SC_MUST_USE;

#endif
