/* Every guard ships a module that trips it and one that nearly does; here each
 * is proven, on Debian's policy and on one that holds modules of ours. */
#include "unit.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/file.h"
#include "base/vec.h"
#include "policy/fix.h"
#include "policy/prove.h"

static const char *policy_path;

struct fixture {
	struct sc_arena arena;
	struct sc_policy *policy;
	struct sc_family family;
	struct sc_proof proof;
	struct sc_error err;
};

static void fixture_free(struct fixture *f)
{
	sc_proof_close(&f->proof);
	sc_policy_close(f->policy);
	sc_arena_free(&f->arena);
}

static void open_policy(struct fixture *f)
{
	if (sc_policy_open(policy_path, &f->policy, &f->err) < 0 ||
	    sc_family_find(f->policy, &f->family, &f->err) < 0)
		fail_msg("%s", f->err.msg);
}

static int prove_text(struct fixture *f, struct sc_str name, struct sc_str text)
{
	struct sc_source one = { name, text };
	struct sc_sources sources = { &one, 1, 1 };

	open_policy(f);
	return sc_prove(f->policy, &f->family, &sources, f->family.base,
			&f->arena, &f->proof, &f->err);
}

static bool found(const struct sc_proof *proof, const char *id)
{
	for (size_t i = 0; i < proof->findings.n; i++)
		if (sc_str_eq(proof->findings.v[i].id, sc_view(id)))
			return true;
	return false;
}

static bool found_at(const struct sc_proof *proof, const char *id,
		     const char *where)
{
	for (size_t i = 0; i < proof->findings.n; i++)
		if (sc_str_eq(proof->findings.v[i].id,
			      (struct sc_str){ id, strlen(id) }) &&
		    sc_str_eq(proof->findings.v[i].where,
			      (struct sc_str){ where, strlen(where) }))
			return true;
	return false;
}

/* The same for one domain: "g01_trips.process" for G01 and "trips". */
static bool hits(const struct sc_proof *proof, struct sc_str id,
		 const char *kind)
{
	char domain[40], name[8];

	snprintf(domain, sizeof(domain), "g%.2s_%s.process", id.s + 1, kind);
	snprintf(name, sizeof(name), SC_FMT, SC_ARG(id));
	return found_at(proof, name, domain);
}

/* Prove tests/guards/GNN-KIND.cil of all guards at once. */
static void prove_all(struct fixture *f, const struct sc_guards *guards,
		      const char *kind)
{
	struct sc_sources sources = { 0 };

	for (size_t i = 0; i < sc_guards_count(guards); i++) {
		const struct sc_guard *g = sc_guards_at(guards, i);
		struct sc_source one = { .name = g->id };
		char path[400];

		snprintf(path, sizeof(path), GUARDS "/" SC_FMT "-%s.cil",
			 SC_ARG(g->id), kind);
		if (g->na) /* Debian's policy has no class user_namespace */
			assert_true(sc_str_eq(g->id, SC_STR("G28")));
		else if (sc_file_read(path, 10000, &f->arena, &one.text,
				      &f->err) < 0 ||
			 !SC_PUSH(&f->arena, &sources, one))
			fail_msg("%s", f->err.msg);
	}
	if (sc_prove(f->policy, &f->family, &sources, f->family.base, &f->arena,
		     &f->proof, &f->err) < 0)
		fail_msg("%s", f->err.msg);
}

static void check_guards(const char *kind, bool want)
{
	SC_CLEAN(fixture_free) struct fixture f = { 0 };
	struct sc_guards *guards;

	open_policy(&f);
	assert_int_equal(
		sc_guards_open(f.policy, &f.family, &f.arena, &guards, &f.err),
		0);
	assert_true(sc_guards_count(guards) >= 30);
	prove_all(&f, guards, kind);
	for (size_t i = 0; i < sc_guards_count(guards); i++) {
		const struct sc_guard *g = sc_guards_at(guards, i);

		if (!g->na && hits(&f.proof, g->id, kind) != want)
			fail_msg(SC_FMT " %s", SC_ARG(g->id),
				 want ? "does not fire"
				      : "fires on what is harmless");
	}
}

static void each_guard_fires(void **state)
{
	(void)state;
	check_guards("trips", true);
}

static void no_guard_fires_on_what_is_nearly_so(void **state)
{
	(void)state;
	check_guards("near", false);
}

static void base_alone_is_proven(void **state)
{
	SC_CLEAN(fixture_free) struct fixture f = { 0 };

	(void)state;
	assert_int_equal(prove_text(&f, SC_STR("selcage_base.cil"),
				    sc_data("bases/refpolicy.cil")),
			 0);
	assert_int_equal(f.proof.findings.n, 0);
	assert_true(f.proof.base_known);
	assert_false(f.proof.base_added);
	assert_int_equal(f.proof.floor, 250);
	assert_int_equal(f.proof.bare, 463);
	assert_true(f.proof.container > 20000);
}

/* What is refused by its form, whatever it would grant. */
static void refuses_statements_of_others(void **state)
{
	static const struct {
		const char *id, *text;
	} cases[] = {
		{ "structure/foreign-source",
		  "(block a (blockinherit selcage_core)"
		  " (allow container_t var_t (dir (search))))" },
		{ "structure/attribute-target",
		  "(block a (blockinherit selcage_core)"
		  " (allow process file_type (dir (search))))" },
		{ "structure/expression",
		  "(block a (blockinherit selcage_core)"
		  " (allow process var_t (dir (all))))" },
		{ "structure/expression",
		  "(block a (blockinherit selcage_core)"
		  " (allow process var_t (dir (not (read)))))" },
		{ "structure/statement", "(block a (blockinherit selcage_core)"
					 " (typepermissive process))" },
		{ "structure/statement",
		  "(block a (blockinherit selcage_core)"
		  " (optional o (allow process var_t (dir (search)))))" },
		{ "structure/statement",
		  "(block a (blockinherit selcage_core))"
		  " (allow init_t var_t (dir (search)))" },
		{ "structure/statement",
		  "(block a (blockinherit selcage_core))"
		  " (portcon tcp 81 (system_u object_r http_port_t"
		  " ((s0) (s0))))" },
		{ "structure/attribute",
		  "(block a (blockinherit selcage_core)"
		  " (typeattributeset can_load_policy (process)))" },
		{ "structure/attribute",
		  "(block a (blockinherit selcage_core)"
		  " (typeattributeset domain (shadow_t)))" },
		{ "structure/attribute", /* a word is a set, too */
		  "(block a (blockinherit selcage_core)"
		  " (typeattributeset mcs_constrained_type unconfined_t))" },
		{ "structure/attribute-target", /* of the base alone */
		  "(block a (blockinherit selcage_core)"
		  " (allow process selcage_strict (fd (use))))" },
		{ "structure/block-name", /* as if it were a comparison's */
		  "(block selcage__a (blockinherit selcage_core)"
		  " (allow process shadow_t (file (open read))))" },
		{ "structure/block-name",
		  "(block selcage_client (type process))" },
		{ "structure/role", "(block a (blockinherit selcage_core)"
				    " (roletype sysadm_r process))" },
		{ "structure/foreign-block",
		  "(block b (type process)) (block a (blockinherit b))" },
		{ "structure/base",
		  "(block selcage_core (blockabstract selcage_core)"
		  " (type process) (typeattributeset domain (process)))"
		  " (block a (blockinherit selcage_core))" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(fixture_free) struct fixture f = { 0 };
		struct sc_str text = sc_view(cases[i].text);

		if (prove_text(&f, SC_STR("a.cil"), text) < 0)
			fail_msg("%s: %s", cases[i].text, f.err.msg);
		if (!found(&f.proof, cases[i].id) || !sc_proof_fails(&f.proof))
			fail_msg("%s is not found in %s", cases[i].id,
				 cases[i].text);
	}
}

/* Rows of a guard that its own module does not try. */
static void refuses_each_of_these_rules(void **state)
{
	static const struct {
		const char *id, *rule;
	} cases[] = {
		{ "G16", "(allow process device_t (blk_file (open read)))" },
		{ "G16", "(type own) (allow process own (blk_file (ioctl)))" },
		{ "G18", "(allow process event_device_t (chr_file (read)))" },
		{ "G20", "(allow process system_dbusd_t"
			 " (dbus (acquire_svc)))" },
		{ "G23", "(allow process etc_t (lnk_file (mounton)))" },
		{ "G24", "(allow process proc_t (file (write)))" },
		{ "G25", "(allow process self (memprotect (mmap_zero)))" },
		{ "G25", "(allow process kernel_t (kernel_service"
			 " (use_as_override)))" },
		{ "G30", "(allow process self (key_socket (create)))" },
		/* all numbers, since no rule names any */
		{ "G38", "(allow process user_devpts_t (chr_file (ioctl)))" },
		{ "G38", "(allowx process container_file_t (ioctl chr_file"
			 " ((range 0x0000 0xffff))))" },
		{ "G38", "(allowx process devtty_t (ioctl chr_file"
			 " (0x541c)))" },
	};

	SC_CLEAN(fixture_free) struct fixture f = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const size_t n = sizeof(cases) / sizeof(cases[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		sc_putf(&text, "(block a%zu (blockinherit selcage_core) %s)\n",
			i, cases[i].rule);
	if (prove_text(&f, SC_STR("a.cil"), (struct sc_str){ text.s, text.n }) <
	    0)
		fail_msg("%s", f.err.msg);
	for (size_t i = 0; i < n; i++) {
		char where[40];

		snprintf(where, sizeof(where), "a%zu.process", i);
		if (!found_at(&f.proof, cases[i].id, where))
			fail_msg("%s does not fire on %s", cases[i].id,
				 cases[i].rule);
	}
}

/* Small modules that would take hours are not compiled, nor judged. */
static void refuses_what_takes_long(void **state)
{
	static const struct {
		const char *before, *each, *after;
		unsigned most;
	} cases[] = {
		{ "", "(block b%u (blockinherit selcage_core))", "", 100 },
		{ "(block a ", "(type t%u)", ")", 100 },
		{ "(block a (blockinherit selcage_core) (allowx process"
		  " container_file_t (ioctl chr_file (",
		  " 0x5401 ;%u\n", "))))", 1000 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(fixture_free) struct fixture f = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		unsigned more = i % 2;

		sc_putf(&text, "%s", cases[i / 2].before);
		for (unsigned k = 0; k < cases[i / 2].most + more; k++) {
			char one[80];
			const char *at = strstr(cases[i / 2].each, "%u");

			snprintf(one, sizeof(one), "%.*s%u%s",
				 (int)(at - cases[i / 2].each),
				 cases[i / 2].each, k, at + 2);
			sc_putf(&text, "%s", one);
		}
		sc_putf(&text, "%s", cases[i / 2].after);
		if (prove_text(&f, SC_STR("a.cil"),
			       (struct sc_str){ text.s, text.n }) < 0)
			fail_msg("%s", f.err.msg);
		assert_int_equal(found(&f.proof, "structure/size"), more);
		assert_int_equal(f.proof.policy == NULL, more);
	}
}

static void takes_what_selcage_writes(void **state)
{
	SC_CLEAN(fixture_free) struct fixture f = { 0 };

	(void)state;
	assert_int_equal(
		prove_text(&f, SC_STR("web.cil"),
			   SC_STR("(block web (blockinherit selcage_core)"
				  " (blockinherit selcage_server)"
				  " (allow process self (capability"
				  " (net_bind_service)))"
				  " (allow process http_port_t (tcp_socket"
				  " (name_bind))))")),
		0);
	assert_int_equal(f.proof.findings.n, 0);
	assert_true(f.proof.base_added);
	assert_int_equal(f.proof.cages.n, 1);
	assert_true(
		sc_str_eq(f.proof.cages.v[0].domain, SC_STR("web.process")));
	assert_int_equal(f.proof.cages.v[0].own.n, 2);
	assert_int_equal(f.proof.cages.v[0].vectors, 512);
}

static void says_what_does_not_compile(void **state)
{
	static const struct {
		const char *text, *says;
		int code;
	} cases[] = {
		{ "(block a (blockinherit selcage_core)"
		  " (allow process no_such_t (file (read))))",
		  "a.cil:1: no type 'no_such_t'", SC_EPOLICY },
		{ "(block a (blockinherit selcage_core)"
		  " (allow process shadow_tt (file (read))))",
		  "did you mean 'shadow_t'?", SC_EPOLICY },
		{ "(block a (blockinherit selcage_core)"
		  " (allow process var_t (file (reed))))",
		  "no permission 'reed'", SC_EPOLICY },
		{ "(block a (blockinherit selcage_core)", "line 1",
		  SC_ESYNTAX },
		{ "(block a\r(blockinherit selcage_core))", "line 1",
		  SC_ESYNTAX },
		{ "(block 9a (type process))", "9a", SC_EPOLICY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(fixture_free) struct fixture f = { 0 };
		struct sc_str text = sc_view(cases[i].text);

		assert_int_equal(prove_text(&f, SC_STR("a.cil"), text),
				 cases[i].code);
		if (!strstr(f.err.msg, cases[i].says))
			fail_msg("'%s' does not say '%s'", f.err.msg,
				 cases[i].says);
	}
}

/* A module whose block has @statements besides types of its own. */
static int prove_claim(struct fixture *f, const char *statements)
{
	struct sc_str text;

	assert_true(sc_keepf(&f->arena, &text,
			     "(block web (blockinherit selcage_core)\n"
			     "(type t) (roletype object_r t)\n%s)",
			     statements));
	if (!f->policy)
		open_policy(f);
	sc_proof_close(&f->proof);
	return sc_prove(
		f->policy, &f->family,
		&(struct sc_sources){
			&(struct sc_source){ SC_STR("web.cil"), text }, 1, 1 },
		f->family.base, &f->arena, &f->proof, &f->err);
}

#define OWN " (system_u object_r t ((s0) (s0)))"
#define PORT "(typeattributeset port_type (t))"
#define DATA "(typeattributeset file_type (t))"
#define LABEL DATA "(filecon \"/srv/t\" any" OWN ")"
#define VOLUME(level) \
	" any (system_u object_r container_file_t (" level " " level "))"

/* Near enough to what is refused below, and nobody's. */
static void claims_what_is_nobodys(void **state)
{
	static const char *const near[] = {
		PORT "(portcon tcp 3333" OWN ")",
		PORT "(portcon udp (20000 20010) (system_u object_r web.t "
		     "((s0) (s0))))",
		DATA "(filecon \"/srv/web\" dir" OWN ")",
		DATA "(filecon \"/srv/etc/shadow(/.*)?\" any" OWN ")",
		LABEL
		"(filecon \"/data/a\\.b(/.*)?\"" VOLUME("(s0 (c1 c2))") ")",
		LABEL "(filecon \"/home/me/web\"" VOLUME("(s0 (c1 c1023))") ")",
	};

	SC_CLEAN(fixture_free) struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		if (prove_claim(&f, near[i]) < 0)
			fail_msg("%s: %s", near[i], f.err.msg);
		if (sc_proof_fails(&f.proof))
			fail_msg("%s: " SC_FMT, near[i],
				 SC_ARG(f.proof.findings.v[0].text));
		assert_true(f.proof.claims.n >= 1);
	}
}

/* A fix names what is the host's, which no module's block may. */
static void claims_what_a_fix_says(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_findings wrong = { 0 };
	struct sc_found found = { SC_STR("fix"), &a, &wrong, false };
	struct sc_claims all = { 0 }, none = { 0 };
	struct sc_cil *top;
	struct sc_error err;
	struct sc_fix fix;

	(void)state;
	assert_int_equal(sc_fix_find(SC_STR("engine-unit"), &a, &fix, &err), 0);
	assert_int_equal(sc_cil_read(fix.text, &a, &top, &err), 0);
	assert_int_equal(sc_claims_read_fix(top, &found, &all, &err), 0);
	assert_int_equal(sc_claims_read(top, &found, &none, &err), 0);
	assert_int_equal(wrong.n, 0);
	assert_int_equal(none.n, 0);
	assert_int_equal(all.n, 1);
	assert_true(sc_str_eq(all.v[0].path, SC_STR("/run/crun")));
	assert_true(sc_str_eq(all.v[0].type, SC_STR("container_runtime_t")));
	assert_true(all.v[0].below);
}

static void refuses_claims_of_the_hosts_own(void **state)
{
	static const struct {
		const char *id, *text;
	} trips[] = {
		{ "port", "(portcon tcp 80" OWN ")" },
		{ "port", "(portcon tcp 1023" OWN ")" },
		{ "port", "(portcon tcp 8080" OWN ")" },
		{ "port", "(portcon tcp (3300 3400)" OWN ")" },
		{ "form", "(portcon tcp 3333 (system_u object_r http_port_t "
			  "((s0) (s0))))" },
		{ "form", "(portcon tcp 3333 (system_u object_r process "
			  "((s0) (s0))))" },
		{ "form", "(portcon tcp 3333 (root object_r t ((s0) (s0))))" },
		{ "form", "(portcon tcp 3333 (system_u system_r t "
			  "((s0) (s0))))" },
		{ "form", "(portcon tcp 3333 a_context)" },
		{ "form", "(portcon tcp (3333 3334 3335)" OWN ")" },
		{ "form", "(portcon tcp 65536" OWN ")" },
		{ "form", "(portcon icmp 3333" OWN ")" },
		{ "path", "(filecon \"/etc/shadow\" file" OWN ")" },
		{ "path", "(filecon \"/usr(/.*)?\" any" OWN ")" },
		{ "path", "(filecon \"/srv(/.*)?\" any" OWN ")" },
		{ "path", "(filecon \"/root/\\.ssh(/.*)?\" any" OWN ")" },
		{ "form", "(filecon \"/\" any" OWN ")" },
		{ "form", "(filecon \"(/.*)?\" any" OWN ")" },
		{ "form", "(filecon \"/srv/../etc\" any" OWN ")" },
		{ "form", "(filecon \"/srv//web\" any" OWN ")" },
		{ "form", "(filecon \"/srv/web/\" any" OWN ")" },
		{ "form", "(filecon \"/.*/shadow\" any" OWN ")" },
		{ "form", "(filecon \"/srv/web|/etc\" any" OWN ")" },
		{ "form", "(filecon \"/srv/web.d\" any" OWN ")" },
		{ "form", "(filecon \"/srv/a b\" any" OWN ")" },
		{ "form", "(filecon \"/srv/web\\w\" any" OWN ")" },
		{ "form", "(filecon \"/srv/web\" block" OWN ")" },
		{ "form", "(filecon \"/srv/web\" any ())" },
		{ "form", "(filecon \"/srv/web\" any (system_u object_r "
			  "shadow_t ((s0) (s0))))" },
		{ "form", "(filecon \"/srv/web\"" VOLUME("(s0)") ")" },
		{ "form", "(filecon \"/srv/web\"" VOLUME("(s0 (c1))") ")" },
		{ "form", "(filecon \"/srv/web\"" VOLUME("(s0 (c1 c1))") ")" },
		{ "form",
		  "(filecon \"/srv/web\"" VOLUME("(s0 (range c1 c9))") ")" },
		{ "twice", "(portcon tcp 3333" OWN ")"
			   "(portcon tcp (3332 3334)" OWN ")" },
		{ "twice", "(filecon \"/srv/web\" any" OWN ")(filecon "
			   "\"/srv/web\"" VOLUME("(s0 (c1 c2))") ")" },
		{ "type", "(portcon tcp 3333" OWN ")" },
		{ "type", "(filecon \"/srv/web\" any" OWN ")" },
	};

	SC_CLEAN(fixture_free) struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
		char id[40];

		snprintf(id, sizeof(id), "structure/claim-%s", trips[i].id);
		if (prove_claim(&f, trips[i].text) < 0)
			fail_msg("%s: %s", trips[i].text, f.err.msg);
		if (!found(&f.proof, id))
			fail_msg("%s: no %s", trips[i].text, id);
	}
}

/* Only labels, and only the module's own, go where the host's rules are. */
static void refuses_the_domain_among_labels(void **state)
{
	static const char *const texts[] = {
		"(typeattributeset file_type (process))",
		"(typeattributeset port_type (web.process))",
		"(typeattributeset file_type (shadow_t))",
		"(typeattributeset file_type (all))",
	};

	SC_CLEAN(fixture_free) struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (prove_claim(&f, texts[i]) < 0)
			fail_msg("%s: %s", texts[i], f.err.msg);
		assert_true(found(&f.proof, "structure/attribute"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_what_is_nobodys),
		cmocka_unit_test(claims_what_a_fix_says),
		cmocka_unit_test(refuses_claims_of_the_hosts_own),
		cmocka_unit_test(refuses_the_domain_among_labels),
		cmocka_unit_test(base_alone_is_proven),
		cmocka_unit_test(takes_what_selcage_writes),
		cmocka_unit_test(each_guard_fires),
		cmocka_unit_test(no_guard_fires_on_what_is_nearly_so),
		cmocka_unit_test(refuses_statements_of_others),
		cmocka_unit_test(refuses_each_of_these_rules),
		cmocka_unit_test(refuses_what_takes_long),
		cmocka_unit_test(says_what_does_not_compile),
	};

	policy_path = getenv("SELCAGE_POLICY");
	if (!policy_path || access(policy_path, R_OK) < 0) {
		printf("1..0 # SKIP no policy: make build/policy first\n");
		return 0; /* TAP: a plan of none is a skip */
	}
	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
