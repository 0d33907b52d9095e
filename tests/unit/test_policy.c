#include "unit.h"

#include "base/file.h"
#include "policies.h"
#include "policy/compile.h"
#include "policy/db.h"
#include "policy/family.h"
#include "policy/labels.h"
#include "policy/trust.h"
#include "policy/why.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Debian's policy with container.pp: the same for all tests, never changed. */
static struct sc_policy *debian;

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

/* Skipped aloud, never in silence: without secilc there are none of ours. */
static bool own_path(const char *name, char *path, size_t size)
{
	const char *folder = getenv("SELCAGE_TEST_POLICIES");

	snprintf(path, size, "%s/%s.policy", folder ? folder : ".", name);
	return access(path, R_OK) == 0;
}

static int open_debian(void **state)
{
	struct sc_error err;

	(void)state;
	return sc_policy_open(policy_path(), &debian, &err);
}

static int close_debian(void **state)
{
	(void)state;
	sc_policy_close(debian);
	return 0;
}

static void knows_names_of_every_kind(void **state)
{
	static const struct {
		enum sc_name_kind kind;
		const char *name;
		bool has;
	} cases[] = {
		{ SC_NAME_TYPE, "container_t", true },
		{ SC_NAME_TYPE, "svirt_lxc_net_t", true }, /* an alias */
		{ SC_NAME_TYPE, "container_domain", false },
		{ SC_NAME_TYPE, "", false },
		{ SC_NAME_TYPE, "container_t ", false },
		{ SC_NAME_ATTRIBUTE, "container_domain", true },
		{ SC_NAME_ATTRIBUTE, "container_t", false },
		{ SC_NAME_CLASS, "file", true },
		{ SC_NAME_CLASS, "container_t", false },
		{ SC_NAME_ROLE, "system_r", true },
		{ SC_NAME_ROLE, "system_u", false },
		{ SC_NAME_USER, "system_u", true },
		{ SC_NAME_USER, "nobody_u", false },
		{ SC_NAME_BOOLEAN, "container_use_nfs", true },
		{ SC_NAME_BOOLEAN, "file", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (sc_policy_has(debian, cases[i].kind, view(cases[i].name)) !=
		    cases[i].has)
			fail_msg("'%s' is judged wrongly", cases[i].name);
}

static void does_not_know_names_that_no_policy_can_hold(void **state)
{
	char name[5000];

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_false(sc_policy_has(debian, SC_NAME_TYPE,
				   (struct sc_str){ name, sizeof(name) }));
	assert_false(
		sc_policy_has(debian, SC_NAME_TYPE, SC_STR("container_t\0x")));
	assert_false(sc_policy_has(debian, SC_NAME_TYPE, (struct sc_str){ 0 }));
}

static void knows_permissions_of_a_class_and_of_its_common(void **state)
{
	(void)state;
	assert_true(sc_policy_has_perm(debian, SC_STR("file"),
				       SC_STR("entrypoint")));
	assert_true(sc_policy_has_perm(debian, SC_STR("file"), SC_STR("read")));
	assert_false(sc_policy_has_perm(debian, SC_STR("file"),
					SC_STR("transition")));
	assert_false(
		sc_policy_has_perm(debian, SC_STR("flie"), SC_STR("read")));
}

static void knows_the_members_of_an_attribute(void **state)
{
	(void)state;
	assert_true(sc_policy_is_in(debian, SC_STR("container_t"),
				    SC_STR("container_domain")));
	assert_true(sc_policy_is_in(debian, SC_STR("svirt_lxc_net_t"),
				    SC_STR("container_domain")));
	assert_false(sc_policy_is_in(debian, SC_STR("sshd_t"),
				     SC_STR("container_domain")));
	assert_false(sc_policy_is_in(debian, SC_STR("container_t"),
				     SC_STR("container_t")));
	assert_false(sc_policy_is_in(debian, SC_STR("container_t"),
				     SC_STR("no_such_attribute")));
}

static void names_the_nearest(void **state)
{
	static const struct {
		enum sc_name_kind kind;
		const char *asked, *nearest;
	} cases[] = {
		{ SC_NAME_TYPE, "contaner_t", "container_t" },
		{ SC_NAME_TYPE, "contianer_file_t", "container_file_t" },
		{ SC_NAME_CLASS, "flie", "file" },
		{ SC_NAME_USER, "sytem_u", "system_u" },
		{ SC_NAME_ROLE, "sysadm", "sysadm_r" },
		{ SC_NAME_BOOLEAN, "container_use_nsf", "container_use_nfs" },
		{ SC_NAME_TYPE, "zzzzqqqqxxxxwwww", "" },
		{ SC_NAME_TYPE, "", "" },
		{ SC_NAME_TYPE, "x", "" },
	};
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_str near;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		near = sc_policy_nearest(debian, cases[i].kind,
					 view(cases[i].asked), &arena);
		if (!sc_str_eq(near, view(cases[i].nearest)))
			fail_msg("near '%s': '" SC_FMT "'", cases[i].asked,
				 SC_ARG(near));
	}
	near = sc_policy_nearest_perm(debian, SC_STR("file"), SC_STR("raed"),
				      &arena);
	assert_true(sc_str_eq(near, SC_STR("read")));
	near = sc_policy_nearest_perm(debian, SC_STR("file"),
				      SC_STR("netrypoint"), &arena);
	assert_true(sc_str_eq(near, SC_STR("entrypoint")));
}

static bool holds(const struct sc_names *names, struct sc_str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (sc_str_eq(names->v[i], name))
			return true;
	return false;
}

static void finds_who_starts_containers(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_names names;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_policy_engines(debian, SC_STR("container_t"),
					   &arena, &names, &err),
			 0);
	assert_true(holds(&names, SC_STR("container_engine_t")));
	assert_true(holds(&names, SC_STR("virtd_lxc_t")));
	assert_false(holds(&names, SC_STR("sshd_t")));
	for (size_t i = 1; i < names.n; i++)
		assert_true(strcmp(names.v[i - 1].s, names.v[i].s) < 0);
	assert_int_equal(sc_policy_engines(debian, SC_STR("no_such_t"), &arena,
					   &names, &err),
			 SC_ENOTFOUND);
}

static void survives_every_lack_of_memory(void **state)
{
	int r = SC_ENOMEM;

	(void)state;
	for (long nth = 0; r == SC_ENOMEM; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_names names = { 0 };
		struct sc_error err;

		sc_test_fail_after = nth;
		r = sc_policy_engines(debian, SC_STR("container_t"), &arena,
				      &names, &err);
		assert_true(r == 0 || names.n == 0);
	}
	sc_test_fail_after = -1;
	assert_int_equal(r, 0);
}

static void finds_the_type_of_a_port(void **state)
{
	static const struct {
		const char *proto;
		uint16_t port;
		const char *type;
	} cases[] = {
		{ "tcp", 80, "http_port_t" },
		{ "tcp", 3306, "mysqld_port_t" },
		{ "tcp", 6379, "redis_port_t" },
		{ "udp", 53, "dns_port_t" },
		{ "tcp", 873, "rsync_port_t" }, /* inside hi_reserved_port_t */
		{ "tcp", 39999, "unreserved_port_t" },
		{ "tcp", 0, "" },
		{ "icmp", 80, "" },
		{ "", 80, "" },
	};
	struct sc_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sc_str type = { "", 0 };
		int r = sc_port_type(debian, view(cases[i].proto),
				     cases[i].port, &type, &err);

		if (r != (*cases[i].type ? 0 : SC_ENOTFOUND) ||
		    !sc_str_eq(type, view(cases[i].type)))
			fail_msg("%s/%u: '" SC_FMT "'", cases[i].proto,
				 cases[i].port, SC_ARG(type));
	}
}

/* A run is as long as the same answer is: never over a narrower portcon. */
static void tells_how_far_a_type_goes(void **state)
{
	static const char *const protos[] = { "tcp", "udp", "sctp" };
	struct sc_error err;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (uint32_t port = 1; port < 65536;) {
			struct sc_str run, type;
			uint16_t last;

			assert_int_equal(sc_port_run(debian, view(protos[i]),
						     (uint16_t)port, &run,
						     &last, &err),
					 0);
			assert_true(last >= port);
			for (; port <= last; port++) {
				assert_int_equal(sc_port_type(debian,
							      view(protos[i]),
							      (uint16_t)port,
							      &type, &err),
						 0);
				assert_true(sc_str_eq(run, type));
			}
		}
}

/* Each port counts for one type only: together they are all ports. */
static void counts_the_ports_of_a_type(void **state)
{
	struct sc_str seen = { 0 }, type;
	struct sc_error err;
	size_t n = 0;

	(void)state;
	assert_int_equal(sc_port_type_size(debian, SC_STR("tcp"),
					   SC_STR("redis_port_t")),
			 2);
	assert_int_equal(
		sc_port_type_size(debian, SC_STR("tcp"), SC_STR("no_such_t")),
		0);
	for (uint32_t port = 0; port < 65536; port++) {
		if (sc_port_type(debian, SC_STR("tcp"), (uint16_t)port, &type,
				 &err) < 0)
			continue;
		n += sc_str_eq(type, SC_STR("unreserved_port_t"));
		seen = type;
	}
	assert_true(seen.n > 0);
	assert_int_equal(n, sc_port_type_size(debian, SC_STR("tcp"),
					      SC_STR("unreserved_port_t")));
}

static void knows_the_family_of_debian(void **state)
{
	struct sc_family family;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_family_find(debian, &family, &err), 0);
	assert_true(sc_str_eq(family.name, SC_STR("refpolicy")));
	assert_true(sc_str_eq(family.container, SC_STR("container_t")));
	assert_true(sc_str_eq(family.content, SC_STR("container_file_t")));
	assert_true(family.base.n > 1000);
}

/* The names of container-selinux, and its base compiled on top of them. */
static void knows_the_family_of_fedora(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *made = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *policy = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_source source[] = {
		{ .name = SC_STR("base") },
		{ SC_STR("web"),
		  SC_STR("(block web (blockinherit selcage_core))") },
	};
	struct sc_sources sources = { source, 2, 2 };
	struct sc_family family;
	struct sc_names names;
	struct sc_error err;
	char path[4096];

	(void)state;
	if (!own_path("fedora", path, sizeof(path)))
		skip();
	assert_int_equal(sc_policy_open(path, &policy, &err), 0);
	assert_int_equal(sc_family_find(policy, &family, &err), 0);
	assert_true(sc_str_eq(family.name, SC_STR("fedora")));
	assert_int_equal(sc_policy_engines(policy, family.container, &arena,
					   &names, &err),
			 0);
	assert_int_equal(names.n, 1);
	assert_true(sc_str_eq(names.v[0], SC_STR("container_runtime_t")));

	source[0].text = family.base;
	if (sc_compile(policy, &sources, &made, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(sc_policy_has(made, SC_NAME_TYPE, SC_STR("web.process")));
}

static void refuses_what_is_no_policy(void **state)
{
	struct sc_policy *p = NULL;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_policy_open("/no/such/file", &p, &err), SC_ESYSTEM);
	assert_int_equal(sc_policy_open("/", &p, &err), SC_ESYSTEM);
	assert_int_equal(sc_policy_open("/dev/null", &p, &err), SC_EPOLICY);
	assert_int_equal(sc_policy_open("/dev/zero", &p, &err), SC_ELIMIT);
	assert_int_equal(sc_policy_open("/proc/self/exe", &p, &err),
			 SC_EPOLICY);
	assert_non_null(strstr(err.msg, "magic"));
	assert_null(p);
}

/* A policy of ours, to be damaged, and a file in memory for what is left. */
struct patient {
	struct sc_arena arena;
	struct sc_str bytes;
	int fd;
	char path[64];
};

static void admit(struct patient *p, const char *name)
{
	struct sc_error err;
	struct sc_str text;
	char path[4096];
	char *copy;

	if (!own_path(name, path, sizeof(path)))
		skip();
	assert_int_equal(sc_file_read(path, 1 << 20, &p->arena, &text, &err),
			 0);
	copy = sc_new_array(&p->arena, char, text.n);
	assert_non_null(copy);
	memcpy(copy, text.s, text.n);
	p->bytes = (struct sc_str){ copy, text.n };
	p->fd = memfd_create("selcage-test", MFD_CLOEXEC);
	assert_true(p->fd >= 0);
	snprintf(p->path, sizeof(p->path), "/proc/self/fd/%d", p->fd);
}

static void discharge(struct patient *p)
{
	sc_arena_free(&p->arena);
	close(p->fd);
}

/* Open what is left of the patient, and ask it, if it is still a policy. */
static int try_patient(const struct patient *p, struct sc_str bytes,
		       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_policy_close_p) struct sc_policy *policy = NULL;
	struct sc_family family;
	struct sc_names names;
	struct sc_whys whys;
	struct sc_error ignored;
	int r;

	assert_int_equal(ftruncate(p->fd, 0), 0);
	assert_int_equal(pwrite(p->fd, bytes.s, bytes.n, 0), bytes.n);
	r = sc_policy_open(p->path, &policy, err);
	if (r < 0)
		return r;
	(void)!sc_family_find(policy, &family, &ignored);
	(void)!sc_policy_engines(policy, SC_STR("app_t"), &arena, &names,
				 &ignored);
	(void)!sc_why_ask(policy, SC_STR("system_u:system_r:mcs_t:s0:c1,c2"),
			  SC_STR("system_u:object_r:mcsfile_t:s0:c3,c4"),
			  SC_STR("file"), SC_STR("read write create raed"),
			  &arena, &whys, &ignored);
	return 0;
}

static void survives_a_policy_cut_short(void **state)
{
	struct patient p = { 0 };
	struct sc_error err;

	(void)state;
	admit(&p, "why");
	for (size_t n = 0; n < p.bytes.n; n += 53)
		assert_int_equal(
			try_patient(&p, (struct sc_str){ p.bytes.s, n }, &err),
			SC_EPOLICY);
	assert_int_equal(try_patient(&p, p.bytes, &err), 0);
	discharge(&p);
}

static void survives_a_policy_with_a_wrong_byte(void **state)
{
	struct patient p = { 0 };
	struct sc_error err;
	char *byte;

	(void)state;
	admit(&p, "why");
	for (size_t i = 100; i < p.bytes.n; i += 29) {
		int r;

		byte = (char *)(uintptr_t)p.bytes.s + i;
		*byte = (char)(*byte ^ 3);
		r = try_patient(&p, p.bytes, &err);
		*byte = (char)(*byte ^ 3);
		assert_true(r == 0 || r == SC_EPOLICY);
	}
	discharge(&p);
}

/* A table that says it numbers 16 million names: libsepol counts to that. */
static void gives_up_on_a_policy_that_never_ends(void **state)
{
	static const char one_of_one[8] = { 1, 0, 0, 0, 1, 0, 0, 0 };
	struct patient p = { 0 };
	struct sc_error err;
	char *table;

	(void)state;
	admit(&p, "nomls");
	table = memmem(p.bytes.s, p.bytes.n, one_of_one, sizeof(one_of_one));
	assert_non_null(table);
	memset(table, -1, 3);
	assert_int_equal(try_patient(&p, p.bytes, &err), SC_EPOLICY);
	assert_non_null(strstr(err.msg, "end"));
	discharge(&p);
}

static void says_what_a_policy_without_containers_lacks(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *policy = NULL;
	struct sc_family family;
	struct sc_error err;
	char path[4096];

	(void)state;
	if (!own_path("why", path, sizeof(path)))
		skip();
	assert_int_equal(sc_policy_open(path, &policy, &err), 0);
	assert_int_equal(sc_family_find(policy, &family, &err), SC_ENOTFOUND);
	assert_non_null(strstr(err.msg, "it has no type 'container_t'"));
	assert_non_null(strstr(err.msg, "container.pp"));
}

static void lists_permissive_domains(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	ebitmap_t *map = &sc_policy_db(debian)->permissive_map;
	const char *few[] = { "sshd_t", "container_t" };
	struct sc_names names;
	ebitmap_t before;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_policy_permissive(debian, &arena, &names, &err), 0);
	assert_int_equal(names.n, 0);
	assert_int_equal(ebitmap_cpy(&before, map), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			ebitmap_set_bit(
				map,
				sc_db_type(sc_policy_db(debian), view(few[i]))
					->s.value,
				1),
			0);
	assert_int_equal(sc_policy_permissive(debian, &arena, &names, &err), 0);
	ebitmap_destroy(map);
	*map = before;
	assert_int_equal(names.n, 2);
	assert_true(sc_str_eq(names.v[0], SC_STR("container_t")));
	assert_true(sc_str_eq(names.v[1], SC_STR("sshd_t")));
}

/* Whoever can write a file there can write anything; else it needs a trial. */
static void trusts_root_in_etc_selinux_alone(void **state)
{
	static const struct {
		const char *path;
		bool trusted;
	} cases[] = {
		{ "/etc/selinux/config", true }, { "/etc/hostname", false },
		{ "/etc/selinux", false },       { "/dev/null", false },
		{ "/proc/self/status", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_CLEAN(close_p)
		int fd = open(cases[i].path, O_RDONLY | O_CLOEXEC);
		struct stat st;

		if (fd < 0 || fstat(fd, &st) < 0 || st.st_uid != 0)
			continue;
		assert_int_equal(sc_policy_is_trusted(fd), cases[i].trusted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trusts_root_in_etc_selinux_alone),
		cmocka_unit_test(knows_names_of_every_kind),
		cmocka_unit_test(does_not_know_names_that_no_policy_can_hold),
		cmocka_unit_test(
			knows_permissions_of_a_class_and_of_its_common),
		cmocka_unit_test(knows_the_members_of_an_attribute),
		cmocka_unit_test(names_the_nearest),
		cmocka_unit_test(finds_who_starts_containers),
		cmocka_unit_test(lists_permissive_domains),
		cmocka_unit_test(survives_every_lack_of_memory),
		cmocka_unit_test(finds_the_type_of_a_port),
		cmocka_unit_test(tells_how_far_a_type_goes),
		cmocka_unit_test(counts_the_ports_of_a_type),
		cmocka_unit_test(knows_the_family_of_debian),
		cmocka_unit_test(knows_the_family_of_fedora),
		cmocka_unit_test(refuses_what_is_no_policy),
		cmocka_unit_test(survives_a_policy_cut_short),
		cmocka_unit_test(survives_a_policy_with_a_wrong_byte),
		cmocka_unit_test(gives_up_on_a_policy_that_never_ends),
		cmocka_unit_test(says_what_a_policy_without_containers_lacks),
	};

	(void)policy_path();
	return cmocka_run_group_tests(tests, open_debian, close_debian);
}
