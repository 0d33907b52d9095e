#include "unit.h"

#include "audit/source.h"
#include "base/clean.h"

#include <unistd.h>

#define SIZE ((off_t)9 << 20) /* more than is read without a thread */

/* What a source gave: its lines, and what of them is quiet. */
struct seen {
	uint64_t bytes, quiet, hash;
	int result;
};

static long read_all(void *from, char *to, size_t n)
{
	return read(*(int *)from, to, n);
}

static void hash(struct seen *s, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++)
		s->hash = (s->hash ^ b[i]) * 0x100000001b3;
}

static struct seen look(struct sc_source *source, size_t keep)
{
	struct seen s = { 0 };
	struct sc_error err;
	struct sc_str lines = { 0 };
	char before[64] = "";

	while ((s.result = sc_source_next(source, s.bytes ? keep : 0, &lines,
					  &err)) > 0) {
		const struct sc_quiet *quiet;
		size_t n = sc_source_quiet(source, &quiet);

		if (s.bytes)
			assert_memory_equal(lines.s - keep, before, keep);
		memcpy(before, lines.s + lines.n - keep, keep);
		s.bytes += lines.n;
		hash(&s, lines.s, lines.n);
		for (size_t i = 0; i < n; i++)
			s.quiet += quiet[i].lines;
	}
	return s;
}

static FILE *make_log(void)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	for (int i = 0; ftello(f) < SIZE; i++)
		fprintf(f, "type=%s msg=audit(%d.%03d:%d): a=%0*d%s\n",
			i % 7 ? "SYSCALL" : "AVC", i / 9, i % 900, i / 3,
			i % 311, i, i % 1000 ? "" : "\nno record");
	assert_int_equal(fflush(f), 0);
	return f;
}

static struct seen look_at_file(FILE *f)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct sc_error err;
	int fd = dup(fileno(f));

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sc_source_open(fd, &source, &err), 0);
	return look(source, 50);
}

/* The same bytes, by a reader that no thread is made for. */
static struct seen look_at_bytes(FILE *f)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct sc_error err;
	int fd = fileno(f);

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sc_source_from(read_all, &fd, 0, &source, &err), 0);
	return look(source, 50);
}

static void gives_the_same_with_a_thread(void **state)
{
	FILE *f = make_log();
	struct seen a = look_at_file(f), b = look_at_bytes(f);

	(void)state;
	assert_int_equal(a.result, 0);
	assert_int_equal(b.result, 0);
	assert_int_equal(a.bytes, b.bytes);
	assert_int_equal(a.bytes, ftello(f));
	assert_int_equal(a.quiet, b.quiet);
	assert_true(a.quiet > 1000);
	assert_int_equal(a.hash, b.hash);
	fclose(f);
}

/* A source can be closed while its thread is at work. */
static void ends_before_the_log_does(void **state)
{
	FILE *f = make_log();

	(void)state;
	for (int i = 0; i < 20; i++) {
		SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
		struct sc_error err;
		struct sc_str lines;
		int fd = dup(fileno(f));

		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(sc_source_open(fd, &source, &err), 0);
		for (int n = 0; n < i % 4; n++)
			assert_int_equal(
				sc_source_next(source, 0, &lines, &err), 1);
	}
	fclose(f);
}

/* What a pipe brings is given at once, and a source can be closed while its
 * thread waits for more. */
static void ends_before_the_pipe_does(void **state)
{
	static char part[SC_LOOK_BYTES];
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct sc_error err;
	struct sc_str lines;
	int ends[2];

	(void)state;
	memset(part, '\n', sizeof(part));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(sc_source_open(ends[0], &source, &err), 0);
	assert_int_equal(write(ends[1], part, sizeof(part)), sizeof(part));
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 1);
	assert_int_equal(lines.n, sizeof(part));
	assert_int_equal(write(ends[1], "one\n", 4), 4);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 1);
	assert_int_equal(lines.n, 4);
	sc_source_close(SC_TAKE(source));
	assert_int_equal(close(ends[1]), 0);
}

/* The end, and an error, are told as often as one asks. */
static void stays_at_its_end(void **state)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	FILE *f = make_log();
	struct sc_error err;
	struct sc_str lines = { 0 };
	int fd = dup(fileno(f)), r;

	(void)state;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sc_source_open(fd, &source, &err), 0);
	do {
		r = sc_source_next(source, 0, &lines, &err);
	} while (r > 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(sc_source_next(source, 0, &lines, &err), 0);
	assert_int_equal(sc_source_position(source), ftello(f));
	fclose(f);
}

/* Who waits gets what there is, then a sign, then what comes. */
static void does_not_wait_for_more(void **state)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct sc_error err;
	struct sc_str lines;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "line one\ntw", 11), 11);
	assert_int_equal(sc_source_open(ends[0], &source, &err), 0);
	sc_source_live(source);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 1);
	assert_int_equal(lines.n, 9);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 1);
	assert_int_equal(lines.n, 0);
	assert_int_equal(write(ends[1], "o\n", 2), 2);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 1);
	assert_memory_equal(lines.s, "two\n", 4);
	assert_int_equal(sc_source_next(source, 0, &lines, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_with_a_thread),
		cmocka_unit_test(ends_before_the_log_does),
		cmocka_unit_test(ends_before_the_pipe_does),
		cmocka_unit_test(stays_at_its_end),
		cmocka_unit_test(does_not_wait_for_more),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
