/*
 * package.h - a module as a .pp file, made by libsepol itself.
 *
 * What checkmodule and semodule_package would make of the same rules: every
 * name that the rules use is required, none is declared.
 */
#ifndef SC_POLICY_PACKAGE_H
#define SC_POLICY_PACKAGE_H

#include "base/buf.h"

/* Commands of ioctl, the first and the last. */
struct sc_ioctl_range {
	uint16_t first;
	uint16_t last;
};

struct sc_package_rule {
	bool dontaudit;       /* else allow */
	struct sc_str source; /* a type or an attribute */
	struct sc_str target; /* the same, or "self" */
	struct sc_str tclass;
	struct sc_str perms; /* split by spaces; may be empty with .ioctls */
	/* an allowxperm (dontauditxperm) rule as well, if there are any */
	const struct sc_ioctl_range *ioctls;
	size_t n_ioctls;
};

/* "role ROLE types TYPE;" */
struct sc_package_role {
	struct sc_str role;
	struct sc_str type;
};

struct sc_package {
	struct sc_str name;
	bool mls; /* the policy that it is for has levels */
	const struct sc_package_rule *rules;
	size_t n_rules;
	const struct sc_package_role *roles;
	size_t n_roles;
};

/*
 * Append the bytes of the package to @out. Names are taken as they are: who
 * calls has checked them. Errors: SC_EREFUSED for a name with a dot, which no
 * .pp can hold (only CIL can), or a class with more than 32 permissions;
 * SC_ENOMEM; SC_EPOLICY.
 */
int sc_package_write(const struct sc_package *in, struct sc_buf *out,
		     struct sc_error *err) SC_MUST_USE;

#endif
