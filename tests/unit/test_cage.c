#include "unit.h"

#include "base/clean.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "policy/compile.h"
#include "rules/base.h"
#include "rules/cage.h"
#include "rules/cil.h"
#include "rules/mounts.h"
#include "rules/name.h"

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

/* Open for all tests: only one policy may be. */
static struct sc_policy *policy;
static struct sc_family family;

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static int open_policy(void **state)
{
	const char *path = getenv("SELCAGE_POLICY");
	struct sc_error err;

	(void)state;
	return !path || sc_policy_open(path, &policy, &err) < 0 ||
	       sc_family_find(policy, &family, &err) < 0;
}

static int close_policy(void **state)
{
	(void)state;
	sc_policy_close(policy);
	return 0;
}

struct world {
	struct sc_arena arena;
	struct sc_spec spec;
	struct sc_guards *guards;
	struct sc_cages cages;
	struct sc_error err;
};

static struct sc_container *add(struct world *w, const char *name,
				const char *image)
{
	struct sc_container c = { .name = view(name), .image = view(image) };

	assert_true(SC_PUSH(&w->arena, &w->spec.containers, c));
	return &w->spec.containers.v[w->spec.containers.n - 1];
}

static void put(struct world *w, struct sc_items *items, const char *name)
{
	struct sc_item item = { .name = view(name) };

	assert_true(SC_PUSH(&w->arena, items, item));
}

static void put_mount(struct world *w, struct sc_container *c, const char *path,
		      enum sc_relabel relabel)
{
	struct sc_mount m = { .kind = SC_MOUNT_BIND,
			      .source = view(path),
			      .target = SC_STR("/x"),
			      .relabel = relabel };

	assert_true(SC_PUSH(&w->arena, &c->mounts, m));
}

static void put_port(struct world *w, struct sc_container *c,
		     enum sc_proto proto, uint16_t first, uint16_t last)
{
	struct sc_port p = {
		.proto = proto, .first = first, .last = last, .published = true
	};

	assert_true(SC_PUSH(&w->arena, &c->ports, p));
}

static int make(struct world *w)
{
	static const struct sc_str folder = SC_STR("/srv/app");
	struct sc_cages_for in = { .policy = policy,
				   .family = &family,
				   .specs = &w->spec,
				   .folders = &folder,
				   .n_specs = 1 };

	w->spec.format = SC_FORMAT_COMPOSE;
	if (!w->spec.project.n)
		w->spec.project = SC_STR("app");
	assert_int_equal(
		sc_guards_open(policy, &family, &w->arena, &w->guards, &w->err),
		0);
	in.guards = w->guards;
	return sc_cages_make(&in, &w->arena, &w->cages, &w->err);
}

/* The blocks and rules of a module, each after a space. */
static const char *text_of(struct world *w, size_t number)
{
	static char out[4096];
	const struct sc_module *m = &w->cages.v[number].module;

	out[0] = '\0';
	for (size_t i = 1; i < m->inherits.n; i++)
		snprintf(out + strlen(out), sizeof(out) - strlen(out), "+%.*s ",
			 SC_ARG(m->inherits.v[i].block));
	for (size_t i = 0; i < m->rules.n; i++)
		snprintf(out + strlen(out), sizeof(out) - strlen(out),
			 "%.*s:%.*s:%.*s ", SC_ARG(m->rules.v[i].target),
			 SC_ARG(m->rules.v[i].tclass),
			 SC_ARG(m->rules.v[i].perms));
	return out;
}

static bool warns(const struct world *w, const char *id)
{
	for (size_t i = 0; i < w->cages.warnings.n; i++)
		if (strcmp(w->cages.warnings.v[i].id, id) == 0)
			return true;
	return false;
}

static void gives_what_a_service_needs(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "redis", "redis:7");
	add(&w, "mail", "namshi/smtp");
	add(&w, "web", "node:20");
	assert_int_equal(make(&w), 0);
	assert_string_equal(text_of(&w, 0),
			    "+selcage_server +selcage_dropuser "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 1),
			    "+selcage_server +selcage_dropuser "
			    "self:capability:net_bind_service "
			    "smtp_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 2),
			    "+selcage_client +selcage_jitcode ");
	sc_arena_free(&w.arena);
}

static void honours_users_and_dropped_capabilities(void **state)
{
	struct world w = { 0 };
	struct sc_container *c;

	(void)state;
	c = add(&w, "a", "redis");
	c->user = SC_STR("1000:1000");
	c = add(&w, "b", "redis");
	put(&w, &c->cap_drop, "ALL");
	put(&w, &c->cap_add, "SETUID");
	c = add(&w, "c", "redis");
	put(&w, &c->cap_drop, "KILL");
	c = add(&w, "d", "redis");
	c->mapped_users = true;
	c = add(&w, "e", "unknown");
	c->no_network = true;
	assert_int_equal(make(&w), 0);
	assert_string_equal(text_of(&w, 0),
			    "+selcage_server "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 1),
			    "+selcage_server self:capability:setuid "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 2),
			    "+selcage_server self:capability:chown "
			    "self:capability:dac_override "
			    "self:capability:fowner self:capability:fsetid "
			    "self:capability:setgid self:capability:setuid "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 3),
			    "+selcage_server +selcage_dropuserns "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 4), "+selcage_dropuser ");
	sc_arena_free(&w.arena);
}

static void leaves_to_guards_what_may_be_added(void **state)
{
	struct world w = { 0 };
	struct sc_container *c = add(&w, "a", "node");

	(void)state;
	put(&w, &c->cap_add, "SYS_ADMIN");
	put(&w, &c->cap_add, "SYS_MODULE");
	put(&w, &c->cap_add, "BPF");
	put(&w, &c->cap_add, "WAKE_ALARM");
	put(&w, &c->cap_add, "SYS_NICE");
	put(&w, &c->cap_add, "NO_SUCH");
	put(&w, &c->cap_add, "ALL");
	assert_int_equal(make(&w), 0);
	assert_string_equal(text_of(&w, 0), "+selcage_client +selcage_jitcode "
					    "self:capability:sys_nice "
					    "self:capability2:wake_alarm ");
	sc_arena_free(&w.arena);
}

static void asks_the_policy_for_the_types_of_ports(void **state)
{
	struct world w = { 0 };
	struct sc_container *c = add(&w, "a", "node");

	(void)state;
	put_port(&w, c, SC_TCP, 80, 80);
	put_port(&w, c, SC_TCP, 6379, 6379);
	put_port(&w, c, SC_UDP, 53, 53);
	put_port(&w, c, SC_TCP, 40000, 40010); /* anybody's */
	c = add(&w, "b", "node");
	put_port(&w, c, SC_TCP, 32760, 61001);
	c = add(&w, "c", "node");
	put_port(&w, c, SC_TCP, 0, 0);
	put_port(&w, c, SC_TCP, 9, 8);
	assert_int_equal(make(&w), 0);
	assert_string_equal(text_of(&w, 0), "+selcage_server +selcage_jitcode "
					    "self:capability:net_bind_service "
					    "http_port_t:tcp_socket:name_bind "
					    "redis_port_t:tcp_socket:name_bind "
					    "dns_port_t:udp_socket:name_bind ");
	assert_string_equal(text_of(&w, 1),
			    "+selcage_server +selcage_jitcode "
			    "unreserved_port_t:tcp_socket:name_bind ");
	assert_string_equal(text_of(&w, 2),
			    "+selcage_client +selcage_jitcode ");
	sc_arena_free(&w.arena);
}

/* One rule for each type, whatever the ranges: a port that stands in many of
 * them is asked for once, and the reasons don't grow with the ports. */
static void bounds_what_many_ports_cost(void **state)
{
	struct world w = { 0 };
	struct sc_container *c = add(&w, "a", "node");
	const struct sc_rules *rules;

	(void)state;
	for (uint16_t i = 0; i < 1000; i++) {
		put_port(&w, c, SC_TCP, (uint16_t)(20000 - i),
			 (uint16_t)(20000 + i));
		put_port(&w, c, SC_UDP, (uint16_t)(22001 + i),
			 (uint16_t)(22001 + i));
	}
	assert_int_equal(make(&w), 0);
	rules = &w.cages.v[0].module.rules;
	assert_true(w.cages.v[0].outcomes.n < 3100);
	assert_true(rules->n < 20);
	for (size_t i = 0; i < rules->n; i++)
		assert_true(rules->v[i].why.n < 1500);
	assert_true(w.arena.used < 4000000);
	sc_arena_free(&w.arena);
}

static void refuses_names_that_would_do_harm(void **state)
{
	static const struct {
		const char *project, *a, *b;
	} cases[] = {
		{ "9web", "x", NULL },
		{ "-", "x", NULL },
		{ "app", "a.b", "a_b" }, /* both app_a_b */
		{ "selcage", "server", NULL },
		{ "http", "port_t", NULL }, /* a type of the policy's */
		{ "app", "", NULL },
		{ "app",
		  "a123456789a123456789a123456789a123456789a123456789"
		  "a123456789a123456789a123456789a123456789a123456789",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w = { .spec.project = view(cases[i].project) };

		add(&w, cases[i].a, "node");
		if (cases[i].b)
			add(&w, cases[i].b, "node");
		assert_int_equal(make(&w), SC_EREFUSED);
		assert_int_equal(w.cages.n, 0);
		sc_arena_free(&w.arena);
	}
}

static void turns_hostile_names_into_tame_ones(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "x) (allow y", "node");
	add(&w, "\033[31m\xff", "redis");
	assert_int_equal(make(&w), 0);
	assert_string_equal(w.cages.v[0].module.name.s, "app_x___allow_y");
	assert_string_equal(w.cages.v[1].module.name.s, "app___31m_");
	sc_arena_free(&w.arena);
}

static void gives_each_a_level_of_its_own(void **state)
{
	struct world w = { 0 }, again = { 0 };

	(void)state;
	add(&w, "a", "node");
	add(&w, "b", "node");
	add(&w, "c", "node")->label_level = SC_STR("s0:c1,c2");
	assert_int_equal(make(&w), 0);
	assert_true(sc_level_is_own(w.cages.v[0].level));
	assert_true(sc_level_is_own(w.cages.v[1].level));
	assert_false(sc_str_eq(w.cages.v[0].level, w.cages.v[1].level));
	assert_true(sc_str_eq(w.cages.v[2].level, SC_STR("s0:c1,c2")));
	assert_true(w.cages.v[2].level_kept);
	/* Another service beside it changes nothing. */
	add(&again, "b", "node");
	assert_int_equal(make(&again), 0);
	assert_true(sc_str_eq(again.cages.v[0].level, w.cages.v[1].level));
	sc_arena_free(&w.arena);
	sc_arena_free(&again.arena);
}

static void never_gives_a_level_twice(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_levels_taken taken = { 0 };
	struct sc_error err;

	(void)state;
	for (size_t i = 0; i < 200; i++) { /* all of one name */
		struct sc_str level;

		assert_int_equal(sc_level_choose(SC_STR("same"), &taken, &arena,
						 &level, &err),
				 0);
		assert_true(sc_level_is_own(level));
		for (size_t k = 0; k < i; k++)
			assert_false(sc_str_eq(taken.v[k], level));
	}
}

static void reads_levels(void **state)
{
	(void)state;
	assert_true(sc_level_is_own(SC_STR("s0:c0,c1023")));
	assert_false(sc_level_is_own(SC_STR("s0")));
	assert_false(sc_level_is_own(SC_STR("s0:c5,c5")));
	assert_false(sc_level_is_own(SC_STR("s0:c5,c1024")));
	assert_false(sc_level_is_own(SC_STR("s0:c0.c1023")));
	assert_false(sc_level_is_own(SC_STR("s0:c1,c2,c3")));
	assert_false(sc_level_is_own(SC_STR("")));
}

static void lets_those_who_share_a_volume_share_a_level(void **state)
{
	struct world w = { 0 };

	(void)state;
	put_mount(&w, add(&w, "a", "node"), "./data", SC_RELABEL_NONE);
	put_mount(&w, add(&w, "b", "node"), "/srv/app/./data/in",
		  SC_RELABEL_NONE);
	put_mount(&w, add(&w, "c", "node"), "./data-c", SC_RELABEL_NONE);
	assert_int_equal(make(&w), 0);
	assert_true(sc_str_eq(w.cages.v[0].level, w.cages.v[1].level));
	assert_false(sc_str_eq(w.cages.v[0].level, w.cages.v[2].level));
	assert_true(warns(&w, "confine/shared-volume"));
	sc_arena_free(&w.arena);
}

/* "s0:c2,c1" is no other level than "s0:c1,c2". */
static void tells_of_levels_given_twice(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "a", "redis")->label_level = SC_STR("s0:c1,c2");
	add(&w, "b", "redis")->label_level = SC_STR("s0:c2,c1");
	assert_int_equal(make(&w), 0);
	assert_true(warns(&w, "confine/same-level"));
	sc_arena_free(&w.arena);
}

static void keeps_levels_in_any_order(void **state)
{
	struct world w = { 0 }, other = { 0 };

	(void)state;
	put_mount(&w, add(&w, "a", "redis"), "./v", SC_RELABEL_NONE);
	put_mount(&w, add(&w, "b", "redis"), "./v", SC_RELABEL_NONE);
	put_mount(&other, add(&other, "b", "redis"), "./v", SC_RELABEL_NONE);
	put_mount(&other, add(&other, "a", "redis"), "./v", SC_RELABEL_NONE);
	assert_int_equal(make(&w), 0);
	assert_int_equal(make(&other), 0);
	assert_true(sc_str_eq(w.cages.v[0].level, other.cages.v[1].level));
	assert_true(sc_str_eq(w.cages.v[1].level, other.cages.v[0].level));
	sc_arena_free(&w.arena);
	sc_arena_free(&other.arena);
}

static void relabels_what_is_the_containers(void **state)
{
	static const struct {
		const char *path;
		enum sc_relabel now;
		bool relabelled;
		const char *warning;
	} cases[] = {
		{ "./data", SC_RELABEL_NONE, true, NULL },
		{ "./data", SC_RELABEL_SHARED, false, NULL },
		{ "/srv/www", SC_RELABEL_NONE, true, NULL },
		{ "/home/me/app", SC_RELABEL_NONE, true, NULL },
		{ "~/app", SC_RELABEL_NONE, true, NULL },
		{ "~", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "/", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "//etc/./x/../", SC_RELABEL_NONE, false,
		  "confine/host-path" },
		{ "../../etc", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "/etc/localtime", SC_RELABEL_NONE, false,
		  "confine/host-path" },
		{ "/home/me", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "/home/me/", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "/home/me/.ssh", SC_RELABEL_NONE, false,
		  "confine/host-path" },
		{ "/root/.ssh/keys", SC_RELABEL_NONE, false,
		  "confine/host-path" },
		{ "~/.config", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "~", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "~/app", SC_RELABEL_NONE, true, NULL },
		{ "/root/app/.cache", SC_RELABEL_NONE, true, NULL },
		{ "/var/lib", SC_RELABEL_NONE, false, "confine/host-path" },
		{ "/var/lib/mine", SC_RELABEL_NONE, true, NULL },
		{ "/var/lib/docker/x", SC_RELABEL_NONE, false,
		  "confine/host-path" },
		{ "/etcetera", SC_RELABEL_NONE, true, NULL },
		{ "/usr", SC_RELABEL_PRIVATE, false, "confine/relabels-host" },
		{ "/var/run/docker.sock", SC_RELABEL_NONE, false,
		  "confine/engine-socket" },
		{ "/x/podman.sock", SC_RELABEL_PRIVATE, false,
		  "confine/engine-socket" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w = { 0 };
		bool relabelled = false;

		put_mount(&w, add(&w, "a", "node"), cases[i].path,
			  cases[i].now);
		assert_int_equal(make(&w), 0);
		for (size_t n = 0; n < w.cages.v[0].needs.n; n++)
			relabelled |=
				w.cages.v[0].needs.v[n].kind == SC_NEED_RELABEL;
		assert_int_equal(relabelled, cases[i].relabelled);
		assert_int_equal(w.cages.warnings.n, cases[i].warning ? 1 : 0);
		if (cases[i].warning)
			assert_true(warns(&w, cases[i].warning));
		sc_arena_free(&w.arena);
	}
}

static void claims_no_protection_that_is_turned_off(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "a", "node")->label_disabled = true;
	add(&w, "b", "node")->label_type = SC_STR("spc_t");
	add(&w, "c", "node")->privileged = true;
	add(&w, "d", "node")->pid = SC_NS_HOST;
	assert_int_equal(make(&w), 0);
	assert_true(w.cages.v[0].unprotected && w.cages.v[1].unprotected);
	assert_false(w.cages.v[2].unprotected);
	assert_true(warns(&w, "confine/label-disabled"));
	assert_true(warns(&w, "confine/unconfined-type"));
	assert_true(warns(&w, "confine/privileged"));
	assert_true(warns(&w, "confine/host-pid"));
	sc_arena_free(&w.arena);
}

static void writes_a_base_that_is_known_by_its_digest(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf one = { 0 }, two = { 0 };
	struct sc_notes lacks = { 0 };
	struct sc_str text, line;
	struct sc_error err;
	char hex[SC_SHA256_HEX + 1];

	(void)state;
	assert_int_equal(
		sc_base_write(policy, &family, &one, &lacks, &arena, &err), 0);
	assert_int_equal(
		sc_base_write(policy, &family, &two, &lacks, &arena, &err), 0);
	assert_string_equal(one.s, two.s);
	text = (struct sc_str){ one.s, one.n };
	assert_true(sc_take_until(&text, '\n', &line));
	sc_sha256_hex(text, hex);
	assert_non_null(strstr(one.s, hex));
	assert_null(strstr(one.s, "\n(optional"));
	assert_non_null(strstr(one.s, "; not in this policy: (optional "
				      "selcage_engine_podman"));
	assert_true(lacks.n >= 2);
}

static void compiles_a_base_with_names_left_out(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *with = NULL;
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_source source = { SC_STR("base"), { 0 } };
	struct sc_sources sources = { &source, 1, 1 };
	struct sc_family other = family;
	struct sc_notes lacks = { 0 };
	struct sc_error err;

	(void)state;
	assert_true(sc_keepf(&arena, &other.base,
			     SC_FMT "(allow selcage_strict no_such_t (file "
				    "(read)))\n"
				    "(allow selcage_strict sysfs_t (nosuch "
				    "(read)))\n"
				    "(allow selcage_strict sysfs_t (file (read "
				    "fly))) ; why\n"
				    "(allow selcage_strict sysfs_t (file "
				    "(fly)))\n",
			     SC_ARG(family.base)));
	assert_int_equal(
		sc_base_write(policy, &other, &text, &lacks, &arena, &err), 0);
	assert_non_null(strstr(text.s, "; not in this policy: (allow "
				       "selcage_strict no_such_t"));
	assert_non_null(strstr(text.s, "; not in this policy: (allow "
				       "selcage_strict sysfs_t (nosuch"));
	assert_non_null(strstr(text.s, "(allow selcage_strict sysfs_t (file "
				       "(read))) ; why\n"));
	source.text = (struct sc_str){ text.s, text.n };
	assert_int_equal(sc_compile(policy, &sources, &with, &err), 0);
}

/* The other family, on a small policy of ours with its names. Stands last,
 * since it takes the place of the policy that all others ask. */
static void makes_cages_for_the_other_family(void **state)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *with = NULL;
	SC_CLEAN(sc_buf_free) struct sc_buf base = { 0 }, module = { 0 };
	const char *folder = getenv("SELCAGE_TEST_POLICIES");
	struct sc_source sources[2] = { { SC_STR("base"), { 0 } },
					{ SC_STR("module"), { 0 } } };
	struct sc_sources both = { sources, 2, 2 };
	struct sc_notes lacks = { 0 };
	struct world w = { 0 };
	struct sc_str path;

	(void)state;
	assert_true(sc_keepf(&w.arena, &path, "%s/fedora.policy",
			     folder ? folder : "."));
	if (access(path.s, R_OK) < 0)
		skip(); /* no secilc made it */
	sc_policy_close(policy);
	policy = NULL;
	assert_int_equal(sc_policy_open(path.s, &policy, &w.err), 0);
	assert_int_equal(sc_family_find(policy, &family, &w.err), 0);
	assert_true(sc_str_eq(family.name, SC_STR("fedora")));
	add(&w, "redis", "redis");
	assert_int_equal(make(&w), 0);
	assert_string_equal(text_of(&w, 0),
			    "+selcage_server +selcage_dropuser "
			    "redis_port_t:tcp_socket:name_bind ");
	assert_int_equal(
		sc_base_write(policy, &family, &base, &lacks, &w.arena, &w.err),
		0);
	assert_int_equal(lacks.n, 0);
	assert_int_equal(
		sc_cil_write_module(&w.cages.v[0].module, &module, &w.err), 0);
	sources[0].text = (struct sc_str){ base.s, base.n };
	sources[1].text = (struct sc_str){ module.s, module.n };
	assert_int_equal(sc_compile(policy, &both, &with, &w.err), 0);
	assert_true(sc_policy_is_in(with, SC_STR("app_redis.process"),
				    SC_STR("selcage_strict")));
	sc_arena_free(&w.arena);
}

static void survives_every_lack_of_memory(void **state)
{
	struct world w = { 0 };
	struct sc_container *c = add(&w, "a", "redis");
	static const struct sc_str folder = SC_STR("/srv/app");
	struct sc_cages_for in = { .policy = policy,
				   .family = &family,
				   .folders = &folder,
				   .n_specs = 1 };

	(void)state;
	put_mount(&w, c, "./a", SC_RELABEL_NONE);
	put_mount(&w, c, "/etc", SC_RELABEL_NONE);
	put(&w, &c->cap_add, "SYS_NICE");
	put_port(&w, c, SC_TCP, 79, 81);
	c->privileged = true;
	put_mount(&w, add(&w, "b", "x"), "./a", SC_RELABEL_NONE);
	w.spec.project = SC_STR("app");
	in.specs = &w.spec;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_cages cages = { 0 };
		int r;

		sc_test_fail_after = nth;
		r = sc_cages_make(&in, &arena, &cages, &w.err);
		if (r == 0)
			break;
		assert_int_equal(r, SC_ENOMEM);
		assert_int_equal(cages.n, 0);
	}
	sc_test_fail_after = -1;
	sc_arena_free(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_a_service_needs),
		cmocka_unit_test(honours_users_and_dropped_capabilities),
		cmocka_unit_test(leaves_to_guards_what_may_be_added),
		cmocka_unit_test(asks_the_policy_for_the_types_of_ports),
		cmocka_unit_test(bounds_what_many_ports_cost),
		cmocka_unit_test(refuses_names_that_would_do_harm),
		cmocka_unit_test(turns_hostile_names_into_tame_ones),
		cmocka_unit_test(gives_each_a_level_of_its_own),
		cmocka_unit_test(never_gives_a_level_twice),
		cmocka_unit_test(reads_levels),
		cmocka_unit_test(lets_those_who_share_a_volume_share_a_level),
		cmocka_unit_test(tells_of_levels_given_twice),
		cmocka_unit_test(keeps_levels_in_any_order),
		cmocka_unit_test(relabels_what_is_the_containers),
		cmocka_unit_test(claims_no_protection_that_is_turned_off),
		cmocka_unit_test(writes_a_base_that_is_known_by_its_digest),
		cmocka_unit_test(compiles_a_base_with_names_left_out),
		cmocka_unit_test(survives_every_lack_of_memory),
		cmocka_unit_test(makes_cages_for_the_other_family),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
