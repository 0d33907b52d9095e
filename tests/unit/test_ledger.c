#include "unit.h"

#include "base/clean.h"
#include "base/file.h"
#include "folder.h"
#include "plan/ledger.h"

struct bench {
	struct sc_arena arena;
	struct sc_ledger ledger;
	char dir[64];
	struct sc_str journal;
};

static void bench_free(struct bench *b)
{
	sc_ledger_close(&b->ledger);
	sc_arena_free(&b->arena);
	remove_folder(b->dir);
}

static void open_ledger(struct bench *b)
{
	struct sc_error err;

	sc_ledger_close(&b->ledger);
	assert_int_equal(
		sc_ledger_open(b->dir, true, &b->arena, &b->ledger, &err), 0);
}

static void bench_make(struct bench *b)
{
	b->ledger.journal = b->ledger.lock = -1;
	snprintf(b->dir, sizeof(b->dir), "/tmp/selcage-ledger-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	assert_true(sc_keepf(&b->arena, &b->journal, "%s/journal", b->dir));
	open_ledger(b);
}

static uint64_t begin(struct bench *b, const char *name, struct sc_str after)
{
	struct sc_change c = { .name = { name, strlen(name) }, .after = after };
	struct sc_error err;
	uint64_t id;

	assert_int_equal(sc_ledger_begin(&b->ledger,
					 &(struct sc_change_set){
						 .kind = SC_STR("modules"),
						 .place = SC_STR("default"),
						 .v = &c,
						 .n = 1 },
					 &id, &err),
			 0);
	return id;
}

static void end(struct bench *b, uint64_t id)
{
	struct sc_error err;

	assert_int_equal(sc_ledger_end(&b->ledger, id, SC_ENTRY_DONE, &err), 0);
}

static struct sc_str journal(struct bench *b)
{
	struct sc_str text;
	struct sc_error err;

	assert_int_equal(
		sc_file_read(b->journal.s, 1 << 20, &b->arena, &text, &err), 0);
	return text;
}

static int put_file(const char *path, struct sc_str text, struct sc_error *err)
{
	return sc_files_replace(&(struct sc_output){ path, text }, 1, err);
}

static void put_journal(struct bench *b, struct sc_str text)
{
	struct sc_error err;

	assert_int_equal(put_file(b->journal.s, text, &err), 0);
}

static int try_open(struct bench *b, bool write, struct sc_error *err)
{
	sc_ledger_close(&b->ledger);
	b->ledger.journal = b->ledger.lock = -1;
	return sc_ledger_open(b->dir, write, &b->arena, &b->ledger, err);
}

static void reads_back_what_it_wrote(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_str digest, text;
	struct sc_error err;
	uint64_t id;

	(void)state;
	bench_make(&b);
	assert_int_equal(
		sc_ledger_keep(&b.ledger, SC_STR("(block a)"), &digest, &err),
		0);
	id = begin(&b, "a", digest);
	end(&b, id);
	begin(&b, "b", (struct sc_str){ 0 });
	open_ledger(&b);
	assert_int_equal(b.ledger.n, 2);
	assert_int_equal(b.ledger.v[0].id, 1);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_DONE);
	assert_true(sc_str_eq(b.ledger.v[0].changes.v[0].after, digest));
	assert_int_equal(b.ledger.v[0].changes.v[0].before.n, 0);
	assert_int_equal(b.ledger.v[1].state, SC_ENTRY_OPEN);
	assert_ptr_equal(sc_ledger_interrupted(&b.ledger, SC_STR("modules")),
			 &b.ledger.v[1]);
	assert_int_equal(
		sc_ledger_fetch(&b.ledger, digest, &b.arena, &text, &err), 0);
	assert_true(sc_str_eq(text, SC_STR("(block a)")));
}

/* Wherever the power went: the lines before the cut are there, and no more. */
static void takes_a_journal_cut_anywhere(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_str whole;
	struct sc_error err;
	size_t first;

	(void)state;
	bench_make(&b);
	end(&b, begin(&b, "a", (struct sc_str){ 0 }));
	whole = journal(&b);
	first = (size_t)((char *)memchr(whole.s, '\n', whole.n) - whole.s) + 1;
	for (size_t n = 0; n <= whole.n; n += n + 9 < whole.n ? 9 : 1) {
		put_journal(&b, (struct sc_str){ whole.s, n });
		assert_int_equal(try_open(&b, true, &err), 0);
		assert_int_equal(b.ledger.n, n >= first);
		if (n >= first)
			assert_int_equal(b.ledger.v[0].state,
					 n == whole.n ? SC_ENTRY_DONE
						      : SC_ENTRY_OPEN);
		begin(&b, "next", (struct sc_str){ 0 });
		assert_int_equal(try_open(&b, true, &err), 0);
	}
}

/* Any byte of a line that another line comes after. */
static void trusts_no_journal_that_was_changed(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_str whole;
	struct sc_error err;
	size_t first;
	char *copy;

	(void)state;
	bench_make(&b);
	end(&b, begin(&b, "a", (struct sc_str){ 0 }));
	whole = journal(&b);
	copy = (char *)whole.s;
	first = (size_t)((char *)memchr(whole.s, '\n', whole.n) - whole.s);
	for (size_t i = 0; i < first; i++) {
		copy[i] ^= 1;
		put_journal(&b, whole);
		assert_int_equal(try_open(&b, false, &err), SC_ESYNTAX);
		copy[i] ^= 1;
	}
	put_journal(&b, whole);
	assert_int_equal(try_open(&b, false, &err), 0);
}

static void is_held_by_one(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_ledger second;
	struct sc_error err;

	(void)state;
	bench_make(&b);
	assert_int_equal(sc_ledger_open(b.dir, true, &b.arena, &second, &err),
			 SC_EREFUSED);
	assert_int_equal(sc_ledger_open(b.dir, false, &b.arena, &second, &err),
			 0);
	sc_ledger_close(&second);
}

static void missing_is_empty(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_ledger_close)
	struct sc_ledger l = { .journal = -1, .lock = -1 };
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_ledger_open("/nowhere/ledger", false, &a, &l, &err),
			 0);
	assert_int_equal(l.n, 0);
}

static void takes_no_name_that_would_be_two(void **state)
{
	static const char *const names[] = { "", "a b", "a\tb", "a\n1\t2" };
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;
	uint64_t id;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < 4; i++) {
		struct sc_change c = { .name = { names[i], strlen(names[i]) } };
		struct sc_change_set set = { .kind = SC_STR("modules"),
					     .place = SC_STR("default"),
					     .v = &c,
					     .n = 1 };

		assert_int_equal(sc_ledger_begin(&b.ledger, &set, &id, &err),
				 SC_ESYNTAX);
	}
	assert_int_equal(journal(&b).n, 0);
}

static void a_kept_text_that_changed_is_refused(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_str digest, path, text;
	struct sc_error err;

	(void)state;
	bench_make(&b);
	assert_int_equal(
		sc_ledger_keep(&b.ledger, SC_STR("(block a)"), &digest, &err),
		0);
	assert_true(sc_keepf(&b.arena, &path, "%s/texts/" SC_FMT, b.dir,
			     SC_ARG(digest)));
	assert_int_equal(put_file(path.s, SC_STR("(block b)"), &err), 0);
	assert_int_equal(
		sc_ledger_fetch(&b.ledger, digest, &b.arena, &text, &err),
		SC_ESYNTAX);
}

static void survives_every_lack_of_memory(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b);
	end(&b, begin(&b, "a", (struct sc_str){ 0 }));
	for (long nth = 0;; nth++) {
		int r;

		sc_test_fail_after = nth;
		r = try_open(&b, true, &err);
		sc_test_fail_after = -1;
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
	assert_int_equal(b.ledger.n, 1);
}

/* It refuses before it cannot be read any more; what is open can be ended. */
static void is_full_before_it_is_too_long(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_change c = { .name = SC_STR("web") };
	const struct sc_change_set set = { .kind = SC_STR("modules"),
					   .place = SC_STR("default"),
					   .v = &c,
					   .n = 1 };
	struct sc_error err;
	uint64_t id = 0;
	size_t n;
	int r;

	(void)state;
	bench_make(&b);
	b.ledger.limit = 8192;
	assert_false(sc_ledger_is_nearly_full(&b.ledger));
	while ((r = sc_ledger_begin(&b.ledger, &set, &id, &err)) == 0)
		assert_true(b.ledger.bytes == journal(&b).n);
	assert_int_equal(r, SC_ELIMIT);
	assert_non_null(strstr(err.msg, "is full"));
	n = b.ledger.n;
	assert_true(n > 10 && b.ledger.bytes <= 8192 - 4096);
	end(&b, id);
	assert_true(b.ledger.bytes == journal(&b).n);
	b.ledger.limit = b.ledger.bytes * 4 / 3 + 4;
	assert_false(sc_ledger_is_nearly_full(&b.ledger));
	b.ledger.limit -= 8;
	assert_true(sc_ledger_is_nearly_full(&b.ledger));
	open_ledger(&b);
	assert_int_equal(b.ledger.n, n);
	assert_int_equal(b.ledger.v[n - 1].state, SC_ENTRY_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back_what_it_wrote),
		cmocka_unit_test(takes_a_journal_cut_anywhere),
		cmocka_unit_test(trusts_no_journal_that_was_changed),
		cmocka_unit_test(is_held_by_one),
		cmocka_unit_test(missing_is_empty),
		cmocka_unit_test(takes_no_name_that_would_be_two),
		cmocka_unit_test(a_kept_text_that_changed_is_refused),
		cmocka_unit_test(is_full_before_it_is_too_long),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
