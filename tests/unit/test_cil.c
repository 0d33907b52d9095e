#include "unit.h"

#include "base/clean.h"
#include "rules/cil.h"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static struct sc_rule rule(const char *source, const char *target,
			   const char *tclass, const char *perms,
			   const char *why)
{
	return (struct sc_rule){
		.kind = SC_ALLOW,
		.source = view(source),
		.target = view(target),
		.tclass = view(tclass),
		.perms = view(perms),
		.why = view(why),
	};
}

static void knows_what_cil_takes_as_a_name(void **state)
{
	static const char *const good[] = {
		"a",     "web_t", "misp_redis.process",
		"a.b.c", "x-1",   "Read",
		"allow", "block", "a.self",
	};
	static const char *const bad[] = {
		"",     "9web",  "_a",      "-a",  ".a",  "a.",       "a..b",
		"a.9",  "a b",   "a(b",     "a)b", "a;b", "a\nb",     "a\"b",
		"*",    "all",   "and",     "not", "or",  "xor",      "range",
		"self", "other", "notself", "eq",  "neq", "\xc3\xa4",
	};
	char *long_name = malloc(2048);

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!sc_cil_is_name(view(good[i])))
			fail_msg("refused '%s'", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (sc_cil_is_name(view(bad[i])))
			fail_msg("took '%s'", bad[i]);
	assert_false(sc_cil_is_name((struct sc_str){ "a\0b", 3 }));
	assert_non_null(long_name);
	memset(long_name, 'a', 2048);
	assert_true(sc_cil_is_name((struct sc_str){ long_name, 2047 }));
	assert_false(sc_cil_is_name((struct sc_str){ long_name, 2048 }));
	free(long_name);
}

static void writes_rules_under_their_reasons(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule v[] = {
		rule("web.process", "self", "process", "setpgid", "one"),
		rule("web.process", "etc_t", "file", "open  read", "two"),
		rule("web.process", "etc_t", "dir", "search", "two"),
		rule("web.process", "tmp_t", "dir", "read", ""),
	};
	struct sc_rules rules = { .v = v, .n = 4 };
	struct sc_error err;

	(void)state;
	v[3].kind = SC_DONTAUDIT;
	assert_int_equal(sc_cil_write(&rules, &out, &err), 0);
	assert_string_equal(out.s,
			    "; one\n"
			    "(allow web.process self (process (setpgid)))\n"
			    "; two\n"
			    "(allow web.process etc_t (file (open read)))\n"
			    "(allow web.process etc_t (dir (search)))\n"
			    "(dontaudit web.process tmp_t (dir (read)))\n");
}

static void names_the_commands_of_an_ioctl(void **state)
{
	static const struct sc_ioctl_range some[] = {
		{ 0x5401, 0x5403 },
		{ 0x8927, 0x8927 },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule r = rule("web_t", "tty_t", "chr_file", "ioctl", "one");
	struct sc_ioctl_range backwards = { 2, 1 };
	struct sc_rules rules = { &r, 1, 1 };
	struct sc_error err;

	(void)state;
	r.ioctls = some;
	r.n_ioctls = 2;
	assert_int_equal(sc_cil_write(&rules, &out, &err), 0);
	assert_string_equal(out.s, "; one\n"
				   "(allow web_t tty_t (chr_file (ioctl)))\n"
				   "(allowx web_t tty_t (ioctl chr_file "
				   "((range 0x5401 0x5403) 0x8927)))\n");
	r.ioctls = &backwards;
	r.n_ioctls = 1;
	assert_int_equal(sc_cil_write(&rules, &out, &err), SC_ESYNTAX);
}

static void writes_a_module(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_inherit inherits[] = {
		{ view("selcage_core"), view("every container") },
		{ view("selcage_server"), view("") },
	};
	struct sc_rule v[] = {
		rule("process", "redis_port_t", "tcp_socket", "name_bind",
		     "compose.yaml:12 listens on 6379"),
	};
	struct sc_module m = {
		.name = view("misp_redis"),
		.title = view("redis of project misp"),
		.inherits = { .v = inherits, .n = 2 },
		.rules = { .v = v, .n = 1 },
	};
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_cil_write_module(&m, &out, &err), 0);
	assert_string_equal(
		out.s,
		"; redis of project misp\n"
		"(block misp_redis\n"
		"    ; every container\n"
		"    (blockinherit selcage_core)\n"
		"    (blockinherit selcage_server)\n"
		"\n"
		"    ; compose.yaml:12 listens on 6379\n"
		"    (allow process redis_port_t (tcp_socket (name_bind)))\n"
		")\n");
}

static void refuses_names_and_writes_nothing(void **state)
{
	static const struct {
		const char *v[4];
		const char *message;
	} cases[] = {
		{ { "a)", "b", "file", "read" },
		  "rule 2: 'a)' cannot be the name of a type" },
		{ { "self", "b", "file", "read" },
		  "rule 2: 'self' cannot be the name of a type" },
		{ { "a", "all", "file", "read" },
		  "rule 2: 'all' cannot be the name of a type" },
		{ { "a", "b", "", "read" },
		  "rule 2: '' cannot be the name of a class" },
		{ { "a", "b", "file", "all" },
		  "rule 2: 'all' cannot be the name of a permission" },
		{ { "a", "b", "file", "read not" },
		  "rule 2: 'not' cannot be the name of a permission" },
		{ { "a", "b", "file", "read)))(allow" },
		  "rule 2: 'read)))(allow' cannot be the name of a "
		  "permission" },
		{ { "a", "b", "file", " " },
		  "rule 2: ' ' cannot be the name of a permission" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		const char *const *w = cases[i].v;
		struct sc_rule v[] = {
			rule("a", "b", "file", "read", "good"),
			rule(w[0], w[1], w[2], w[3], "bad"),
		};
		struct sc_rules rules = { .v = v, .n = 2 };
		struct sc_error err;

		assert_int_equal(sc_cil_write(&rules, &out, &err), SC_ESYNTAX);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(out.n, 0);
	}
}

static void refuses_modules_with_bad_names(void **state)
{
	struct sc_inherit bad = { view("core) (allow a b (file (all)))"),
				  view("") };
	struct sc_module dotted = { .name = view("misp.redis") };
	struct sc_module nested = {
		.name = view("misp_redis"),
		.inherits = { .v = &bad, .n = 1 },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_cil_write_module(&dotted, &out, &err), SC_ESYNTAX);
	assert_int_equal(sc_cil_write_module(&nested, &out, &err), SC_ESYNTAX);
	assert_int_equal(out.n, 0);
}

static void lets_nothing_end_a_comment(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule v[] = {
		rule("a", "b", "file", "read",
		     "x\n(allow a b (file (write)))\r(y)\x1b[2J\""),
	};
	struct sc_module m = {
		.name = view("m"),
		.title = view(";*lmx 1\n(typepermissive a)"),
		.rules = { .v = v, .n = 1 },
	};
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_cil_write_module(&m, &out, &err), 0);
	assert_string_equal(out.s,
			    "; ;*lmx 1\\x0a(typepermissive a)\n"
			    "(block m\n"
			    "    ; x\\x0a(allow a b (file (write)))\\x0d(y)"
			    "\\x1b[2J\"\n"
			    "    (allow a b (file (read)))\n"
			    ")\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_cil_takes_as_a_name),
		cmocka_unit_test(writes_rules_under_their_reasons),
		cmocka_unit_test(names_the_commands_of_an_ioctl),
		cmocka_unit_test(writes_a_module),
		cmocka_unit_test(refuses_names_and_writes_nothing),
		cmocka_unit_test(refuses_modules_with_bad_names),
		cmocka_unit_test(lets_nothing_end_a_comment),
	};

	return cmocka_run_group_tests_name("cil", tests, NULL, NULL);
}
