/*
 * ioctls.h - which numbers of ioctl a domain may use.
 *
 * The permission "ioctl" opens all of them, unless the policy has extended
 * rules (allowx) for the same source, target and class: then those that any of
 * the rules names, and no other.
 */
#ifndef SC_POLICY_IOCTLS_H
#define SC_POLICY_IOCTLS_H

#include "policy/vectors_db.h"

#define SC_IOCTLS 65536 /* numbers: eight bits of driver, eight of function */

struct sc_ioctls {
	uint64_t v[SC_IOCTLS / 64]; /* a bit for each */
};

/* What @v's domain may use on @type, a value, in @tclass. */
void sc_ioctls_of(const struct sc_vectors *v, uint32_t type, uint32_t tclass,
		  struct sc_ioctls *out);

/* Put the numbers of rule @x into @set. */
void sc_ioctls_add(struct sc_ioctls *set, const avtab_extended_perms_t *x);

bool sc_ioctls_has(const struct sc_ioctls *set, uint32_t n);

/* Is @command one of the numbers of @text, which is as below? */
bool sc_ioctls_names(struct sc_str text, uint32_t command);

/* Put the numbers of @text, "0x5412 0x5400-0x5411" or "*", into @out; false if
 * one is none. */
bool sc_ioctls_parse(struct sc_str text, struct sc_ioctls *out);

/* @left and not @out, and @in if there is one; true if any number is left. */
bool sc_ioctls_left(struct sc_ioctls *left, const struct sc_ioctls *out,
		    const struct sc_ioctls *in);

/* "ioctl 0x5400-0x5411 0x5412", the first few of them; false without memory. */
bool sc_ioctls_name(const struct sc_ioctls *set, struct sc_arena *a,
		    struct sc_str *out);

#endif
