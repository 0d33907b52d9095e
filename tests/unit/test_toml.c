#include "unit.h"

#include "base/clean.h"
#include "doc/doc.h"

static struct sc_str text_at(const struct sc_doc *doc, const char *const *path)
{
	const struct sc_doc_node *node = doc->root;

	for (; *path && node; path++)
		node = sc_doc_get(node, *path);
	return node ? node->text : SC_STR("(nothing)");
}

static void reads_what_engines_write(void **state)
{
	static const char text[] =
		"version = 2 # of the form\r\n"
		"imports = [ \"/etc/a/*.toml\",\n  '/etc/b', ] # two\n"
		"empty = []\n"
		"[plugins.\"io.containerd.grpc.v1.cri\"]\n"
		"  enable_selinux = true\n"
		"  a.b.c = -1_000\n"
		"  when = 2026-11-22T10:00:00Z\n"
		"[plugins]\n"
		"other = { x = 1, y.z = \"\\u00e9\\t\" }\n"
		"[[list]]\nname = \"one\"\n[[list]]\nname = \"two\"\n"
		"[list.more]\nof = \"\"\"two\n  lines \\\n   here\"\"\"\n"
		"[last]\nraw = '''\nC:\\x'''\n";
	static const struct {
		const char *path[5];
		const char *want;
	} cases[] = {
		{ { "version" }, "2" },
		{ { "plugins", "io.containerd.grpc.v1.cri", "enable_selinux" },
		  "true" },
		{ { "plugins", "io.containerd.grpc.v1.cri", "a", "b" }, "" },
		{ { "plugins", "io.containerd.grpc.v1.cri", "when" },
		  "2026-11-22T10:00:00Z" },
		{ { "plugins", "other", "x" }, "1" },
		{ { "plugins", "other", "y", "z" }, "\xc3\xa9\t" },
		{ { "last", "raw" }, "C:\\x" },
		{ { "last", "none" }, "(nothing)" },
	};
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_error err = { 0 };
	const struct sc_doc_node *list;
	struct sc_doc doc;

	(void)state;
	assert_int_equal(sc_doc_read_toml(sc_view(text), &arena, &doc, &err),
			 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_str got = text_at(&doc, cases[i].path);

		assert_true(sc_str_eq(got, sc_view(cases[i].want)));
	}
	list = sc_doc_get(doc.root, "imports");
	assert_int_equal(list->kind, SC_DOC_LIST);
	assert_int_equal(list->n, 2);
	assert_true(sc_str_eq(list->last->text, SC_STR("/etc/b")));
	assert_int_equal(sc_doc_get(doc.root, "empty")->n, 0);
	list = sc_doc_get(doc.root, "list");
	assert_int_equal(list->n, 2);
	assert_true(sc_str_eq(sc_doc_get(list->first, "name")->text,
			      SC_STR("one")));
	assert_true(sc_str_eq(
		sc_doc_get(sc_doc_get(list->last, "more"), "of")->text,
		SC_STR("two\n  lines here")));
	assert_int_equal(doc.root->weight, 26);
}

static void refuses_what_it_cannot_read_for_sure(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "a = 1\na = 2\n", "line 2: a name that is here already" },
		{ "[a]\nb = 1\n[a]\n", "line 3: a table that is here already" },
		{ "a = 1\n[a]\n", "line 2: a table that is here already" },
		{ "a = { b = 1 }\n[a.c]\n", "line 2: what has a value" },
		{ "a = [1]\n[[a]]\n", "line 2: a table that is here already" },
		{ "a = 1 b = 2\n", "line 1: more than one thing in a line" },
		{ "a\n", "line 1: no '=' after a name" },
		{ "a =\n", "line 1: no value" },
		{ "= 1\n", "line 1: no name" },
		{ "a = \"x\n", "line 1: a string that does not end" },
		{ "a = '''x", "line 1: a string that does not end" },
		{ "a = \"\\q\"\n", "line 1: '\\' before what" },
		{ "a = \"\\ud800\"\n", "line 1: a character that does not" },
		{ "a = [1, 2\n", "line 2: no ',' or ']' after a value" },
		{ "a = { b = 1\n", "line 1: no ',' or '}' after a value" },
		{ "[a\n", "line 1: no ']' after a table's name" },
		{ "a = [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n", "too deep" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc;
		int r = sc_doc_read_toml(sc_view(cases[i].text), &arena, &doc,
					 &err);

		assert_true(r == SC_ESYNTAX || r == SC_ELIMIT);
		assert_non_null(strstr(err.msg, cases[i].words));
		assert_true(err.line > 0);
	}
}

static void survives_every_lack_of_memory(void **state)
{
	static const char text[] = "[a.b]\nc = [1, { d = \"x\" }]\n[[e]]\n";

	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc;
		int r;

		sc_test_fail_after = nth;
		r = sc_doc_read_toml(sc_view(text), &arena, &doc, &err);
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_engines_write),
		cmocka_unit_test(refuses_what_it_cannot_read_for_sure),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
