/*
 * owner.h - the file whose owner or mode made a process use a power of root.
 *
 * The record of such a capability (dac_override and its kin) names no file; the
 * PATH records of its system call do, with whose they are.
 */
#ifndef SC_AUDIT_OWNER_H
#define SC_AUDIT_OWNER_H

#include "audit/object.h"

/* All empty if no record tells. */
struct sc_owner {
	struct sc_str path;
	struct sc_str uid, gid; /* digits */
	struct sc_str mode;     /* octal digits: "0640" */
};

/* Is one of the @n AVCs about such a capability? */
bool sc_owner_matters(const struct sc_avc *avcs, size_t n);

/* The file, in @a. False without memory. */
bool sc_owner_find(const struct sc_scene *scene, struct sc_arena *a,
		   struct sc_owner *out);

#endif
