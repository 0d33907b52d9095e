/*
 * host.h - the files of a host: this one, or one whose root is a folder.
 *
 * Nothing below a root leads out of it: links are followed as if it were "/".
 */
#ifndef SC_HOST_HOST_H
#define SC_HOST_HOST_H

#include "base/arena.h"
#include "base/error.h"
#include "policy/policy.h"

#include <sys/stat.h>

#define SC_HOST_BYTES ((size_t)1 << 20) /* of a file of configuration */
#define SC_HOST_NAMES 100000            /* in a folder, at most */
#define SC_HOST_DEPTH 32                /* folders in each other, of a walk */

struct sc_host {
	int fd;           /* of its root; -1: not open */
	const char *root; /* NULL: this host */
};

/* Errors: SC_ESYSTEM. */
int sc_host_open(const char *root, struct sc_host *out, struct sc_error *err)
	SC_MUST_USE;
void sc_host_close(struct sc_host *h); /* an SC_CLEAN() function */

/* Open @path, which starts with '/'; -1 with errno. @flags as for open(), but
 * O_NOFOLLOW means that no part of @path may be a link: for places that others
 * than root can write to. */
int sc_host_fd(const struct sc_host *h, const char *path, int flags);

/* All of a file. Errors: SC_ENOTFOUND if there is none; SC_ESYSTEM; SC_ELIMIT.
 */
int sc_host_read(const struct sc_host *h, const char *path, struct sc_arena *a,
		 struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* What stat() says; false: it cannot be reached. */
bool sc_host_stat(const struct sc_host *h, const char *path, struct stat *out);

/* Is a part of @path a link, which a library that knows paths alone would
 * follow out of the root? Never, of this host. */
bool sc_host_has_link(const struct sc_host *h, const char *path);

/* Is @name in @folder a link to /dev/null, by which systemd hides a file of
 * that name in other folders? */
bool sc_host_is_masked(const struct sc_host *h, const char *folder,
		       const char *name);

/*
 * The paths of all files below the folder @path, and of the folders in it, each
 * folder's in the order of names, as those who walk it find them; none if it is
 * not there. A link is a file, and not followed. Errors: SC_ESYSTEM; SC_ELIMIT;
 * SC_ENOMEM.
 */
int sc_host_walk(const struct sc_host *h, const char *path, struct sc_arena *a,
		 struct sc_names *files, struct sc_names *folders,
		 struct sc_error *err) SC_MUST_USE;

/* The names in a folder, sorted; none if it is not there. @flags may have
 * O_NOFOLLOW. Errors: SC_ESYSTEM, SC_ELIMIT. */
int sc_host_list(const struct sc_host *h, const char *path, int flags,
		 struct sc_arena *a, struct sc_names *out, struct sc_error *err)
	SC_MUST_USE;

#endif
