/* owned.h - files that nobody but root can change. */
#ifndef SC_BASE_OWNED_H
#define SC_BASE_OWNED_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

/* Root's, and not writable by others. What an ACL gives them shows in the bits
 * of the group. */
bool sc_stat_is_roots(const struct stat *st);

/*
 * Is @path, which is absolute and leads over no link, root's own, as each
 * folder on the way to it? Who can write to one of these can put another file
 * there. If not, or if it cannot be looked at, @weak is the one of them that is
 * not.
 */
bool sc_path_is_roots(const char *path, char weak[PATH_MAX]);

#endif
