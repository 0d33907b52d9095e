/*
 * mounts.h - what of the host is mounted in, and what label it needs.
 *
 * All content of containers has one type; only the level keeps the files of one
 * from another. So a bind mount gets Z, which gives it the container's level,
 * and containers that share one get one level between them. What belongs to the
 * host is never relabelled.
 */
#ifndef SC_RULES_MOUNTS_H
#define SC_RULES_MOUNTS_H

#include "rules/need.h"
#include "rules/warn.h"

struct sc_mounts_of {
	const struct sc_containers *all;
	const struct sc_str *folders; /* of each one's spec: absolute */
	/* what the names of volumes are unique in: a project; may be empty */
	const struct sc_str *scopes;
	/* where some container asks for z; from sc_mounts_shared() */
	const struct sc_str *shared;
	size_t n_shared;
};

/* Set .shared and .n_shared of @in. Errors: SC_ENOMEM. */
int sc_mounts_shared(struct sc_mounts_of *in, struct sc_arena *a,
		     struct sc_error *err) SC_MUST_USE;

/*
 * Fill @group, as many as there are containers: the number of the first
 * container that shares a mount with this one, directly or through others.
 * Errors: SC_ENOMEM.
 */
int sc_mounts_group(const struct sc_mounts_of *in, struct sc_arena *a,
		    size_t *group, struct sc_error *err) SC_MUST_USE;

/*
 * Append to @out a need (SC_NEED_RELABEL, its .mount a copy with the label it
 * shall have) for each mount of container @number that needs a label, and to
 * @warnings what must not be relabelled, or mounted at all. Errors: SC_ENOMEM.
 */
int sc_mounts_find(const struct sc_mounts_of *in, size_t number,
		   struct sc_arena *a, struct sc_needs *out,
		   struct sc_warnings *warnings, struct sc_error *err)
	SC_MUST_USE;

/* @path without "." and "..", below @folder if it is relative; in @a. Nothing
 * is looked up. False without memory. */
bool sc_path_clean(struct sc_str folder, struct sc_str path, struct sc_arena *a,
		   struct sc_str *out);

/* Is @path the socket of a container engine, by its last part? Who can write to
 * it is root on the host. */
bool sc_mounts_is_engine(struct sc_str path);

#endif
