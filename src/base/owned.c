#include "base/owned.h"

#include <stdio.h>
#include <string.h>

bool sc_stat_is_roots(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool sc_path_is_roots(const char *path, char weak[PATH_MAX])
{
	struct stat st;

	snprintf(weak, PATH_MAX, "%s", path);
	if (*path != '/' || strlen(path) >= PATH_MAX)
		return false;
	while (lstat(weak, &st) == 0 && sc_stat_is_roots(&st)) {
		char *slash = strrchr(weak, '/');

		if (slash == weak && !slash[1])
			return true;
		slash[slash == weak] = '\0';
	}
	return false;
}
