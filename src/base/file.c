#include "base/file.h"

#include "base/buf.h"
#include "base/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define CHUNK ((size_t)64 * 1024)

static int open_stdin(struct sc_error *err)
{
	int fd = dup(STDIN_FILENO);

	return fd < 0 ? sc_fail_os(err, "cannot read standard input") : fd;
}

int sc_file_open(const char *path, struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	struct stat st;

	if (strcmp(path, "-") == 0)
		return open_stdin(err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0)
		return sc_fail_os(err, "cannot open '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return sc_fail_os(err, "cannot read '%s'", path);
	}
	return SC_TAKE_FD(fd);
}

int sc_file_read(const char *path, size_t limit, struct sc_arena *a,
		 struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = sc_file_open(path, err);

	return fd < 0 ? fd : sc_file_read_fd(fd, path, limit, a, out, err);
}

// NOLINTNEXTLINE(readability-function-size): as many as sc_file_read(), and one
int sc_file_read_fd(int fd, const char *path, size_t limit, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(free_p) char *chunk = malloc(CHUNK);
	ssize_t n;

	if (!chunk)
		return sc_no_memory(err);
	while ((n = read(fd, chunk, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sc_fail_os(err, "cannot read '%s'", path);
		if ((size_t)n > limit - text.n)
			return sc_fail(err, SC_ELIMIT,
				       "'%s' is larger than %zu bytes", path,
				       limit);
		sc_put(&text, (struct sc_str){ chunk, (size_t)n });
	}
	if (text.failed || !sc_keep(a, (struct sc_str){ text.s, text.n }, out))
		return sc_no_memory(err);
	return 0;
}

bool sc_write_all(int fd, struct sc_str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.s, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		sc_str_drop(&bytes, (size_t)n);
	}
	return true;
}

/* A new file beside @file's path; its name goes into @temp. */
static int write_temp(const struct sc_output *file, struct sc_buf *temp,
		      struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	struct stat st;

	sc_putf(temp, "%s.XXXXXX", file->path);
	if (temp->failed)
		return sc_no_memory(err);
	if (lstat(file->path, &st) == 0 && S_ISDIR(st.st_mode)) {
		temp->n = 0;
		errno = EISDIR;
		return sc_fail_os(err, "cannot write '%s'", file->path);
	}
	fd = mkostemp(temp->s, O_CLOEXEC);
	if (fd < 0) {
		temp->n = 0;
		return sc_fail_os(err, "cannot write beside '%s'", file->path);
	}
	if (!sc_write_all(fd, file->bytes) || fchmod(fd, 0644) < 0 ||
	    fsync(fd) < 0)
		return sc_fail_os(err, "cannot write '%s'", file->path);
	return 0;
}

int sc_files_replace(const struct sc_output *files, size_t n,
		     struct sc_error *err)
{
	struct sc_buf *temps = calloc(n ? n : 1, sizeof(*temps));
	int r = 0;

	if (!temps)
		return sc_no_memory(err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = write_temp(&files[i], &temps[i], err);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (rename(temps[i].s, files[i].path) < 0)
			r = sc_fail_os(err, "cannot write '%s'", files[i].path);
		else
			temps[i].n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (temps[i].n)
			(void)unlink(temps[i].s);
		sc_buf_free(&temps[i]);
	}
	free(temps);
	return r;
}

int sc_folder_make(const char *path, struct sc_error *err)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return sc_fail_os(err, "cannot make the folder '%s'", path);
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	else if (access(path, W_OK | X_OK) == 0)
		return 0;
	return sc_fail_os(err, "cannot write to '%s'", path);
}

int sc_sync_folder(const char *path, struct sc_error *err)
{
	SC_CLEAN(close_p)
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return sc_fail_os(err, "cannot write the folder '%s'", path);
	return 0;
}
