#include "unit.h"

#include "base/clean.h"
#include "doc/conf.h"
#include "doc/conf_form.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FILES 400 /* that are made, of each form */

/* ---- by hand */

/* "a/b" into keys; a slash is no part of one here. */
static struct sc_conf_place place_of(enum sc_conf_form form, const char *path,
				     struct sc_str keys[SC_CONF_DEPTH])
{
	struct sc_conf_place p = { .form = form, .keys = keys };
	struct sc_str rest = sc_view(path);

	while (sc_take_part(&rest, '/', &keys[p.n]))
		p.n++;
	return p;
}

/* "b true", "n 12", "s text", "l a b" */
static struct sc_conf_value value_of(const char *text, struct sc_str items[8])
{
	struct sc_conf_value v = { .text = sc_view(text + 2) };
	struct sc_str rest = v.text;

	v.kind = text[0] == 'b'   ? SC_DOC_BOOL
		 : text[0] == 'n' ? SC_DOC_NUMBER
		 : text[0] == 's' ? SC_DOC_STRING
				  : SC_DOC_LIST;
	if (v.kind != SC_DOC_LIST)
		return v;
	v.items = items;
	while (sc_take_part(&rest, ' ', &items[v.n]))
		v.n++;
	return v;
}

struct change {
	enum sc_conf_form form;
	const char *text, *path;
	const char *value; /* NULL: the key is taken out */
	const char *want;  /* or, of a refusal, words of it */
};

static int run(const struct change *c, struct sc_arena *a, struct sc_str *out,
	       struct sc_error *err)
{
	struct sc_str keys[SC_CONF_DEPTH], items[8];
	struct sc_conf_place place = place_of(c->form, c->path, keys);
	struct sc_conf_value value;

	if (!c->value)
		return sc_conf_remove(sc_view(c->text), &place, a, out, err);
	value = value_of(c->value, items);
	return sc_conf_set(sc_view(c->text), &place, &value, a, out, err);
}

static void changes_one_value_and_nothing_else(void **state)
{
	static const struct change cases[] = {
		{ SC_CONF_JSON, "{ \"a\" : 1 ,\"b\":[ 2 ]}\n", "a", "b true",
		  "{ \"a\" : true ,\"b\":[ 2 ]}\n" },
		{ SC_CONF_JSON, "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}", "x/y",
		  "s z",
		  "{\n\t\"a\": {\n\t\t\"b\": 1\n\t},\n\t\"x\": {\n\t\t\"y\": "
		  "\"z\"\n\t}\n}" },
		{ SC_CONF_JSON, "{}\n", "selinux-enabled", "b true",
		  "{\"selinux-enabled\": true}\n" },
		{ SC_CONF_JSON, "{\n}\n", "a", "b true", "{\"a\": true\n}\n" },
		{ SC_CONF_JSON, "{\"a\":1,\"b\":2}", "a", NULL, "{\"b\":2}" },
		{ SC_CONF_JSON, "{\"a\":1}", "l", "l p q",
		  "{\"a\":1,\"l\":[\"p\", \"q\"]}" },
		{ SC_CONF_JSON, "\xef\xbb\xbf{\"a\":1}", "a", "n 2",
		  "\xef\xbb\xbf{\"a\":2}" },
		{ SC_CONF_YAML, "a: 'x' # why\r\nb:\r\n  c: true", "b/c",
		  "b false", "a: 'x' # why\r\nb:\r\n  c: false" },
		{ SC_CONF_YAML, "a: 'x' # why\n", "a", "s y",
		  "a: 'y' # why\n" },
		{ SC_CONF_YAML, "a: \"false\"\n", "a", "b false",
		  "a: false\n" },
		{ SC_CONF_YAML, "a:\nb: 1\n", "a", "s off",
		  "a: \"off\"\nb: 1\n" },
		{ SC_CONF_YAML, "b: 1\nm:\n    n: 2\n    # end\n", "m/o/p",
		  "s 4h",
		  "b: 1\nm:\n    n: 2\n    o:\n      p: \"4h\"\n    # end\n" },
		{ SC_CONF_YAML, "l:\n- a\n- b\nz: 1\n", "l", "l p no /r",
		  "l:\n- p\n- \"no\"\n- /r\nz: 1\n" },
		{ SC_CONF_YAML, "m: {a: 1}\n", "m/b", "b true",
		  "m: {a: 1, b: true}\n" },
		{ SC_CONF_YAML, "a: 1\nb:\n  c: 1\n  d: [1]\ne: 2\n", "b", NULL,
		  "a: 1\ne: 2\n" },
		{ SC_CONF_TOML,
		  "version = 2\n[plugins.\"io.x\"]\n  a = 1 # one\n\n[z]\n",
		  "plugins/io.x/enable_selinux", "b true",
		  "version = 2\n[plugins.\"io.x\"]\n  a = 1 # one\n"
		  "  enable_selinux = true\n\n[z]\n" },
		{ SC_CONF_TOML, "version = 3\n", "plugins/io.x/b", "b true",
		  "version = 3\n\n[plugins.\"io.x\"]\nb = true\n" },
		{ SC_CONF_TOML, "[a]\n[a.b]\nc = \"x\" # y", "a/b/c", "s z",
		  "[a]\n[a.b]\nc = \"z\" # y" },
		{ SC_CONF_TOML, "[a]\n[a.b]\nc = 1", "a/c", "n 7",
		  "[a]\nc = 7\n[a.b]\nc = 1" },
		{ SC_CONF_TOML, "[a.b]\nc = 1", "a/c", "n 7",
		  "[a.b]\nc = 1\n\n[a]\nc = 7" },
		{ SC_CONF_KEYS, "# x\nSELINUX=permissive # y\nA='b c'\n",
		  "SELINUX", "s enforcing",
		  "# x\nSELINUX=enforcing # y\nA='b c'\n" },
		{ SC_CONF_KEYS, "A='b c'\n", "A", "s d", "A='d'\n" },
		{ SC_CONF_KEYS, "A=b", "C", "s d e", "A=b\nC=\"d e\"" },
		{ SC_CONF_KEYS, "A=b\nC=`x`\n", "A", "s c", "A=c\nC=`x`\n" },
		{ SC_CONF_UNIT, "[Unit]\nA=1\n\n[Service]\nExecStart=/x y\n",
		  "Service/Restart", "s no",
		  "[Unit]\nA=1\n\n[Service]\nExecStart=/x y\nRestart=no\n" },
		{ SC_CONF_UNIT, "[Unit]\nA = 1 \n", "Unit/A", "s 2",
		  "[Unit]\nA = 2 \n" },
		{ SC_CONF_UNIT, "[Unit]\nA=1", "Service/B", "s 2",
		  "[Unit]\nA=1\n\n[Service]\nB=2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_str out = { 0 };
		int r = run(&cases[i], &a, &out, &err);

		if (r < 0 || !sc_str_eq(out, sc_view(cases[i].want)))
			fail_msg("case %zu: %s\n---\n" SC_FMT "---", i, err.msg,
				 SC_ARG(out));
	}
}

/* Each beside one above or below that is no reason to refuse. */
static void refuses_what_it_cannot_change_for_sure(void **state)
{
	static const struct change cases[] = {
		{ SC_CONF_JSON, "{\"a\":1,\"a\":2}", "b", "n 1", "duplicate" },
		{ SC_CONF_JSON, "{\"a\":1}", "a/b", "n 1", "is no map" },
		{ SC_CONF_JSON, "{\"a\":\"\xff\"}", "a", "n 1", "no UTF-8" },
		{ SC_CONF_JSON, "{\"a\":1}", "b", NULL, "there is no 'b'" },
		{ SC_CONF_YAML, "a: &x 1\nb: *x\n", "a", "n 2", "an anchor" },
		{ SC_CONF_YAML, "a: &x 1\nb: *x\n", "b", "n 2", "alias" },
		{ SC_CONF_YAML, "x: &x {a: 1}\nb:\n  <<: *x\n  c: 1\n", "b/d",
		  "n 2", "a merge key" },
		{ SC_CONF_YAML, "a: !t 1\n", "a", "n 2", "tag" },
		{ SC_CONF_YAML, "a: 1\n--- \nb: 1\n", "a", "n 2",
		  "more than one document" },
		{ SC_CONF_YAML, "a: 1\nb: [\n\t1]\n", "a", "n 2", "a tab" },
		{ SC_CONF_YAML, "a: |\n  x\n", "a", "s y", "lines of its own" },
		{ SC_CONF_YAML, "a: x\n", "a", "s it's", "needs escapes" },
		{ SC_CONF_YAML, "a: x\n", "a", NULL, "more than 'a'" },
		{ SC_CONF_YAML, "l:\n- a # why\n- b\n", "l", "l x",
		  "more than its items" },
		{ SC_CONF_TOML, "a = { b = 1 }\n", "a/c", "n 1",
		  "a table in braces" },
		{ SC_CONF_TOML, "a.b = 1\n", "a/c", "n 1",
		  "made by names with dots" },
		{ SC_CONF_TOML, "[[a]]\nb = 1\n", "a/b", "n 1", "is no map" },
		{ SC_CONF_TOML, "[a]\nb = 1\n", "a", "n 1", "a table is" },
		{ SC_CONF_TOML, "l = [ 'a', # why\n ]\n", "l", "l x",
		  "a comment in the list" },
		{ SC_CONF_KEYS, "A=1\nA=2\n", "A", "s 3", "comes twice" },
		{ SC_CONF_KEYS, "A = 1\n", "A", "s 3", "line 1: no comment" },
		{ SC_CONF_KEYS, "A=\"$B\"\n", "A", "s 3", "by a shell" },
		{ SC_CONF_KEYS, "A=\"b\n", "A", "s 3", "does not end" },
		{ SC_CONF_KEYS, "A=1\n", "A", "s $(x)", "needs escapes" },
		{ SC_CONF_UNIT, "[S]\nA=1\nA=2\n", "S/A", "s 3",
		  "comes twice" },
		{ SC_CONF_UNIT, "[S]\nA=1\n[S]\nB=1\n", "S/A", "s 3",
		  "comes twice" },
		{ SC_CONF_UNIT, "[S]\nA=1 \\\n 2\n", "S/A", "s 3",
		  "in more lines" },
		{ SC_CONF_UNIT, "A=1\n", "S/A", "s 3", "line 1: no comment" },
		{ SC_CONF_UNIT, "[S]\nA=1\n", "S", "s 3", "no place" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct sc_error err = { 0 };
		struct sc_str out = { 0 };
		int r = run(&cases[i], &a, &out, &err);

		if (r >= 0 || !strstr(err.msg, cases[i].want))
			fail_msg("case %zu: %s\n---\n" SC_FMT "---", i, err.msg,
				 SC_ARG(out));
	}
}

static void leaves_a_value_that_is_there(void **state)
{
	static const struct change same = { SC_CONF_YAML, "a: \"x\"\n", "a",
					    "s x", "" };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error err = { 0 };
	struct sc_str out = { 0 };

	(void)state;
	assert_int_equal(run(&same, &a, &out, &err), 0);
	assert_ptr_equal(out.s, same.text);
}

static void refuses_a_large_file(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_error err = { 0 };
	struct sc_doc doc;

	(void)state;
	while (text.n < SC_CONF_BYTES)
		sc_put(&text, SC_STR("# 5678\n\n"));
	assert_int_equal(text.n, SC_CONF_BYTES);
	assert_int_equal(sc_conf_read(SC_CONF_KEYS,
				      (struct sc_str){ text.s, text.n }, &a,
				      &doc, &err),
			 0);
	sc_put(&text, SC_STR("\n"));
	assert_int_equal(sc_conf_read(SC_CONF_KEYS,
				      (struct sc_str){ text.s, text.n }, &a,
				      &doc, &err),
			 SC_ELIMIT);
}

/* ---- made */

struct maker {
	uint32_t seed;
	struct sc_buf out;
	const char *end; /* of a line */
	const char *indent;
	bool is_dense; /* JSON without blanks */
	size_t names;  /* given so far, so that none comes twice */
};

static uint32_t pick(struct maker *m, uint32_t n)
{
	m->seed = m->seed * 1664525 + 1013904223;
	return (m->seed >> 8) % n;
}

static const char *one_of(struct maker *m, const char *const *words, size_t n)
{
	return words[pick(m, (uint32_t)n)];
}

static void put_indent(struct maker *m, size_t depth)
{
	while (depth--)
		sc_putf(&m->out, "%s", m->indent);
}

static void put_end(struct maker *m)
{
	sc_putf(&m->out, "%s", m->end);
}

static void put_noise(struct maker *m, size_t depth, const char *comment)
{
	switch (pick(m, 5)) {
	case 0:
		put_end(m);
		break;
	case 1:
		put_indent(m, depth);
		sc_putf(&m->out, "%s k1: [\"x\" = 'y'", comment);
		put_end(m);
		break;
	default:
		break;
	}
}

static void make_json(struct maker *m, size_t depth)
{
	static const char *const scalars[] = {
		"true",
		"false",
		"null",
		"-1.5e3",
		"17",
		"\"text\"",
		"\"\\u00e9\\n\\\"{[,\"",
		"\"\xc3\xa9 #\"",
		"[]",
		"{}",
		"[1, {\"a\": [2]} , \"]\" ]",
	};
	size_t n = 1 + pick(m, 4);

	sc_put(&m->out, SC_STR("{"));
	for (size_t i = 0; i < n; i++) {
		if (!m->is_dense) {
			put_end(m);
			put_indent(m, depth + 1);
		}
		sc_putf(&m->out, "\"k%zu\":%s", m->names++,
			m->is_dense ? "" : " ");
		if (depth < 3 && pick(m, 3) == 0)
			make_json(m, depth + 1);
		else
			sc_putf(&m->out, "%s",
				one_of(m, scalars, COUNT(scalars)));
		if (i + 1 < n)
			sc_put(&m->out, SC_STR(","));
	}
	if (!m->is_dense) {
		put_end(m);
		put_indent(m, depth);
	}
	sc_put(&m->out, SC_STR("}"));
}

static void make_yaml(struct maker *m, size_t depth)
{
	static const char *const scalars[] = {
		" true",       " 12", " 'it''s'",    " \"a # b\" # c",
		" plain text", "",    " [a, \"b\"]", " {p: 1, q: {r: 2}}",
	};
	size_t n = 1 + pick(m, 4);

	for (size_t i = 0; i < n; i++) {
		put_noise(m, depth, "#");
		put_indent(m, depth);
		sc_putf(&m->out, "k%zu:", m->names++);
		switch (depth < 3 ? pick(m, 6) : 5) {
		case 0:
		case 1:
			put_end(m);
			make_yaml(m, depth + 1);
			break;
		case 2:
			put_end(m);
			put_indent(m, depth);
			sc_put(&m->out, SC_STR("- one"));
			put_end(m);
			put_indent(m, depth);
			sc_put(&m->out, SC_STR("- k: 2"));
			put_end(m);
			break;
		default:
			sc_putf(&m->out, "%s",
				one_of(m, scalars, COUNT(scalars)));
			put_end(m);
		}
	}
}

static void make_pairs(struct maker *m, size_t depth)
{
	static const char *const scalars[] = {
		"true",          "1_000",
		"\"a \\\"# b\"", "'x' # why",
		"[ 1,\n 2 ]",    "{ a = 1 }",
		"2026-11-22",    "\"\"\"two\nlines\"\"\"",
	};

	for (size_t n = pick(m, 4); n > 0; n--) {
		put_noise(m, depth, "#");
		put_indent(m, depth);
		sc_putf(&m->out, "%sk%zu = %s", pick(m, 8) ? "" : "d.",
			m->names++, one_of(m, scalars, COUNT(scalars)));
		put_end(m);
	}
}

static void make_toml(struct maker *m, size_t depth)
{
	make_pairs(m, depth);
	for (size_t n = 1 + pick(m, 4); n > 0; n--) {
		size_t name = m->names++, inner = m->names++;

		put_noise(m, depth, "#");
		put_indent(m, depth);
		if (pick(m, 6) == 0)
			sc_putf(&m->out, "[[k%zu]]", name);
		else if (pick(m, 2))
			sc_putf(&m->out, "[k%zu]", name);
		else
			sc_putf(&m->out, "[k%zu.\"in.k%zu\"] # x", name, inner);
		put_end(m);
		make_pairs(m, depth + 1);
	}
}

static void make_keys(struct maker *m, size_t depth)
{
	static const char *const values[] = { "word",   "\"a b\"", "'c d' # e",
					      "\"$X\"", "`y`",     "",
					      "\"\"",   "a=b" };

	(void)depth;
	for (size_t n = 1 + pick(m, 6); n > 0; n--) {
		put_noise(m, 0, "#");
		sc_putf(&m->out, "%sK%zu=%s", pick(m, 6) ? "" : "export ",
			m->names++, one_of(m, values, COUNT(values)));
		put_end(m);
	}
}

static void make_unit(struct maker *m, size_t depth)
{
	static const char *const values[] = { "/bin/x --y=z", "",
					      "a \\\n  b",    "\"A=b\" 'c'",
					      "%i ${X}",      "yes " };

	(void)depth;
	for (size_t n = 1 + pick(m, 3); n > 0; n--) {
		sc_putf(&m->out, "[S%zu]", m->names++);
		put_end(m);
		for (size_t k = pick(m, 4); k > 0; k--) {
			put_noise(m, 0, pick(m, 2) ? "#" : ";");
			sc_putf(&m->out, "K%zu%s%s", m->names++,
				pick(m, 2) ? "=" : " = ",
				one_of(m, values, COUNT(values)));
			put_end(m);
		}
	}
}

/* A node of the tree that keys alone lead to, and those keys; of a map or of a
 * scalar, as @wants_map says. */
static bool find_node(struct maker *m, const struct sc_doc_node *root,
		      bool wants_map, struct sc_str keys[SC_CONF_DEPTH],
		      size_t *n)
{
	const struct sc_doc_node *node = root;

	for (*n = 0; *n < SC_CONF_DEPTH - 4;) {
		uint32_t skip;

		if (node->kind != SC_DOC_MAP || !node->n ||
		    (wants_map && pick(m, 3) == 0))
			break;
		skip = pick(m, (uint32_t)node->n);
		for (node = node->first; skip--;)
			node = node->next;
		keys[(*n)++] = node->key;
	}
	return wants_map ? node->kind == SC_DOC_MAP
			 : sc_doc_is_scalar(node) && *n;
}

struct tally {
	size_t tried, refused;
};

static void same_text(struct sc_str a, struct sc_str b, uint32_t seed)
{
	if (!sc_str_eq(a, b))
		fail_msg("seed %u:\n" SC_FMT "\n--- came back as\n" SC_FMT
			 "\n---",
			 seed, SC_ARG(a), SC_ARG(b));
}

static struct sc_str set_to(struct sc_str text,
			    const struct sc_conf_place *place,
			    enum sc_doc_kind kind, const char *value,
			    struct sc_arena *a)
{
	const struct sc_conf_value v = { .kind = kind, .text = sc_view(value) };
	struct sc_error err = { 0 };
	struct sc_str out = { 0 };

	if (sc_conf_set(text, place, &v, a, &out, &err) < 0)
		assert_int_equal(err.code, SC_EREFUSED);
	return out;
}

/* All but the bytes of the value stay; and a value set twice is the same. */
static void change_and_back(struct sc_str text,
			    const struct sc_conf_place *place,
			    struct sc_arena *a, uint32_t seed,
			    struct tally *tally)
{
	const struct sc_doc_node *node;
	struct sc_error err = { 0 };
	struct sc_str one, two, tail;
	struct sc_doc doc;

	assert_int_equal(sc_conf_read(place->form, text, a, &doc, &err), 0);
	node = sc_conf_find(&doc, place);
	tail = (struct sc_str){ text.s + node->end, text.n - node->end };
	tally->tried++;
	one = set_to(text, place, SC_DOC_STRING, "/one", a);
	if (!one.s) {
		tally->refused++;
		return;
	}
	assert_true(one.n >= node->start + tail.n);
	assert_memory_equal(one.s, text.s, node->start);
	assert_memory_equal(one.s + one.n - tail.n, tail.s, tail.n);
	if (place->form < SC_CONF_KEYS) {
		two = set_to(one, place, SC_DOC_BOOL, "false", a);
		two = set_to(two, place, SC_DOC_NUMBER, "42", a);
	} else {
		two = set_to(one, place, SC_DOC_STRING, "other words", a);
	}
	assert_false(sc_str_eq(one, two));
	two = set_to(two, place, SC_DOC_STRING, "/one", a);
	if (place->form == SC_CONF_JSON || place->form == SC_CONF_TOML)
		same_text(one, two, seed);
	else /* quotes may have come or gone */
		assert_int_equal(two.n - one.n == 2 || two.n + 2 == one.n ||
					 two.n == one.n,
				 1);
}

/* A key that is not there, with one or two maps before it; and out again. */
static void add_and_remove(struct maker *m, struct sc_str text,
			   struct sc_conf_place place,
			   struct sc_str keys[SC_CONF_DEPTH],
			   struct sc_arena *a, struct tally *tally)
{
	const struct sc_conf_value value = { .kind = pick(m, 2) ? SC_DOC_BOOL
								: SC_DOC_STRING,
					     .text = SC_STR("true") };
	struct sc_conf_place top = place;
	struct sc_error err = { 0 };
	struct sc_str there, back;

	keys[top.n++] = SC_STR("new");
	place.n = top.n;
	if (place.form == SC_CONF_UNIT && place.n == 1)
		keys[place.n++] = SC_STR("inner");
	else if (place.form < SC_CONF_KEYS)
		for (uint32_t more = pick(m, 3); more > 0; more--)
			keys[place.n++] = SC_STR("in.ner");
	tally->tried++;
	if (sc_conf_set(text, &place, &value, a, &there, &err) < 0) {
		tally->refused++;
		return;
	}
	assert_false(sc_str_eq(text, there));
	if (sc_conf_remove(there, &top, a, &back, &err) < 0)
		fail_msg("seed %u: %s\n" SC_FMT "\n---", m->seed, err.msg,
			 SC_ARG(there));
	same_text(text, back, m->seed);
}

/* In half of the files the last line has no end. */
static struct sc_str finish(struct maker *m, enum sc_conf_form form)
{
	size_t end = strlen(m->end);

	if (form == SC_CONF_JSON) {
		if (pick(m, 2))
			put_end(m);
	} else if (pick(m, 2) && m->out.n > end) {
		m->out.n -= end;
	}
	return (struct sc_str){ m->out.s, m->out.n };
}

static void comes_back(enum sc_conf_form form,
		       void (*make)(struct maker *, size_t))
{
	static const char *const indents[] = { "  ", "    ", "\t" };
	struct tally sets = { 0 }, adds = { 0 };

	for (uint32_t i = 0; i < FILES; i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		struct maker m = { .seed = i * 7919 + 1 };
		struct sc_str keys[SC_CONF_DEPTH], text;
		struct sc_conf_place place = { form, keys, 0 };
		struct sc_error err = { 0 };
		struct sc_doc doc;

		m.end = pick(&m, 3) ? "\n" : "\r\n";
		m.indent = indents[pick(&m, form == SC_CONF_YAML ? 2 : 3)];
		m.is_dense = pick(&m, 3) == 0;
		make(&m, 0);
		text = finish(&m, form);
		if (sc_conf_read(form, text, &a, &doc, &err) < 0)
			fail_msg("seed %u: %s\n" SC_FMT "\n---", i, err.msg,
				 SC_ARG(text));
		if (find_node(&m, doc.root, false, keys, &place.n))
			change_and_back(text, &place, &a, i, &sets);
		if (find_node(&m, doc.root, true, keys, &place.n))
			add_and_remove(&m, text, place, keys, &a, &adds);
		sc_buf_free(&m.out);
	}
	print_message("# set %zu, refused %zu; added %zu, refused %zu\n",
		      sets.tried, sets.refused, adds.tried, adds.refused);
	assert_true(sets.tried > FILES / 4 && adds.tried > FILES / 4);
	assert_true(sets.refused * 2 < sets.tried);
	assert_true(adds.refused * 10 < adds.tried);
}

static void brings_json_back(void **state)
{
	(void)state;
	comes_back(SC_CONF_JSON, make_json);
}

static void brings_yaml_back(void **state)
{
	(void)state;
	comes_back(SC_CONF_YAML, make_yaml);
}

static void brings_toml_back(void **state)
{
	(void)state;
	comes_back(SC_CONF_TOML, make_toml);
}

static void brings_keys_back(void **state)
{
	(void)state;
	comes_back(SC_CONF_KEYS, make_keys);
}

static void brings_units_back(void **state)
{
	(void)state;
	comes_back(SC_CONF_UNIT, make_unit);
}

static void survives_every_lack_of_memory(void **state)
{
	static const struct change cases[] = {
		{ SC_CONF_JSON, "{\"a\":1}", "b/c", "n 2", "" },
		{ SC_CONF_YAML, "a: 1\nl:\n- x\n", "l", "l y z", "" },
		{ SC_CONF_TOML, "[a]\nb = 1\n", "c/d", "s 2", "" },
		{ SC_CONF_KEYS, "A=1\n", "B", "s 2", "" },
		{ SC_CONF_UNIT, "[A]\nB=1\n", "A/B", "s 2", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (long nth = 0;; nth++) {
			SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
			struct sc_error err = { 0 };
			struct sc_str out = { 0 };
			int r;

			sc_test_fail_after = nth;
			r = run(&cases[i], &a, &out, &err);
			sc_test_fail_after = -1;
			if (r == 0)
				break;
			assert_int_equal(r, SC_ENOMEM);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_one_value_and_nothing_else),
		cmocka_unit_test(refuses_what_it_cannot_change_for_sure),
		cmocka_unit_test(leaves_a_value_that_is_there),
		cmocka_unit_test(refuses_a_large_file),
		cmocka_unit_test(brings_json_back),
		cmocka_unit_test(brings_yaml_back),
		cmocka_unit_test(brings_toml_back),
		cmocka_unit_test(brings_keys_back),
		cmocka_unit_test(brings_units_back),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
