#include "folder.h"
#include "unit.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/date.h"
#include "base/table.h"
#include "host/assign.h"
#include "host/flags.h"
#include "host/judge.h"
#include "host/look.h"
#include "host/selinux_config.h"

#include <fcntl.h>
#include <sys/stat.h>

#define UNIT "kubelet.service"

/* ---- NAME=value */

static void expect_assign(enum sc_assign_form form, const char *text,
			  const char *value, bool unsure)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_assign_walk at = { .rest = sc_view(text) };
	struct sc_assign var;
	bool found = sc_assign_next(&at, form, &a, &var);

	assert_int_equal(found, value != NULL);
	if (!value)
		return;
	assert_string_equal(var.name.s, "A");
	assert_string_equal(var.value.s, value);
	assert_int_equal(var.unsure, unsure);
}

static void reads_assignments_as_a_shell_does(void **state)
{
	static const struct {
		const char *text, *value;
		bool unsure;
	} cases[] = {
		{ "A=b", "b", false },
		{ "  export A=b # c\n", "b", false },
		{ "A='b c'd\"e \\\"f\"", "b cde \"f", false },
		{ "A=b\\ c\\\nd\n", "b cd", false },
		{ "A=\"x\ny\"\n", "x\ny", false },
		{ "A=$x\n", "$x", true },
		{ "A=\"`x`\"\n", "`x`", true },
		{ "A='$x'\n", "$x", false },
		{ "A=b rm -r\n", "b", true },
		{ "A=\"b\n", "b\n", true },
		{ "A=\n", "", false },
		{ "A = b\n", NULL, false },
		{ "# A=b\n", NULL, false },
		{ "A-B=c\n1=2\n", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_assign(SC_ASSIGN_SHELL, cases[i].text, cases[i].value,
			      cases[i].unsure);
}

static void reads_assignments_as_systemd_does(void **state)
{
	(void)state;
	expect_assign(SC_ASSIGN_SYSTEMD, " A = b c \n", "b c", false);
	expect_assign(SC_ASSIGN_SYSTEMD, "; A=x\nA='b $c'\n", "b $c", false);
	expect_assign(SC_ASSIGN_SYSTEMD, "A=b # c\n", "b # c", false);
	expect_assign(SC_ASSIGN_SYSTEMD, "A=\"b \"\n", "b ", false);
	expect_assign(SC_ASSIGN_SYSTEMD, "#A=b\n", NULL, false);
}

static void counts_the_lines_of_assignments(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_assign_walk at = { .rest = SC_STR("# c\nA='b\nc'\n"
						    "odd\n\nB=\\\nd\nC=e") };
	static const uint32_t lines[] = { 2, 6, 8 };
	struct sc_assign var;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(sc_assign_next(&at, SC_ASSIGN_SHELL, &a, &var));
		assert_int_equal(var.line, lines[i]);
	}
	assert_false(sc_assign_next(&at, SC_ASSIGN_SHELL, &a, &var));
	assert_int_equal(at.odd, 1);
}

/* ---- units and flags */

static void expect_words(const char *unit, const char *wanted)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf got = { 0 };
	struct sc_service s;
	struct sc_error err;

	assert_int_equal(
		sc_service_text(sc_view(unit), SC_STR(UNIT), &a, &s, &err), 0);
	sc_put(&got, SC_STR(""));
	for (size_t i = 0; i < s.words.n; i++)
		sc_putf(&got, "[" SC_FMT ":%u]", SC_ARG(s.words.v[i].text),
			s.words.v[i].from.line);
	assert_string_equal(got.s, wanted);
}

static void expands_a_command_line_as_systemd_does(void **state)
{
	(void)state;
	expect_words("[Service]\nExecStart=-/bin/x a 'b c' d\\x \"e\\\"f\"\n",
		     "[/bin/x:2][a:2][b c:2][dx:2][e\"f:2]");
	expect_words("[Service]\nExecStart=@/bin/x name a\n",
		     "[/bin/x:2][a:2]");
	expect_words("[Service]\nEnvironment=A='b c' \"B=d e\"\n"
		     "ExecStart=/x $B ${B} p${A}q $$C %%d $NONE\n",
		     "[/x:3][d:2][e:2][d e:2][pb cq:2][$C:3][%d:3]");
	expect_words("[Service]\nExecStart=/a\nExecStart=\nExecStart=/b \\\n"
		     "# no\n  c\n[Install]\nExecStart=/no\n",
		     "[/b:4][c:4]");
	expect_words("[Service]\nEnvironment=A=1\nEnvironment=\n"
		     "ExecStart=/x $A\n",
		     "[/x:4]");
	expect_words("[Unit]\nExecStart=/x\n", "");
}

static struct sc_words words_of(struct sc_word *v, const char *const *texts,
				size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (struct sc_word){
			.text = sc_view(texts[i]),
			.from = { .layer = SC_LAYER_FLAG },
		};
	return (struct sc_words){ v, n, n };
}

static void reads_flags_as_pflag_does(void **state)
{
	static const char *const texts[] = {
		"kubelet", "--a=1", "--b",  "2",      "--some_flag", "x",
		"--a",     "3",     "-a=4", "--ab=5", "--on",        "--b=",
		"--on",    "no",    "--",   "--a=6",
	};
	struct sc_word v[16];
	struct sc_words words = words_of(v, texts, 16);
	struct sc_origin from;
	struct sc_str value;
	size_t at = 0;

	(void)state;
	assert_true(sc_flag_last(&words, SC_STR("a"), &value, &from));
	assert_true(sc_str_eq(value, SC_STR("3")));
	assert_true(sc_str_eq(from.key, SC_STR("--a")));
	assert_true(sc_flag_last(&words, SC_STR("b"), &value, &from));
	assert_true(sc_str_eq(value, SC_STR("")));
	assert_true(sc_flag_last(&words, SC_STR("some-flag"), &value, &from));
	assert_true(sc_str_eq(value, SC_STR("x")));
	assert_true(
		sc_flag_next(&words, &at, SC_STR("on"), true, &value, &from));
	assert_true(sc_str_eq(value, SC_STR("true")));
	assert_true(
		sc_flag_next(&words, &at, SC_STR("on"), true, &value, &from));
	assert_true(sc_str_eq(value, SC_STR("true")));
	assert_false(
		sc_flag_next(&words, &at, SC_STR("on"), true, &value, &from));
	assert_false(sc_flag_last(&words, SC_STR("c"), &value, &from));
}

/* ---- values */

static int read_value(struct sc_kubelet *k, const char *file, const char *key,
		      struct sc_arena *a, struct sc_value *out,
		      struct sc_error *err)
{
	struct sc_doc doc = { 0 };

	if (file) {
		assert_int_equal(sc_doc_read_yaml(sc_view(file), a, &doc, err),
				 0);
		k->config = (struct sc_settings){ .path = SC_STR("/c"),
						  .there = true,
						  .root = doc.root };
	}
	return sc_kubelet_value(k, sc_view(key), a, out, err);
}

static void knows_what_a_value_covers(void **state)
{
	static const char *const texts[] = { "kubelet", "--event-qps=5",
					     "--event-qps", "6" };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_word v[4];
	struct sc_kubelet k = { .words = words_of(v, texts, 4) };
	static const char *const layers[] = { "6", "5", "7", "50" };
	struct sc_error err;
	struct sc_value value;
	const struct sc_value *at = &value;

	(void)state;
	assert_int_equal(read_value(&k, "a: 1\neventRecordQPS: 7\n",
				    "eventRecordQPS", &a, &value, &err),
			 0);
	for (size_t i = 0; i < 4; i++, at = at->under) {
		assert_non_null(at);
		assert_true(sc_str_eq(at->text, sc_view(layers[i])));
	}
	assert_null(at);
	assert_int_equal(value.under->under->from.line, 2);
	assert_int_equal(value.under->under->from.layer, SC_LAYER_FILE);
}

static void has_other_defaults_without_a_file(void **state)
{
	static const struct {
		const char *key, *filed, *bare;
	} cases[] = {
		{ "authentication.anonymous.enabled", "false", "true" },
		{ "authentication.webhook.enabled", "true", "false" },
		{ "authorization.mode", "Webhook", "AlwaysAllow" },
		{ "readOnlyPort", "0", "10255" },
		{ "rotateCertificates", "false", "false" },
		{ "podPidsLimit", "-1", "-1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_kubelet bare = { 0 }, filed = { 0 };
		struct sc_error err;
		struct sc_value v;

		assert_int_equal(
			read_value(&bare, NULL, cases[i].key, &a, &v, &err), 0);
		assert_true(sc_str_eq(v.text, sc_view(cases[i].bare)));
		assert_int_equal(read_value(&filed, "a: b\n", cases[i].key, &a,
					    &v, &err),
				 0);
		assert_true(sc_str_eq(v.text, sc_view(cases[i].filed)));
	}
}

static void survives_every_lack_of_memory(void **state)
{
	static const char *const texts[] = { "kubelet",
					     "--feature-gates=A=true,B=false",
					     "--tls-cipher-suites=a",
					     "--tls-cipher-suites=b" };
	static const char file[] = "tlsCipherSuites: [x, y]\n"
				   "readOnlyPort: [1]\n";
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_word v[4];
	struct sc_kubelet k = { .words = words_of(v, texts, 4) };
	struct sc_error err;
	struct sc_value value;

	(void)state;
	assert_int_equal(
		read_value(&k, file, "tlsCipherSuites", &a, &value, &err), 0);
	assert_true(sc_str_eq(value.text, SC_STR("a,b")));
	for (long nth = 0;; nth++) {
		int r;

		sc_test_fail_after = nth;
		r = sc_kubelet_value(&k, SC_STR("tlsCipherSuites"), &a, &value,
				     &err);
		if (r == 0)
			r = sc_kubelet_value(&k, SC_STR("readOnlyPort"), &a,
					     &value, &err);
		sc_test_fail_after = -1;
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
	assert_true(value.trouble.n > 0);
}

/* ---- the kernel's lines */

static void expect_line(enum sc_boot_form form, const char *text,
			const char *selinux, uint32_t number)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_boot_lines lines = { 0 };
	struct sc_error err;

	assert_int_equal(sc_boot_text_read(sc_view(text), form, SC_STR("/x"),
					   &a, &lines, &err),
			 0);
	if (!selinux) {
		assert_int_equal(lines.n, 0);
		return;
	}
	assert_true(lines.n > 0);
	assert_true(sc_str_eq(lines.v[0].says.selinux, sc_view(selinux)));
	assert_int_equal(lines.v[0].line, number);
}

static void finds_the_lines_of_every_boot_loader(void **state)
{
	(void)state;
	expect_line(SC_BOOT_BARE, "quiet selinux=0\n", "0", 1);
	expect_line(SC_BOOT_BLS, "title x\noptions root=a selinux=1\n", "1", 2);
	expect_line(SC_BOOT_BLS, "option selinux=1\n", NULL, 0);
	expect_line(SC_BOOT_GRUB, "{\n\tlinux /vmlinuz selinux=0\n", "0", 2);
	expect_line(SC_BOOT_GRUB, "linuxefi /vmlinuz a selinux=0\n", "0", 1);
	expect_line(SC_BOOT_GRUB, "linux selinux=0\n", "", 1);
	expect_line(SC_BOOT_GRUB, "# linux /x selinux=0\n", NULL, 0);
	expect_line(SC_BOOT_LINUX, "LABEL x\n  APPEND a selinux=0\n", "0", 2);
	expect_line(SC_BOOT_ENV, "# GRUB\nkernelopts=selinux=0 \n#####", "0",
		    2);
	expect_line(SC_BOOT_SHELL,
		    "#\nGRUB_CMDLINE_LINUX_DEFAULT='a selinux=0'", "0", 2);
	expect_line(SC_BOOT_SHELL, "GRUB_CMDLINE='selinux=0'", NULL, 0);
}

/* ---- checks */

static bool is_probed(struct sc_str look)
{
	const struct sc_probe *const tables[] = {
		sc_probes_kubelet, sc_probes_boot,   sc_probes_selinux,
		sc_probes_running, sc_probes_labels, sc_probes_places,
	};

	if (!sc_take_prefix(&look, SC_STR("probe ")))
		return true;
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct sc_probe *p = tables[t]; p->run; p++)
			if (sc_str_eq(p->look, look))
				return true;
	return false;
}

static void knows_how_to_look_at_every_row(void **state)
{
	struct sc_check_walk at = { 0 };
	struct sc_check c, again;
	struct sc_cure cure;
	size_t n = 0, selinux = 0, k8s = 0, eks = 0;

	(void)state;
	for (; sc_check_next(&at, &c); n++) {
		assert_true(c.title.n && c.why.n && c.todo.n);
		assert_true(is_probed(c.look));
		assert_true(sc_check_find(c.id, &again));
		assert_ptr_equal(again.id.s, c.id.s);
		selinux += sc_str_eq(c.groups, SC_STR("selinux"));
		k8s += sc_has_part(c.groups, ' ', SC_STR("k8s"));
		eks += sc_has_part(c.groups, ' ', SC_STR("eks"));
		if (sc_check_cure(c.id, &cure))
			assert_true(cure.risk.n && cure.after.n);
	}
	assert_int_equal(n, 68);
	assert_int_equal(selinux, 38);
	assert_int_equal(k8s, 25);
	assert_int_equal(eks, 13);
}

static void cures_name_checks_that_there_are(void **state)
{
	struct sc_str table = sc_data("checks/cures.tsv");
	struct sc_row row = { 0 };
	struct sc_check c;

	(void)state;
	while (sc_take_row(&table, &row)) {
		assert_int_equal(row.n, 7);
		assert_true(sc_check_find(row.v[0], &c));
	}
}

/* A host in a folder, where nothing is. */
static void judge_empty(const struct sc_exceptions *exceptions, uint64_t today,
			struct sc_arena *a, struct sc_verdicts *out)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	char path[] = "/tmp/selcage-check-XXXXXX";
	const struct sc_judgement how = { .exceptions = exceptions,
					  .today = today };
	struct sc_profiles p = { 0 };
	struct sc_machine m;
	struct sc_error err;

	assert_non_null(mkdtemp(path));
	assert_int_equal(sc_host_open(path, &host, &err), 0);
	assert_int_equal(sc_profiles_find(SC_STR("selinux"), &p, &err), 0);
	assert_int_equal(sc_machine_read(&host, NULL, true, a, &m, &err), 0);
	assert_int_equal(sc_checks_judge(&m, &p, &how, a, out, &err), 0);
	remove_folder(path);
}

static enum sc_verdict_kind verdict_of(const struct sc_verdicts *v,
				       const char *id)
{
	for (size_t i = 0; i < v->n; i++)
		if (sc_str_eq(v->v[i].check.id, sc_view(id)))
			return v->v[i].kind;
	fail_msg("no verdict on %s", id);
	return SC_ERROR;
}

static void an_exception_ends_with_its_last_day(void **state)
{
	static const struct sc_str text =
		SC_STR("# c\n\nselinux/config-mode 2026-03-31 a b: c: d\r\n"
		       "selinux/kernel-built 9999-12-31 e: f\n");
	static const struct {
		struct sc_date day;
		enum sc_verdict_kind kind;
	} cases[] = {
		{ { 2026, 3, 31 }, SC_EXCEPTED },
		{ { 2026, 4, 1 }, SC_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_exceptions list = { 0 };
		struct sc_verdicts v;
		struct sc_error err;
		uint64_t today;

		assert_true(sc_date_days(cases[i].day, &today));
		assert_int_equal(sc_exceptions_read(text, &a, &list, &err), 0);
		assert_int_equal(list.n, 2);
		assert_true(sc_str_eq(list.v[0].who, SC_STR("a b")));
		assert_true(sc_str_eq(list.v[0].why, SC_STR("c: d")));
		judge_empty(&list, today, &a, &v);
		assert_int_equal(verdict_of(&v, "selinux/config-mode"),
				 cases[i].kind);
		/* Nobody can answer for what could not be told. */
		assert_int_equal(verdict_of(&v, "selinux/kernel-built"),
				 SC_ERROR);
	}
}

/* ---- /etc/selinux/config */

static void shows_how_each_reader_reads(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_config_views v;

	(void)state;
	assert_true(sc_config_views_read(
		SC_STR("SELINUX=enforcing x\nSELINUX=\"permissive\"\n"
		       "SELINUXTYPE=targeted # y\n"),
		&a, &v));
	assert_true(
		sc_str_eq(v.v[SC_READER_LIBSELINUX].mode, SC_STR("enforcing")));
	assert_true(sc_str_eq(v.v[SC_READER_SHELL].mode, SC_STR("permissive")));
	assert_true(v.v[SC_READER_SHELL].unsure);
	assert_true(
		sc_str_eq(v.v[SC_READER_SCANNER].mode, SC_STR("enforcing x")));
	assert_true(sc_str_eq(v.v[SC_READER_LIBSELINUX].type,
			      SC_STR("targeted # y")));
	assert_true(sc_str_eq(v.v[SC_READER_SHELL].type, SC_STR("targeted")));
	assert_int_equal(v.mode_line, 1);
	assert_int_equal(v.type_line, 3);
	assert_int_equal(v.odd_n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_assignments_as_a_shell_does),
		cmocka_unit_test(reads_assignments_as_systemd_does),
		cmocka_unit_test(counts_the_lines_of_assignments),
		cmocka_unit_test(expands_a_command_line_as_systemd_does),
		cmocka_unit_test(reads_flags_as_pflag_does),
		cmocka_unit_test(knows_what_a_value_covers),
		cmocka_unit_test(has_other_defaults_without_a_file),
		cmocka_unit_test(survives_every_lack_of_memory),
		cmocka_unit_test(finds_the_lines_of_every_boot_loader),
		cmocka_unit_test(knows_how_to_look_at_every_row),
		cmocka_unit_test(cures_name_checks_that_there_are),
		cmocka_unit_test(an_exception_ends_with_its_last_day),
		cmocka_unit_test(shows_how_each_reader_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
