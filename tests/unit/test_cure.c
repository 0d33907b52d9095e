#include "unit.h"

#include "base/clean.h"
#include "base/file.h"
#include "base/vec.h"
#include "folder.h"
#include "host/curing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#define LABEL "security.selinux"

/* A root of its own, with a file of the kubelet's that others may read. */
struct world {
	struct sc_arena arena;
	char root[64];
	struct sc_host host;
	struct sc_machine machine;
	struct sc_verdicts verdicts;
	struct sc_verdict verdict;
	struct sc_cure_plan plan;
	struct sc_error err;
};

static const char *below(const struct world *w, const char *path)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s%s", w->root, path);
	return text;
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	SC_CLEAN(close_p) int fd = -1;

	snprintf(w->root, sizeof(w->root), "/tmp/selcage-cure-XXXXXX");
	assert_non_null(mkdtemp(w->root));
	assert_int_equal(sc_host_open(w->root, &w->host, &w->err), 0);
	w->machine.host = &w->host;
	assert_int_equal(mkdir(below(w, "/etc"), 0755), 0);
	fd = open(below(w, "/etc/kubelet"), O_WRONLY | O_CREAT | O_CLOEXEC,
		  0644);
	assert_true(fd >= 0);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	sc_host_close(&w->host);
	sc_arena_free(&w->arena);
	remove_folder(w->root);
	free(w);
	return 0;
}

/* ---- modes */

static void plan_its_mode(struct world *w)
{
	const struct sc_cure_how how = { 0 };
	const struct sc_evidence e = { .what = SC_STR("/etc/kubelet"),
				       .path = SC_STR("/etc/kubelet"),
				       .wanted = SC_STR("600"),
				       .wrong = true };

	assert_true(sc_check_find(SC_STR("node/kubelet-config-mode"),
				  &w->verdict.check));
	w->verdict.kind = SC_FAIL;
	assert_true(SC_PUSH(&w->arena, &w->verdict.evidence, e));
	assert_true(SC_PUSH(&w->arena, &w->verdicts, w->verdict));
	assert_int_equal(sc_cure_plan(&w->machine, &w->verdicts, &how,
				      &w->arena, &w->plan, &w->err),
			 0);
}

/* "user::rw-,user:1000:r--,group::r--,mask::r--,other::---" */
static const unsigned char acl[] = {
	2, 0,   0,   0,   1,   0,   6,  0, 255, 255, 255, 255, 2,   0,   4,
	0, 232, 3,   0,   0,   4,   0,  4, 0,   255, 255, 255, 255, 16,  0,
	4, 0,   255, 255, 255, 255, 32, 0, 0,   0,   255, 255, 255, 255,
};

static void changes_no_mode_that_is_part_of_an_acl(void **state)
{
	struct world *w = *state;

	if (setxattr(below(w, "/etc/kubelet"), "system.posix_acl_access", acl,
		     sizeof(acl), 0) < 0)
		skip();
	plan_its_mode(w);
	assert_int_equal(w->plan.steps.n, 0);
	assert_int_equal(w->plan.left.n, 1);
	assert_non_null(strstr(w->plan.left.v[0].why.s, "has an ACL"));
}

static void changes_the_mode_of_what_has_other_attributes(void **state)
{
	struct world *w = *state;
	const struct sc_file_change *c;

	(void)setxattr(below(w, "/etc/kubelet"), "user.posix_acl_access", acl,
		       sizeof(acl), 0);
	plan_its_mode(w);
	assert_int_equal(w->plan.left.n, 0);
	assert_int_equal(w->plan.steps.n, 1);
	assert_int_equal(w->plan.steps.v[0].step.files.n, 1);
	c = &w->plan.steps.v[0].step.files.v[0];
	assert_int_equal(c->before.mode, 0644);
	assert_int_equal(c->after.mode, 0600);
	assert_int_equal(c->after.n_xattrs, c->before.n_xattrs);
}

/* ---- labels of what is new */

static void label(const struct world *w, const char *path, const char *context)
{
	if (setxattr(below(w, path), LABEL, context, strlen(context) + 1, 0) <
	    0)
		skip();
}

static struct sc_curing curing(struct world *w)
{
	w->verdict.check.id = SC_STR("x/y");
	return (struct sc_curing){ .machine = &w->machine,
				   .all = &w->verdicts,
				   .verdict = &w->verdict,
				   .cure = { .risk = SC_STR("safe") },
				   .a = &w->arena,
				   .plan = &w->plan,
				   .err = &w->err };
}

/* Has it this label, and no other attribute? NULL: none at all. */
static bool has_label(const struct sc_file *f, const char *context)
{
	if (!context)
		return f->n_xattrs == 0;
	return f->n_xattrs == 1 &&
	       sc_str_eq(f->xattrs[0].name, SC_STR(LABEL)) &&
	       sc_str_eq(f->xattrs[0].value,
			 (struct sc_str){ context, strlen(context) + 1 });
}

/* The change of @path in the one step. */
static const struct sc_file *after(const struct world *w, const char *path)
{
	static const struct sc_file none;
	const struct sc_host_step *s = &w->plan.steps.v[0].step;

	for (size_t i = 0; i < s->files.n; i++)
		if (sc_str_eq(s->files.v[i].path, sc_view(path)))
			return &s->files.v[i].after;
	fail_msg("no change of %s", path);
	return &none;
}

static void make_in_new_folder(struct world *w)
{
	struct sc_curing c = curing(w);

	if (!sc_curing_new_file(&c, SC_STR("/etc/conf.d/90.conf"),
				SC_STR("x\n")))
		fail_msg("%s", w->err.msg);
}

static void gives_a_new_folder_the_label_of_the_one_it_is_in(void **state)
{
	struct world *w = *state;

	label(w, "/etc", "system_u:object_r:etc_t:s0");
	make_in_new_folder(w);
	assert_true(after(w, "/etc/conf.d")->folder);
	assert_true(has_label(after(w, "/etc/conf.d"),
			      "system_u:object_r:etc_t:s0"));
	assert_true(has_label(after(w, "/etc/conf.d/90.conf"),
			      "system_u:object_r:etc_t:s0"));
}

static void gives_a_new_file_the_label_of_its_folder(void **state)
{
	struct world *w = *state;

	label(w, "/etc", "system_u:object_r:etc_t:s0");
	assert_int_equal(mkdir(below(w, "/etc/conf.d"), 0700), 0);
	label(w, "/etc/conf.d", "system_u:object_r:container_config_t:s0");
	make_in_new_folder(w);
	assert_int_equal(after(w, "/etc/conf.d")->mode, 0700);
	assert_true(has_label(after(w, "/etc/conf.d/90.conf"),
			      "system_u:object_r:container_config_t:s0"));
}

static void gives_no_label_where_there_is_none(void **state)
{
	struct world *w = *state;

	make_in_new_folder(w);
	assert_true(has_label(after(w, "/etc/conf.d"), NULL));
	assert_true(has_label(after(w, "/etc/conf.d/90.conf"), NULL));
}

/* ---- the kernel's line */

static void put(const struct world *w, const char *path, const char *text)
{
	SC_CLEAN(close_p)
	int fd = open(below(w, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_true(sc_write_all(fd, sc_view(text)));
}

/* What has SELinux in AppArmor's place, where GRUB's own file and the one that
 * is made of it say @own and @made. */
static void plan_the_line(struct world *w, const char *own, const char *made)
{
	static const char *const folders[] = { "/boot", "/boot/grub", "/usr",
					       "/usr/sbin", "/etc/default" };
	const struct sc_cure_how how = { .live = true };
	char text[256];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(below(w, folders[i]), 0755), 0);
	put(w, "/usr/sbin/update-grub", "");
	snprintf(text, sizeof(text), "GRUB_CMDLINE_LINUX=\"%s\"\n", own);
	put(w, "/etc/default/grub", text);
	snprintf(text, sizeof(text),
		 "menuentry x {\n\tlinux /vmlinuz ro %s\n}\n", made);
	put(w, "/boot/grub/grub.cfg", text);
	assert_int_equal(sc_boot_lines_read(&w->host, &w->arena,
					    &w->machine.boot, &w->err),
			 0);
	assert_true(sc_check_find(SC_STR("selinux/lsm-conflict"),
				  &w->verdict.check));
	w->verdict.kind = SC_FAIL;
	assert_true(SC_PUSH(&w->arena, &w->verdicts, w->verdict));
	assert_int_equal(sc_cure_plan(&w->machine, &w->verdicts, &how,
				      &w->arena, &w->plan, &w->err),
			 0);
	assert_int_equal(w->plan.left.n, 0);
}

static void has_grub_cfg_made_of_what_it_changes(void **state)
{
	struct world *w = *state;

	plan_the_line(w, "", "");
	assert_int_equal(w->plan.steps.n, 1);
	assert_int_equal(w->plan.steps.v[0].step.files.n, 1);
	assert_int_equal(w->plan.steps.v[0].step.commands.n, 1);
	assert_true(w->plan.steps.v[0].step.commands.v[0].makes);
}

static void has_grub_cfg_made_when_only_that_lacks_it(void **state)
{
	struct world *w = *state;

	plan_the_line(w, "security=selinux", "security=apparmor");
	assert_int_equal(w->plan.steps.n, 1);
	assert_int_equal(w->plan.steps.v[0].step.files.n, 0);
	assert_int_equal(w->plan.steps.v[0].step.commands.n, 1);
}

/* The check still fails: it asks the kernel that runs. */
static void waits_for_the_boot_when_both_say_it(void **state)
{
	struct world *w = *state;

	plan_the_line(w, "security=selinux", "security=selinux quiet");
	assert_int_equal(w->plan.steps.n, 0);
}

/* ---- SELINUX= */

/* Of an image whose files have labels, and whose config says @config. */
static void plan_the_mode(struct world *w, const char *config)
{
	static const struct {
		const char *check;
		enum sc_verdict_kind kind;
	} found[] = { { "selinux/config-mode", SC_FAIL },
		      { "selinux/image-labels", SC_PASS } };
	const struct sc_cure_how how = { 0 };

	assert_int_equal(mkdir(below(w, "/etc/selinux"), 0755), 0);
	put(w, "/etc/selinux/config", config);
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		assert_true(sc_check_find(sc_view(found[i].check),
					  &w->verdict.check));
		w->verdict.kind = found[i].kind;
		assert_true(SC_PUSH(&w->arena, &w->verdicts, w->verdict));
	}
	assert_int_equal(sc_cure_plan(&w->machine, &w->verdicts, &how,
				      &w->arena, &w->plan, &w->err),
			 0);
}

static void changes_a_mode_that_init_reads(void **state)
{
	struct world *w = *state;

	plan_the_mode(w, "# why\nSELINUX=permissive\nSELINUXTYPE=x\n");
	assert_int_equal(w->plan.left.n, 0);
	assert_int_equal(w->plan.steps.n, 1);
	assert_true(sc_str_eq(w->plan.steps.v[0].step.files.v[0].after.bytes,
			      SC_STR("# why\nSELINUX=enforcing\n"
				     "SELINUXTYPE=x\n")));
}

/* In its quotes the new one would be as little read as the old one. */
static void leaves_a_mode_in_quotes_to_a_person(void **state)
{
	struct world *w = *state;

	plan_the_mode(w, "SELINUX=\"permissive\"\nSELINUXTYPE=x\n");
	assert_int_equal(w->plan.steps.n, 0);
	assert_int_equal(w->plan.left.n, 1);
	assert_non_null(strstr(w->plan.left.v[0].why.s, "init does not read"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(changes_no_mode_that_is_part_of_an_acl),
		TEST(changes_the_mode_of_what_has_other_attributes),
		TEST(gives_a_new_folder_the_label_of_the_one_it_is_in),
		TEST(gives_a_new_file_the_label_of_its_folder),
		TEST(gives_no_label_where_there_is_none),
		TEST(has_grub_cfg_made_of_what_it_changes),
		TEST(has_grub_cfg_made_when_only_that_lacks_it),
		TEST(waits_for_the_boot_when_both_say_it),
		TEST(changes_a_mode_that_init_reads),
		TEST(leaves_a_mode_in_quotes_to_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
