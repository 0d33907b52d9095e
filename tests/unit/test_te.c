#include "unit.h"

#include "base/clean.h"
#include "rules/te.h"

static struct sc_rule rule(const char *source, const char *target,
			   const char *tclass, const char *perms,
			   const char *why)
{
	return (struct sc_rule){
		.kind = SC_ALLOW,
		.source = sc_view(source),
		.target = sc_view(target),
		.tclass = sc_view(tclass),
		.perms = sc_view(perms),
		.why = sc_view(why),
	};
}

static void knows_what_a_te_takes_as_a_name(void **state)
{
	static const char *const good[] = { "a", "web_t", "x-1", "permission",
					    "policy" };
	static const char *const bad[] = { "",      "web.process", "allow",
					   "ALLOW", "type",        "r1",
					   "9web",  "self",        "a;b" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!sc_te_is_name(sc_view(good[i])))
			fail_msg("refused '%s'", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (sc_te_is_name(sc_view(bad[i])))
			fail_msg("took '%s'", bad[i]);
}

static void requires_what_it_names(void **state)
{
	static const struct sc_ioctl_range ioctls[] = {
		{ 0x5401, 0x5403 },
		{ 0x8927, 0x8927 },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule v[] = {
		rule("web_t", "self", "process", "setpgid", "one"),
		rule("web_t", "etc_t", "file", "open read", "two\n; evil"),
		rule("app_t", "etc_t", "file", "getattr ioctl", ""),
	};
	struct sc_rules rules = { v, 3, 3 };
	struct sc_error err;

	(void)state;
	v[0].kind = SC_DONTAUDIT;
	v[2].ioctls = ioctls;
	v[2].n_ioctls = 2;
	assert_int_equal(sc_te_write(SC_STR("m"), &rules, &out, &err), 0);
	assert_string_equal(out.s, "module m 1.0;\n"
				   "\n"
				   "require {\n"
				   "\ttype app_t;\n"
				   "\ttype etc_t;\n"
				   "\ttype web_t;\n"
				   "\tclass process setpgid;\n"
				   "\tclass file { getattr ioctl open read };\n"
				   "}\n"
				   "\n"
				   "# one\n"
				   "dontaudit web_t self:process setpgid;\n"
				   "# two\\x0a; evil\n"
				   "allow web_t etc_t:file { open read };\n"
				   "allow app_t etc_t:file { getattr ioctl };\n"
				   "allowxperm app_t etc_t:file ioctl "
				   "{ 0x5401-0x5403 0x8927 };\n");
}

static void refuses_what_a_te_cannot_hold(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule v[] = {
		rule("web.process", "b_t", "file", "read", ""),
		rule("a_t", "web.process", "file", "read", ""),
		rule("a_t", "b_t", "class", "read", ""),
		rule("a_t", "b_t", "file", "read type", ""),
		rule("a_t", "b_t", "file", "read", ""),
	};
	struct sc_rules rules = { v, 1, 1 }, none = { 0 };
	struct sc_error err;

	(void)state;
	for (; rules.v < v + 4; rules.v++)
		assert_int_equal(sc_te_write(SC_STR("m"), &rules, &out, &err),
				 SC_EREFUSED);
	assert_int_equal(sc_te_write(SC_STR("m"), &none, &out, &err),
			 SC_EREFUSED);
	assert_int_equal(sc_te_write(SC_STR("module"), &rules, &out, &err),
			 SC_EREFUSED);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_a_te_takes_as_a_name),
		cmocka_unit_test(requires_what_it_names),
		cmocka_unit_test(refuses_what_a_te_cannot_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
