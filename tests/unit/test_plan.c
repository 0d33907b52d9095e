#include "unit.h"

#include "base/clean.h"
#include "folder.h"
#include "plan/plan.h"
#include "plan/run.h"

#include <stdlib.h>

/* What the steps below did, and whether "X" and "Y" may succeed. */
struct host {
	struct sc_buf trace;
	bool changed_all_the_same;
};

struct thing {
	struct host *host;
	char name;
	bool is;
};

static int done(void *data, struct sc_error *err)
{
	const struct thing *t = data;

	(void)err;
	return t->is;
}

static int apply(void *data, struct sc_error *err)
{
	struct thing *t = data;

	if (t->name == 'X') {
		t->is = t->host->changed_all_the_same;
		return sc_fail(err, SC_EREFUSED, "the host said no");
	}
	sc_putf(&t->host->trace, "+%c", t->name);
	t->is = true;
	return 0;
}

static int undo(void *data, struct sc_error *err)
{
	struct thing *t = data;

	if (t->name == 'Y')
		return sc_fail(err, SC_EREFUSED, "no way back");
	sc_putf(&t->host->trace, "-%c", t->name);
	t->is = false;
	return 0;
}

struct bench {
	struct sc_arena arena;
	struct sc_ledger ledger;
	struct host host;
	struct thing things[3];
	struct sc_change changes[3];
	struct sc_step steps[3];
	char dir[64];
};

static void bench_free(struct bench *b)
{
	sc_ledger_close(&b->ledger);
	sc_arena_free(&b->arena);
	sc_buf_free(&b->host.trace);
	remove_folder(b->dir);
}

static void bench_make(struct bench *b, const char *names)
{
	struct sc_error err;

	snprintf(b->dir, sizeof(b->dir), "/tmp/selcage-plan-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	assert_int_equal(
		sc_ledger_open(b->dir, true, &b->arena, &b->ledger, &err), 0);
	for (size_t i = 0; i < 3; i++) {
		b->things[i] = (struct thing){ &b->host, names[i], false };
		b->changes[i] = (struct sc_change){ .name = { names + i, 1 } };
		b->steps[i] = (struct sc_step){
			.title = "a step",
			.changes = { .kind = SC_STR("letters"),
				     .place = SC_STR("here"),
				     .v = &b->changes[i],
				     .n = 1 },
			.data = &b->things[i],
			.done = done,
			.apply = apply,
			.undo = undo,
		};
	}
}

static int run(struct bench *b, struct sc_error *err)
{
	return sc_plan_apply(&(struct sc_plan){ b->steps, 3 }, &b->ledger,
			     &b->arena, err);
}

static void does_each_step_once_and_notes_it(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b, "abc");
	b.things[1].is = true;
	assert_int_equal(run(&b, &err), 0);
	assert_string_equal(b.host.trace.s, "+a+c");
	assert_int_equal(b.ledger.n, 2);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_DONE);
	assert_int_equal(b.ledger.v[1].state, SC_ENTRY_DONE);
}

static void undoes_last_first(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b, "abX");
	assert_int_equal(run(&b, &err), SC_EREFUSED);
	assert_string_equal(b.host.trace.s, "+a+b-b-a");
	assert_string_equal(err.msg,
			    "a step: nothing changed: the host said no");
	assert_int_equal(b.ledger.n, 5);
	assert_int_equal(b.ledger.v[2].state, SC_ENTRY_UNDONE);
	assert_int_equal(b.ledger.v[4].state, SC_ENTRY_DONE);
	assert_null(sc_ledger_interrupted(&b.ledger, SC_STR("letters")));
}

static void says_where_undoing_stopped(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b, "aYX");
	assert_int_equal(run(&b, &err), SC_EREFUSED);
	assert_string_equal(b.host.trace.s, "+a+Y");
	assert_string_equal(err.msg, "cannot undo 'a step' (no way back), "
				     "after: a step: nothing changed: the "
				     "host said no");
	assert_non_null(sc_ledger_interrupted(&b.ledger, SC_STR("letters")));
}

static void believes_the_host_and_not_the_failure(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b, "Xab");
	b.host.changed_all_the_same = true;
	assert_int_equal(run(&b, &err), 0);
	assert_string_equal(b.host.trace.s, "+a+b");
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_DONE);
}

static void resumes_what_was_begun(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;
	uint64_t id;

	(void)state;
	bench_make(&b, "aXc");
	for (size_t i = 0; i < 2; i++) {
		const struct sc_step *step = &b.steps[i];

		assert_int_equal(
			sc_ledger_begin(&b.ledger, &step->changes, &id, &err),
			0);
		assert_int_equal(sc_plan_resume(step, id, &b.ledger, &err),
				 i == 0 ? 0 : SC_EREFUSED);
	}
	assert_string_equal(b.host.trace.s, "+a");
	assert_int_equal(b.ledger.n, 2);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_DONE);
	assert_int_equal(b.ledger.v[1].state, SC_ENTRY_UNDONE);
}

/* ---- programs of the host's */

static void runs_a_program_in_the_root_and_with_nothing_of_ours(void **state)
{
	static const char *const where[] = { "/bin/sh", "-c",
					     "pwd; echo \"$SELCAGE_X\"; cat",
					     NULL };
	static const char *const fails[] = { "/bin/sh", "-c",
					     "echo no; echo more; exit 3",
					     NULL };
	static const char *const none[] = { "/nowhere", NULL };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_str said = { 0 };

	(void)state;
	assert_int_equal(setenv("SELCAGE_X", "x", 1), 0);
	assert_int_equal(sc_run_said(where, &a, &said, &err), 0);
	assert_true(sc_str_eq(said, SC_STR("/\n\n")));
	assert_int_equal(sc_run_said(fails, &a, &said, &err), SC_EREFUSED);
	assert_non_null(strstr(err.msg, "'/bin/sh' failed: no"));
	assert_null(strstr(err.msg, "more"));
	assert_int_equal(sc_run(none, &err), SC_ESYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_each_step_once_and_notes_it),
		cmocka_unit_test(undoes_last_first),
		cmocka_unit_test(says_where_undoing_stopped),
		cmocka_unit_test(believes_the_host_and_not_the_failure),
		cmocka_unit_test(resumes_what_was_begun),
		cmocka_unit_test(
			runs_a_program_in_the_root_and_with_nothing_of_ours),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
