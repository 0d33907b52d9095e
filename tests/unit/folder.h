/* folder.h - a folder that a test made and takes away again. */
#ifndef SC_TESTS_FOLDER_H
#define SC_TESTS_FOLDER_H

#include <ftw.h>
#include <stdio.h>

static inline int remove_entry(const char *path, const struct stat *st,
			       int what, struct FTW *where)
{
	(void)st;
	(void)what;
	(void)where;
	return remove(path);
}

static inline void remove_folder(const char *path)
{
	(void)nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
