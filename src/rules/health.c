#include "rules/health.h"

#include "base/clean.h"
#include "rules/mention.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static struct sc_str find_env(const struct sc_container *c, struct sc_str name)
{
	for (size_t i = 0; i < c->env.n; i++)
		if (sc_str_eq(c->env.v[i].name, name))
			return c->env.v[i].value;
	return (struct sc_str){ 0 };
}

/* What follows a '$': the value of the variable, or its default. */
static void put_variable(const struct sc_container *c, struct sc_str *in,
			 struct sc_buf *out)
{
	bool braces = sc_take_prefix(in, SC_STR("{"));
	struct sc_str name = { in->s, 0 }, rest = { 0 }, value;

	while (name.n < in->n && is_name_byte(in->s[name.n]))
		name.n++;
	sc_str_drop(in, name.n);
	value = find_env(c, name);
	if (braces && sc_take_until(in, '}', &rest) && !value.n &&
	    (sc_take_prefix(&rest, SC_STR(":-")) ||
	     sc_take_prefix(&rest, SC_STR("-"))))
		value = rest;
	sc_put(out, value);
}

void sc_words_join(const struct sc_container *c, const struct sc_items *words,
		   struct sc_buf *out)
{
	for (size_t i = 0; i < words->n; i++) {
		struct sc_str v = words->v[i].name, text;

		sc_put(out, i ? SC_STR(" ") : SC_STR(""));
		while (sc_take_until(&v, '$', &text)) {
			sc_put(out, text);
			put_variable(c, &v, out);
		}
		sc_put(out, v);
	}
}

static bool is_self(const struct sc_container *c, struct sc_str host)
{
	static const struct sc_str names[] = { SC_STR("localhost"),
					       SC_STR("127.0.0.1"),
					       SC_STR("0.0.0.0") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sc_same_host(host, names[i]))
			return true;
	for (size_t i = 0; i < c->aliases.n; i++)
		if (sc_same_host(host, c->aliases.v[i].name))
			return true;
	return sc_same_host(host, c->name);
}

/* Find @word in @text, at the border of a word on both sides. */
static bool has_word(struct sc_str text, const char *word)
{
	struct sc_str w = sc_view(word);

	for (size_t i = 0; i + w.n <= text.n; i++) {
		if (memcmp(text.s + i, word, w.n) != 0)
			continue;
		if ((i == 0 || strchr("/ '\"|&;(", text.s[i - 1])) &&
		    (i + w.n == text.n || strchr(" '\"|&;)", text.s[i + w.n])))
			return true;
	}
	return false;
}

/* Clients that ask the usual port of 127.0.0.1 unless they are told another. */
static bool has_client(struct sc_str text)
{
	static const char *const clients[] = { "redis-cli", "valkey-cli",
					       "mongosh",   "mongo",
					       "etcdctl",   NULL };

	for (size_t i = 0; clients[i]; i++)
		if (has_word(text, clients[i]))
			return true;
	return false;
}

/* "-p 6380", "--port 6380" */
static uint16_t told_port(struct sc_str text)
{
	static const struct sc_str flags[] = { SC_STR(" -p "),
					       SC_STR(" --port "),
					       SC_STR(" --port=") };

	for (size_t i = 0; i < text.n; i++)
		for (size_t f = 0; f < sizeof(flags) / sizeof(flags[0]); f++) {
			struct sc_str v = { text.s + i, text.n - i };
			uint64_t port;

			if (sc_take_prefix(&v, flags[f]) &&
			    sc_take_u64(&v, &port) && port <= UINT16_MAX)
				return (uint16_t)port;
		}
	return 0;
}

static uint16_t port_of(const struct sc_mention *m, struct sc_str text,
			uint16_t usual)
{
	if (m->port)
		return m->port;
	if (m->scheme.n)
		return sc_scheme_port(m->scheme);
	if (has_word(text, "curl") || has_word(text, "wget"))
		return 80;
	/* MySQL's clients take "localhost" for the UNIX socket. */
	if (sc_same_host(m->host, SC_STR("localhost")) &&
	    (has_word(text, "mysqladmin") || has_word(text, "mysql") ||
	     has_word(text, "mariadb-admin") || has_word(text, "mariadb")))
		return 0;
	return sc_str_eq(m->key, SC_STR("-h")) ? usual : 0;
}

int sc_health_port(const struct sc_container *c, uint16_t usual,
		   struct sc_own_port *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf joined = { 0 };
	struct sc_mentions in = { 0 };
	struct sc_mention m;
	struct sc_str text;

	*out = (struct sc_own_port){ 0 };
	if (!c->health.n)
		return 0;
	sc_words_join(c, &c->health, &joined);
	if (sc_buf_check(&joined, err) < 0)
		return SC_ENOMEM;
	out->place = &c->health.v[0].place;
	text = (struct sc_str){ joined.s, joined.n };
	in.rest = text;
	while (!out->port && sc_take_mention(&in, &m))
		if (is_self(c, m.host))
			out->port = port_of(&m, text, usual);
	if (!out->port && has_client(text))
		out->port = told_port(text) ? told_port(text) : usual;
	return 0;
}
