/* host_path.h - which paths are the host's own, and no container's. */
#ifndef SC_POLICY_HOST_PATH_H
#define SC_POLICY_HOST_PATH_H

#include "base/str.h"

/* Is @path @above, or below it? */
bool sc_path_is_below(struct sc_str path, struct sc_str above);

/*
 * What services of the host live in, homes, and folders that many share: with
 * another label services stop, and what they hold is open to the container.
 * @path is absolute, or in a home ("~/.ssh"), and has no "." or ".." in it.
 */
bool sc_path_is_system(struct sc_str path);

#endif
