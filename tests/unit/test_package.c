#include "unit.h"

#include "base/clean.h"
#include "policy/package.h"

#include <sepol/module.h>
#include <sepol/policydb/policydb.h>

static struct sc_package_rule rule(const char *source, const char *target,
				   const char *tclass, const char *perms)
{
	return (struct sc_package_rule){
		.source = sc_view(source),
		.target = sc_view(target),
		.tclass = sc_view(tclass),
		.perms = sc_view(perms),
	};
}

/* What libsepol reads back out of @bytes. The caller frees it. */
static sepol_module_package_t *read_back(struct sc_buf *bytes)
{
	sepol_module_package_t *package = NULL;
	sepol_policy_file_t *file = NULL;

	assert_int_equal(sepol_module_package_create(&package), 0);
	assert_int_equal(sepol_policy_file_create(&file), 0);
	sepol_policy_file_set_mem(file, bytes->s, bytes->n);
	assert_int_equal(sepol_module_package_read(package, file, 0), 0);
	sepol_policy_file_free(file);
	return package;
}

static void is_read_back_by_libsepol(void **state)
{
	static const struct sc_ioctl_range ioctls[] = {
		{ 0x5401, 0x5403 },
		{ 0x5500, 0x56ff },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_package_rule rules[] = {
		rule("a_t", "b_t", "file", "read open"),
		rule("a_t", "self", "process", "signal"),
		rule("a_t", "b_t", "chr_file", "ioctl"),
	};
	struct sc_package_role role = { SC_STR("r_r"), SC_STR("c_t") };
	struct sc_package in = { SC_STR("mine"), true, rules, 3, &role, 1 };
	sepol_module_package_t *package;
	struct sc_error err;
	policydb_t *db;
	size_t n = 0, x = 0;

	(void)state;
	rules[1].dontaudit = true;
	rules[2].ioctls = ioctls;
	rules[2].n_ioctls = 2;
	assert_int_equal(sc_package_write(&in, &out, &err), 0);
	package = read_back(&out);
	db = &sepol_module_package_get_policy(package)->p;
	assert_string_equal(db->name, "mine");
	assert_string_equal(db->version, "1.0");
	assert_int_equal(db->mls, 1);
	assert_int_equal(db->p_types.nprim, 3);
	assert_int_equal(db->p_classes.nprim, 3);
	for (avrule_t *r = db->global->branch_list->avrules; r; r = r->next) {
		n++;
		x += r->xperms != NULL;
	}
	assert_int_equal(n, 5); /* two of them for the ioctls */
	assert_int_equal(x, 2);
	sepol_module_package_free(package);
}

static void is_the_same_each_time(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf one = { 0 }, two = { 0 };
	struct sc_package_rule rules[] = {
		rule("a_t", "b_t", "file", "read open"),
		rule("a_t", "c_t", "dir", "search"),
	};
	struct sc_package in = { SC_STR("m"), false, rules, 2, NULL, 0 };
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_package_write(&in, &one, &err), 0);
	assert_int_equal(sc_package_write(&in, &two, &err), 0);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.s, two.s, one.n);
}

static void refuses_what_no_package_can_hold(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 }, perms = { 0 };
	struct sc_package_rule dotted = rule("web.process", "b_t", "file", "r");
	struct sc_package_rule many = rule("a_t", "b_t", "file", "");
	struct sc_package in = { SC_STR("m"), true, &dotted, 1, NULL, 0 };
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_package_write(&in, &out, &err), SC_EREFUSED);
	assert_non_null(strstr(err.msg, "'web.process'"));
	for (int i = 0; i < 33; i++)
		sc_putf(&perms, "p%d ", i);
	many.perms = (struct sc_str){ perms.s, perms.n };
	in.rules = &many;
	assert_int_equal(sc_package_write(&in, &out, &err), SC_EREFUSED);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_back_by_libsepol),
		cmocka_unit_test(is_the_same_each_time),
		cmocka_unit_test(refuses_what_no_package_can_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
