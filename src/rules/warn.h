/*
 * warn.h - what a policy cannot make good, and what that opens.
 *
 * Nothing that weakens the cage is passed over in silence: it stands here, with
 * what can be done about it.
 */
#ifndef SC_RULES_WARN_H
#define SC_RULES_WARN_H

#include "spec/spec.h"

struct sc_warning {
	size_t container; /* counts in the containers given */
	bool grave;       /* the module does not hold, or not all of it */
	const char *id;   /* words: "confine/privileged" */
	struct sc_str words;
	const char *todo;
	struct sc_place place;
};

SC_VECTOR(sc_warnings, struct sc_warning);

/* Append @w, its words made of @fmt. Errors: SC_ENOMEM. */
int sc_warn(struct sc_warnings *out, struct sc_arena *a, struct sc_warning w,
	    struct sc_error *err, const char *fmt, ...) SC_PRINTF(5, 6)
	SC_MUST_USE;

/* Does the spec turn SELinux off for the container, or nearly so? Then no
 * module protects it. */
bool sc_is_unprotected(const struct sc_container *c);

/* What @c asks for that opens its cage: privileged, devices, namespaces of the
 * host, label=disable. Mounts are in mounts.h. Errors: SC_ENOMEM. */
int sc_warnings_find(const struct sc_container *c, size_t number,
		     struct sc_arena *a, struct sc_warnings *out,
		     struct sc_error *err) SC_MUST_USE;

#endif
