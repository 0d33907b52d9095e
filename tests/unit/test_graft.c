#include "unit.h"

#include "base/clean.h"
#include "rules/graft.h"

static void graft(const char *domain, const char *text, const char *want)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_rule rule = {
		.source = sc_view(domain),
		.target = SC_STR("etc_t"),
		.tclass = SC_STR("file"),
		.perms = SC_STR("open read"),
		.why = SC_STR("seen"),
	};
	struct sc_rules rules = { &rule, 1, 1 };
	struct sc_graft g = { .domain = sc_view(domain),
			      .text = sc_view(text) };
	struct sc_error err;

	assert_int_equal(sc_graft_name(g.domain, &arena, &g.name, &err), 0);
	if (!want) {
		assert_int_equal(sc_graft_write(&g, &rules, &arena, &out, &err),
				 SC_ESYNTAX);
		return;
	}
	assert_int_equal(sc_graft_write(&g, &rules, &arena, &out, &err), 0);
	assert_string_equal(out.s, want);
}

static void adds_rules_at_the_end_of_the_block(void **state)
{
	(void)state;
	graft("web.process",
	      "; (block web\n(block other (type x))\n"
	      "(block web\n    (blockinherit b) ; a ) in a comment\n)\n"
	      "(filecon \"/a(/.*)?)\" any (a (b) c))\n",
	      "; (block web\n(block other (type x))\n"
	      "(block web\n    (blockinherit b) ; a ) in a comment\n"
	      "    ; seen\n    (allow process etc_t (file (open read)))\n)\n"
	      "(filecon \"/a(/.*)?)\" any (a (b) c))\n");
}

static void adds_rules_to_a_block_of_one_line(void **state)
{
	(void)state;
	graft("web.process", "(block web (blockinherit b))",
	      "(block web (blockinherit b)\n"
	      "    ; seen\n    (allow process etc_t (file (open read)))\n)");
}

/* Where its module is none, or is another's, rules would be lost. */
static void refuses_a_module_without_the_block(void **state)
{
	(void)state;
	graft("web.process", "", NULL);
	graft("web.process", "(block webs (blockinherit b))", NULL);
	graft("web.process", "(block web (blockinherit b)", NULL);
	graft("web.process", "(allow web other (file (read)))", NULL);
}

static void other_domains_have_a_module_of_rules(void **state)
{
	(void)state;
	graft("web_t", "", "; seen\n(allow web_t etc_t (file (open read)))\n");
	graft("web_t", "; old",
	      "; old\n; seen\n(allow web_t etc_t (file (open read)))\n");
	graft("a.b.process", "",
	      "; seen\n(allow a.b.process etc_t (file (open read)))\n");
}

static void name(const char *domain, const char *want)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_str got = { 0 };
	struct sc_error err;

	assert_int_equal(sc_graft_name(sc_view(domain), &arena, &got, &err), 0);
	assert_true(sc_str_eq(got, sc_view(want)));
}

static void names_the_module_of_a_domain(void **state)
{
	(void)state;
	name("shop_web.process", "shop_web");
	name("httpd_t", "learned_httpd_t");
	name("a.b.process", "learned_a_b_process");
	name(".process", "learned__process");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_rules_at_the_end_of_the_block),
		cmocka_unit_test(adds_rules_to_a_block_of_one_line),
		cmocka_unit_test(refuses_a_module_without_the_block),
		cmocka_unit_test(other_domains_have_a_module_of_rules),
		cmocka_unit_test(names_the_module_of_a_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
