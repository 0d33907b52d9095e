#include "unit.h"

#include "base/buf.h"
#include "base/clean.h"
#include "doc/doc.h"

typedef int read_text(struct sc_str text, struct sc_arena *a,
		      struct sc_doc *out, struct sc_error *err);

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

/* A tree as one line: what tests compare. '*' marks what was copied. */
static void put_node(struct sc_buf *out, const struct sc_doc_node *node)
{
	const char *between = "";

	if (node->copied)
		sc_put(out, SC_STR("*"));
	if (node->parent && node->parent->kind == SC_DOC_MAP)
		sc_putf(out, SC_FMT "=", SC_ARG(node->key));
	switch (node->kind) {
	case SC_DOC_NULL:
		sc_put(out, SC_STR("null"));
		return;
	case SC_DOC_BOOL:
	case SC_DOC_NUMBER:
		sc_put(out, node->text);
		return;
	case SC_DOC_STRING:
		sc_putf(out, "'" SC_FMT "'", SC_ARG(node->text));
		return;
	case SC_DOC_LIST:
	case SC_DOC_MAP:
		break;
	}
	sc_put(out, node->kind == SC_DOC_LIST ? SC_STR("[") : SC_STR("{"));
	for (const struct sc_doc_node *c = node->first; c; c = c->next) {
		sc_putf(out, "%s", between);
		put_node(out, c);
		between = " ";
	}
	sc_put(out, node->kind == SC_DOC_LIST ? SC_STR("]") : SC_STR("}"));
}

struct tree_case {
	const char *text, *tree;
};

static void check_trees(read_text *read, const struct tree_case *cases,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc;

		assert_int_equal(read(view(cases[i].text), &a, &doc, &err), 0);
		put_node(&out, doc.root);
		assert_string_equal(out.s, cases[i].tree);
	}
}

struct error_case {
	const char *text;
	int code;
	uint32_t line;
	const char *words; /* in the message */
};

static void check_errors(read_text *read, const struct error_case *cases,
			 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc;

		assert_int_equal(read(view(cases[i].text), &a, &doc, &err),
				 cases[i].code);
		assert_int_equal(err.line, cases[i].line);
		assert_non_null(strstr(err.msg, cases[i].words));
	}
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void reads_json(void **state)
{
	static const struct tree_case cases[] = {
		{ "[]", "[]" },
		{ "{\"a\": [1, true, null, \"x\"]}", "{a=[1 true null 'x']}" },
		{ "\xef\xbb\xbf{\"b\": \"\\u00e9\\n\"}", "{b='\xc3\xa9\n'}" },
		{ "[18446744073709551615, 1.5]",
		  "[1.8446744073709552e+19 1.5]" },
	};

	(void)state;
	check_trees(sc_doc_read_json, cases, COUNT(cases));
}

static void refuses_odd_json(void **state)
{
	static const struct error_case cases[] = {
		{ "{\n\"a\": 1, \"a\": 2}", SC_ESYNTAX, 2, "duplicate" },
		{ "[\"\\u0000\"]", SC_ESYNTAX, 1, "NUL" },
		{ "[1,\n2", SC_ESYNTAX, 2, "expected" },
		{ "[\"\xff\"]", SC_ESYNTAX, 1, "decode" },
		{ "[1] [2]", SC_ESYNTAX, 1, "end of file" },
		{ "", SC_ESYNTAX, 1, "" },
	};

	(void)state;
	check_errors(sc_doc_read_json, cases, COUNT(cases));
}

static void reads_yaml(void **state)
{
	static const struct tree_case cases[] = {
		{ "a: 22:22\nb: yes\nc: 0x1f\n",
		  "{a='22:22' b='yes' c='0x1f'}" },
		{ "a:\nb: ~\nc: null\nd: 'null'\ne: ''\n",
		  "{a=null b=null c=null d='null' e=''}" },
		{ "- [x, {y: z}]\n- |\n  t\n", "[['x' {y='z'}] 't\n']" },
		{ "a: &x [1]\nb: *x\n", "{a=['1'] b=[*'1']}" },
		{ "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n",
		  "{a={k='1' l='2'} b={l='3' *k='1'}}" },
		{ "a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc: {<<: [*x, *y]}\n",
		  "{a={k='1'} b={k='2' m='3'} c={*k='1' *m='3'}}" },
		{ "a: &x 1\nb: &x 2\nc: *x\n", "{a='1' b='2' c='2'}" },
		{ "\"<<\": 1\n", "{<<='1'}" },
		{ "a: \"\\e[31m\"\n", "{a='\033[31m'}" },
		{ "\xef\xbb\xbf"
		  "a: b\r\nc: d\r\n",
		  "{a='b' c='d'}" },
	};

	(void)state;
	check_trees(sc_doc_read_yaml, cases, COUNT(cases));
}

static void refuses_odd_yaml(void **state)
{
	static const struct error_case cases[] = {
		{ "a: 1\nb: 2\na: 3\n", SC_ESYNTAX, 3, "at line 1" },
		{ "a: \"x\\0y\"\n", SC_ESYNTAX, 1, "NUL" },
		{ "a: b\nc: \xff\n", SC_ESYNTAX, 2, "UTF-8" },
		{ "a: \001\n", SC_ESYNTAX, 1, "control" },
		{ "a: *nothing\n", SC_ESYNTAX, 1, "anchor" },
		{ "a: &x\n  b: *x\n", SC_ESYNTAX, 2, "stands in" },
		{ "a: [1\n", SC_ESYNTAX, 2, "expected" },
		{ "? [a]\n: b\n", SC_ESYNTAX, 1, "as a key" },
		{ "a: &x b\n*x : c\n", SC_ESYNTAX, 2, "as a key" },
		{ "a: {<<: 1}\n", SC_ESYNTAX, 1, "merges" },
		{ "a: &x {}\nb: {<<: *x, <<: *x}\n", SC_ESYNTAX, 2, "second" },
		{ "# nothing\n", SC_ESYNTAX, 2, "nothing" },
	};

	(void)state;
	check_errors(sc_doc_read_yaml, cases, COUNT(cases));
}

static void tells_where_a_second_document_begins(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err;
	struct sc_doc doc;

	(void)state;
	assert_int_equal(
		sc_doc_read_yaml(view("a: 1\n---\nb: 2\n"), &a, &doc, &err), 0);
	assert_int_equal(doc.second_line, 2);
	assert_int_equal(
		sc_doc_read_yaml(view("---\na: 1\n...\n"), &a, &doc, &err), 0);
	assert_int_equal(doc.second_line, 0);
}

/* Offsets are bytes, although libyaml counts characters. */
static void knows_where_things_stand(void **state)
{
	static const char text[] = "# \xc3\xbc\xe2\x82\xac\n"
				   "k\xc3\xa4y: 'v\xc3\xa4l'\n"
				   "l:\n  - {a: [b, \"c\"]}\n";
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const struct sc_doc_node *node;
	struct sc_error err;
	struct sc_str path;
	struct sc_doc doc;

	(void)state;
	assert_int_equal(sc_doc_read_yaml(view(text), &a, &doc, &err), 0);
	node = doc.root->first;
	assert_int_equal(node->line, 2);
	assert_memory_equal(text + node->key_start, "k\xc3\xa4y", 4);
	assert_memory_equal(text + node->start, "'v\xc3\xa4l'", 6);
	assert_int_equal(node->end - node->start, 6);
	node = sc_doc_get(sc_doc_get(doc.root, "l")->first, "a");
	assert_int_equal(node->line, 4);
	assert_memory_equal(text + node->start, "[b, \"c\"]", 8);
	assert_int_equal(node->end - node->start, 8);
	assert_true(sc_doc_path(node->last, &a, &path));
	assert_true(sc_str_eq(path, SC_STR("l[0].a[1]")));
}

static void cuts_long_keys_in_paths(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err;
	struct sc_str path;
	struct sc_doc doc;

	(void)state;
	sc_putf(&text, "%0500d: [x]\n", 1);
	assert_int_equal(sc_doc_read_yaml((struct sc_str){ text.s, text.n }, &a,
					  &doc, &err),
			 0);
	assert_true(sc_doc_path(doc.root->first->first, &a, &path));
	assert_int_equal(path.n, SC_DOC_PATH_KEY_MAX + strlen("...[0]"));
}

static void repeat(struct sc_buf *out, const char *what, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sc_put(out, view(what));
}

static int read_repeated(read_text *read, const char *what, size_t n,
			 struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_doc doc;

	repeat(&text, what, n);
	return read((struct sc_str){ text.s, text.n }, &a, &doc, err);
}

static void stops_at_its_limits(void **state)
{
	static const struct {
		read_text *read;
		const char *what;
		size_t n;
	} cases[] = {
		{ sc_doc_read_json, "[", 100000 },
		{ sc_doc_read_json, "{\"a\":", 100000 },
		{ sc_doc_read_json, "[],", 2000000 },
		{ sc_doc_read_json, "xxxxxxxx", SC_DOC_BYTES / 8 + 1 },
		{ sc_doc_read_yaml, "[", 100000 },
		{ sc_doc_read_yaml, "{a: ", 100000 },
		{ sc_doc_read_yaml, "- ", 100000 },
		{ sc_doc_read_yaml, "- a\n", 500000 },
		{ sc_doc_read_yaml, "%TAG ! a\n", 100000 },
		{ sc_doc_read_yaml, "- &a b\n", 2000 },
		{ sc_doc_read_yaml, "xxxxxxxx", SC_DOC_BYTES / 8 + 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sc_error err = { 0 };

		assert_int_equal(read_repeated(cases[i].read, cases[i].what,
					       cases[i].n, &err),
				 SC_ELIMIT);
	}
}

/* 9 levels of 9 aliases each: 400 million values, if they were made. */
static void an_alias_bomb_costs_nothing(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err = { 0 };
	struct sc_doc doc;

	(void)state;
	sc_put(&text, SC_STR("a0: &a0 [x,x,x,x,x,x,x,x,x]\n"));
	for (int i = 1; i < 10; i++) {
		sc_putf(&text, "a%d: &a%d [", i, i);
		for (int j = 0; j < 9; j++)
			sc_putf(&text, "%s*a%d", j ? "," : "", i - 1);
		sc_put(&text, SC_STR("]\n"));
	}
	assert_int_equal(sc_doc_read_yaml((struct sc_str){ text.s, text.n }, &a,
					  &doc, &err),
			 SC_ELIMIT);
	assert_non_null(strstr(err.msg, "aliases"));
	assert_true(a.used < (size_t)SC_DOC_NODES * 400);
}

/* The same with merge keys, and with depth instead of width. */
static void merge_keys_and_depth_are_counted_too(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf wide = { 0 }, deep = { 0 };
	struct sc_error err = { 0 };
	struct sc_doc doc;

	(void)state;
	sc_put(&wide, SC_STR("a0: &a0 {k: [x,x,x,x,x,x,x,x,x]}\n"));
	for (int i = 1; i < 10; i++) {
		sc_putf(&wide, "a%d: &a%d\n", i, i);
		for (int j = 0; j < 9; j++)
			sc_putf(&wide, "  k%d: {<<: *a%d}\n", j, i - 1);
	}
	assert_int_equal(sc_doc_read_yaml((struct sc_str){ wide.s, wide.n }, &a,
					  &doc, &err),
			 SC_ELIMIT);

	sc_put(&deep, SC_STR("a0: &a0 [[[[[[[[x]]]]]]]]\n"));
	for (int i = 1; i < 20; i++)
		sc_putf(&deep, "a%d: &a%d [[[[*a%d]]]]\n", i, i, i - 1);
	assert_int_equal(sc_doc_read_yaml((struct sc_str){ deep.s, deep.n }, &a,
					  &doc, &err),
			 SC_ELIMIT);
}

static void survive_lack_of_memory(read_text *read, struct sc_str text)
{
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc = { 0 };
		int r;

		sc_test_fail_after = nth;
		r = read(text, &a, &doc, &err);
		if (sc_test_fail_after >= 0) {
			assert_int_equal(r, 0);
			break;
		}
		assert_int_equal(r, SC_ENOMEM);
		assert_null(doc.root);
	}
	sc_test_fail_after = -1;
}

static void survives_every_lack_of_memory(void **state)
{
	(void)state;
	survive_lack_of_memory(sc_doc_read_json,
			       SC_STR("{\"a\": [1, true, {\"b\": null}]}"));
	survive_lack_of_memory(sc_doc_read_yaml,
			       SC_STR("a: &x {k: [\xc3\xa4, c]}\nb: *x\n"
				      "c: {<<: [*x, {l: 1}], d: !t e}\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_json),
		cmocka_unit_test(refuses_odd_json),
		cmocka_unit_test(reads_yaml),
		cmocka_unit_test(refuses_odd_yaml),
		cmocka_unit_test(tells_where_a_second_document_begins),
		cmocka_unit_test(knows_where_things_stand),
		cmocka_unit_test(cuts_long_keys_in_paths),
		cmocka_unit_test(stops_at_its_limits),
		cmocka_unit_test(an_alias_bomb_costs_nothing),
		cmocka_unit_test(merge_keys_and_depth_are_counted_too),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
