/*
 * replay.c - feeds the files of a corpus to a fuzz target, one test case each,
 * so that what a fuzzer once found is tried with every compiler.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_no_dot_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* In memory of just its size, so that a sanitizer sees a read past the end. */
static uint8_t *read_all(FILE *f, size_t *size)
{
	uint8_t *bytes = NULL;
	size_t n = 0, room = 0;
	int c;

	while ((c = getc(f)) != EOF) {
		if (n == room) {
			room = 2 * room + 64;
			bytes = realloc(bytes, room);
			if (!bytes)
				return NULL;
		}
		bytes[n++] = (uint8_t)c;
	}
	*size = n;
	return n ? realloc(bytes, n) : malloc(1);
}

static int replay(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *bytes;
	size_t size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "re");
	if (!f)
		return errno;
	bytes = read_all(f, &size);
	fclose(f);
	if (!bytes)
		return ENOMEM;
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **files = NULL;
	int failed = 0, n;

	n = argc > 1 ? scandir(argv[1], &files, is_no_dot_file, alphasort) : 0;
	if (n <= 0) {
		printf("1..0 # SKIP no corpus\n");
		return 0;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		int r;

		/* A crash shall name its input. */
		printf("# %s\n", files[i]->d_name);
		fflush(stdout);
		r = replay(argv[1], files[i]->d_name);
		printf("%sok %d - %s%s%s\n", r ? "not " : "", i + 1,
		       files[i]->d_name, r ? ": " : "", r ? strerror(r) : "");
		failed += r != 0;
		free(files[i]);
	}
	free(files);
	return failed > 0;
}
