#include "unit.h"

#include "lines.h"

#include "base/clean.h"
#include "base/vec.h"
#include "spec/read.h"
#include "spec/show.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct sc_item variables[] = {
	{ .name = { "SET", 3 }, .value = { "old", 3 } },
	{ .name = { "SET", 3 }, .value = { "value", 5 } },
	{ .name = { "EMPTY", 5 }, .value = { "", 0 } },
	{ .name = { "BIND", 4 }, .value = { "127.0.0.1:13306", 15 } },
	{ .name = { "NEST", 4 }, .value = { "${SET}", 6 } },
};

static int read_compose(const char *text, struct sc_arena *a,
			struct sc_spec *out, struct sc_error *err)
{
	struct sc_items vars = { .n = COUNT(variables) };
	struct sc_spec_options opt = { SC_STR("folder"), &vars };

	vars.v = sc_new_array(a, struct sc_item, COUNT(variables));
	if (!vars.v)
		return sc_fail(err, SC_ENOMEM, "no memory");
	memcpy(vars.v, variables, sizeof(variables));
	return sc_spec_read(view(text), SC_STR("compose.yaml"), &opt, a, out,
			    err);
}

#define HEAD "services:\n  a:\n    image: x\n"

struct shown_case {
	const char *text;  /* what follows HEAD */
	const char *lines; /* each of these, in this order, in what is shown */
};

static void check_shown(const char *head, const struct shown_case *cases,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 }, out = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec;

		sc_putf(&text, "%s%s", head, cases[i].text);
		if (read_compose(text.s, &a, &spec, &err) < 0)
			fail_msg("%s\n%s", err.msg, text.s);
		sc_spec_put(&spec, &out);
		assert_lines(out.s, cases[i].lines);
	}
}

static void reads_what_a_service_asks_for(void **state)
{
	static const struct shown_case cases[] = {
		{ "    container_name: c\n    hostname: h\n    user: 1:1\n"
		  "    privileged: yes\n    read_only: true\n    init: on\n",
		  "  image         x\n  project       folder\n"
		  "  user          1:1\n"
		  "privileged, read-only root, init\n  aliases       c h\n" },
		{ "    cap_add: [SYS_NICE, cap_chown, ALL]\n"
		  "    cap_drop:\n      - all\n      - NOPE\n",
		  "caps added    SYS_NICE CHOWN ALL\ncaps dropped  ALL\n"
		  "no capability 'NOPE': left out  (line 7)\n" },
		{ "    pid: host\n    ipc: service:b\n    network_mode: none\n"
		  "    userns_mode: keep-id\n",
		  "no network, own user ids\npid host, ipc shared\n" },
		{ "    depends_on: {b: {condition: x}, c: {}}\n"
		  "    links: ['d:e', f]\n"
		  "    networks:\n      n1:\n        aliases: [g]\n      n2:\n",
		  "depends on    b c\nlinks         d:e f\n"
		  "networks      n1 n2\naliases       g\n" },
		{ "    depends_on: [b]\n    networks: [n]\n    profiles: [p]\n",
		  "depends on    b\nnetworks      n\nprofiles      p\n" },
		{ "    environment:\n      A: 1\n      B:\n      C: null\n"
		  "      D: ''\n",
		  "A=1\nB=\nC=\nD=\n" },
		{ "    environment: ['A=b=c', E]\n", "A=b=c\nE=\n" },
		{ "    command: sh -c 'a \"b\" c' d\\ e\n",
		  "command       sh -c a \"b\" c d e\n" },
		{ "    entrypoint: [\"/e\"]\n    command: [\"x\", \"y\"]\n",
		  "command       /e x y\n" },
		{ "    healthcheck:\n      test: [CMD, a, b]\n",
		  "health check  a b\n" },
		{ "    healthcheck:\n      test: a | b\n",
		  "health check  /bin/sh -c a | b\n" },
		{ "    healthcheck:\n      test: [CMD-SHELL, a | b]\n",
		  "health check  /bin/sh -c a | b\n" },
		{ "    devices: ['/dev/a', '/dev/b:/dev/c:r', 'v.com/g=all']\n",
		  "/dev/a -> /dev/a  (line 4)\n/dev/b -> /dev/c, r\n"
		  "'v.com/g=all' is no path\n" },
		{ "    <<: &m {cap_add: [KILL]}\n    x-y: z\n",
		  "caps added    KILL\n" },
	};

	(void)state;
	check_shown(HEAD, cases, COUNT(cases));
}

static void reads_every_form_of_a_port(void **state)
{
	static const struct shown_case cases[] = {
		{ "80", "80/tcp, published at any port\n" },
		{ "8080:80", "80/tcp, published at 8080\n" },
		{ "22:22", "22/tcp, published at 22\n" },
		{ "127.0.0.1:8080:80/udp", "80/udp, published at 8080\n" },
		{ "127.0.0.1::80", "80/tcp, published at any port\n" },
		{ "'[::1]:8080:80'", "80/tcp, published at 8080\n" },
		{ "'::1:8080:80'", "80/tcp, published at 8080\n" },
		{ "9000-9002:8000-8002/sctp",
		  "8000-8002/sctp, published at 9000\n" },
		{ "9000-9009:80", "80/tcp, published at any port\n" },
		{ "'${BIND}:3306'", "3306/tcp, published at 13306\n" },
		{ "'${NO:-}:443:443'", "443/tcp, published at 443\n" },
		{ "{target: 53, published: '5353', protocol: UDP}",
		  "53/udp, published at 5353\n" },
		{ "{target: 53-54, published: 5353-5354}",
		  "53-54/tcp, published at 5353\n" },
		{ "70000", "'70000' is no port: left out\n" },
		{ "'80:'", "'80:' is no port: left out\n" },
		{ "80/icmp", "'80/icmp' is no port: left out\n" },
		{ "90-80", "'90-80' is no port: left out\n" },
		{ "0", "'0' is no port: left out\n" },
		{ "[1]", "this is a list, not a string: passed over\n" },
	};

	(void)state;
	check_shown(HEAD "    ports:\n      - ", cases, COUNT(cases));
}

static void one_port_is_one_port(void **state)
{
	static const struct shown_case cases[] = {
		{ "    expose: [80, '81/udp']\n    ports: ['80', '8080:80']\n",
		  "80/tcp, published at 8080  (line 5)\n"
		  "81/udp, not published  (line 4)\n" },
	};

	(void)state;
	check_shown(HEAD, cases, COUNT(cases));
}

static void reads_every_form_of_a_volume(void **state)
{
	static const struct shown_case cases[] = {
		{ "/data", "volume /data\n" },
		{ "./d:/d", "bind ./d -> /d  (line 5)\n" },
		{ "~/d:/d:ro,Z", "bind ~/d -> /d, read-only, Z\n" },
		{ "../d:/d:U,z", "bind ../d -> /d, z\n" },
		{ "v:/v:nocopy", "volume v -> /v  (line 5)\n" },
		{ "'${NO:-/x}:/v'", "bind /x -> /v\n" },
		{ "{type: bind, source: /s, target: /t, read_only: true, "
		  "bind: {selinux: z}}",
		  "bind /s -> /t, read-only, z\n" },
		{ "{type: tmpfs, target: /t}", "tmpfs /t\n" },
		{ "{type: cluster, source: c, target: /t}", "other c -> /t\n" },
		{ "'x:'", "a volume without a target: left out\n" },
	};

	(void)state;
	check_shown(HEAD "    volumes:\n      - ", cases, COUNT(cases));
}

static void reads_labels_and_tells_mistakes(void **state)
{
	static const struct shown_case cases[] = {
		{ "['label=type:t', 'label=level:s0:c1,c2']",
		  "label type    t\nlabel level   s0:c1,c2\n" },
		{ "['label:type:t']",
		  "label type    t\ndocker's old form; podman takes only\n"
		  "(line 4)\n" },
		{ "['label=disable', no-new-privileges:true]",
		  "label=disable, no new privileges\n" },
		{ "['no-new-privileges:false', 'seccomp=x']", "a  (line 2)\n" },
		{ "label=type:t", "must be a list, and this is a string\n" },
		{ "{label: 'type:t'}",
		  "must be a list, and this is a mapping\n" },
		{ "[{label: 'type:t'}]", "a mapping in security_opt\n" },
		{ "['label=type:a', 'label=type:b']",
		  "label type    b\na second label\n" },
	};

	(void)state;
	check_shown(HEAD "    security_opt: ", cases, COUNT(cases));
}

static void replaces_variables(void **state)
{
	static const struct shown_case cases[] = {
		{ "$SET-${SET}", "image         value-value\n" },
		{ "${SET:-a}${SET-b}${SET:+c}${SET+d}${SET:?e}${SET?f}",
		  "image         valuevaluecdvaluevalue\n" },
		{ "${EMPTY:-a}${EMPTY-b}${EMPTY:+c}${EMPTY+d}${EMPTY?f}",
		  "image         ad\n" },
		{ "${NO:-a}${NO-b}${NO:+c}${NO+d}", "image         ab\n" },
		{ "${NO:-${NO2:-${SET}}x}y", "image         valuexy\n" },
		{ "${NO:-a:b/c}", "image         a:b/c\n" },
		{ "$$SET $${SET}", "image         $SET ${SET}\n" },
		{ "$NEST", "image         ${SET}\n" },
		{ "a$NO",
		  "image         a\n"
		  "variable 'NO' is not set: taken as empty  (line 3)\n" },
		{ "a$1 $", "image         a$1 $\na single '$'\n" },
	};

	(void)state;
	check_shown("services:\n  a:\n    image: ", cases, COUNT(cases));
}

static void notes_what_it_does_not_read(void **state)
{
	static const struct shown_case cases[] = {
		{ "    env_file: .env\n",
		  "env_file is not read yet\n(line 4)\n" },
		{ "    wat: 1\n    x-ok: 1\n",
		  "key 'wat' is unknown: passed over  (line 4)\n" },
		{ "    gpus: all\n    use_api_socket: true\n",
		  "gpus open devices\nwhich is root\n" },
		{ "    ports: 80\n", "this is a string, not a list\n" },
		{ "    ports: !reset []\n",
		  "'!reset': as if it were not there  (line 4)\n" },
		{ "volumes:\n  v: {driver_opts: {device: /srv/x}}\n",
		  "volume 'v' is '/srv/x' of the host  (line 5)\n" },
		{ "wat: 1\n", "key 'wat' is unknown\n" },
	};

	(void)state;
	check_shown(HEAD, cases, COUNT(cases));
}

static void the_name_in_the_file_wins(void **state)
{
	static const struct shown_case cases[] = {
		{ "name: ${SET}\n", "compose file, project value, 1 container\n"
				    "  project       value\n" },
		{ "", "compose file, project folder, 1 container\n" },
	};

	(void)state;
	check_shown(HEAD, cases, COUNT(cases));
}

static void refuses_what_is_no_compose_file(void **state)
{
	static const struct {
		const char *text;
		int code;
		uint32_t line;
		const char *words;
	} cases[] = {
		{ "", SC_ESYNTAX, 0, "empty" },
		{ "# only\n", SC_ESYNTAX, 0, "empty" },
		{ "a: b\n", SC_ESYNTAX, 1, "neither" },
		{ "plain words\n", SC_ESYNTAX, 1, "neither" },
		{ "services: [a]\n", SC_ESYNTAX, 1, "must be a mapping" },
		{ "services:\n  a: b\n", SC_ESYNTAX, 2, "service 'a' must" },
		{ "services:\n  a: {image: x}\n---\nb: c\n", SC_ESYNTAX, 3,
		  "line 3" },
		{ "services:\n  a: {extends: {service: b}}\n", SC_EREFUSED, 2,
		  "extends" },
		{ "include: [b.yaml]\nservices: {a: {image: x}}\n", SC_EREFUSED,
		  1, "include" },
		{ "services:\n  a: {image: '${NO:?say it}'}\n", SC_ESYNTAX, 2,
		  "'NO' must be set: say it" },
		{ "services:\n  a: {image: '${NO'}\n", SC_ESYNTAX, 2,
		  "not closed" },
		{ "services:\n  a: {image: '${1}'}\n", SC_ESYNTAX, 2,
		  "names no variable" },
		{ "services:\n  a: {image: '${A!b}'}\n", SC_ESYNTAX, 2,
		  "none of the forms" },
		{ "services:\n  a: {privileged: maybe}\n", SC_ESYNTAX, 2,
		  "neither true nor false" },
		{ "apiVersion: v1\nkind: Pod\n---\nx: y\n", SC_EREFUSED, 0,
		  "Kubernetes" },
		{ "# q\n[Container]\nImage=x\n", SC_EREFUSED, 0, "quadlet" },
		{ "{\"a\":\n", SC_ESYNTAX, 2, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec;
		int r = read_compose(cases[i].text, &a, &spec, &err);

		if (r != cases[i].code || !strstr(err.msg, cases[i].words))
			fail_msg("case %zu: %d '%s'", i, r, err.msg);
		if (cases[i].line)
			assert_int_equal(err.line, cases[i].line);
	}
}

static void reads_a_compose_file_in_json(void **state)
{
	static const struct shown_case cases[] = {
		{ "{\"services\": {\n\t\"a\": {\"image\": \"x\\/y\"}}}",
		  "a  (line 2)\n  image         x/y\n" },
		/* libyaml knows no such pairs: read as JSON, without lines */
		{ "{\"services\": {\"a\": {\"image\": \"\\ud83d\\ude00\"}}}",
		  "a  (services.a)\n  image         \xf0\x9f\x98\x80\n" },
		{ "{services: {a: {image: x}}}", "a  (line 1)\n" },
	};

	(void)state;
	check_shown("", cases, COUNT(cases));
}

/* Nothing in a file can write to the terminal, or stop what follows. */
static void hostile_text_is_shown_escaped(void **state)
{
	static const struct shown_case cases[] = {
		{ "services:\n  \"a\\e[31m(b\\n)\": {image: \"x\\ny\"}\n",
		  "a\\x1b[31m(b\\x0a)  (line 2)\n  image         x\\x0ay\n" },
	};

	(void)state;
	check_shown("", cases, COUNT(cases));
}

static int read_many(const char *before, const char *each, size_t n,
		     struct sc_spec *spec, struct sc_arena *a,
		     struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_putf(&text, "%s", before);
	for (size_t i = 0; i < n; i++) {
		sc_putf(&text, "%s", each);
		sc_putf(&text, "%zu: {image: x}\n", i);
	}
	return read_compose(text.s, a, spec, err);
}

static void stops_at_its_limits(void **state)
{
	static const struct {
		const char *before, *each;
		size_t n;
		int code;
	} cases[] = {
		{ "services:\n", "  a", SC_SPEC_CONTAINERS + 1, SC_ELIMIT },
		{ "services:\n", "  a", SC_SPEC_CONTAINERS, 0 },
		{ HEAD "    environment:\n", "      A", SC_SPEC_ITEMS + 1,
		  SC_ELIMIT },
		{ HEAD "    depends_on:\n", "      a", SC_SPEC_NAMES + 1,
		  SC_ELIMIT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec;

		assert_int_equal(read_many(cases[i].before, cases[i].each,
					   cases[i].n, &spec, &a, &err),
				 cases[i].code);
	}
}

/* A thousand notes, and then one that says how many more there were. */
static void notes_end_somewhere(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec spec;

	(void)state;
	assert_int_equal(
		read_many(HEAD, "    k", SC_SPEC_NOTES + 5, &spec, &a, &err),
		0);
	assert_int_equal(spec.notes.n, SC_SPEC_NOTES + 1);
	assert_true(sc_str_eq(spec.notes.v[SC_SPEC_NOTES].text,
			      SC_STR("5 more notes are left out")));
}

static void variables_cannot_blow_up(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf big = { 0 }, text = { 0 };
	struct sc_error err = { 0 };
	struct sc_item item = { .name = SC_STR("A") };
	struct sc_items vars = { &item, 1, 1 };
	struct sc_spec_options opt = { SC_STR("p"), &vars };
	struct sc_spec spec;

	(void)state;
	sc_putf(&big, "%0100000d", 1);
	item.value = (struct sc_str){ big.s, big.n };
	sc_put(&text, SC_STR("services: {a: {image: x"));
	for (size_t i = 0; i < 20; i++)
		sc_put(&text, SC_STR("$A"));
	sc_put(&text, SC_STR("}}\n"));
	assert_int_equal(sc_spec_read((struct sc_str){ text.s, text.n },
				      SC_STR("f"), &opt, &a, &spec, &err),
			 SC_ELIMIT);

	sc_buf_free(&text);
	sc_put(&text, SC_STR("services: {a: {image: \""));
	for (size_t i = 0; i < 100; i++)
		sc_put(&text, SC_STR("${B:-"));
	for (size_t i = 0; i < 100; i++)
		sc_put(&text, SC_STR("}"));
	sc_put(&text, SC_STR("\"}}\n"));
	assert_int_equal(sc_spec_read((struct sc_str){ text.s, text.n },
				      SC_STR("f"), &opt, &a, &spec, &err),
			 SC_ELIMIT);
}

static void survives_every_lack_of_memory(void **state)
{
	static const char text[] =
		"name: ${SET}\nx-m: &m {cap_add: [KILL, NO]}\nservices:\n"
		"  a:\n    <<: *m\n    image: a$NO\n    ports: ['80:80', '81']\n"
		"    volumes: [v:/v, {type: bind, source: /s, target: /t}]\n"
		"    environment: {A: b}\n    command: a b\n"
		"    healthcheck: {test: x}\n    security_opt: [label:type:t]\n"
		"    networks: {n: {aliases: [o]}}\n    links: [b:c]\n"
		"    devices: [/dev/a, b=c]\n    tmpfs: /t\n    wat: 1\n";

	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_spec spec = { .file = SC_STR("as it was") };
		int r;

		sc_test_fail_after = nth;
		r = read_compose(text, &a, &spec, &err);
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
		cmocka_unit_test(reads_what_a_service_asks_for),
		cmocka_unit_test(reads_every_form_of_a_port),
		cmocka_unit_test(one_port_is_one_port),
		cmocka_unit_test(reads_every_form_of_a_volume),
		cmocka_unit_test(reads_labels_and_tells_mistakes),
		cmocka_unit_test(replaces_variables),
		cmocka_unit_test(notes_what_it_does_not_read),
		cmocka_unit_test(the_name_in_the_file_wins),
		cmocka_unit_test(refuses_what_is_no_compose_file),
		cmocka_unit_test(reads_a_compose_file_in_json),
		cmocka_unit_test(hostile_text_is_shown_escaped),
		cmocka_unit_test(stops_at_its_limits),
		cmocka_unit_test(notes_end_somewhere),
		cmocka_unit_test(variables_cannot_blow_up),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
