#include "unit.h"

#include "audit/avc.h"

#define SOURCE "scontext=u:r:app_t:s0 "
#define TARGET "tcontext=u:object_r:data_t:s0 "
#define TAIL SOURCE TARGET "tclass=file permissive=0"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static void assert_str(struct sc_str got, const char *want)
{
	if (!sc_str_eq(got, view(want)))
		fail_msg("'%.*s' is not '%s'", SC_ARG(got), want);
}

static void reads_what_the_kernel_writes(void **state)
{
	struct sc_avc avc;

	(void)state;
	assert_true(sc_avc_read(
		view("avc:  denied  { read open } for  pid=7 comm=\"a b\" "
		     "path=2F78 dev=\"dm-0\" ino=42 ioctlcmd=0x0 " SOURCE TARGET
		     "tclass=file permissive=1 srawcon=\"x\" "
		     "trawcon=\"u:object_r:gone_t:s0\""),
		&avc));
	assert_true(avc.denied);
	assert_true(avc.permissive);
	assert_str(avc.perms, "read open");
	assert_str(avc.comm, "\"a b\"");
	assert_str(avc.path, "2F78");
	assert_str(avc.dev, "\"dm-0\"");
	assert_str(avc.ino, "42");
	assert_str(avc.pid, "7");
	assert_str(avc.ioctlcmd, "0x0");
	assert_str(avc.source, "u:r:app_t:s0");
	assert_str(avc.target, "u:object_r:data_t:s0");
	assert_str(avc.tclass, "file");
	assert_str(avc.trawcon, "\"u:object_r:gone_t:s0\"");
}

static void takes_neither_order_nor_one_space_amiss(void **state)
{
	struct sc_avc avc;

	(void)state;
	assert_true(
		sc_avc_read(view("avc: granted { unlink } for comm=p " SOURCE
				 "tclass=file " TARGET),
			    &avc));
	assert_false(avc.denied);
	assert_false(avc.permissive);
	assert_str(avc.tclass, "file");
	assert_str(avc.target, "u:object_r:data_t:s0");
}

/* Names chosen by an attacker, in quotes as the kernel never writes them. */
static void lets_no_name_pose_as_another_field(void **state)
{
	static const char *const names[] = {
		"\"x { write unlink } y\"",
		"\"x granted y\"",
		"\"scontext=u:r:evil_t:s0\"",
		"\"x scontext=u:r:evil_t:s0 tcontext=u:r:evil_t:s0 y\"",
		"\"x tclass=capability permissive=1 y\"",
		"\"} for { write }\"",
		"{",
		"granted",
		"denied",
	};
	char text[512];
	struct sc_avc avc;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text),
			 "avc:  denied  { read } for  comm=%s name=%s " TAIL,
			 names[i], names[i]);
		if (!sc_avc_read(view(text), &avc))
			fail_msg("lost by name %s", names[i]);
		assert_true(avc.denied);
		assert_false(avc.permissive);
		assert_str(avc.perms, "read");
		assert_str(avc.source, "u:r:app_t:s0");
		assert_str(avc.target, "u:object_r:data_t:s0");
		assert_str(avc.tclass, "file");
		assert_str(avc.name, names[i]);
	}
}

static void refuses_what_the_kernel_never_writes(void **state)
{
	static const char *const bodies[] = {
		"",
		"avc:",
		"avc:  denied",
		"avc:  denied  null for  " TAIL,
		"avc:  denied  { } for  " TAIL,
		"avc:  denied  { read for  " TAIL,
		"avc:  denied  { read } { write } for  " TAIL,
		"avc:  denied  { read } " TAIL,
		"avc:  refused  { read } for  " TAIL,
		"avc:  denied  { read;write } for  " TAIL,
		"avc:  denied  { (all) } for  " TAIL,
		"avc:  denied  { =read } for  " TAIL,
		"avc:  denied  { read =write } for  " TAIL,
		"avc:  denied  { read\nwrite } for  " TAIL,
		"avc:  denied  { re\033ad } for  " TAIL,
		"avc:  denied  { perm=read } for  " TAIL,
		"avc:  denied  { read } for  " TARGET "tclass=file",
		"avc:  denied  { read } for  " SOURCE "tclass=file",
		"avc:  denied  { read } for  " SOURCE TARGET,
		"avc:  denied  { read } for  " SOURCE TARGET "tclass=fi(le",
		"avc:  denied  { read } for  scontext=app_t " TARGET
		"tclass=file",
		"avc:  denied  { read } for  scontext=u:r:app_t)(:s0 " TARGET
		"tclass=file",
		"avc:  denied  { read } for  scontext=u::app_t:s0 " TARGET
		"tclass=file",
		"avc:  denied  { read } for  scontext=u:r:app_t:s0\033 " TARGET
		"tclass=file",
		/* twice: whose are they? */
		"avc:  denied  { read } for  " TAIL " tclass=dir",
		"avc:  denied  { read } for  " TAIL " trawcon=x " TAIL,
		"avc:  denied  { read } for  name=\"x\" tclass=dir " TAIL,
	};
	struct sc_avc avc;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (sc_avc_read(view(bodies[i]), &avc))
			fail_msg("took '%s'", bodies[i]);
}

static void refuses_endless_lists_and_contexts(void **state)
{
	char text[16384] = "avc:  denied  { ";
	size_t n = strlen(text);
	struct sc_avc avc;

	(void)state;
	for (int i = 0; i < 65; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "p%d ", i);
	snprintf(text + n, sizeof(text) - n, "} for  " TAIL);
	assert_false(sc_avc_read(view(text), &avc));

	n = (size_t)snprintf(text, sizeof(text),
			     "avc:  denied  { read } for  scontext=u:r:");
	memset(text + n, 'a', SC_CONTEXT_MAX);
	snprintf(text + n + SC_CONTEXT_MAX, sizeof(text) - n - SC_CONTEXT_MAX,
		 ":s0 " TARGET "tclass=file");
	assert_false(sc_avc_read(view(text), &avc));
}

static void reads_what_a_process_says_from_its_end(void **state)
{
	struct sc_avc avc;

	(void)state;
	assert_true(sc_avc_read_user(
		view("pid=1 uid=0 subj=u:r:init_t:s0 msg='avc:  denied  "
		     "{ start } for auid=n/a path=\"/x.service\" "
		     "cmdline=\"a \" scontext=u:r:evil_t:s0 "
		     "tcontext=u:r:evil_t:s0 tclass=fake z=\" "
		     "scontext=u:r:app_t:s0 tcontext=u:object_r:unit_t:s0 "
		     "tclass=service permissive=0 exe=\"/lib/systemd\" "
		     "sauid=0 hostname=? addr=? terminal=?'"),
		&avc));
	assert_str(avc.source, "u:r:app_t:s0");
	assert_str(avc.target, "u:object_r:unit_t:s0");
	assert_str(avc.tclass, "service");
	assert_str(avc.path, "\"/x.service\"");
	assert_str(avc.exe, "\"/lib/systemd\"");
	assert_false(sc_avc_read_user(view("pid=1 avc: denied { a } for " TAIL),
				      &avc));
	assert_false(sc_avc_read_user(
		view("msg='avc:  denied  { a } for " TAIL), &avc)); /* cut */
}

#define SAYS "subj=u:r:postgresql_t:s0 msg='SELinux: "
#define COLUMN SOURCE TARGET "tclass=db_column "

static void reads_what_postgresql_says(void **state)
{
	static const char *const refused[] = {
		SAYS "denied { select } scontext=app_t " TARGET
		     "tclass=db_column name=\"t.c\"'",
		/* a column of such a name: which contexts are the true ones? */
		SAYS "denied { select } " COLUMN
		     "name=\"x scontext=u:r:evil_t:s0 " TARGET
		     "tclass=db_column z\"'",
		SAYS "{ select } " COLUMN "name=\"t.c\"'",
	};
	struct sc_avc avc;

	(void)state;
	assert_true(sc_avc_read_user(view(SAYS "denied { select } " COLUMN
					       "name=\"t.c\" permissive=1'"),
				     &avc));
	assert_true(avc.denied && avc.permissive);
	assert_str(avc.name, "\"t.c\"");
	assert_str(avc.source, "u:r:app_t:s0");
	assert_true(sc_avc_read_user(
		view("msg='avc:  denied  { select } for " COLUMN "name=t.c'"),
		&avc));
	assert_str(avc.name, "t.c");
	assert_true(sc_avc_read_user(
		view(SAYS "allowed { select } " COLUMN "name=\"t.c\"'"), &avc));
	assert_false(avc.denied);
	assert_false(sc_avc_is_notice(view(SAYS "denied { a'")));
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (sc_avc_read_user(view(refused[i]), &avc))
			fail_msg("took '%s'", refused[i]);
}

static void knows_notices(void **state)
{
	(void)state;
	assert_true(sc_avc_is_notice(view(
		"pid=1 msg='avc:  received policyload notice (seqno=2)'")));
	assert_true(sc_avc_is_notice(
		view("pid=1 msg='avc:  op=setenforce lsm=selinux'")));
	assert_true(sc_avc_is_notice(view("pid=1 msg='hello'")));
	assert_false(sc_avc_is_notice(view("pid=1 msg='avc:  denied  { '")));
	assert_false(sc_avc_is_notice(view("avc:  denied  { read")));
	assert_false(sc_avc_is_notice(view("pid=1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_kernel_writes),
		cmocka_unit_test(takes_neither_order_nor_one_space_amiss),
		cmocka_unit_test(lets_no_name_pose_as_another_field),
		cmocka_unit_test(refuses_what_the_kernel_never_writes),
		cmocka_unit_test(refuses_endless_lists_and_contexts),
		cmocka_unit_test(reads_what_a_process_says_from_its_end),
		cmocka_unit_test(reads_what_postgresql_says),
		cmocka_unit_test(knows_notices),
	};

	return cmocka_run_group_tests_name("avc", tests, NULL, NULL);
}
