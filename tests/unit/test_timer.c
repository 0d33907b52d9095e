#include "unit.h"

#include "base/clean.h"
#include "base/file.h"
#include "folder.h"
#include "plan/timer.h"

#include <time.h>
#include <unistd.h>

/* What was asked of systemd, a line each; the word that makes it fail. */
static char asked[1024];
static const char *fails;

static char top[64], runs[80], units[80], wants[128], stamps[80];
static struct sc_systemd fake;

static void note(const char *word, const char *end)
{
	size_t n = strlen(asked);

	snprintf(asked + n, sizeof(asked) - n, "%s%s", word, end);
}

static int ask(const char *const *argv, struct sc_error *err)
{
	for (size_t i = 1; argv[i]; i++) {
		note(argv[i], argv[i + 1] ? " " : "\n");
		if (fails && strcmp(argv[i], fails) == 0)
			return sc_fail(err, SC_EREFUSED, "'%s' failed: no",
				       argv[0]);
	}
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	*asked = '\0';
	fails = NULL;
	snprintf(top, sizeof(top), "/tmp/selcage-timer-XXXXXX");
	assert_non_null(mkdtemp(top));
	snprintf(runs, sizeof(runs), "%s/runs", top);
	snprintf(units, sizeof(units), "%s/units", top);
	snprintf(wants, sizeof(wants), "%s/timers.target.wants", units);
	snprintf(stamps, sizeof(stamps), "%s/stamps", top);
	assert_int_equal(mkdir(runs, 0755), 0);
	assert_int_equal(mkdir(units, 0755), 0);
	assert_int_equal(mkdir(wants, 0755), 0);
	assert_int_equal(mkdir(stamps, 0755), 0);
	fake = (struct sc_systemd){ runs, units, stamps, ask };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	remove_folder(top);
	return 0;
}

static const char *const command[] = { "/usr/bin/selcage", "host",
				       "rollback",         "3",
				       "--timer",          NULL };

static int start(bool lasts, const char *const *words, struct sc_error *err)
{
	const struct sc_timer t = { .unit = "selcage-host-3",
				    .seconds = 600,
				    .what = "take back transaction 3",
				    .command = words,
				    .lasts = lasts };

	return sc_systemd_timers.start(&fake, &t, err);
}

static int stop(struct sc_error *err)
{
	return sc_systemd_timers.stop(&fake, "selcage-host-3", err);
}

static const char *path_of(const char *folder, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool is_there(const char *folder, const char *name)
{
	return access(path_of(folder, name), F_OK) == 0;
}

/* Does a line of the unit @name say @line? */
static bool says(const char *name, const char *line)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err;
	struct sc_str text, one;

	assert_int_equal(
		sc_file_read(path_of(units, name), 4096, &a, &text, &err), 0);
	while (sc_take_part(&text, '\n', &one))
		if (sc_str_eq(one, sc_view(line)))
			return true;
	return false;
}

static void one_that_lasts_is_on_disk(void **state)
{
	struct sc_error err;

	(void)state;
	assert_int_equal(start(true, command, &err), 0);
	assert_string_equal(asked, "--quiet enable --now "
				   "selcage-host-3.timer\n");
	assert_true(says("selcage-host-3.service",
			 "ExecStart=/usr/bin/selcage host rollback 3 --timer"));
	assert_true(says("selcage-host-3.service", "Restart=on-failure"));
	/* at the latest so long after a boot, whatever the clock says */
	assert_true(says("selcage-host-3.timer", "OnActiveSec=600s"));
	/* and once its time has come while the host was off */
	assert_true(says("selcage-host-3.timer", "Persistent=true"));
	/* nothing of it waits for a network */
	assert_true(says("selcage-host-3.timer", "DefaultDependencies=no"));
	assert_true(says("selcage-host-3.timer", "WantedBy=timers.target"));
}

static void its_time_is_by_the_clock(void **state)
{
	const time_t before = time(NULL) + 600;
	char line[80];
	struct sc_error err;
	bool found = false;

	(void)state;
	assert_int_equal(start(true, command, &err), 0);
	for (time_t t = before; t <= time(NULL) + 600; t++) {
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		assert_true(strftime(line, sizeof(line),
				     "OnCalendar=%Y-%m-%d %H:%M:%S UTC", &tm));
		found = found || says("selcage-host-3.timer", line);
	}
	assert_true(found);
}

static void leaves_nothing_behind(void **state)
{
	struct sc_error err;
	FILE *f;

	(void)state;
	assert_int_equal(start(true, command, &err), 0);
	f = fopen(path_of(stamps, "stamp-selcage-host-3.timer"), "w");
	assert_non_null(f);
	fclose(f);
	*asked = '\0';
	assert_int_equal(stop(&err), 0);
	assert_string_equal(asked, "--quiet disable --now selcage-host-3.timer"
				   "\n--quiet daemon-reload\n");
	assert_false(is_there(units, "selcage-host-3.timer"));
	assert_false(is_there(units, "selcage-host-3.service"));
	assert_false(is_there(stamps, "stamp-selcage-host-3.timer"));
}

/* Or a boot would start what nobody waits for. */
static void is_off_the_disk_also_if_systemd_fails(void **state)
{
	struct sc_error err;

	(void)state;
	assert_int_equal(start(true, command, &err), 0);
	fails = "disable";
	assert_int_equal(stop(&err), SC_EREFUSED);
	assert_false(is_there(units, "selcage-host-3.timer"));
	fails = "enable";
	assert_int_equal(start(true, command, &err), SC_EREFUSED);
	assert_false(is_there(units, "selcage-host-3.timer"));
	assert_false(is_there(units, "selcage-host-3.service"));
}

static void runs_only_words_that_a_unit_reads_as_they_stand(void **state)
{
	static const char *const odd[] = { "/opt/my tools/x", "/opt/%n",
					   "/opt/$HOME",      "/opt/a\nUser=x",
					   "/opt/\"x",        "" };
	struct sc_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const char *const words[] = { odd[i], NULL };

		assert_int_equal(start(true, words, &err), SC_EREFUSED);
		assert_false(is_there(units, "selcage-host-3.service"));
	}
	assert_string_equal(asked, "");
}

static void one_that_ends_with_the_boot_is_not_on_disk(void **state)
{
	struct sc_error err;

	(void)state;
	assert_int_equal(start(false, command, &err), 0);
	assert_non_null(strstr(asked, "--on-active=600s"));
	assert_false(is_there(units, "selcage-host-3.timer"));
	*asked = '\0';
	assert_int_equal(stop(&err), 0);
	assert_string_equal(asked, "--quiet stop selcage-host-3.timer\n");
}

static void says_that_there_is_no_systemd(void **state)
{
	struct sc_error err;

	(void)state;
	assert_int_equal(rmdir(runs), 0);
	assert_int_equal(start(true, command, &err), SC_ENOTFOUND);
	assert_int_equal(start(false, command, &err), SC_ENOTFOUND);
	assert_string_equal(asked, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_that_lasts_is_on_disk),
		TEST(its_time_is_by_the_clock),
		TEST(leaves_nothing_behind),
		TEST(is_off_the_disk_also_if_systemd_fails),
		TEST(runs_only_words_that_a_unit_reads_as_they_stand),
		TEST(one_that_ends_with_the_boot_is_not_on_disk),
		TEST(says_that_there_is_no_systemd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
