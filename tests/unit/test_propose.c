#include "unit.h"

#include "base/clean.h"
#include "policies.h"
#include "rules/propose.h"

#define ROOM 8

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

/* Denials of web_t, each of one permission. */
struct run {
	struct sc_denial denials[ROOM];
	struct sc_finding_perm perms[ROOM];
	struct sc_advice advice[ROOM];
	size_t n;
	struct sc_vector spoken[ROOM];
	size_t n_spoken;
	const struct sc_outcomes *hints;
};

static const struct sc_guard critical = { .id = { "G22", 3 },
					  .severity = { "critical", 8 },
					  .words = { "read secrets", 12 },
					  .blocks = true };
static const struct sc_guard high = { .id = { "G25", 3 },
				      .severity = { "high", 4 },
				      .words = { "use a power", 11 },
				      .blocks = true };

static void see(struct run *run, const char *target, const char *tclass,
		const char *perm, const struct sc_guard *guard)
{
	static const struct sc_why missing = { .reasons = SC_WHY_RULE };
	size_t i = run->n++;

	run->denials[i] = (struct sc_denial){ .source = SC_STR("web_t"),
					      .target = sc_view(target),
					      .tclass = sc_view(tclass),
					      .count = 1 };
	run->perms[i] = (struct sc_finding_perm){
		.perm = sc_view(perm),
		.class = guard ? SC_CLASS_GUARDED : SC_CLASS_RULE,
		.guard = guard,
		.why = &missing,
	};
	run->advice[i] = (struct sc_advice){ .denial = &run->denials[i],
					     .class = run->perms[i].class,
					     .perms = &run->perms[i],
					     .n_perms = 1 };
}

/* "FATE ID TARGET:CLASS PERMS|..." of what is proposed */
static void propose(const struct run *run, const char *want)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_policy_close_p) struct sc_policy *policy = NULL;
	SC_CLEAN(sc_buf_free) struct sc_buf got = { 0 };
	struct sc_vector_list spoken = {
		(struct sc_vector *)(uintptr_t)run->spoken, run->n_spoken, ROOM
	};
	struct sc_propose in = { .advice = run->advice,
				 .n = run->n,
				 .hints = run->hints,
				 .spoken = run->n_spoken ? &spoken : NULL };
	struct sc_offers offers = { 0 };
	struct sc_error err;

	assert_int_equal(sc_policy_open(policy_path(), &policy, &err), 0);
	in.policy = policy;
	assert_int_equal(sc_propose(&in, &arena, &offers, &err), 0);
	for (size_t i = 0; i < offers.n; i++) {
		const struct sc_offer *o = &offers.v[i];

		assert_int_equal(o->taken, o->fate == SC_FATE_GIVE);
		assert_true(o->words.n && o->risk.n);
		sc_putf(&got, "%s%s " SC_FMT " " SC_FMT ":" SC_FMT " " SC_FMT,
			i ? "|" : "",
			o->fate == SC_FATE_GIVE  ? "give"
			: o->fate == SC_FATE_ASK ? "ask"
						 : "refuse",
			SC_ARG(o->id), SC_ARG(o->rule.target),
			SC_ARG(o->rule.tclass), SC_ARG(o->rule.perms));
	}
	assert_string_equal(got.s ? got.s : "", want);
}

static void gives_what_gives_nothing_to_an_intruder(void **state)
{
	struct run run = { 0 };

	(void)state;
	see(&run, "web_t", "process", "getsched", NULL);
	see(&run, "web_t", "process", "execmem", NULL);
	see(&run, "sysctl_net_t", "file", "read", NULL);
	see(&run, "sysctl_net_t", "file", "write", NULL);
	propose(&run, "ask memory self:process execmem|"
		      "give own-process self:process getsched|"
		      "give kernel-info sysctl_net_t:file read|"
		      "ask write sysctl_net_t:file write");
}

static void asks_for_what_is_another_s(void **state)
{
	struct run run = { 0 };

	(void)state;
	see(&run, "fonts_t", "file", "read", NULL);
	see(&run, "fonts_t", "file", "execute", NULL);
	see(&run, "init_t", "unix_stream_socket", "connectto", NULL);
	see(&run, "ssh_port_t", "tcp_socket", "name_bind", NULL);
	see(&run, "web_t", "udp_socket", "create", NULL);
	see(&run, "web_t", "capability", "setuid", NULL);
	see(&run, "web_t", "capability", "setgid", NULL);
	see(&run, "init_t", "process", "signull", NULL);
	propose(&run, "ask run fonts_t:file execute|ask read fonts_t:file read|"
		      "ask other init_t:process signull|"
		      "ask talk init_t:unix_stream_socket connectto|"
		      "ask power self:capability setgid|"
		      "ask power self:capability setuid|"
		      "ask network self:udp_socket create|"
		      "ask listen ssh_port_t:tcp_socket name_bind");
}

/* To the permission: who may connect there may not listen there. */
static void gives_what_the_spec_speaks_for(void **state)
{
	struct run run = { 0 };

	(void)state;
	see(&run, "redis_port_t", "tcp_socket", "name_connect", NULL);
	see(&run, "redis_port_t", "tcp_socket", "name_bind", NULL);
	see(&run, "web_t", "capability", "setuid", NULL);
	run.spoken[0] = (struct sc_vector){ SC_STR("redis_port_t"),
					    SC_STR("tcp_socket"),
					    SC_STR("name_connect") };
	run.spoken[1] =
		(struct sc_vector){ SC_STR("self"), SC_STR("capability"),
				    SC_STR("chown setuid") };
	run.n_spoken = 2;
	propose(&run, "ask listen redis_port_t:tcp_socket name_bind|"
		      "give spec redis_port_t:tcp_socket name_connect|"
		      "give spec self:capability setuid");
}

/* A hint alone is no word: who waits for a peer need not talk to it. */
static void asks_for_what_the_spec_hints_at(void **state)
{
	const struct sc_need need = { .kind = SC_NEED_CONNECT,
				      .confidence = SC_LOW,
				      .why = SC_STR("depends_on alone") };
	struct sc_outcome one = { .need = &need,
				  .type = SC_STR("redis_port_t") };
	const struct sc_outcomes hints = { &one, 1, 1 };
	struct run run = { .hints = &hints };

	(void)state;
	see(&run, "redis_port_t", "tcp_socket", "name_connect", NULL);
	see(&run, "redis_port_t", "tcp_socket", "name_bind", NULL);
	propose(&run, "ask listen redis_port_t:tcp_socket name_bind|"
		      "ask hint redis_port_t:tcp_socket name_connect");
}

static void asks_for_all_when_it_was_attacked(void **state)
{
	struct run run = { 0 };

	(void)state;
	see(&run, "web_t", "process", "getsched", NULL);
	see(&run, "web_t", "capability", "sys_admin", &high);
	propose(&run, "give own-process self:process getsched");
	see(&run, "shadow_t", "file", "read", &critical);
	propose(&run, "ask own-process self:process getsched");
	run.spoken[0] = (struct sc_vector){ SC_STR("self"), SC_STR("process"),
					    SC_STR("getsched") };
	run.n_spoken = 1;
	propose(&run, "give spec self:process getsched");
}

static void refuses_a_scan(void **state)
{
	struct run run = { 0 };

	(void)state;
	see(&run, "http_port_t", "tcp_socket", "name_connect", NULL);
	see(&run, "ldap_port_t", "tcp_socket", "name_connect", NULL);
	see(&run, "ssh_port_t", "tcp_socket", "name_connect", NULL);
	propose(&run, "ask connect http_port_t:tcp_socket name_connect|"
		      "ask connect ldap_port_t:tcp_socket name_connect|"
		      "ask connect ssh_port_t:tcp_socket name_connect");
	see(&run, "smtp_port_t", "tcp_socket", "name_connect", NULL);
	propose(&run, "refuse scan http_port_t:tcp_socket name_connect|"
		      "refuse scan ldap_port_t:tcp_socket name_connect|"
		      "refuse scan smtp_port_t:tcp_socket name_connect|"
		      "refuse scan ssh_port_t:tcp_socket name_connect");
}

/* What is taken of two parts of a rule is one rule again. */
static void joins_what_is_taken(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_rule own = { .source = SC_STR("web_t"),
			       .target = SC_STR("self"),
			       .tclass = SC_STR("process"),
			       .perms = SC_STR("getsched") };
	struct sc_offer v[3] = { { .rule = own, .taken = true },
				 { .rule = own },
				 { .rule = own, .taken = true } };
	struct sc_offers offers = { v, 3, 3, false };
	struct sc_rules rules = { 0 };
	struct sc_error err;

	(void)state;
	v[1].rule.perms = SC_STR("ptrace");
	v[2].rule.perms = SC_STR("execmem");
	assert_int_equal(sc_offers_rules(&offers, &arena, &rules, &err), 0);
	assert_int_equal(rules.n, 1);
	assert_true(sc_str_eq(rules.v[0].perms, SC_STR("execmem getsched")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_gives_nothing_to_an_intruder),
		cmocka_unit_test(asks_for_what_is_another_s),
		cmocka_unit_test(gives_what_the_spec_speaks_for),
		cmocka_unit_test(asks_for_what_the_spec_hints_at),
		cmocka_unit_test(asks_for_all_when_it_was_attacked),
		cmocka_unit_test(refuses_a_scan),
		cmocka_unit_test(joins_what_is_taken),
	};

	(void)policy_path();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
