#include "base/label.h"
#include "folder.h"
#include "unit.h"

#include "base/clean.h"
#include "host/process.h"
#include "host/unit.h"
#include "policy/config.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- /etc/selinux/config, as libselinux reads it */

static void reads_the_config_as_libselinux_does(void **state)
{
	static const struct {
		const char *text;
		enum sc_mode mode;
		const char *type;
		bool odd;
	} cases[] = {
		{ "SELINUX=enforcing\nSELINUXTYPE=default\n", SC_MODE_ENFORCING,
		  "default", false },
		{ "", SC_MODE_NONE, "", false },
		{ "SELINUX=ENFORCINGxyz", SC_MODE_ENFORCING, "", false },
		{ "SELINUX=  \tpermissive\n", SC_MODE_PERMISSIVE, "", false },
		{ "SELINUX =enforcing\n", SC_MODE_NONE, "", false },
		{ " SELINUX=enforcing\n", SC_MODE_NONE, "", false },
		{ "selinux=enforcing\n", SC_MODE_NONE, "", false },
		{ "#SELINUX=enforcing\nSELINUX=disabled\n", SC_MODE_DISABLED,
		  "", false },
		{ "SELINUX=\"enforcing\"\nSELINUX=permissive\n",
		  SC_MODE_PERMISSIVE, "", false },
		{ "SELINUX=enforcing\nSELINUX=permissive\n", SC_MODE_ENFORCING,
		  "", false },
		{ "\xef\xbb\xbfSELINUX=enforcing\n", SC_MODE_NONE, "", false },
		{ "  selinuxtype=one\nSELINUXTYPE=two \t\r\n", SC_MODE_NONE,
		  "two", false },
		{ "SELINUXTYPE= \t\rtwo\n", SC_MODE_NONE, "two", false },
		{ "SELINUXTYPE=targeted # ours\n", SC_MODE_NONE,
		  "targeted # ours", true },
		{ "SELINUXTYPE=\"targeted\"\n", SC_MODE_NONE, "\"targeted\"",
		  true },
		{ "SELINUXTYPE=../x\n", SC_MODE_NONE, "../x", true },
		{ "SELINUXTYPE=\n", SC_MODE_NONE, "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_config c;

		sc_config_read(sc_view(cases[i].text), &c);
		assert_int_equal(c.mode, cases[i].mode);
		assert_true(sc_str_eq(c.type, sc_view(cases[i].type)));
		assert_int_equal(c.type_is_odd, cases[i].odd);
	}
}

/* fgets() with its 4,096 bytes gives the rest of a long line as another one. */
static void takes_a_long_line_as_two(void **state)
{
	char text[4095 + 32];
	struct sc_config c;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 4095, "SELINUX=enforcing\n", 18);
	sc_config_read((struct sc_str){ text, 4095 + 18 }, &c);
	assert_int_equal(c.mode, SC_MODE_ENFORCING);
	sc_config_read((struct sc_str){ text + 1, 4094 + 18 }, &c);
	assert_int_equal(c.mode, SC_MODE_NONE);
}

static void reads_the_kernels_command_line(void **state)
{
	struct sc_cmdline c;

	(void)state;
	sc_cmdline_read(SC_STR("quiet enforcing=1 security=selinux "
			       "xenforcing=1 enforcing=0 lsm=a,b -- "
			       "selinux=0\n"),
			&c);
	assert_true(sc_str_eq(c.enforcing, SC_STR("0")));
	assert_true(sc_str_eq(c.security, SC_STR("selinux")));
	assert_true(sc_str_eq(c.lsm, SC_STR("a,b")));
	assert_int_equal(c.selinux.n, 0);
	sc_cmdline_read(SC_STR("root=/dev/sda1 selinux=0\n"), &c);
	assert_true(sc_str_eq(c.selinux, SC_STR("0")));
}

/* ---- /proc */

static void reads_a_process(void **state)
{
	struct sc_process p = { 0 };

	(void)state;
	assert_true(sc_process_stat(
		SC_STR("7 (a) S 1 ) (b) R 3 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 "
		       "0 4242 0 0\n"),
		&p));
	assert_int_equal(p.pid, 7);
	assert_int_equal(p.parent, 3);
	assert_int_equal(p.started, 4242);
	assert_true(sc_str_eq(p.comm, SC_STR("a) S 1 ) (b")));
}

static void passes_over_what_is_no_process(void **state)
{
	static const char *const cases[] = {
		"",
		"7",
		"7 (a",
		"7 (a)",
		"7 (a) S 1",
		"x (a) S 1 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 4242 0",
		"7 (a) Z 1 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 4242 0",
		"7 (a) S -1 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 4242 0",
		"7 (a) S 1 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 42x42 0",
	};
	struct sc_process p = { .pid = 99 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_false(sc_process_stat(sc_view(cases[i]), &p));
	assert_int_equal(p.pid, 99);
}

static void knows_containers_by_their_cgroups(void **state)
{
	static const struct {
		const char *text, *engine; /* NULL: none */
	} cases[] = {
		{ "0::/machine.slice/libpod-" ID ".scope/container\n",
		  "podman" },
		{ "0::/user.slice/user-1000.slice/user@1000.service/user.slice/"
		  "libpod-" ID ".scope\n",
		  "podman" },
		{ "0::/system.slice/web.service/libpod-payload-" ID "\n",
		  "podman" },
		{ "0::/libpod_parent/libpod-" ID "\n", "podman" },
		{ "0::/system.slice/docker-" ID ".scope\n", "docker" },
		{ "12:cpu,cpuacct:/docker/" ID "\n0::/\n", "docker" },
		{ "0::/kubepods.slice/kubepods-podx.slice/cri-containerd-" ID
		  ".scope\n",
		  "containerd" },
		{ "0::/kubepods/burstable/podx/crio-" ID "\n", "cri-o" },
		{ "0::/kubepods/burstable/podx/" ID "\n", "kubernetes" },
		{ "0::/default/" ID "\n", "unknown" },
		{ "0::/docker-" ID ".scope/libpod-" ID ".scope\n", "docker" },
		{ "0::/machine.slice/libpod-conmon-" ID ".scope\n", NULL },
		{ "0::/system.slice/docker.service\n", NULL },
		{ "0::/docker-" ID "0.scope\n", NULL },
		{ "0::/docker-0123.scope\n", NULL },
		{ "libpod-" ID "\n", NULL },
		{ "0:/libpod-" ID "\n", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_str engine = { 0 }, id = { 0 };
		bool found =
			sc_process_cgroup(sc_view(cases[i].text), &engine, &id);

		assert_int_equal(found, cases[i].engine != NULL);
		if (!found)
			continue;
		assert_true(sc_str_eq(engine, sc_view(cases[i].engine)));
		assert_true(sc_str_eq(id, SC_STR(ID)));
	}
}

static void splits_a_context(void **state)
{
	static const struct {
		const char *text, *type, *level;
	} cases[] = {
		{ "u:r:t_t:s0:c1,c2", "t_t", "s0:c1,c2" },
		{ "u:r:t_t", "t_t", "" },
		{ "kernel", "kernel", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_str text = sc_view(cases[i].text);

		assert_true(
			sc_str_eq(sc_label_type(text), sc_view(cases[i].type)));
		assert_true(sc_str_eq(sc_label_part(text, SC_LABEL_LEVEL),
				      sc_view(cases[i].level)));
	}
}

/* ---- units */

static void knows_units_that_start_engines(void **state)
{
	static const struct {
		const char *text;
		bool podman, context;
	} cases[] = {
		{ "[Service]\nExecStart=/usr/bin/podman run x\n", true, false },
		{ "ExecStart=-/bin/sh -c 'podman run x'\n", true, false },
		{ "ExecStart=/usr/bin/env \\\n  FOO=1 \\\n podman start x\n",
		  true, false },
		{ "# ExecStart=podman\n;ExecStart=podman\n", false, false },
		{ "Description=podman\nRequires=podman.socket\n", false,
		  false },
		{ "ExecStart=/usr/bin/podman-compose up\n", false, false },
		{ "ExecStart=/x/notpodman run\n", false, false },
		{ "ExecStartPre = podman pull x\nSELinuxContext = u:r:t:s0\n",
		  true, true },
		{ "ExecStart=podman x\nSELinuxContext=u:r:t:s0\n"
		  "SELinuxContext=\n",
		  true, false },
		{ "ExecStart=/bin/true \\\n# podman\n", false, false },
		{ "ExecStart=/usr/sbin/dockerd -H fd://\n", true, false },
		{ "ExecStart=/usr/bin/containerd\n", true, false },
		{ "ExecStart=x --containerd=/run/containerd/containerd.sock\n",
		  false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool podman = false, context = false;

		sc_unit_read(sc_view(cases[i].text), &podman, &context);
		assert_int_equal(podman, cases[i].podman);
		assert_int_equal(context, cases[i].context);
	}
}

/* ---- a root that is a folder */

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void no_link_leads_out_of_a_root(void **state)
{
	char top[] = "/tmp/test-host-XXXXXX", path[64];
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_host_close) struct sc_host h = { .fd = -1 };
	struct sc_names names = { 0 };
	struct sc_str text = { 0 };
	struct sc_error err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(path, sizeof(path), "%s/etc", top);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/etc/hostname", top);
	put_file(path, "inside");
	snprintf(path, sizeof(path), "%s/etc/out", top);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	snprintf(path, sizeof(path), "%s/etc/up", top);
	assert_int_equal(symlink("../../../../../../etc/passwd", path), 0);
	assert_int_equal(sc_host_open(top, &h, &err), 0);
	assert_int_equal(sc_host_read(&h, "/etc/out", &arena, &text, &err), 0);
	assert_true(sc_str_eq(text, SC_STR("inside")));
	assert_int_equal(sc_host_read(&h, "/etc/up", &arena, &text, &err),
			 SC_ENOTFOUND);
	assert_int_equal(sc_host_read(&h, "/etc", &arena, &text, &err),
			 SC_ESYSTEM);
	assert_int_equal(sc_host_list(&h, "/etc", 0, &arena, &names, &err), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.v[1].s, "out");
	assert_int_equal(sc_host_list(&h, "/none", 0, &arena, &names, &err), 0);
	assert_int_equal(names.n, 0);
	remove_folder(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_config_as_libselinux_does),
		cmocka_unit_test(takes_a_long_line_as_two),
		cmocka_unit_test(reads_the_kernels_command_line),
		cmocka_unit_test(reads_a_process),
		cmocka_unit_test(passes_over_what_is_no_process),
		cmocka_unit_test(knows_containers_by_their_cgroups),
		cmocka_unit_test(splits_a_context),
		cmocka_unit_test(knows_units_that_start_engines),
		cmocka_unit_test(no_link_leads_out_of_a_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
