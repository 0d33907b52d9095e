#include "unit.h"

#include "lines.h"

#include "base/clean.h"
#include "spec/read.h"
#include "spec/show.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int read_inspect(const char *text, struct sc_arena *a,
			struct sc_spec *out, struct sc_error *err)
{
	return sc_spec_read(view(text), SC_STR("inspect.json"), NULL, a, out,
			    err);
}

struct shown_case {
	const char *top, *host, *config; /* members of the three objects */
	const char *lines;
};

/* A container of each engine is the same but for a key that tells it. */
static void check_shown(const char *engine, const struct shown_case *cases,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct shown_case *c = &cases[i];
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 }, out = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec;

		sc_putf(&text, "[{%s%s\"HostConfig\": {%s}, \"Config\": {%s}}]",
			engine, c->top, c->host, c->config);
		if (read_inspect(text.s, &a, &spec, &err) < 0)
			fail_msg("%s\n%s", err.msg, text.s);
		sc_spec_put(&spec, &out);
		assert_lines(out.s, c->lines);
	}
}

#define DOCKER "\"Name\": \"/web\", "
#define PODMAN "\"Name\": \"web\", \"OCIRuntime\": \"crun\", "

static void reads_what_both_engines_say(void **state)
{
	static const struct shown_case cases[] = {
		{ "", "", "\"User\": \"1:1\", \"Image\": \"i\"",
		  "web  ([0])\n  image         i\n  user          1:1\n" },
		{ "\"ProcessLabel\": \"p\", \"MountLabel\": \"m\", ", "", "",
		  "process label p\n  mount label   m\n" },
		{ "",
		  "\"Privileged\": true, \"ReadonlyRootfs\": true, "
		  "\"Init\": true",
		  "\"SystemdMode\": true",
		  "privileged, read-only root, init, systemd\n" },
		{ "",
		  "\"NetworkMode\": \"container:1\", \"PidMode\": \"host\", "
		  "\"IpcMode\": \"shareable\", \"UsernsMode\": \"host\"",
		  "", "network shared, pid host, user host\n" },
		{ "", "\"NetworkMode\": \"none\"", "", "no network\n" },
		{ "",
		  "\"SecurityOpt\": [\"label=type:t_t,label=level:s0:c1,c2,"
		  "no-new-privileges\"]",
		  "",
		  "label type    t_t\n  label level   s0:c1,c2\n"
		  "no new privileges\n" },
		{ "",
		  "\"SecurityOpt\": [\"label=type:a\", \"label=disable\", "
		  "\"seccomp={,}\"]",
		  "", "label type    a\nlabel=disable\n" },
		{ "", "\"SecurityOpt\": null", "", "web  ([0])\n" },
		{ "\"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/s\", "
		  "\"Destination\": \"/d\", \"Mode\": \"Z\", \"RW\": true}, "
		  "{\"Type\": \"volume\", \"Name\": \"v\", \"Source\": \"/x\", "
		  "\"Destination\": \"/v\", \"Mode\": \"\", \"RW\": false}, "
		  "{\"Type\": \"bind\", \"Source\": \"/s\", "
		  "\"Destination\": \"/e\", \"Mode\": \"ro,z\", "
		  "\"RW\": false}, {\"Type\": \"tmpfs\", "
		  "\"Destination\": \"/t\", \"RW\": true}], ",
		  "\"Tmpfs\": {\"/run\": \"ro,size=1k\"}", "",
		  "bind /s -> /d, Z  ([0].Mounts[0])\n"
		  "volume v -> /v, read-only\n"
		  "bind /s -> /e, read-only, z\ntmpfs /t  \n"
		  "tmpfs /run, read-only  ([0].HostConfig.Tmpfs./run)\n" },
		/* what does not say that it can be written cannot */
		{ "\"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/s\", "
		  "\"Destination\": \"/d\"}], ",
		  "", "", "bind /s -> /d, read-only\n" },
		{ "\"Mounts\": [{\"Type\": \"volume\", \"Name\": "
		  "\"00112233445566778899aabbccddeeff"
		  "00112233445566778899aabbccddeeff\", "
		  "\"Destination\": \"/d\", \"RW\": true}], ",
		  "", "", "volume /d  (\n" },
		{ "\"NetworkSettings\": {\"Ports\": {\"90/udp\": "
		  "[{\"HostPort\": \"9\"}], \"80/tcp\": null}}, ",
		  "\"PortBindings\": {\"80/tcp\": [{\"HostPort\": \"8080\"}], "
		  "\"70-72/sctp\": [{\"HostPort\": \"\"}], \"x\": null}",
		  "\"ExposedPorts\": {\"81/tcp\": {}, \"90/udp\": {}}",
		  "80/tcp, published at 8080\n"
		  "70-72/sctp, published at any port\n"
		  "90/udp, published at 9\n81/tcp, not published\n"
		  "'x' is no port: left out\n" },
		{ "", "\"PublishAllPorts\": true",
		  "\"ExposedPorts\": {\"81/tcp\": {}}",
		  "81/tcp, published at any port\n" },
		{ "",
		  "\"Devices\": [{\"PathOnHost\": \"/dev/a\", "
		  "\"PathInContainer\": \"/dev/b\", "
		  "\"CgroupPermissions\": \"r\"}]",
		  "", "/dev/a -> /dev/b, r\n" },
		{ "", "", "\"Env\": [\"A=b=c\", \"D\"]", "A=b=c\nD=\n" },
		{ "", "",
		  "\"Entrypoint\": [\"/e\", \"x y\"], \"Cmd\": [\"z\"], "
		  "\"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"a\"]}",
		  "command       /e x y z\n  health check  /bin/sh -c a\n" },
		{ "", "", "\"Entrypoint\": \"/e x\", \"Cmd\": null",
		  "command       /e x\n" },
		{ "", "", "\"Healthcheck\": null, \"Labels\": null",
		  "web  ([0])\n" },
		{ "", "",
		  "\"Hostname\": \"h\", \"Labels\": "
		  "{\"com.docker.compose.project\": \"p\", "
		  "\"com.docker.compose.service\": \"s\", "
		  "\"com.docker.compose.depends_on\": "
		  "\"db:service_started:false,redis:x:y\"}",
		  "s  ([0])\n  project       p\n"
		  "  depends on    db redis\n  aliases       web h\n" },
		{ "", "", "\"Labels\": {\"io.podman.compose.project\": \"q\"}",
		  "web  ([0])\n  project       q\n" },
		{ "\"Id\": \"0123456789abcdef\", \"NetworkSettings\": "
		  "{\"Networks\": {\"n\": {\"Aliases\": [\"0123456789ab\", "
		  "\"al\"]}, \"m\": {\"Aliases\": null}}}, ",
		  "\"Links\": [\"/db:/web/database\"]", "",
		  "links         db:database\n  networks      n m\n"
		  "  aliases       al\n" },
		{ "\"IsInfra\": true, ", "\"DeviceRequests\": [{}]", "",
		  "DeviceRequests is not looked at\ninfra container\n" },
		{ "\"Mounts\": {}, ", "\"Devices\": 1", "\"Env\": [[]]",
		  "this is a mapping, not a list: passed over\n"
		  "this is a number, not a list: passed over\n"
		  "this is a list, not a string: passed over\n" },
	};

	(void)state;
	check_shown(DOCKER, cases, COUNT(cases));
	check_shown(PODMAN, cases, COUNT(cases));
}

#define FOURTEEN                                                   \
	"AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD " \
	"NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT\n"

static void computes_the_capabilities_of_docker(void **state)
{
	static const struct shown_case cases[] = {
		{ "", "", "", "capabilities  " FOURTEEN },
		{ "",
		  "\"CapAdd\": [\"CAP_NET_ADMIN\"], "
		  "\"CapDrop\": [\"CHOWN\", \"NET_RAW\", \"SETUID\"]",
		  "",
		  "capabilities  AUDIT_WRITE DAC_OVERRIDE FOWNER FSETID KILL "
		  "MKNOD NET_ADMIN NET_BIND_SERVICE SETFCAP SETGID SETPCAP "
		  "SYS_CHROOT\n" },
		{ "", "\"CapAdd\": [\"KILL\"], \"CapDrop\": [\"ALL\"]", "",
		  "capabilities  KILL\n" },
		{ "", "\"CapDrop\": [\"all\"]", "", "capabilities  none\n" },
		{ "", "\"CapAdd\": [\"ALL\"], \"CapDrop\": [\"SYS_ADMIN\"]", "",
		  "SYSLOG SYS_BOOT SYS_CHROOT\n" },
		{ "", "\"Privileged\": true, \"CapDrop\": [\"ALL\"]", "",
		  "SYSLOG SYS_ADMIN SYS_BOOT\n" },
	};

	(void)state;
	check_shown(DOCKER, cases, COUNT(cases));
}

static void takes_podman_at_its_word(void **state)
{
	static const struct shown_case cases[] = {
		{ "\"EffectiveCaps\": [\"CAP_KILL\"], ", "", "",
		  "capabilities  KILL\n" },
		{ "\"EffectiveCaps\": null, \"BoundingCaps\": [\"CAP_KILL\"], ",
		  "", "", "capabilities  none\na setuid program\n" },
		{ "", "\"UsernsMode\": \"private\"", "", "own user ids\n" },
		{ "", "\"IDMappings\": {\"UidMap\": [\"0:1:2\"]}", "",
		  "own user ids\n" },
		{ "\"ImageName\": \"img\", ", "\"IpcMode\": \"shareable\"",
		  "\"CreateCommand\": [\"podman\", \"run\", \"--ipc\", "
		  "\"host\", \"img\"]",
		  "ipc host\n" },
	};

	(void)state;
	check_shown(PODMAN, cases, COUNT(cases));
}

/* After the image's name come the words of the container's own command. */
static void a_command_is_no_option(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec spec;

	(void)state;
	assert_int_equal(
		read_inspect("[{\"ImageName\": \"img\", \"HostConfig\": {}, "
			     "\"Config\": {\"CreateCommand\": "
			     "[\"podman\", \"run\", \"img\", "
			     "\"--ipc=host\"]}}]",
			     &a, &spec, &err),
		0);
	assert_int_equal(spec.containers.v[0].ipc, SC_NS_PRIVATE);
}

static void reads_all_containers_or_one_object(void **state)
{
	static const char one[] = "{\"Name\": \"/a\", \"HostConfig\": {}, "
				  "\"Config\": {}}";
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec spec;

	(void)state;
	assert_int_equal(read_inspect(one, &a, &spec, &err), 0);
	assert_int_equal(spec.containers.n, 1);
	assert_int_equal(spec.format, SC_FORMAT_DOCKER);
	assert_true(sc_str_eq(spec.containers.v[0].name, SC_STR("a")));
	sc_putf(&text, "[%s,%s,%s]", one, one, one);
	assert_int_equal(read_inspect(text.s, &a, &spec, &err), 0);
	assert_int_equal(spec.containers.n, 3);
	assert_true(sc_str_eq(spec.containers.v[2].place.path, SC_STR("[2]")));
}

static void refuses_other_formats_by_name(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *words;
	} cases[] = {
		{ "[]", SC_ESYNTAX, "empty list" },
		{ "[1]", SC_ESYNTAX, "neither" },
		{ "{}", SC_ESYNTAX, "neither" },
		{ "[{\"HostConfig\": {}, \"Config\": {}}, 7]", SC_ESYNTAX,
		  "[1]: no container" },
		{ "[{\"HostConfig\": [], \"Config\": {}}]", SC_ESYNTAX,
		  "[0]: no container" },
		{ "[{\"HostConfig\": {\"Privileged\": 3}, \"Config\": {}}]",
		  SC_ESYNTAX, "[0].HostConfig.Privileged: '3' is neither" },
		{ "{\"info\": {}, \"status\": {}}", SC_EREFUSED, "crictl" },
		{ "{\"status\": {}, \"pid\": 1, \"sandboxId\": \"\"}",
		  SC_EREFUSED, "crictl" },
		{ "{\"ociVersion\": \"1\", \"process\": {}}", SC_EREFUSED,
		  "OCI" },
		{ "[{\"ID\": \"\", \"Runtime\": {}, \"Spec\": {}}]",
		  SC_EREFUSED, "containerd" },
		{ "{\"SnapshotKey\": \"\"}", SC_EREFUSED, "containerd" },
		{ "[{\"CreateInfra\": true}]", SC_EREFUSED, "pod inspect" },
		{ "[{\"RepoTags\": [], \"Config\": {}}]", SC_EREFUSED,
		  "image" },
		{ "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}", SC_EREFUSED,
		  "Kubernetes" },
		{ "[{\"Names\": [], \"Command\": []}]", SC_EREFUSED, "ps" },
		{ "[{\"Name\": \"a\", \"Mountpoint\": \"\"}]", SC_EREFUSED,
		  "volume" },
		{ "[Unit]\n", SC_EREFUSED, "quadlet" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec;
		int r = read_inspect(cases[i].text, &a, &spec, &err);

		if (r != cases[i].code || !strstr(err.msg, cases[i].words))
			fail_msg("case %zu: %d '%s'", i, r, err.msg);
	}
}

static const char full[] =
	"[{\"Id\": \"1\", \"Name\": \"/a\", \"ImageName\": \"i\", "
	"\"EffectiveCaps\": [\"CAP_KILL\", \"X\"], \"Mounts\": [{\"Type\": "
	"\"bind\", \"Source\": \"/s\", \"Destination\": \"/d\", \"RW\": true}], "
	"\"NetworkSettings\": {\"Networks\": {\"n\": {\"Aliases\": [\"z\"]}}}, "
	"\"HostConfig\": {\"SecurityOpt\": [\"label=type:t\"], \"Tmpfs\": "
	"{\"/t\": \"\"}, \"PortBindings\": {\"80/tcp\": null}, \"Devices\": "
	"[{\"PathOnHost\": \"/dev/a\"}], \"Links\": [\"/b:/a/c\"]}, "
	"\"Config\": {\"Env\": [\"A=b\"], \"Cmd\": [\"c\"], \"Labels\": "
	"{\"com.docker.compose.depends_on\": \"db\"}}}]";

static void writes_the_same_as_json(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec spec;

	(void)state;
	assert_int_equal(read_inspect(full, &a, &spec, &err), 0);
	sc_spec_put_json(&spec, &out);
	assert_lines(
		out.s,
		"{\"v\":1,\"kind\":\"container\",\"file\":\"inspect.json\","
		"\"name\":\"a\",\"path\":\"[0]\",\"line\":0,\"id\":\"1\"\n"
		"\"label_type\":\"t\"\n\"privileged\":false\n"
		"\"mounts\":[{\"kind\":\"bind\",\"source\":\"/s\","
		"\"target\":\"/d\",\"read_only\":false,\"relabel\":\"\"\n"
		"\"ports\":[{\"proto\":\"tcp\",\"first\":80,\"last\":80,"
		"\"host\":0,\"published\":false\n\"caps_known\":true\n"
		"\"caps\":[\"KILL\"],\"env\":[{\"name\":\"A\",\"value\":\"b\"}]"
		",\"depends_on\":[\"db\"],\"links\":[{\"name\":\"b\","
		"\"value\":\"c\"}]\n\"command\":[\"c\"],\"health\":[]}\n"
		"{\"v\":1,\"kind\":\"note\"\nno capability 'X'\n");
}

static void survives_every_lack_of_memory(void **state)
{
	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec = { .file = SC_STR("as it was") };
		int r;

		sc_test_fail_after = nth;
		r = read_inspect(full, &a, &spec, &err);
		if (sc_test_fail_after >= 0) {
			assert_int_equal(r, 0);
			break;
		}
		assert_int_equal(r, SC_ENOMEM);
		assert_true(sc_str_eq(spec.file, SC_STR("as it was")));
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_both_engines_say),
		cmocka_unit_test(computes_the_capabilities_of_docker),
		cmocka_unit_test(takes_podman_at_its_word),
		cmocka_unit_test(a_command_is_no_option),
		cmocka_unit_test(reads_all_containers_or_one_object),
		cmocka_unit_test(refuses_other_formats_by_name),
		cmocka_unit_test(writes_the_same_as_json),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
