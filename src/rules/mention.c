#include "rules/mention.h"

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static bool is_host_byte(char c)
{
	char l = lower(c);

	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_' || c == '.';
}

bool sc_same_host(struct sc_str a, struct sc_str b)
{
	if (a.n != b.n || a.n == 0)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.s[i]) != lower(b.s[i]))
			return false;
	return true;
}

static bool contains(struct sc_str text, const char *word)
{
	struct sc_str w = sc_view(word);

	for (size_t i = 0; i + w.n <= text.n; i++)
		if (sc_same_host((struct sc_str){ text.s + i, w.n }, w))
			return true;
	return false;
}

static bool contains_one(struct sc_str text, const char *const *words)
{
	for (; *words; words++)
		if (contains(text, *words))
			return true;
	return false;
}

bool sc_names_secret(struct sc_str name)
{
	static const char *const words[] = { "pass",       "secret", "token",
					     "credential", "salt",   "_key",
					     "apikey",     NULL };

	return contains_one(name, words);
}

bool sc_names_host(struct sc_str name)
{
	static const char *const words[] = {
		"host",     "fqdn",  "server", "addr",      "url",
		"uri",      "dsn",   "broker", "endpoint",  "backend",
		"upstream", "nodes", "peers",  "bootstrap", NULL,
	};
	static const char *const others[] = { "user",    "database", "dbname",
					      "db_name", "path",     NULL };

	return contains_one(name, words) && !contains_one(name, others) &&
	       !sc_names_secret(name);
}

uint16_t sc_scheme_port(struct sc_str scheme)
{
	static const struct {
		const char *scheme;
		uint16_t port;
	} known[] = {
		{ "http", 80 },       { "https", 443 },
		{ "ws", 80 },         { "wss", 443 },
		{ "redis", 6379 },    { "rediss", 6379 },
		{ "valkey", 6379 },   { "mysql", 3306 },
		{ "mysql2", 3306 },   { "mariadb", 3306 },
		{ "postgres", 5432 }, { "postgresql", 5432 },
		{ "mongodb", 27017 }, { "amqp", 5672 },
		{ "amqps", 5671 },    { "smtp", 25 },
		{ "smtps", 465 },     { "ldap", 389 },
		{ "ldaps", 636 },     { "nats", 4222 },
		{ "mqtt", 1883 },     { "memcached", 11211 },
		{ "ftp", 21 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sc_same_host(scheme, sc_view(known[i].scheme)))
			return known[i].port;
	return 0;
}

static struct sc_str take_host(struct sc_str *in)
{
	struct sc_str host = { in->s, 0 };

	while (in->n && is_host_byte(*in->s)) {
		host.n++;
		sc_str_drop(in, 1);
	}
	return host;
}

/* ":3306" behind a host; nothing is taken if the digits go on as a word or
 * stand before an '@', where they are a password. */
static bool take_port(struct sc_str *in, char before, uint16_t *port)
{
	struct sc_str v = *in;
	uint64_t number;

	if (!v.n || *v.s != before)
		return false;
	sc_str_drop(&v, 1);
	if (!sc_take_u64(&v, &number) || number == 0 || number > UINT16_MAX ||
	    (v.n && (is_host_byte(*v.s) || *v.s == '@')))
		return false;
	*port = (uint16_t)number;
	*in = v;
	return true;
}

/* What stands between "://" and the path: hosts, without the user before. */
static struct sc_str take_hosts(struct sc_str *in)
{
	struct sc_str hosts = { in->s, 0 };

	while (hosts.n < in->n &&
	       !memchr("/?#\"' \t\r\n);", in->s[hosts.n], 12))
		hosts.n++;
	sc_str_drop(in, hosts.n);
	for (size_t i = hosts.n; i > 0; i--)
		if (hosts.s[i - 1] == '@') {
			sc_str_drop(&hosts, i);
			break;
		}
	return hosts;
}

/* "db;port=3306" or "db port=3306": a DSN has the port in a part of its own. */
static uint16_t port_of_dsn(struct sc_str rest)
{
	uint16_t port;

	for (size_t i = 0; i < 2 && rest.n; i++) {
		if (*rest.s != ';' && *rest.s != ' ' && *rest.s != '&')
			return 0;
		sc_str_drop(&rest, 1);
		if (sc_take_prefix(&rest, SC_STR("port")) &&
		    take_port(&rest, '=', &port))
			return port;
		while (rest.n && *rest.s != ';' && *rest.s != ' ' &&
		       *rest.s != '&')
			sc_str_drop(&rest, 1);
	}
	return 0;
}

static bool take_from_url(struct sc_mentions *in, struct sc_mention *out)
{
	while (in->hosts.n) {
		struct sc_mention m = { .scheme = in->scheme, .key = in->key };

		m.host = take_host(&in->hosts);
		if (m.host.n == 0) {
			sc_str_drop(&in->hosts, 1);
			continue;
		}
		if (!take_port(&in->hosts, ':', &m.port))
			while (in->hosts.n && *in->hosts.s != ',')
				sc_str_drop(&in->hosts, 1);
		*out = m;
		return true;
	}
	return false;
}

/* Is @host, which points into a text that starts at @start, the host of
 * "/dev/tcp/HOST/PORT"? */
static bool after_dev_tcp(struct sc_str host, const char *start)
{
	static const char before[] = "/dev/tcp/";
	size_t n = sizeof(before) - 1;

	return (size_t)(host.s - start) >= n &&
	       memcmp(host.s - n, before, n) == 0;
}

/* "nc -z db 3306" */
static uint16_t port_of_word(struct sc_str rest)
{
	uint16_t port;

	return take_port(&rest, ' ', &port) && (!rest.n || *rest.s != ':')
		       ? port
		       : 0;
}

static bool is_key_end(struct sc_str rest)
{
	return rest.n > 1 && (rest.s[0] == '=' || rest.s[0] == ' ') &&
	       (is_host_byte(rest.s[1]) || rest.s[1] == '"');
}

bool sc_take_mention(struct sc_mentions *in, struct sc_mention *out)
{
	if (!in->start)
		in->start = in->rest.s;
	for (;;) {
		struct sc_mention m = { 0 };

		if (take_from_url(in, out))
			return true;
		while (in->rest.n && !is_host_byte(*in->rest.s))
			sc_str_drop(&in->rest, 1);
		if (!in->rest.n)
			return false;
		m.host = take_host(&in->rest);
		m.key = in->key;
		m.alone = m.host.s == in->start && !in->rest.n;
		in->key = is_key_end(in->rest) ? m.host : (struct sc_str){ 0 };
		if (sc_take_prefix(&in->rest, SC_STR("://"))) {
			in->scheme = m.host;
			in->key = m.key;
			in->hosts = take_hosts(&in->rest);
			continue;
		}
		if (in->rest.n && *in->rest.s == '@')
			continue;
		if (!take_port(&in->rest, ':', &m.port) &&
		    after_dev_tcp(m.host, in->start))
			(void)take_port(&in->rest, '/', &m.port);
		if (m.port == 0)
			m.port = port_of_dsn(in->rest);
		if (m.port == 0)
			m.port = port_of_word(in->rest);
		*out = m;
		return true;
	}
}
