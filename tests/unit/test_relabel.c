/* Files get the labels that file contexts say, and nothing else does: as root,
 * who may set labels, on any file system that keeps them. */
#include "unit.h"

#include "base/clean.h"
#include "policy/relabel.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define LABEL "security.selinux"

static char top[64]; /* a folder of its own for each test */

static const char *at(const char *name)
{
	static char path[4][200];
	static size_t n;
	char *out = path[n++ % 4];

	snprintf(out, sizeof(path[0]), "%s/%s", top, name);
	return out;
}

static void put(const char *path, const char *text)
{
	SC_CLEAN(fclose_p) FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
}

static void set(const char *path, const char *label)
{
	assert_int_equal(lsetxattr(path, LABEL, label, strlen(label) + 1, 0),
			 0);
}

static void has(const char *path, const char *label)
{
	char now[200] = "";

	assert_true(lgetxattr(path, LABEL, now, sizeof(now) - 1) > 0);
	assert_string_equal(now, label);
}

/* A tree below web/, a file beside it, and a link from one to the other. */
static int make(void **state)
{
	char *real;

	(void)state;
	snprintf(top, sizeof(top), "/tmp/selcage-relabel-XXXXXX");
	real = mkdtemp(top);
	assert_non_null(real);
	assert_int_equal(mkdir(at("web"), 0700), 0);
	assert_int_equal(mkdir(at("web/a"), 0700), 0);
	put(at("web/a/file"), "");
	put(at("secret"), "");
	assert_int_equal(symlink(at("secret"), at("web/link")), 0);
	assert_int_equal(symlink(at("web"), at("way")), 0);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	(void)unlink(at("web/a/file"));
	(void)unlink(at("web/link"));
	(void)rmdir(at("web/a"));
	(void)rmdir(at("web"));
	(void)unlink(at("way"));
	(void)unlink(at("secret"));
	(void)unlink(at("contexts"));
	return rmdir(top);
}

static bool may_label(void)
{
	return lsetxattr(at("secret"), LABEL, "u:r:secret_t:s0", 16, 0) == 0;
}

/* All of @top is @type; then give @path its labels. */
static int relabel(const char *path, const char *type, const char *only,
		   struct sc_labelling *r, struct sc_error *err)
{
	SC_CLEAN(sc_contexts_close_p) struct sc_contexts *c = NULL;
	struct sc_relabel_path p = { .path = sc_view(path),
				     .only = sc_view(only),
				     .below = true };
	char text[300];

	snprintf(text, sizeof(text), "%s(/.*)?\tu:r:%s:s0\n", top, type);
	put(at("contexts"), text);
	assert_int_equal(sc_contexts_open(at("contexts"), &c, err), 0);
	return sc_relabel_one(&p, c, r, err);
}

static void labels_a_tree_and_no_link_out_of_it(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	if (!may_label())
		skip();
	if (relabel(at("web"), "web_t", "", &r, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.changed, 4);
	has(at("web"), "u:r:web_t:s0");
	has(at("web/a/file"), "u:r:web_t:s0");
	has(at("web/link"), "u:r:web_t:s0");
	has(at("secret"), "u:r:secret_t:s0");
}

static void a_label_that_is_right_is_left_alone(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	if (!may_label())
		skip();
	assert_int_equal(relabel(at("web"), "web_t", "", &r, &err), 0);
	r.changed = 0;
	assert_int_equal(relabel(at("web"), "web_t", "", &r, &err), 0);
	assert_int_equal(r.changed, 0);
}

static void what_is_given_up_goes_and_the_rest_stays(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	if (!may_label())
		skip();
	assert_int_equal(relabel(at("web"), "web_t", "", &r, &err), 0);
	set(at("web/a/file"), "u:r:other_t:s0");
	r.changed = 0;
	assert_int_equal(relabel(at("web"), "var_t", "web_t", &r, &err), 0);
	assert_int_equal(r.changed, 3);
	has(at("web"), "u:r:var_t:s0");
	has(at("web/a/file"), "u:r:other_t:s0");
}

static void refuses_a_link_on_the_way(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	if (!may_label())
		skip();
	assert_int_equal(relabel(at("way"), "web_t", "", &r, &err),
			 SC_EREFUSED);
	assert_int_equal(relabel(at("way/a"), "web_t", "", &r, &err),
			 SC_EREFUSED);
	assert_int_equal(r.changed, 0);
}

/* Another file system's, though its device may be the same. */
static void passes_by_what_is_mounted_in_a_tree(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	if (!may_label() || unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		skip();
	assert_int_equal(mkdir(at("bound"), 0700), 0);
	set(at("bound"), "u:r:secret_t:s0");
	assert_int_equal(mount(at("bound"), at("web/a"), NULL, MS_BIND, NULL),
			 0);
	assert_int_equal(relabel(at("web"), "web_t", "", &r, &err), 0);
	assert_int_equal(umount(at("web/a")), 0);
	has(at("web"), "u:r:web_t:s0");
	has(at("bound"), "u:r:secret_t:s0");
	assert_int_equal(rmdir(at("bound")), 0);
}

static void what_is_not_there_is_done(void **state)
{
	struct sc_labelling r = { 0 };
	struct sc_error err;

	(void)state;
	assert_int_equal(relabel(at("none/at/all"), "web_t", "", &r, &err), 0);
	assert_int_equal(r.changed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(labels_a_tree_and_no_link_out_of_it),
		TEST(a_label_that_is_right_is_left_alone),
		TEST(what_is_given_up_goes_and_the_rest_stays),
		TEST(refuses_a_link_on_the_way),
		TEST(passes_by_what_is_mounted_in_a_tree),
		TEST(what_is_not_there_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
