#include "unit.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"
#include "folder.h"
#include "policy/db.h"
#include "policy/respite.h"
#include "policy/running_state.h"

#include <stdlib.h>
#include <unistd.h>

/* A kernel that has a policy, and somebody else who loads others into it. */
struct fake {
	struct sc_kernel kernel;
	struct sc_arena arena;
	struct sc_str policy;
	uint32_t sequence;
	const char *installed; /* NULL: there is none */
	struct sc_str others;  /* .s: what others load, when: */
	int others_after;      /* so many calls of ours; -1: never */
	bool booleans;         /* or they set one: only the number moves */
	bool refuses;          /* the kernel takes no policy */
	bool has_none;         /* there is no installed policy to load */
	size_t loads, reloads;
};

/* Timers that were set. */
struct clock {
	struct sc_timers timers;
	char units[4][64];
	size_t n;
	bool refuses;
};

struct bench {
	struct sc_arena arena;
	struct fake fake;
	struct clock clock;
	struct sc_ledger ledger;
	struct sc_running running;
	char dir[64], ledger_dir[80], run_dir[80];
	struct sc_str base;
};

static int others_come(struct fake *f)
{
	if (f->others_after < 0 || f->others_after-- != 0 ||
	    (!f->others.s && !f->booleans))
		return 0;
	if (!f->booleans)
		f->policy = f->others;
	f->sequence++;
	return 0;
}

static int fake_sequence(void *data, uint32_t *out, struct sc_error *err)
{
	struct fake *f = data;

	(void)err;
	*out = f->sequence;
	return others_come(f);
}

static int fake_read(void *data, struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err)
{
	struct fake *f = data;

	if (!sc_keep(a, f->policy, out))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	return others_come(f);
}

static int fake_load(void *data, struct sc_str policy, struct sc_error *err)
{
	struct fake *f = data;
	long fails;

	if (f->refuses)
		return sc_fail(err, SC_ESYSTEM, "the kernel said no");
	fails = sc_test_fail_after;
	sc_test_fail_after = -1; /* the kernel's memory is its own */
	assert_true(sc_keep(&f->arena, policy, &f->policy));
	sc_test_fail_after = fails;
	f->sequence++;
	f->loads++;
	return 0;
}

static int fake_reload(void *data, struct sc_error *err)
{
	struct fake *f = data;

	if (f->has_none)
		return sc_fail(err, SC_ESYSTEM, "there is none");
	f->reloads++;
	f->policy = f->others;
	f->sequence++;
	return 0;
}

static int fake_installed(void *data, struct sc_arena *a, struct sc_str *path,
			  struct sc_error *err)
{
	const struct fake *f = data;

	if (!f->installed)
		return sc_fail(err, SC_ENOTFOUND, "none");
	return sc_keepf(a, path, "%s", f->installed) ? 0 : SC_ENOMEM;
}

static int fake_start(void *data, const struct sc_timer *t,
		      struct sc_error *err)
{
	struct clock *c = data;

	if (c->refuses)
		return sc_fail(err, SC_EREFUSED, "systemd said no");
	assert_true(c->n < 4);
	assert_true(t->seconds > 0);
	snprintf(c->units[c->n++], sizeof(*c->units), "%s", t->unit);
	return 0;
}

static int fake_stop(void *data, const char *unit, struct sc_error *err)
{
	struct clock *c = data;

	(void)err;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->units[i], unit) == 0) {
			c->n--;
			memmove(c->units[i], c->units[c->n], sizeof(*c->units));
			return 0;
		}
	return 0;
}

static const char *policy_path(void)
{
	static char path[4096];
	const char *folder = getenv("SELCAGE_TEST_POLICIES");

	snprintf(path, sizeof(path), "%s/why.policy", folder ? folder : ".");
	if (access(path, R_OK) == 0)
		return path;
	printf("1..0 # SKIP no secilc has built why.policy\n");
	exit(77);
}

static void open_ledger(struct bench *b)
{
	struct sc_error err;

	sc_ledger_close(&b->ledger);
	assert_int_equal(sc_ledger_open(b->ledger_dir, true, &b->arena,
					&b->ledger, &err),
			 0);
}

static void open_running(struct bench *b)
{
	struct sc_error err;

	sc_running_close(&b->running);
	assert_int_equal(sc_running_open(b->run_dir, true, &b->fake.kernel,
					 &b->arena, &b->running, &err),
			 0);
}

static void bench_make(struct bench *b)
{
	struct sc_error err;

	b->ledger.journal = b->ledger.lock = b->running.lock = -1;
	snprintf(b->dir, sizeof(b->dir), "/tmp/selcage-running-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	snprintf(b->ledger_dir, sizeof(b->ledger_dir), "%s/ledger", b->dir);
	snprintf(b->run_dir, sizeof(b->run_dir), "%s/run", b->dir);
	b->clock.timers =
		(struct sc_timers){ fake_start, fake_stop, &b->clock };
	b->fake.kernel =
		(struct sc_kernel){ fake_sequence, fake_read,      fake_load,
				    fake_reload,   fake_installed, &b->fake };
	b->fake.others_after = -1;
	b->fake.sequence = 3;
	assert_int_equal(sc_file_read(policy_path(), SC_POLICY_BYTES, &b->arena,
				      &b->base, &err),
			 0);
	b->fake.policy = b->base;
	open_ledger(b);
	open_running(b);
}

static void bench_free(struct bench *b)
{
	sc_running_close(&b->running);
	sc_ledger_close(&b->ledger);
	sc_arena_free(&b->fake.arena);
	sc_arena_free(&b->arena);
	remove_folder(b->dir);
}

#define BOOT SC_STR("this-boot")

static struct sc_respite respite(const char *domain, unsigned flags)
{
	return (struct sc_respite){ .what = { sc_view(domain), flags },
				    .since = 1000,
				    .until = 2800,
				    .user = 7 };
}

/* Begin one, or with no @flags end it, by a plan. */
static int play(struct bench *b, const char *domain, unsigned flags,
		struct sc_error *err)
{
	struct sc_respite wanted = respite(domain, flags);
	struct sc_respite_step s;
	struct sc_step step;
	struct sc_plan plan = { &step, 1 };
	int r = flags ? sc_respite_begin(&b->running, &b->ledger, BOOT, &wanted,
					 &s, err)
		      : sc_respite_end(&b->running, &b->ledger, BOOT,
				       wanted.what.domain, &s, err);

	if (r < 0)
		return r;
	s.timers = &b->clock.timers;
	step = sc_respite_plan(&s, "test");
	return sc_plan_apply(&plan, &b->ledger, &b->arena, err);
}

static void does(struct bench *b, const char *domain, unsigned flags)
{
	struct sc_error err = { 0 };

	if (play(b, domain, flags, &err) != 0)
		fail_msg("%s", err.msg);
}

/* Is the kernel's policy permissive for @domain? */
static bool is_permissive(struct bench *b, const char *domain)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_names names;
	struct sc_error err;

	assert_int_equal(sc_policy_read(b->fake.policy, "test", true, &p, &err),
			 0);
	assert_int_equal(sc_policy_permissive(p, &b->arena, &names, &err), 0);
	return sc_names_has(&names, sc_view(domain));
}

static bool has_base(const struct bench *b)
{
	return sc_str_eq(b->fake.policy, b->base);
}

static void begins_and_ends(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	const struct sc_respite *found;

	(void)state;
	bench_make(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT);
	assert_true(is_permissive(&b, "web_t"));
	assert_true(is_permissive(&b, "perm_t")); /* by the policy */
	assert_int_equal(b.clock.n, 1);
	assert_string_equal(b.clock.units[0], "selcage-mode-web_t-0");

	open_running(&b);
	assert_int_equal(b.running.list.n, 1);
	found = sc_running_find(&b.running, SC_STR("web_t"));
	assert_non_null(found);
	assert_int_equal(found->until, 2800);
	assert_int_equal(found->user, 7);
	assert_null(sc_running_find(&b.running, SC_STR("perm_t")));

	does(&b, "web_t", 0);
	assert_true(has_base(&b));
	assert_int_equal(b.clock.n, 0);
	assert_int_equal(b.fake.loads, 2);
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
	assert_int_equal(b.running.lost.n, 0);
}

static void ends_one_and_leaves_the_other(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT);
	open_running(&b);
	does(&b, "app_t", SC_RELAX_PERMISSIVE);
	open_running(&b);
	assert_int_equal(b.running.list.n, 2);
	does(&b, "web_t", 0);
	assert_false(is_permissive(&b, "web_t"));
	assert_true(is_permissive(&b, "app_t"));
	assert_int_equal(b.clock.n, 1);
	open_running(&b);
	assert_int_equal(b.running.list.n, 1);
	does(&b, "app_t", 0);
	assert_true(has_base(&b));
}

static void gives_more_time_without_a_load(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE);
	open_running(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE);
	assert_int_equal(b.fake.loads, 1);
	assert_int_equal(b.clock.n, 1);
	assert_string_equal(b.clock.units[0], "selcage-mode-web_t-1");
	open_running(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE);
	assert_string_equal(b.clock.units[0], "selcage-mode-web_t-0");
	/* and with one if more is wanted */
	open_running(&b);
	does(&b, "web_t", SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT);
	assert_int_equal(b.fake.loads, 2);
}

static void relaxes_nothing_without_a_timer(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b);
	b.clock.refuses = true;
	assert_int_equal(play(&b, "web_t", 1, &err), SC_EREFUSED);
	assert_non_null(strstr(err.msg, "no timer: systemd said no"));
	assert_int_equal(b.fake.loads, 0);
	assert_int_equal(b.ledger.n, 1);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_UNDONE);
}

static void leaves_no_timer_if_the_kernel_refuses(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b);
	b.fake.refuses = true;
	assert_int_equal(play(&b, "web_t", 1, &err), SC_ESYSTEM);
	assert_int_equal(b.clock.n, 0);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_UNDONE);
	b.fake.refuses = false;
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
	does(&b, "web_t", 1);
	assert_true(is_permissive(&b, "web_t"));
}

static void lets_a_policy_of_others_be(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;
	struct sc_str others;

	(void)state;
	bench_make(&b);
	does(&b, "app_t", 1);
	others = b.fake.policy;
	does(&b, "app_t", 0);
	open_running(&b);
	does(&b, "web_t", 1);
	/* they load the old one again */
	b.fake.policy = b.base;
	b.fake.sequence++;
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
	assert_int_equal(b.running.lost.n, 1);

	/* they load between our look and our load */
	b.fake.policy = others;
	b.fake.sequence++;
	assert_int_equal(play(&b, "web_t", 1, &err), SC_EREFUSED);
	assert_non_null(strstr(err.msg, "others loaded a policy"));
	assert_true(sc_str_eq(b.fake.policy, others));
	assert_int_equal(b.clock.n, 0);
	assert_int_equal(b.fake.reloads, 0);
	b.fake.policy = b.base;

	/* they load while we do: theirs is put back */
	open_running(&b);
	b.fake.others = b.base;
	b.fake.others_after = 0;
	assert_int_equal(play(&b, "web_t", 1, &err), SC_EREFUSED);
	assert_int_equal(b.fake.reloads, 1);
	assert_true(has_base(&b));
	assert_non_null(strstr(err.msg, "at the same moment"));
}

/* As learn itself does, so that the kernel tells all again. */
static void ends_where_others_set_a_boolean(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	b.fake.sequence++;
	does(&b, "web_t", SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT);
	assert_true(is_permissive(&b, "web_t"));
	open_running(&b);
	b.fake.sequence += 7;
	does(&b, "web_t", 0);
	assert_true(has_base(&b));
	assert_int_equal(b.clock.n, 0);
	assert_int_equal(b.fake.reloads, 0);
}

/* Others came while we loaded, and what they loaded cannot be put back: ours
 * holds, and must have an end. */
static void keeps_the_timer_of_what_is_relaxed_all_the_same(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	b.fake.booleans = b.fake.has_none = true;
	b.fake.others_after = 0;
	does(&b, "web_t", 1);
	assert_true(is_permissive(&b, "web_t"));
	assert_int_equal(b.clock.n, 1);
	assert_int_equal(b.ledger.v[0].state, SC_ENTRY_DONE);
	open_running(&b);
	does(&b, "web_t", 0);
	assert_false(is_permissive(&b, "web_t"));
	assert_int_equal(b.clock.n, 0);
}

static void waits_for_the_lock_or_does_not(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	SC_CLEAN(close_p) int lock = -1;
	struct sc_error err;

	(void)state;
	bench_make(&b);
	assert_int_equal(sc_running_lock(b.run_dir, false, &err), SC_EREFUSED);
	sc_running_close(&b.running);
	lock = sc_running_lock(b.run_dir, false, &err);
	assert_true(lock >= 0);
}

static void reads_a_policy_that_changes_meanwhile_again(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	b.fake.others = b.base;
	b.fake.others_after = 1; /* after the number, before the bytes */
	open_running(&b);
	assert_int_equal(b.running.sequence, b.fake.sequence);
	does(&b, "web_t", 1);
	assert_true(is_permissive(&b, "web_t"));
}

/* What a crash leaves behind: @now and @next as noted, the kernel as it is. */
static void note(struct bench *b, const char *now, const char *next)
{
	struct sc_running_state s = { .base = b->base, .changing = true };
	struct sc_error err;

	if (*now)
		assert_true(SC_PUSH(&b->arena, &s.now, respite(now, 1)));
	if (*next)
		assert_true(SC_PUSH(&b->arena, &s.next, respite(next, 1)));
	assert_int_equal(sc_running_note(b->running.dir, &s, true, &err), 0);
}

static void knows_what_is_in_force_after_a_crash(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	/* before the load */
	note(&b, "", "web_t");
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
	/* after the load */
	does(&b, "web_t", 1);
	note(&b, "", "web_t");
	open_running(&b);
	assert_int_equal(b.running.list.n, 1);
	/* before the load of an end, and after it */
	note(&b, "web_t", "");
	open_running(&b);
	assert_int_equal(b.running.list.n, 1);
	does(&b, "web_t", 0);
	note(&b, "web_t", "");
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
}

static void spoil(struct bench *b, const char *name, struct sc_str bytes)
{
	struct sc_str path;
	struct sc_error err;

	assert_true(sc_keepf(&b->arena, &path, "%s/%s", b->run_dir, name));
	assert_int_equal(
		sc_files_replace(&(struct sc_output){ path.s, bytes }, 1, &err),
		0);
}

static void believes_no_file_that_does_not_fit(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"selcage 1\n",
		"selcage 1\nnow 1 2 3 4 0 web_t",
		"selcage 1\nnow 9 2 3 4 0 web_t\n",
		"selcage 1\nnow 1 2 3 4 2 web_t\n",
		"selcage 1\nnow 1 2 3 4 0 \n",
		"selcage 1\nnow 1 2 3 4 0 no_such_t\n",
		"selcage 1\nnow 1 2 3 4 0 app_t\n",
		"selcage 1\nlater 1 2 3 4 0 web_t\n"
	};
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		does(&b, "web_t", 1);
		spoil(&b, "relaxed", sc_view(bad[i]));
		open_running(&b);
		assert_int_equal(b.running.list.n, 0);
		/* it ends all the same */
		assert_int_equal(
			sc_running_enforce(&b.running, SC_STR("web_t"), &err),
			0);
		assert_false(is_permissive(&b, "web_t"));
		assert_true(is_permissive(&b, "perm_t"));
		b.fake.policy = b.base;
		open_running(&b);
	}
	does(&b, "web_t", 1);
	spoil(&b, "base", SC_STR("no policy"));
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
}

static void keeps_others_when_it_makes_a_foreign_one_enforcing(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	does(&b, "web_t", 1);
	open_running(&b);
	does(&b, "perm_t", 0);
	assert_false(is_permissive(&b, "perm_t"));
	assert_true(is_permissive(&b, "web_t"));
	open_running(&b);
	assert_non_null(sc_running_find(&b.running, SC_STR("web_t")));
	does(&b, "web_t", 0);
	assert_false(is_permissive(&b, "web_t"));
	assert_false(is_permissive(&b, "perm_t"));
}

static void knows_what_is_permissive_at_boot(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;
	char path[96];

	(void)state;
	bench_make(&b);
	assert_int_equal(sc_running_boots(&b.running, SC_STR("perm_t"), &err),
			 0);
	b.fake.installed = policy_path();
	assert_int_equal(sc_running_boots(&b.running, SC_STR("perm_t"), &err),
			 1);
	assert_int_equal(sc_running_boots(&b.running, SC_STR("web_t"), &err),
			 0);

	/* a respite is over once the store has what it made */
	b.fake.installed = NULL;
	does(&b, "web_t", 1);
	snprintf(path, sizeof(path), "%s/installed", b.dir);
	assert_int_equal(
		sc_files_replace(&(struct sc_output){ path, b.fake.policy }, 1,
				 &err),
		0);
	open_running(&b);
	assert_int_equal(b.running.list.n, 1);
	b.fake.installed = path;
	open_running(&b);
	assert_int_equal(b.running.list.n, 0);
	assert_int_equal(b.running.lost.n, 1);
	assert_int_equal(sc_running_boots(&b.running, SC_STR("web_t"), &err),
			 1);
}

static void settle(struct bench *b, struct sc_str boot, size_t ended)
{
	struct sc_respite_pasts pasts;
	struct sc_error err;

	open_ledger(b);
	open_running(b);
	assert_int_equal(
		sc_respite_settle(&b->ledger, &b->running, boot, &pasts, &err),
		0);
	assert_int_equal(pasts.n, ended);
	assert_int_equal(
		sc_respite_open_ones(&b->ledger, &b->arena, &pasts, &err), 0);
	for (size_t i = 0; i < b->ledger.n; i++)
		assert_int_not_equal(b->ledger.v[i].state, SC_ENTRY_OPEN);
}

static void notes_in_the_ledger_what_has_ended(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };

	(void)state;
	bench_make(&b);
	does(&b, "web_t", 1);
	settle(&b, BOOT, 0);
	assert_int_equal(b.ledger.n, 1);
	/* a reboot: the kernel has its policy, and the folder is gone */
	b.fake.policy = b.base;
	remove_folder(b.run_dir);
	settle(&b, SC_STR("next-boot"), 1);
	assert_int_equal(b.ledger.n, 2);
	assert_true(sc_str_eq(b.ledger.v[1].changes.place, BOOT));
	settle(&b, SC_STR("next-boot"), 0);
	assert_int_equal(b.ledger.n, 2);

	assert_int_equal(b.clock.n, 1);
	sc_respite_stop_timers(&b.clock.timers, SC_STR("web"));
	assert_int_equal(b.clock.n, 1);
	sc_respite_stop_timers(&b.clock.timers, SC_STR("web_t"));
	assert_int_equal(b.clock.n, 0);
}

static void settles_what_was_interrupted(void **state)
{
	static const struct {
		bool begins, is;
		enum sc_entry_state state;
	} cases[] = {
		{ true, true, SC_ENTRY_DONE },
		{ true, false, SC_ENTRY_UNDONE },
		{ false, true, SC_ENTRY_UNDONE },
		{ false, false, SC_ENTRY_DONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_CLEAN(bench_free) struct bench b = { 0 };
		struct sc_change c = { .name = SC_STR("web_t") };
		struct sc_change_set set = {
			.kind = SC_RESPITE_KIND, .place = BOOT, .v = &c, .n = 1
		};
		struct sc_error err;
		uint64_t id;

		bench_make(&b);
		if (cases[i].is)
			does(&b, "web_t", 1);
		assert_int_equal(
			sc_ledger_keep(&b.ledger, SC_STR("text"),
				       cases[i].begins ? &c.after : &c.before,
				       &err),
			0);
		assert_int_equal(sc_ledger_begin(&b.ledger, &set, &id, &err),
				 0);
		settle(&b, BOOT, 0);
		assert_int_equal(b.ledger.v[id - 1].state, cases[i].state);
	}
}

static void refuses_names_that_no_unit_has(void **state)
{
	SC_CLEAN(bench_free) struct bench b = { 0 };
	struct sc_error err;

	(void)state;
	bench_make(&b);
	assert_int_equal(play(&b, "web_t/../x", 1, &err), SC_EREFUSED);
	assert_int_equal(play(&b, "%n", 1, &err), SC_EREFUSED);
	assert_int_equal(b.ledger.n, 0);
	assert_int_equal(b.fake.loads, 0);
}

/* Whatever fails: what is permissive has a timer that ends it. */
static void survives_every_lack_of_memory(void **state)
{
	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(bench_free) struct bench b = { 0 };
		struct sc_error err;
		int r;

		bench_make(&b);
		sc_test_fail_after = nth;
		r = play(&b, "web_t", SC_RELAX_PERMISSIVE | SC_RELAX_AUDIT,
			 &err);
		sc_test_fail_after = -1;
		assert_int_equal(is_permissive(&b, "web_t"), b.clock.n == 1);
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_and_ends),
		cmocka_unit_test(ends_one_and_leaves_the_other),
		cmocka_unit_test(gives_more_time_without_a_load),
		cmocka_unit_test(relaxes_nothing_without_a_timer),
		cmocka_unit_test(leaves_no_timer_if_the_kernel_refuses),
		cmocka_unit_test(lets_a_policy_of_others_be),
		cmocka_unit_test(ends_where_others_set_a_boolean),
		cmocka_unit_test(
			keeps_the_timer_of_what_is_relaxed_all_the_same),
		cmocka_unit_test(waits_for_the_lock_or_does_not),
		cmocka_unit_test(reads_a_policy_that_changes_meanwhile_again),
		cmocka_unit_test(knows_what_is_in_force_after_a_crash),
		cmocka_unit_test(believes_no_file_that_does_not_fit),
		cmocka_unit_test(
			keeps_others_when_it_makes_a_foreign_one_enforcing),
		cmocka_unit_test(knows_what_is_permissive_at_boot),
		cmocka_unit_test(notes_in_the_ledger_what_has_ended),
		cmocka_unit_test(settles_what_was_interrupted),
		cmocka_unit_test(refuses_names_that_no_unit_has),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	(void)policy_path();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
