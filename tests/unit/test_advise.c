#include "unit.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"
#include "rules/advise.h"

static struct sc_policy *policy;

static struct sc_str view(const char *s)
{
	return (struct sc_str){ s, s ? strlen(s) : 0 };
}

static struct sc_denial denial(const char *scontext, const char *tcontext,
			       const char *tclass, const char *perms,
			       const char *object)
{
	struct sc_denial d = {
		.scontext = view(scontext),
		.tcontext = view(tcontext),
		.source = sc_label_type(view(scontext)),
		.target = sc_label_type(view(tcontext)),
		.tclass = view(tclass),
		.perms = view(perms),
		.count = 1,
	};

	if (object) {
		d.objects[0] = (struct sc_seen){ view(object), 1 };
		d.n_objects = 1;
	}
	d.programs[0] = (struct sc_seen){ view("prog"), 1 };
	d.n_programs = 1;
	return d;
}

#define C "system_u:system_r:container_t:s0:c1,c2"

static const struct {
	const char *name;
	const char *scontext, *tcontext, *tclass, *perms, *object;
	enum sc_class class;
	const char *id;
} cases[] = {
	{ "a name that the policy lacks", "system_u:system_r:certwatch_t:s0",
	  "system_u:object_r:var_t:s0", "dir", "write", "cache",
	  SC_CLASS_UNKNOWN, "unknown/source" },
	{ "a module that is not loaded",
	  "system_u:system_r:misp_misp.process:s0:c1,c2",
	  "system_u:object_r:mysqld_port_t:s0", "tcp_socket", "name_connect",
	  "port 3306", SC_CLASS_UNKNOWN, "unknown/module" },
	{ "a target that the policy lacks", C,
	  "system_u:object_r:admin_home_t:s0", "dir", "setattr", "tools",
	  SC_CLASS_UNKNOWN, "unknown/target" },
	{ "a class that the policy lacks", C, C, "user_namespace", "create",
	  NULL, SC_CLASS_UNKNOWN, "unknown/class" },
	{ "a permission that no class has", C,
	  "system_u:object_r:container_file_t:s0:c1,c2", "file", "all", "x",
	  SC_CLASS_UNKNOWN, "unknown/perm" },
	{ "what is allowed", C, "system_u:object_r:mysqld_port_t:s0",
	  "tcp_socket", "name_connect", "port 3306", SC_CLASS_ALLOWED,
	  "allowed-now" },
	{ "a folder of a home", C, "system_u:object_r:user_home_t:s0", "dir",
	  "setattr", "wikimedia", SC_CLASS_LABEL, "label/home" },
	{ "a home itself", C, "system_u:object_r:user_home_dir_t:s0", "dir",
	  "write", "/root", SC_CLASS_LABEL, "label/home-itself" },
	{ "a folder of /var", C, "system_u:object_r:var_t:s0", "dir",
	  "add_name write", "data", SC_CLASS_LABEL, "label/var" },
	{ "a file without a label", C, "system_u:object_r:unlabeled_t:s0",
	  "file", "write", "app", SC_CLASS_LABEL, "label/none" },
	{ "a daemon and a file without a place",
	  "system_u:system_r:logrotate_t:s0", "system_u:object_r:default_t:s0",
	  "file", "write", "/data/x", SC_CLASS_LABEL, "label/place" },
	{ "another container's file", C,
	  "system_u:object_r:container_file_t:s0:c3,c4", "file", "read",
	  "/data/f", SC_CLASS_LEVEL, "level/container" },
	{ "another user's file", "staff_u:staff_r:staff_t:s0",
	  "user_u:object_r:user_home_t:s0", "file", "read", "/home/u/x",
	  SC_CLASS_CONSTRAINT, "constraint" },
	{ "a share behind a boolean", C, "system_u:object_r:nfs_t:s0", "file",
	  "write", "dump.sql", SC_CLASS_BOOLEAN, "boolean" },
	{ "noise", C, "system_u:object_r:fonts_cache_t:s0", "dir", "setattr",
	  "fontconfig", SC_CLASS_NOISE, "noise" },
	{ "a rule", "system_u:system_r:logrotate_t:s0",
	  "system_u:object_r:var_t:s0", "dir", "write", "cache", SC_CLASS_RULE,
	  "rule/generic" },
	{ "a rule for a device", C, "system_u:object_r:tun_tap_device_t:s0",
	  "chr_file", "ioctl", "/dev/net/tun", SC_CLASS_RULE, "rule" },
};

static void finds_the_class_of_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_denial d = denial(cases[i].scontext,
					    cases[i].tcontext, cases[i].tclass,
					    cases[i].perms, cases[i].object);
		struct sc_advice a;
		struct sc_error err;

		if (sc_advise(&(struct sc_adviser){ .policy = policy }, &d,
			      &arena, &a, &err) < 0)
			fail_msg("%s: %s", cases[i].name, err.msg);
		if (a.class != cases[i].class ||
		    !sc_str_eq(a.id, view(cases[i].id)))
			fail_msg("%s: %s, row '" SC_FMT "'", cases[i].name,
				 sc_class_name(a.class), SC_ARG(a.id));
		assert_true(a.words.n > 0);
		assert_true(a.todo.n > 0);
		assert_null(memchr(a.words.s, '{', a.words.n));
		assert_null(memchr(a.todo.s, '{', a.todo.n));
	}
}

static void takes_the_gravest_permission(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_denial d = denial(C, "system_u:object_r:nfs_t:s0", "dir",
				    "search write", "dump");
	struct sc_advice a;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_advise(&(struct sc_adviser){ .policy = policy }, &d,
				   &arena, &a, &err),
			 0);
	assert_int_equal(a.n_perms, 2);
	assert_int_equal(a.perms[0].class, SC_CLASS_ALLOWED); /* search */
	assert_int_equal(a.perms[1].class, SC_CLASS_BOOLEAN);
	assert_int_equal(a.class, SC_CLASS_BOOLEAN);
	assert_int_equal(a.commands.n, 1);
	assert_string_equal(a.commands.v[0].s,
			    "setsebool -P container_use_nfs=on");
}

static void quotes_hostile_paths_in_commands(void **state)
{
	static const struct {
		const char *path, *command;
	} paths[] = {
		{ "/data/x", "restorecon -Rv /data/x" },
		{ "/data/$(rm -rf /)/it's",
		  "restorecon -Rv '/data/$(rm -rf /)/it'\\''s'" },
		{ "/data/a\\b;c", "restorecon -Rv '/data/a\\b;c'" },
		{ "/data/{target}", "restorecon -Rv '/data/{target}'" },
		{ "/data/\x1b[2J", NULL },
		{ "/data/new\nline", NULL },
		{ "/data/\xff", NULL },
		{ "-rf", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_denial d = denial("system_u:system_r:logrotate_t:s0",
					    "system_u:object_r:unlabeled_t:s0",
					    "file", "write", paths[i].path);
		struct sc_advice a;
		struct sc_error err;

		assert_int_equal(
			sc_advise(&(struct sc_adviser){ .policy = policy }, &d,
				  &arena, &a, &err),
			0);
		assert_int_equal(a.commands.n, paths[i].command ? 1 : 0);
		if (paths[i].command)
			assert_string_equal(a.commands.v[0].s,
					    paths[i].command);
		for (size_t k = 0; k < a.words.n; k++)
			assert_true((unsigned char)a.words.s[k] >= ' ');
	}
}

static void bears_a_record_without_permissions(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_denial d = denial(C, C, "file", "", NULL);
	struct sc_advice a;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_advise(&(struct sc_adviser){ .policy = policy }, &d,
				   &arena, &a, &err),
			 0);
	assert_int_equal(a.class, SC_CLASS_UNKNOWN);
	assert_int_equal(a.n_perms, 0);
}

/* The table is edited by people: say which line is wrong, here. */
static void every_row_of_the_table_is_whole(void **state)
{
	struct sc_str table = sc_data("advice.tsv");
	struct sc_row row = { 0 };
	size_t rows = 0;

	(void)state;
	while (sc_take_row(&table, &row)) {
		bool set = sc_str_eq(row.v[0], SC_STR("set"));

		if (set ? row.n != 3 : row.n != 8 && row.n != 9)
			fail_msg("line %u has %zu columns", row.line, row.n);
		for (size_t i = 0; i < row.n; i++)
			if (!row.v[i].n)
				fail_msg("line %u: empty column %zu", row.line,
					 i + 1);
		rows++;
	}
	assert_in_range(rows, 20, SC_ADVICE_ROWS);
}

static bool has_catch_all(const char *class)
{
	struct sc_str table = sc_data("advice.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		bool all = sc_str_eq(row.v[0], view(class));

		for (size_t i = 2; i <= 5; i++)
			all &= sc_str_eq(row.v[i], SC_STR("*"));
		if (all)
			return true;
	}
	return false;
}

static void every_class_has_a_row_for_all(void **state)
{
	static const char *const unknown[] = {
		"unknown-source",
		"unknown-target",
		"unknown-class",
		"unknown-perm",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (!has_catch_all(unknown[i]))
			fail_msg("no row for all of '%s'", unknown[i]);
	for (enum sc_class c = SC_CLASS_ALLOWED; c <= SC_CLASS_RULE; c++)
		if (c != SC_CLASS_LABEL && !has_catch_all(sc_class_name(c)))
			fail_msg("no row for all of '%s'", sc_class_name(c));
}

/* Fail the first allocation, then the second, ... until none is left. */
static void survives_every_lack_of_memory(void **state)
{
	struct sc_denial d = denial(C, "system_u:object_r:nfs_t:s0", "dir",
				    "search write", "dump");

	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_advice a = { 0 };
		struct sc_error err;
		int r;

		sc_test_fail_after = nth;
		r = sc_advise(&(struct sc_adviser){ .policy = policy }, &d,
			      &arena, &a, &err);
		sc_test_fail_after = -1;
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
		assert_null(a.perms);
	}
}

static int open_policy(void **state)
{
	struct sc_error err;

	(void)state;
	return sc_policy_open(getenv("SELCAGE_POLICY"), &policy, &err);
}

static int close_policy(void **state)
{
	(void)state;
	sc_policy_close(policy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_class_of_each),
		cmocka_unit_test(takes_the_gravest_permission),
		cmocka_unit_test(quotes_hostile_paths_in_commands),
		cmocka_unit_test(bears_a_record_without_permissions),
		cmocka_unit_test(every_row_of_the_table_is_whole),
		cmocka_unit_test(every_class_has_a_row_for_all),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("advise", tests, open_policy,
					   close_policy);
}
