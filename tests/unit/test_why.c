#include "unit.h"

#include "base/clean.h"
#include "policy/extended.h"
#include "why_text.h"

#include <fcntl.h>
#include <unistd.h>

/* Our own policies (tests/data), and Debian's; none is ever changed. */
static struct sc_policy *own, *nomls, *debian;

#define SYS "system_u:system_r:"
#define OBJ "system_u:object_r:"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static void own_path(const char *name, char *path, size_t size)
{
	const char *folder = getenv("SELCAGE_TEST_POLICIES");

	snprintf(path, size, "%s/%s.policy", folder ? folder : ".", name);
}

/* Nothing is skipped in silence: without its policies this is no test. */
static void need(const char *path, const char *what)
{
	if (path && access(path, R_OK) == 0)
		return;
	printf("1..0 # SKIP %s\n", what);
	exit(77);
}

static int open_all(void **state)
{
	struct sc_error err;
	char path[4096];
	int r;

	(void)state;
	own_path("why", path, sizeof(path));
	r = sc_policy_open(path, &own, &err);
	own_path("nomls", path, sizeof(path));
	if (r == 0)
		r = sc_policy_open(path, &nomls, &err);
	return r < 0 ? r
		     : sc_policy_open(getenv("SELCAGE_POLICY"), &debian, &err);
}

static int close_all(void **state)
{
	(void)state;
	sc_policy_close(own);
	sc_policy_close(nomls);
	sc_policy_close(debian);
	return 0;
}

struct ask {
	const char *source, *target, *tclass, *perms;
	const char *answer; /* of all permissions, split by lines */
};

static void put_answer(struct sc_policy *p, const struct ask *ask,
		       struct sc_buf *out)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_whys whys = { 0 };
	struct sc_error err;

	if (sc_why_ask(p, view(ask->source), view(ask->target),
		       view(ask->tclass), view(ask->perms), &arena, &whys,
		       &err) < 0)
		sc_putf(out, "%s", err.msg);
	for (size_t i = 0; i < whys.n; i++) {
		if (i)
			sc_put(out, SC_STR("\n"));
		why_put(out, &whys.v[i]);
	}
}

static void check(struct sc_policy *p, const struct ask *asks, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };

		put_answer(p, &asks[i], &out);
		if (sc_str_eq((struct sc_str){ out.s, out.n },
			      view(asks[i].answer)))
			continue;
		print_message("%s -> %s:%s { %s }\n  is   %s\n  must %s\n",
			      asks[i].source, asks[i].target, asks[i].tclass,
			      asks[i].perms, out.s, asks[i].answer);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(p, asks) check((p), (asks), sizeof(asks) / sizeof(*(asks)))

/* web_t may use 0x1234 of conf_t; data_t has no extended rules. */
static void tells_which_commands_are_left_out(void **state)
{
	static const uint16_t commands[] = { 0x1233, 0x1234, 0x1235 };
	static const struct {
		const char *source, *target, *perms;
		unsigned reasons;
		size_t denied;
	} cases[] = {
		{ "web_t", "conf_t", "ioctl", SC_WHY_XPERM, 2 },
		{ "web_t", "conf_t", "read", 0, 0 },
		{ "app_t", "data_t", "ioctl", SC_WHY_RULE, 0 },
		{ "none_t", "data_t", "ioctl", SC_WHY_UNKNOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_whys whys = { 0 };
		struct sc_why_ioctl asked = { .tclass = SC_STR("file"),
					      .v = commands,
					      .n = 3 };
		struct sc_error err;

		assert_true(sc_keepf(&arena, &asked.scontext,
				     "system_u:system_r:%s:s0",
				     cases[i].source));
		assert_true(sc_keepf(&arena, &asked.tcontext,
				     "system_u:object_r:%s:s0",
				     cases[i].target));
		assert_int_equal(sc_why_ask(own, asked.scontext, asked.tcontext,
					    asked.tclass, view(cases[i].perms),
					    &arena, &whys, &err),
				 0);
		assert_int_equal(
			sc_why_ask_ioctl(own, &asked, &arena, &whys, &err), 0);
		assert_int_equal(whys.v[0].reasons & cases[i].reasons,
				 cases[i].reasons);
		assert_int_equal(whys.v[0].n_commands, cases[i].denied);
	}
}

static void tells_what_is_allowed(void **state)
{
	static const struct ask asks[] = {
		{ SYS "app_t:s0", OBJ "conf_t:s0", "file", "read",
		  "read allowed" },
		{ SYS "app_t:s0", OBJ "conf_t:s0", "dir", "search",
		  "search allowed" },
		{ SYS "web_old_t:s0", OBJ "conf_t:s0", "file", "read",
		  "read allowed" },
		{ SYS "misp_redis.process:s0", OBJ "conf_t:s0", "dir", "search",
		  "search allowed" },
		{ SYS "web_t:s0", OBJ "var_t:s0", "file", "read",
		  "read allowed" },
		{ SYS "app_t:s0", OBJ "conf_t:s0", "file", "", "" },
	};

	(void)state;
	CHECK(own, asks);
}

/* There are as many answers as denials, and most have one word. */
static void takes_room_for_what_is_asked(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_whys whys;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_why_ask(own, view(SYS "app_t:s0"),
				    view(OBJ "data_t:s0"), view("file"),
				    view("read"), &arena, &whys, &err),
			 0);
	assert_int_equal(whys.n, 1);
	assert_true(arena.used < 2 * sizeof(struct sc_why));
}

static void tells_a_missing_rule(void **state)
{
	static const struct ask asks[] = {
		{ SYS "app_t:s0", OBJ "data_t:s0", "file", "read open",
		  "read rule\nopen rule" },
		{ SYS "app_t:s0", OBJ "conf_t:s0", "file", "read write",
		  "read allowed\nwrite rule" },
		{ SYS "misp_redis.process:s0", OBJ "port_t:s0", "tcp_socket",
		  "name_bind", "name_bind rule" },
		{ SYS "noisy_t:s0", OBJ "secret_t:s0", "file", "read write",
		  "read rule,dontaudit\nwrite rule" },
		{ SYS "web_t:s0", SYS "perm_t:s0", "process", "sigchld",
		  "sigchld rule,dontaudit" },
		{ SYS "perm_t:s0", OBJ "data_t:s0", "file", "write",
		  "write rule permissive" },
	};

	(void)state;
	CHECK(own, asks);
}

static void names_the_smallest_sets_of_booleans(void **state)
{
	static const struct ask asks[] = {
		{ SYS "web_t:s0", OBJ "data_t:s0", "file", "read write",
		  "read boolean [web_read_data=1 or web_read_data_alt=1]\n"
		  "write boolean [web_read_data_alt=1]" },
		{ SYS "web_t:s0", OBJ "secret_t:s0", "file", "read",
		  "read boolean [need_a=1,need_b=1]" },
		{ SYS "web_t:s0", OBJ "http_port_t:s0", "tcp_socket",
		  "name_connect", "name_connect boolean [lockdown=0]" },
		{ SYS "web_t:s0", OBJ "unit_t:s0", "file", "read",
		  "read boolean [bool_x=1 or bool_y=1,bool_z=1]" },
		{ SYS "web_t:s0", OBJ "unit_t:s0", "file", "write",
		  "write boolean [bool_y=1 or bool_z=1]" },
		{ SYS "web_t:s0", OBJ "unit_t:s0", "file", "append",
		  "append boolean [many_1=1,many_2=1,many_3=1,many_4=0 or "
		  "many_1=1,many_2=1,many_4=0,many_5=1]" },
		{ SYS "web_t:s0", OBJ "unit_t:s0", "file", "rename",
		  "rename boolean [many_2=1]" },
		{ SYS "app_t:s0", OBJ "dev_t:s0", "chr_file", "read write",
		  "read boolean [lockdown=0]\nwrite rule" },
	};

	(void)state;
	CHECK(own, asks);
}

static void says_constraints_in_words(void **state)
{
	static const struct ask asks[] = {
		{ SYS "mcs_t:s0:c1,c2", OBJ "mcsfile_t:s0:c3,c4", "file",
		  "read",
		  "read constraint: the process's categories c1,c2 are not "
		  "those of the file (c3,c4): it belongs to another "
		  "container" },
		{ SYS "mcs_t:s0-s0:c1", OBJ "mcsfile_t:s0:c3,c4", "file",
		  "read",
		  "read constraint: the process's categories c1 are not "
		  "those of the file (c3,c4): it belongs to another "
		  "container" },
		{ SYS "mcs_t:s0", OBJ "mcsfile_t:s0:c3,c4", "file", "read",
		  "read constraint: the process has no categories, the file "
		  "has c3,c4: it belongs to a container" },
		{ SYS "mcs_t:s0:c1,c2", OBJ "mcsfile_t:s0", "dir", "write",
		  "write constraint: the process has categories c1,c2, the "
		  "directory has none" },
		{ SYS "mcs_t:s0", OBJ "mcsfile_t:s1", "dir", "search",
		  "search constraint: the level of the process, s0, does not "
		  "fit that of the directory, s1" },
		{ "staff_u:"
		  "system_r:mcs_t:s0",
		  OBJ "mcsfile_t:s0", "file", "create",
		  "create constraint: users differ: staff_u and system_u" },
		{ "staff_u:staff_r:staff_t:s0", SYS "app_t:s0", "process",
		  "sigchld",
		  "sigchld constraint: roles differ: staff_r and system_r" },
		{ "staff_u:system_r:mcs_t:s0:c1", OBJ "mcsfile_t:s0:c2", "file",
		  "relabelto",
		  "relabelto constraint: the process's categories c1 are not "
		  "those of the file (c2): it belongs to another container; "
		  "users differ: staff_u and system_u" },
		{ SYS "app_t:s0", OBJ "unit_t:s0", "service", "start stop",
		  "start constraint: a constraint does not let type app_t do "
		  "this\nstop allowed" },
	};

	(void)state;
	CHECK(own, asks);
}

static void keeps_what_libsepol_says_about_the_permission(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_whys whys;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_why_ask(own, SC_STR("staff_u:system_r:mcs_t:s0:c1"),
				    SC_STR(OBJ "mcsfile_t:s0:c2"),
				    SC_STR("file"), SC_STR("read create"),
				    &arena, &whys, &err),
			 0);
	assert_int_equal(whys.n, 2);
	assert_true(whys.v[0].mcs);
	assert_true(sc_str_eq(
		whys.v[0].constraint,
		SC_STR("mlsconstrain file { read write } ((h1 dom h2 -Fail-)  "
		       "or (t1 == kernel_t -Fail-) ); Constraint DENIED")));
	assert_false(whys.v[1].mcs);
	assert_true(sc_str_eq(
		whys.v[1].constraint,
		SC_STR("constrain file { create relabelto } ((u1 == u2 -Fail-) "
		       " or (t1 == kernel_t -Fail-) ); Constraint DENIED")));
}

/* What libsepol stops at must not hide what comes after it. */
static void tells_all_reasons_at_once(void **state)
{
	static const struct ask asks[] = {
		{ SYS "mcs_t:s0:c1", OBJ "secret_t:s0:c3", "file", "read write",
		  "read rule,constraint: the process's categories c1 are not "
		  "those of the file (c3): it belongs to another container\n"
		  "write boolean,constraint [bool_x=1]: the process's "
		  "categories c1 are not those of the file (c3): it belongs "
		  "to another container" },
		{ "staff_u:staff_r:staff_t:s0", "staff_u:sysadm_r:sysadm_t:s0",
		  "process", "transition dyntransition",
		  "transition role\n"
		  "dyntransition constraint,role: roles differ: staff_r and "
		  "sysadm_r" },
		{ "staff_u:staff_r:app_t:s0", "staff_u:sysadm_r:sysadm_t:s0",
		  "process", "transition dyntransition fork",
		  "transition rule,role\n"
		  "dyntransition rule,constraint,role: roles differ: staff_r "
		  "and sysadm_r\n"
		  "fork rule" },
		{ SYS "child_t:s0:c1", OBJ "mcsfile_t:s0:c2", "file", "write",
		  "write constraint,bounds: the process's categories c1 are "
		  "not those of the file (c2): it belongs to another "
		  "container" },
		{ SYS "child_t:s0", OBJ "conf_t:s0", "file", "write",
		  "write rule,bounds" },
	};

	(void)state;
	CHECK(own, asks);
}

static void tells_what_exceeds_its_bounds(void **state)
{
	static const struct ask asks[] = {
		{ SYS "child_t:s0", OBJ "data_t:s0", "file", "read write",
		  "read allowed\nwrite bounds" },
		{ SYS "grandchild_t:s0", OBJ "data_t:s0", "file", "read write",
		  "read allowed\nwrite bounds" },
	};

	(void)state;
	CHECK(own, asks);
}

static void names_what_the_policy_does_not_have(void **state)
{
	static const struct ask asks[] = {
		{ "sys_u:system_r:app_t:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'sys_u' '': the policy has no user "
		  "'sys_u'" },
		{ "system_u:sytem_r:app_t:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'sytem_r' 'system_r': the policy has "
		  "no role 'sytem_r'" },
		{ SYS "appt_t:s0", OBJ "data_t:s0", "file", "read open",
		  "read unknown-source 'appt_t' 'app_t': the policy has no "
		  "type 'appt_t'\n"
		  "open unknown-source 'appt_t' 'app_t': the policy has no "
		  "type 'appt_t'" },
		{ SYS "domain:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'domain' '': 'domain' is an attribute, "
		  "not a type" },
		{ SYS "misp_redis.proces:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'misp_redis.proces' "
		  "'misp_redis.process': the policy has no type "
		  "'misp_redis.proces'" },
		{ SYS "app_t:s0", OBJ "dato_t:s0", "file", "read",
		  "read unknown-target 'dato_t' 'data_t': the policy has no "
		  "type 'dato_t'" },
		{ SYS "app_t:s0", OBJ "data_t:s0", "flie", "read",
		  "read unknown-class 'flie' 'file'" },
		{ SYS "app_t:s0", OBJ "data_t:s0", "file", "raed open all",
		  "raed unknown-perm 'raed' 'read'\nopen rule\n"
		  "all unknown-perm 'all' ''" },
		{ SYS "perm_t:s0", OBJ "dato_t:s0", "file", "read",
		  "read unknown-target 'dato_t' 'data_t' permissive: the "
		  "policy has no type 'dato_t'" },
	};

	(void)state;
	CHECK(own, asks);
}

static void names_parts_that_do_not_go_together(void **state)
{
	static const struct ask asks[] = {
		{ "other_u:system_r:app_t:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'system_r' '': user 'other_u' does not "
		  "have role 'system_r'" },
		{ "system_u:staff_r:web_t:s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 'web_t' '': role 'staff_r' does not "
		  "have type 'web_t'" },
		{ "staff_u:staff_r:staff_t:s1", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 's1' '': user 'staff_u' does not have "
		  "level 's1'" },
		{ SYS "app_t:s0:c1-s0:c2", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 's0:c1-s0:c2' '': the policy has no "
		  "level 's0:c1-s0:c2'" },
		{ SYS "app_t:s1-s0", OBJ "data_t:s0", "file", "read",
		  "read unknown-source 's1-s0' '': the policy has no level "
		  "'s1-s0'" },
		{ SYS "app_t", OBJ "data_t:s0", "file", "read",
		  "read unknown-source '' '': the level is missing" },
		{ SYS "app_t:s0", OBJ "data_t:s0:c3.c1", "file", "read",
		  "read unknown-target 's0:c3.c1' '': the policy has no level "
		  "'s0:c3.c1'" },
	};

	(void)state;
	CHECK(own, asks);
}

static void takes_any_text_for_a_context(void **state)
{
	static const char *const contexts[] = {
		"",
		":",
		"::",
		":::",
		"a",
		"a:b",
		"a:b:",
		"system_u::app_t:s0",
		SYS ":s0",
		SYS "app_t:",
		SYS "app_t:s0:",
		SYS "app_t:s0:c1,",
		SYS "app_t:s0-",
		SYS "app_t:-s0",
		SYS "app_t:s0:c1.",
		SYS "app_t:s0:.c1",
		SYS "app_t:s0:c1,,c2",
		SYS "app_t:s0:c9",
		SYS "app_t:s0:c0.c4,c0.c4-s1:c0.c4-s1",
		SYS "app_t:s0:c1:c2",
		"%s%n:%s:%s:%s",
		"\x1b[2J:\xff:\x80:s0",
		SYS "app_t:s0 tcontext=x",
	};
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_whys whys;
	struct sc_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(contexts) / sizeof(*contexts); i++) {
		assert_int_equal(sc_why_ask(own, view(contexts[i]),
					    SC_STR(OBJ "data_t:s0"),
					    SC_STR("file"), SC_STR("read"),
					    &arena, &whys, &err),
				 0);
		assert_int_equal(whys.n, 1);
		assert_true(whys.v[0].words.n > 0 ||
			    whys.v[0].reasons == SC_WHY_RULE);
	}
}

static void takes_a_context_of_any_length(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_whys whys;
	struct sc_error err;
	char *text = malloc(1000000);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 1000000);
	memcpy(text, SYS, strlen(SYS));
	assert_int_equal(sc_why_ask(own, (struct sc_str){ text, 1000000 },
				    SC_STR(OBJ "data_t:s0"), SC_STR("file"),
				    SC_STR("read"), &arena, &whys, &err),
			 0);
	assert_int_equal(whys.v[0].unknown, SC_UNKNOWN_SOURCE);
	memset(text, 0, 1000000);
	assert_int_equal(sc_why_ask(own, SC_STR(SYS "app_t:s0"),
				    SC_STR(OBJ "data_t:s0"),
				    (struct sc_str){ text, 1000000 },
				    (struct sc_str){ text, 100000 }, &arena,
				    &whys, &err),
			 0);
	assert_int_equal(whys.v[0].unknown, SC_UNKNOWN_CLASS);
	free(text);
}

static void answers_without_levels(void **state)
{
	static const struct ask asks[] = {
		{ SYS "kernel_t", OBJ "data_t", "file", "read write",
		  "read allowed\nwrite rule" },
		{ SYS "kernel_t:s0", OBJ "data_t", "file", "read",
		  "read unknown-source 's0' '': the policy has no levels" },
	};

	(void)state;
	CHECK(nomls, asks);
}

static void answers_for_containers_on_debian(void **state)
{
	static const struct ask asks[] = {
		{ SYS "container_t:s0:c58,c999",
		  OBJ "container_file_t:s0:c18,c52", "file", "read execute",
		  "read constraint: the process's categories c58,c999 are not "
		  "those of the file (c18,c52): it belongs to another "
		  "container\n"
		  "execute constraint: the process's categories c58,c999 are "
		  "not those of the file (c18,c52): it belongs to another "
		  "container" },
		{ SYS "container_t:s0:c58,c999", OBJ "shadow_t:s0", "file",
		  "read", "read rule" },
		{ SYS "container_t:s0:c58,c999", OBJ "nfs_t:s0", "file", "read",
		  "read boolean [container_use_nfs=1]" },
		{ SYS "svirt_lxc_net_t:s0:c1,c2",
		  OBJ "container_file_t:s0:c1,c2", "file", "read",
		  "read allowed" },
		{ SYS "conatiner_t:s0:c1,c2", OBJ "container_file_t:s0", "file",
		  "read",
		  "read unknown-source 'conatiner_t' 'container_t': the policy "
		  "has no type 'conatiner_t'" },
	};

	(void)state;
	CHECK(debian, asks);
}

/* Each answer is that of the policy as it was: what is put in is taken out. */
static void leaves_the_policy_as_it_was(void **state)
{
	static const struct ask ask = { SYS "mcs_t:s0:c1", OBJ "secret_t:s0:c3",
					"file", "read write open", NULL };

	(void)state;
	for (int i = 0; i < 3; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };

		put_answer(own, &ask, &out);
		assert_non_null(strstr(out.s, "read rule,constraint"));
		assert_non_null(strstr(out.s, "write boolean,constraint"));
		assert_non_null(strstr(out.s, "open rule"));
	}
}

static void prints_nothing(void **state)
{
	static const struct ask asks[] = {
		{ "x:y:z:s0", OBJ "data_t:s0", "file", "read", NULL },
		{ SYS "app_t:s9", OBJ "data_t:s0", "file", "read", NULL },
		{ SYS "app_t:s0", OBJ "data_t:s0", "nope", "nope", NULL },
	};
	char name[] = "/tmp/selcage-test-XXXXXX";
	SC_CLEAN(close_p) int fd = mkstemp(name);
	SC_CLEAN(close_p) int before = dup(STDERR_FILENO);

	(void)state;
	assert_true(fd >= 0 && before >= 0);
	assert_int_equal(unlink(name), 0);
	assert_true(dup2(fd, STDERR_FILENO) >= 0);
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };

		put_answer(own, &asks[i], &out);
	}
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
}

static void survives_every_lack_of_memory(void **state)
{
	static const struct ask ask = { "staff_u:staff_r:mcs_t:s0:c1",
					OBJ "secret_t:s0:c3", "file", "write",
					NULL };
	static const struct ask other = { SYS "mcs_t:s0:c1",
					  OBJ "secret_t:s0:c3", "file",
					  "write read nope", NULL };
	const struct ask *const asks[] = { &ask, &other };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int r = SC_ENOMEM;

		for (long nth = 0; r == SC_ENOMEM; nth++) {
			SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
			struct sc_whys whys = { 0 };
			struct sc_error err;

			sc_test_fail_after = nth;
			r = sc_why_ask(
				own, view(asks[i]->source),
				view(asks[i]->target), view(asks[i]->tclass),
				view(asks[i]->perms), &arena, &whys, &err);
			assert_true(r == 0 || whys.n == 0);
		}
		assert_int_equal(r, 0);
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_allowed),
		cmocka_unit_test(tells_which_commands_are_left_out),
		cmocka_unit_test(takes_room_for_what_is_asked),
		cmocka_unit_test(tells_a_missing_rule),
		cmocka_unit_test(names_the_smallest_sets_of_booleans),
		cmocka_unit_test(says_constraints_in_words),
		cmocka_unit_test(keeps_what_libsepol_says_about_the_permission),
		cmocka_unit_test(tells_all_reasons_at_once),
		cmocka_unit_test(tells_what_exceeds_its_bounds),
		cmocka_unit_test(names_what_the_policy_does_not_have),
		cmocka_unit_test(names_parts_that_do_not_go_together),
		cmocka_unit_test(takes_any_text_for_a_context),
		cmocka_unit_test(takes_a_context_of_any_length),
		cmocka_unit_test(answers_without_levels),
		cmocka_unit_test(answers_for_containers_on_debian),
		cmocka_unit_test(leaves_the_policy_as_it_was),
		cmocka_unit_test(prints_nothing),
		cmocka_unit_test(survives_every_lack_of_memory),
	};
	char path[4096];

	own_path("why", path, sizeof(path));
	need(path,
	     "no policies in $SELCAGE_TEST_POLICIES (secilc builds them)");
	need(getenv("SELCAGE_POLICY"),
	     "no policy in $SELCAGE_POLICY (tools/make-policy builds one)");
	return cmocka_run_group_tests(tests, open_all, close_all);
}
