#include "unit.h"

#include "audit/faults.h"
#include "audit/manager.h"
#include "audit/owner.h"
#include "base/clean.h"

static void expect(struct sc_str v, const char *want)
{
	if (!sc_str_eq(v, sc_view(want)))
		fail_msg("'" SC_FMT "', not '%s'", SC_ARG(v), want);
}

static bool read_notice(enum sc_kind kind, const char *body, struct sc_arena *a,
			struct sc_notice *out)
{
	bool no_memory;

	*out = (struct sc_notice){ .refused = false };
	return sc_notice_read(kind, sc_view(body), a, out, &no_memory);
}

static void reads_errors_of_both_forms(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_notice n;

	(void)state;
	assert_true(read_notice(
		SC_KIND_ERROR,
		"op=security_compute_sid invalid_context=u:r:b_t:s0 "
		"scontext=u:r:a_t:s0 tcontext=u:object_r:x_t:s0 tclass=process",
		&a, &n));
	assert_int_equal(n.kind, SC_NOTICE_ERROR);
	expect(n.op, "security_compute_sid");
	expect(n.context, "u:r:b_t:s0");
	expect(n.source, "u:r:a_t:s0");
	expect(n.target, "u:object_r:x_t:s0");
	expect(n.tclass, "process");
	assert_true(read_notice(
		SC_KIND_ERROR,
		"security_compute_sid:  invalid context u:r:b_t:s0 for "
		"scontext=u:r:a_t:s0 tcontext=u:object_r:x_t:s0 tclass=process",
		&a, &n));
	expect(n.op, "security_compute_sid");
	expect(n.context, "u:r:b_t:s0");
	/* decoded, and no op at all */
	assert_true(read_notice(SC_KIND_ERROR, "invalid_context=6120623A63", &a,
				&n));
	expect(n.context, "a b:c");
	expect(n.op, "");
	assert_true(n.text.n > 0);
}

static void takes_no_field_twice(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_notice n;

	(void)state;
	assert_false(read_notice(SC_KIND_ERROR, "op=x scontext=a scontext=b",
				 &a, &n));
	assert_false(read_notice(SC_KIND_CONFIG, "bool=b val=1 val=0", &a, &n));
	/* a process may say anything, and it stays text */
	assert_true(read_notice(SC_KIND_USER_ERROR,
				"msg='op=x scontext=a scontext=b'", &a, &n));
	assert_true(n.from_user);
	expect(n.op, "");
	expect(n.source, "");
}

static void reads_changes(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_notice n;

	(void)state;
	assert_true(read_notice(SC_KIND_LOAD, "auid=0 ses=1 lsm=selinux res=1",
				&a, &n));
	assert_int_equal(n.kind, SC_NOTICE_LOAD);
	assert_false(n.refused);
	assert_true(
		read_notice(SC_KIND_LOAD, "auid=0 lsm=selinux res=0", &a, &n));
	assert_true(n.refused);
	assert_true(read_notice(SC_KIND_STATUS, "enforcing=0 old_enforcing=1",
				&a, &n));
	assert_int_equal(n.kind, SC_NOTICE_STATUS);
	expect(n.after, "0");
	expect(n.before, "1");
	assert_true(
		read_notice(SC_KIND_CONFIG, "bool=b val=1 old_val=0", &a, &n));
	assert_int_equal(n.kind, SC_NOTICE_BOOLEAN);
	expect(n.name, "b");
	assert_false(read_notice(SC_KIND_CONFIG, "bool=b", &a, &n));
	assert_false(read_notice(SC_KIND_CONFIG, "val=1", &a, &n));
	assert_false(read_notice(SC_KIND_STATUS, "old_enforcing=1", &a, &n));
}

static struct sc_str manager(const char *subj, const char *exe,
			     const char *tclass)
{
	struct sc_avc avc = { .subj = sc_view(subj),
			      .exe = sc_view(exe),
			      .tclass = sc_view(tclass) };

	return sc_manager_of(&avc);
}

static void believes_few_and_in_their_own_things(void **state)
{
	static const char bus[] = "system_u:system_r:system_dbusd_t:s0";

	(void)state;
	expect(manager(bus, "\"/usr/bin/dbus-daemon\"", "dbus"), "D-Bus");
	expect(manager("u:r:init_t:s0", "/usr/lib/systemd/systemd", "service"),
	       "systemd");
	expect(manager(bus, "\"/usr/bin/dbus-daemon\"", "file"), "");
	expect(manager(bus, "\"/tmp/dbus-daemon\"", "dbus"), "");
	expect(manager("u:r:container_t:s0", "\"/usr/bin/dbus-daemon\"",
		       "dbus"),
	       "");
	expect(manager("", "\"/usr/bin/dbus-daemon\"", "dbus"), "");
	expect(manager("u:system_dbusd_t:x_t:s0", "\"/usr/bin/dbus-daemon\"",
		       "dbus"),
	       "");
	expect(manager(bus, "", "dbus"), "");
}

static void counts_equal_errors_as_one(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	static struct sc_event e; /* large */
	struct sc_faults f = { 0 };
	char op[] = "op_a", exe[] = "/bin/p";

	(void)state;
	e.n_notices = 2;
	e.notices[0] = (struct sc_notice){ .kind = SC_NOTICE_ERROR,
					   .op = sc_view(op),
					   .source = SC_STR("u:r:a_t:s0") };
	e.notices[1] = (struct sc_notice){ .kind = SC_NOTICE_LOAD };
	e.exe = sc_view(exe);
	e.stamp.ms = 2000;
	assert_true(sc_faults_add(&f, &a, &e));
	e.stamp.ms = 1000;
	assert_true(sc_faults_add(&f, &a, &e));
	op[3] = 'b';
	assert_true(sc_faults_add(&f, &a, &e));
	memset(exe, 'x', sizeof(exe) - 1);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.records, 3);
	sc_faults_sort(&f);
	assert_int_equal(f.v[0].count, 2);
	assert_int_equal(f.v[0].first_ms, 1000);
	assert_int_equal(f.v[0].last_ms, 2000);
	expect(f.v[0].notice.op, "op_a"); /* copies */
	expect(f.v[0].program, "/bin/p");
	expect(f.v[1].notice.op, "op_b");
}

static void keeps_no_more_errors_than_its_limit(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	static struct sc_event e;
	struct sc_faults f = { 0 };
	char op[16];

	(void)state;
	e.n_notices = 1;
	for (int i = 0; i < SC_FAULTS_MAX + 5; i++) {
		snprintf(op, sizeof(op), "op%d", i);
		e.notices[0] = (struct sc_notice){ .kind = SC_NOTICE_ERROR,
						   .op = sc_view(op) };
		assert_true(sc_faults_add(&f, &a, &e));
	}
	assert_int_equal(f.n, SC_FAULTS_MAX);
	assert_int_equal(f.records, SC_FAULTS_MAX + 5);
	assert_int_equal(f.over_limit, 5);
}

static struct sc_path_item item(const char *name, const char *nametype,
				const char *uid)
{
	return (struct sc_path_item){ .name = sc_view(name),
				      .nametype = sc_view(nametype),
				      .inode = SC_STR("7"),
				      .ouid = sc_view(uid),
				      .ogid = SC_STR("5"),
				      .mode = SC_STR("0100640") };
}

static void finds_whose_file_it_was(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_scene s = { .cwd = SC_STR("/srv"), .n_items = 2 };
	struct sc_owner o;

	(void)state;
	s.items[0] = item("/srv/d", "PARENT", "1");
	s.items[1] = item("d/f", "NORMAL", "2");
	assert_true(sc_owner_find(&s, &a, &o));
	expect(o.path, "/srv/d/f");
	expect(o.uid, "2");
	expect(o.gid, "5");
	expect(o.mode, "0640");
	/* made anew: its folder had to let that happen */
	s.items[1] = item("/srv/d/f", "CREATE", "2");
	assert_true(sc_owner_find(&s, &a, &o));
	expect(o.path, "/srv/d");
	expect(o.uid, "1");
	s.n_items = 0;
	assert_true(sc_owner_find(&s, &a, &o));
	expect(o.path, "");
	expect(o.uid, "");
}

static void asks_for_owners_where_they_matter(void **state)
{
	struct sc_avc avc = { .perms = SC_STR("dac_override"),
			      .capability = SC_STR("1") };

	(void)state;
	assert_true(sc_owner_matters(&avc, 1));
	avc.perms = SC_STR("dac_override_more");
	assert_false(sc_owner_matters(&avc, 1));
	avc.perms = SC_STR("sys_admin");
	assert_false(sc_owner_matters(&avc, 1));
	avc = (struct sc_avc){ .perms = SC_STR("chown") };
	assert_false(sc_owner_matters(&avc, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_errors_of_both_forms),
		cmocka_unit_test(takes_no_field_twice),
		cmocka_unit_test(reads_changes),
		cmocka_unit_test(believes_few_and_in_their_own_things),
		cmocka_unit_test(counts_equal_errors_as_one),
		cmocka_unit_test(keeps_no_more_errors_than_its_limit),
		cmocka_unit_test(finds_whose_file_it_was),
		cmocka_unit_test(asks_for_owners_where_they_matter),
	};

	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
