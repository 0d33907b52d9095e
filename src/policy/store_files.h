/* store_files.h - the files of a module store that libsemanage has no call for.
 */
#ifndef SC_POLICY_STORE_FILES_H
#define SC_POLICY_STORE_FILES_H

#include "policy/store.h"

/* What SELINUXTYPE in the config below @root (NULL: this host) says; "default"
 * if there is no such file or line. */
int sc_store_name(const char *root, struct sc_arena *a, struct sc_str *out,
		  struct sc_error *err) SC_MUST_USE;

/* The newest compiled policy of the store: ".../policy/policy.33". */
int sc_store_policy(const struct sc_store_place *place, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* The installed file contexts: ".../contexts/files/file_contexts". */
int sc_store_contexts(const struct sc_store_place *place, struct sc_arena *a,
		      struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* "/var/lib/selinux/NAME/FILE" below the root. */
int sc_store_path(const struct sc_store_place *place, const char *file,
		  struct sc_arena *a, struct sc_str *out, struct sc_error *err)
	SC_MUST_USE;

/*
 * Is the store there, and may we read it, or with @write change it? If a crash
 * came between the two renames that libsemanage commits with, then with @write
 * the older one takes its place again. Errors: as sc_store_open().
 */
int sc_store_check(const struct sc_store_place *place, bool write,
		   struct sc_error *err) SC_MUST_USE;

/* 1: the installed files are those of the store; 0: they are not. */
int sc_store_compare(const struct sc_store_place *place, struct sc_arena *a,
		     struct sc_error *err) SC_MUST_USE;

/* Is less room left on its disks than a change takes, which is a copy of all of
 * the store and of what is installed? False if that cannot be told. */
bool sc_store_lacks_room(const struct sc_store_place *place);

#endif
