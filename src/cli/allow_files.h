/* allow_files.h - the files of "allow --module NAME". */
#ifndef SC_CLI_ALLOW_FILES_H
#define SC_CLI_ALLOW_FILES_H

#include "cli/cli.h"
#include "policy/policy.h"
#include "rules/rule.h"

struct sc_allow_files {
	const char *name;   /* of the module, and of its files */
	const char *folder; /* NULL: the one we are in */
	bool force;         /* over files that are there already */
};

/*
 * Write NAME.cil, NAME.te and NAME.pp for @p, all or none, and say which on
 * @out. Where only CIL can hold @rules, only NAME.cil is written, and the
 * reason said on standard error. Errors: SC_EREFUSED if the name is none for a
 * module, or a file is there already; SC_ENOTFOUND if there is no rule;
 * SC_ESYSTEM; SC_ENOMEM.
 */
int sc_allow_files_write(const struct sc_allow_files *files,
			 const struct sc_policy *p,
			 const struct sc_rules *rules, FILE *out,
			 struct sc_error *err) SC_MUST_USE;

/* Can @name be that of a module and its files? SC_EREFUSED if not. */
int sc_allow_files_check(const char *name, struct sc_error *err) SC_MUST_USE;

/* @rules as the bytes of a .pp for @p. Errors: those of sc_package_write(). */
int sc_allow_package(struct sc_str name, const struct sc_policy *p,
		     const struct sc_rules *rules,
		     const struct sc_package_role *roles, size_t n_roles,
		     struct sc_buf *out, struct sc_error *err) SC_MUST_USE;

#endif
