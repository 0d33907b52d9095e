/*
 * file.h - whole files: read them within a limit, replace them at once.
 */
#ifndef SC_BASE_FILE_H
#define SC_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/*
 * Read all of @path into @out, which lives in @a and ends in a NUL that .n does
 * not count; "-" is standard input. Errors: SC_ESYSTEM; SC_ELIMIT if there are
 * more than @limit bytes; SC_ENOMEM. A folder or a device is SC_ESYSTEM too.
 */
int sc_file_read(const char *path, size_t limit, struct sc_arena *a,
		 struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* The same in two steps, for who must look at the file in between; the caller
 * closes the descriptor, and @path is for messages. */
int sc_file_open(const char *path, struct sc_error *err) SC_MUST_USE;
int sc_file_read_fd(int fd, const char *path, size_t limit, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* Write all of @bytes to @fd; false, with errno, if that fails. */
bool sc_write_all(int fd, struct sc_str bytes);

struct sc_output {
	const char *path;
	struct sc_str bytes;
};

/*
 * Make each of the @n files hold its bytes with mode 0644, all of them or as
 * they were before: new files beside them, synced, then renamed over them; none
 * takes its place before all are on disk. A link at a path is replaced and
 * never followed. Errors: SC_ESYSTEM; SC_ENOMEM.
 */
int sc_files_replace(const struct sc_output *files, size_t n,
		     struct sc_error *err) SC_MUST_USE;

/* The folder @path is there, and can be written to: made, if it was not.
 * Errors: SC_ESYSTEM. */
int sc_folder_make(const char *path, struct sc_error *err) SC_MUST_USE;

/* On disk: the names that the folder @path holds. Errors: SC_ESYSTEM. */
int sc_sync_folder(const char *path, struct sc_error *err) SC_MUST_USE;

#endif
