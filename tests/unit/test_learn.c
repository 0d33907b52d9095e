#include "unit.h"

#include "base/clean.h"
#include "rules/cil.h"
#include "rules/learn.h"

#define ROOM 4

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static struct sc_denial denial(const char *source, const char *target,
			       const char *tclass, uint64_t count,
			       const char *program, const char *object)
{
	struct sc_denial d = {
		.source = view(source),
		.target = view(target),
		.tclass = view(tclass),
		.count = count,
		.n_programs = 1,
		.n_objects = 1,
	};

	d.programs[0] = (struct sc_seen){ view(program), count };
	d.objects[0] = (struct sc_seen){ view(object), count };
	return d;
}

struct set {
	struct sc_denial denials[ROOM];
	struct sc_finding_perm perms[ROOM];
	struct sc_advice advice[ROOM];
	size_t n;
};

static void put(struct set *s, struct sc_denial d, const char *perm,
		enum sc_class class)
{
	size_t i = s->n++;

	s->denials[i] = d;
	s->perms[i] = (struct sc_finding_perm){
		.perm = view(perm),
		.class = class,
	};
	s->advice[i] = (struct sc_advice){
		.denial = &s->denials[i],
		.class = class,
		.perms = &s->perms[i],
		.n_perms = 1,
	};
}

static void learn(const struct set *s, const char *want)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rules rules = { 0 };
	struct sc_error err;

	assert_int_equal(sc_learn(s->advice, s->n, &arena, &rules, &err), 0);
	assert_int_equal(sc_cil_write(&rules, &out, &err), 0);
	assert_string_equal(out.s ? out.s : "", want);
}

static void unites_permissions_of_one_rule(void **state)
{
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "etc_t", "file", 9, "httpd", "/etc/a"), "read",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "etc_t", "dir", 3, "httpd", "/etc"), "search",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "etc_t", "file", 1, "sh", "/etc/a"), "open",
	    SC_CLASS_RULE);
	put(&s, denial("app_t", "app_t", "process", 1, "app", "x"), "setpgid",
	    SC_CLASS_RULE);
	learn(&s, "; denied 1 time: app; x\n"
		  "(allow app_t self (process (setpgid)))\n"
		  "; denied 3 times: httpd; /etc\n"
		  "(allow web_t etc_t (dir (search)))\n"
		  "; denied 10 times: httpd, sh; /etc/a\n"
		  "(allow web_t etc_t (file (open read)))\n");
}

/* Where the log tells the commands: those alone, neighbours as a range. */
static void limits_ioctl_to_the_commands_seen(void **state)
{
	static const uint16_t missing[] = { 0x5402 };
	struct sc_why rule = { .reasons = SC_WHY_RULE };
	struct sc_why some = { .reasons = SC_WHY_XPERM,
			       .commands = missing,
			       .n_commands = 1 };
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "tty_t", "chr_file", 1, "a", "b"), "ioctl",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "tty_t", "chr_file", 1, "a", "b"), "ioctl",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "usb_t", "chr_file", 1, "old", "b"), "ioctl",
	    SC_CLASS_RULE);
	s.perms[0].why = s.perms[2].why = &rule;
	s.perms[1].why = &some;
	memcpy(s.denials[0].ioctls, (uint16_t[]){ 0x5403, 0, 0x5401 }, 6);
	s.denials[0].n_ioctls = 3;
	memcpy(s.denials[1].ioctls, (uint16_t[]){ 0xffff, 0x5402 }, 4);
	s.denials[1].n_ioctls = 2;
	learn(&s, "; denied 2 times: a; b\n"
		  "(allow web_t tty_t (chr_file (ioctl)))\n"
		  "(allowx web_t tty_t (ioctl chr_file (0x0 "
		  "(range 0x5401 0x5403))))\n"
		  "; denied 1 time: old; b\n"
		  "(allow web_t usb_t (chr_file (ioctl)))\n");
}

static void writes_rules_for_one_class_alone(void **state)
{
	(void)state;
	for (enum sc_class c = SC_CLASS_UNKNOWN; c < SC_CLASS_RULE; c++) {
		struct set s = { 0 };

		put(&s, denial("web_t", "etc_t", "file", 9, "a", "b"), "read",
		    c);
		learn(&s, "");
	}
}

static void believes_no_process_and_no_forged_name(void **state)
{
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "etc_t", "file", 1, "a", "b"), "read",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "etc_t) (x", "file", 1, "a", "b"), "read",
	    SC_CLASS_RULE);
	put(&s, denial("web_t", "etc_t", "file", 1, "a", "b"), "all",
	    SC_CLASS_RULE);
	s.denials[0].from_user = true;
	learn(&s, "");
}

static void never_grants_what_a_guard_refuses(void **state)
{
	struct sc_guard guard = { .id = view("G22"), .blocks = true };
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "shadow_t", "file", 1, "a", "b"), "read",
	    SC_CLASS_RULE);
	s.perms[0].guard = &guard;
	learn(&s, "");
}

static void says_that_it_was_let_through(void **state)
{
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "etc_t", "file", 2, "a\nb", "c"), "read",
	    SC_CLASS_RULE);
	s.denials[0].permissive = true;
	learn(&s, "; seen 2 times: a\\x0ab; c\n"
		  "(allow web_t etc_t (file (read)))\n");
}

/* Fail the first allocation, then the second, ... until none is left. */
static void survives_every_lack_of_memory(void **state)
{
	struct set s = { 0 };

	(void)state;
	put(&s, denial("web_t", "etc_t", "file", 9, "httpd", "/etc/a"), "read",
	    SC_CLASS_RULE);
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_rules rules = { 0 };
		struct sc_error err;
		int r;

		sc_test_fail_after = nth;
		r = sc_learn(s.advice, s.n, &arena, &rules, &err);
		sc_test_fail_after = -1;
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unites_permissions_of_one_rule),
		cmocka_unit_test(limits_ioctl_to_the_commands_seen),
		cmocka_unit_test(writes_rules_for_one_class_alone),
		cmocka_unit_test(believes_no_process_and_no_forged_name),
		cmocka_unit_test(never_grants_what_a_guard_refuses),
		cmocka_unit_test(says_that_it_was_let_through),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("learn", tests, NULL, NULL);
}
