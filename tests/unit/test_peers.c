#include "unit.h"

#include "base/clean.h"
#include "base/vec.h"
#include "rules/health.h"
#include "rules/mention.h"
#include "rules/peers.h"

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

/* What is found in @text, as "host:port host host:port ". */
static void list(const char *text, char *out, size_t size)
{
	struct sc_mentions in = { .rest = view(text) };
	struct sc_mention m;

	out[0] = '\0';
	while (sc_take_mention(&in, &m)) {
		size_t used = strlen(out);

		snprintf(out + used, size - used, "%.*s:%u ", SC_ARG(m.host),
			 m.port);
	}
}

static void finds_hosts_in_every_form(void **state)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
		{ "db", "db:0 " },
		{ "db:3306", "db:3306 " },
		{ "redis://cache:6379/0", "cache:6379 0:0 " },
		{ "redis://:db:1@cache:6379", "cache:6379 " },
		{ "redis://db:1234@cache", "cache:0 " },
		{ "mongodb://a:1,b:2/x", "a:1 b:2 x:0 " },
		{ "jdbc:mysql://db:3306/misp", "jdbc:0 db:3306 misp:0 " },
		{ "user:pw@tcp(db:3306)/x", "user:0 tcp:0 db:3306 x:0 " },
		{ "user:99@db", "user:0 db:0 " },
		{ "mysql:host=db;port=3307",
		  "mysql:0 host:0 db:3307 port:0 3307:0 " },
		{ "host=db dbname=x port=5433",
		  "host:0 db:5433 dbname:0 x:5433 port:0 5433:0 " },
		{ "bash -c </dev/tcp/db/6666",
		  "bash:0 -c:0 dev:0 tcp:0 db:6666 " },
		{ "nc -z db 3306", "nc:0 -z:0 db:3306 3306:0 " },
		{ "db:99999", "db:0 99999:0 " },
		{ "db:12x", "db:0 12x:0 " },
		{ "", "" },
		{ "\xff\033://\xff", "" },
		{ "http://", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char found[512];

		list(cases[i].text, found, sizeof(found));
		assert_string_equal(found, cases[i].found);
	}
}

static void tells_settings_of_hosts_from_others(void **state)
{
	(void)state;
	assert_true(sc_names_host(view("MYSQL_HOST")));
	assert_true(sc_names_host(view("REDIS_FQDN")));
	assert_true(sc_names_host(view("--redis-server")));
	assert_false(sc_names_host(view("MYSQL_USER")));
	assert_false(sc_names_host(view("MYSQL_DATABASE")));
	assert_false(sc_names_host(view("HOST_PASSWORD")));
}

/* ------------------------------------------------------------ whole specs */

struct world {
	struct sc_arena arena;
	struct sc_containers all;
	struct sc_image images[8];
	struct sc_edges edges;
};

static struct sc_container *add(struct world *w, const char *name,
				const char *image)
{
	struct sc_container c = { .name = view(name), .image = view(image) };

	assert_true(SC_PUSH(&w->arena, &w->all, c));
	return &w->all.v[w->all.n - 1];
}

static void put(struct world *w, struct sc_items *items, const char *name,
		const char *value)
{
	struct sc_item item = { .name = view(name), .value = view(value) };

	assert_true(SC_PUSH(&w->arena, items, item));
}

/* "from>to:port high|..." for each edge. */
static const char *find(struct world *w)
{
	static const char *const names[] = { "never", "low", "medium", "high" };
	static char out[1024];
	struct sc_error err;

	for (size_t i = 0; i < w->all.n; i++)
		sc_image_find(w->all.v[i].image, &w->images[i]);
	assert_int_equal(
		sc_peers_find(&w->all, w->images, &w->arena, &w->edges, &err),
		0);
	out[0] = '\0';
	for (size_t i = 0; i < w->edges.n; i++) {
		const struct sc_edge *e = &w->edges.v[i];
		size_t used = strlen(out);

		snprintf(out + used, sizeof(out) - used, "%.*s>%.*s:%u %s|",
			 SC_ARG(w->all.v[e->from].name),
			 SC_ARG(w->all.v[e->to].name), e->port,
			 names[e->confidence]);
	}
	return out;
}

static void reads_edges_from_the_environment(void **state)
{
	static const struct {
		const char *name, *value, *edges;
	} cases[] = {
		{ "DB_HOST", "db", "app>db:3306 medium|" },
		{ "DB_HOST", "DB", "app>db:3306 medium|" },
		{ "DB_URL", "mysql://u:p@db:3307/x", "app>db:3307 high|" },
		{ "DB_URL", "mysql://u:p@db/x", "app>db:3306 medium|" },
		{ "ANY", "db:3308", "app>db:3308 high|" },
		{ "DB_USER", "db", "" },
		{ "DB_DATABASE", "db", "" },
		{ "DB_PASSWORD", "db:3306", "" },
		{ "DB_HOST", "dbx", "" },
		{ "DB_HOST", "app", "" },
		{ "DB_HOST", "db:0", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w = { 0 };

		put(&w, &add(&w, "app", "mine")->env, cases[i].name,
		    cases[i].value);
		add(&w, "db", "docker.io/library/mysql:8@sha256:00");
		assert_string_equal(find(&w), cases[i].edges);
		sc_arena_free(&w.arena);
	}
}

static void pairs_a_host_with_its_port(void **state)
{
	struct world w = { 0 };
	struct sc_container *app = add(&w, "app", "mine");

	(void)state;
	put(&w, &app->env, "CACHE_HOST", "cache");
	put(&w, &app->env, "CACHE_PORT", "6380");
	put(&w, &app->env, "OTHER_PORT", "1");
	add(&w, "cache", "redis");
	assert_string_equal(find(&w), "app>cache:6380 high|");
	sc_arena_free(&w.arena);
}

static void takes_an_order_of_starting_for_no_edge(void **state)
{
	static const struct {
		const char *from, *to, *edges;
	} cases[] = {
		/* known to speak it, or not */
		{ "coolacid/misp-docker:core-latest", "mysql:8",
		  "app>peer:3306 medium|" },
		{ "coolacid/misp-docker:modules-latest", "mysql:8",
		  "app>peer:3306 low|" },
		/* nobody knows the one: a database with one port will do */
		{ "mine", "postgres", "app>peer:5432 medium|" },
		{ "mine", "rabbitmq", "app>peer:5672 low|" },
		{ "mine", "nginx", "app>peer:80 low|" },
		{ "mine", "yours", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w = { 0 };

		put(&w, &add(&w, "app", cases[i].from)->depends_on, "peer", "");
		add(&w, "peer", cases[i].to);
		assert_string_equal(find(&w), cases[i].edges);
		sc_arena_free(&w.arena);
	}
}

static void shows_what_images_do_by_themselves(void **state)
{
	struct world w = { 0 };

	(void)state;
	add(&w, "misp", "misp-core");
	add(&w, "modules", "ghcr.io/misp/misp-docker/misp-modules:latest");
	assert_string_equal(find(&w), "misp>modules:6666 low|");
	sc_arena_free(&w.arena);
}

static void takes_a_port_that_one_peer_serves(void **state)
{
	struct world w = { 0 };

	(void)state;
	put(&w, &add(&w, "misp", "misp-core")->env, "SMTP_PORT", "25");
	add(&w, "mail", "namshi/smtp");
	assert_string_equal(find(&w), "misp>mail:25 medium|");
	sc_arena_free(&w.arena);
}

static void joins_nobody_across_networks(void **state)
{
	struct world w = { 0 };
	struct sc_container *app = add(&w, "app", "mine"), *db;

	(void)state;
	put(&w, &app->env, "DB_HOST", "db:3306");
	put(&w, &app->networks, "front", "");
	db = add(&w, "db", "mysql");
	put(&w, &db->networks, "back", "");
	assert_string_equal(find(&w), "");
	put(&w, &db->networks, "front", "");
	assert_string_equal(find(&w), "app>db:3306 high|");
	db->no_network = true;
	assert_string_equal(find(&w), "");
	sc_arena_free(&w.arena);
}

static void knows_peers_by_all_their_names(void **state)
{
	struct world w = { 0 };
	struct sc_container *app = add(&w, "app", "mine");

	(void)state;
	put(&w, &app->env, "A_HOST", "store");
	put(&w, &app->env, "B_HOST", "the-db");
	put(&w, &app->links, "two", "store");
	put(&w, &add(&w, "one", "mysql")->aliases, "the-db", "");
	add(&w, "two", "redis");
	assert_string_equal(find(&w),
			    "app>one:3306 medium|app>two:6379 medium|");
	sc_arena_free(&w.arena);
}

/* Every name against every other would be hours of work: it is refused. */
static void counts_what_it_compares(void **state)
{
	struct world w = { 0 };
	struct sc_image images[300] = { 0 };
	struct sc_buf url = { 0 };
	struct sc_error err;

	(void)state;
	sc_put(&url, SC_STR("http://"));
	for (size_t i = 0; i < 20000; i++)
		sc_put(&url, SC_STR("b,"));
	for (size_t i = 0; i < 300; i++) {
		struct sc_container *c = add(&w, "peer", "mine");

		for (size_t k = 0; k < 100; k++)
			put(&w, &c->aliases, "another", "");
	}
	put(&w, &w.all.v[0].env, "URL", url.s);
	assert_int_equal(
		sc_peers_find(&w.all, images, &w.arena, &w.edges, &err),
		SC_ELIMIT);
	sc_buf_free(&url);
	sc_arena_free(&w.arena);
}

static void reads_commands(void **state)
{
	struct world w = { 0 };
	struct sc_container *app = add(&w, "app", "mine");

	(void)state;
	put(&w, &app->env, "PORT", "3310");
	put(&w, &app->command, "sh", "");
	put(&w, &app->command, "-c", "");
	put(&w, &app->command, "wait-for db:${PORT:-1} && run -h cache", "");
	add(&w, "db", "mysql");
	add(&w, "cache", "redis");
	assert_string_equal(find(&w),
			    "app>db:3310 high|app>cache:6379 medium|");
	sc_arena_free(&w.arena);
}

static void never_tells_a_secret(void **state)
{
	struct world w = { 0 };

	(void)state;
	put(&w, &add(&w, "app", "mine")->env, "DB_URL",
	    "mysql://root:hunter2@db:3306/x");
	add(&w, "db", "mysql");
	assert_string_equal(find(&w), "app>db:3306 high|");
	assert_null(strstr(w.edges.v[0].evidence.s, "hunter2"));
	sc_arena_free(&w.arena);
}

static void finds_the_port_that_a_health_check_asks(void **state)
{
	static const struct {
		const char *image, *health, *edges;
	} cases[] = {
		{ "mine", "curl -f http://localhost:8080/x",
		  "app>app:8080 high|" },
		{ "mine", "curl -ks ${U:-https://localhost}/users",
		  "app>app:443 high|" },
		{ "mine", "wget -q localhost", "app>app:80 high|" },
		{ "mine", "bash -c '</dev/tcp/localhost/6666'",
		  "app>app:6666 high|" },
		{ "mine", "nc -z 127.0.0.1 99", "app>app:99 high|" },
		{ "redis", "redis-cli ping", "app>app:6379 high|" },
		{ "redis", "sh -c 'redis-cli -p 6380 ping'",
		  "app>app:6380 high|" },
		{ "mysql", "mysqladmin ping -h localhost", "" },
		{ "mysql", "mysqladmin ping -h 127.0.0.1",
		  "app>app:3306 high|" },
		{ "mine", "test -f /tmp/x", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w = { 0 };

		put(&w, &add(&w, "app", cases[i].image)->health,
		    cases[i].health, "");
		assert_string_equal(find(&w), cases[i].edges);
		sc_arena_free(&w.arena);
	}
}

static void reads_the_table_of_images(void **state)
{
	static const struct {
		const char *reference, *row;
	} cases[] = {
		{ "redis", "redis" },
		{ "redis:7", "redis" },
		{ "docker.io/library/redis:7@sha256:12", "redis" },
		{ "mirror.example:5000/x/redis", "redis" },
		{ "notredis", "" },
		{ "redis/other", "" },
		{ "coolacid/misp-docker:core-v2", "misp-docker:core-*" },
		{ "coolacid/misp-docker", "" },
		{ "php:8-fpm-alpine", "php:*fpm*" },
		{ "php:8-cli", "" },
		{ "", "" },
		{ "::@/", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_image image;

		sc_image_find(view(cases[i].reference), &image);
		assert_int_equal(image.name.n, strlen(cases[i].row));
		assert_memory_equal(image.name.s ? image.name.s : "",
				    cases[i].row, image.name.n);
	}
}

static void survives_every_lack_of_memory(void **state)
{
	struct world w = { 0 };
	struct sc_container *app = add(&w, "app", "misp-core");

	(void)state;
	put(&w, &app->env, "DB_HOST", "db");
	put(&w, &app->env, "SMTP_PORT", "25");
	put(&w, &app->command, "x", "");
	put(&w, &app->health, "curl localhost", "");
	put(&w, &app->depends_on, "modules", "");
	add(&w, "db", "mysql");
	add(&w, "mail", "namshi/smtp");
	add(&w, "modules", "misp-modules");
	add(&w, "cache", "redis");
	for (size_t i = 0; i < w.all.n; i++)
		sc_image_find(w.all.v[i].image, &w.images[i]);
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_edges edges = { 0 };
		struct sc_error err;
		int r;

		sc_test_fail_after = nth;
		r = sc_peers_find(&w.all, w.images, &arena, &edges, &err);
		if (r == 0) {
			assert_int_equal(edges.n, 6);
			break;
		}
		assert_int_equal(r, SC_ENOMEM);
		assert_int_equal(edges.n, 0);
	}
	sc_test_fail_after = -1;
	sc_arena_free(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_hosts_in_every_form),
		cmocka_unit_test(tells_settings_of_hosts_from_others),
		cmocka_unit_test(reads_edges_from_the_environment),
		cmocka_unit_test(pairs_a_host_with_its_port),
		cmocka_unit_test(takes_an_order_of_starting_for_no_edge),
		cmocka_unit_test(shows_what_images_do_by_themselves),
		cmocka_unit_test(takes_a_port_that_one_peer_serves),
		cmocka_unit_test(joins_nobody_across_networks),
		cmocka_unit_test(knows_peers_by_all_their_names),
		cmocka_unit_test(counts_what_it_compares),
		cmocka_unit_test(reads_commands),
		cmocka_unit_test(never_tells_a_secret),
		cmocka_unit_test(finds_the_port_that_a_health_check_asks),
		cmocka_unit_test(reads_the_table_of_images),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
