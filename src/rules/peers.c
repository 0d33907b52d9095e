#include "rules/peers.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/table.h"
#include "base/vec.h"
#include "rules/health.h"
#include "rules/mention.h"
#include "rules/reach.h"

#define NAME_MAX_BYTES 200     /* of one name in a reason */
#define COMPARED_MAX 300000000 /* comparisons of names; a second, or two */

struct find {
	const struct sc_containers *containers;
	const struct sc_image *images;
	struct sc_arena *arena;
	struct sc_edges *edges;
	struct sc_error *err;
	size_t compared; /* names, all in all */
};

/* Where a mention stands: the container, the words for it, its place. */
struct site {
	size_t from;
	struct sc_str what; /* "MYSQL_HOST", "the command" */
	const struct sc_place *place;
	bool is_command;
};

/* A spec could name each of its containers, and a hundred networks, in each of
 * its variables: the work is counted. */
static int count(struct find *f, size_t n)
{
	f->compared += n;
	if (f->compared <= COMPARED_MAX)
		return 0;
	return sc_fail(f->err, SC_ELIMIT,
		       "more than %d million comparisons of names to find out "
		       "who talks to whom: confine fewer containers at a time",
		       COMPARED_MAX / 1000000);
}

/* 1: they share a network. */
static int reaches(struct find *f, const struct sc_container *from,
		   const struct sc_container *to)
{
	int r = count(f, 1 + from->networks.n * to->networks.n);

	return r < 0 ? r : sc_peers_share_network(from, to);
}

/* 1: @to is called @host, and in reach. */
static int is_meant(struct find *f, const struct sc_container *from,
		    const struct sc_container *to, struct sc_str host)
{
	int r = count(f, 1 + to->aliases.n + from->links.n);

	if (r < 0 || !sc_peers_is_called(from, to, host))
		return r;
	return reaches(f, from, to);
}

static struct sc_edge *find_edge(struct sc_edges *edges,
				 const struct sc_edge *e)
{
	for (size_t i = 0; i < edges->n; i++)
		if (edges->v[i].from == e->from && edges->v[i].to == e->to &&
		    edges->v[i].port == e->port)
			return &edges->v[i];
	return NULL;
}

static int add_edge(struct find *f, struct sc_edge e)
{
	struct sc_edge *old = find_edge(f->edges, &e);

	if (old) {
		if (old->confidence < e.confidence)
			*old = e;
		return 0;
	}
	if (f->edges->n >= SC_EDGES_MAX)
		return sc_fail(f->err, SC_ELIMIT,
			       "more than %d connections between containers",
			       SC_EDGES_MAX);
	if (!SC_PUSH(f->arena, f->edges, e))
		return sc_no_memory(f->err);
	return 0;
}

static int add(struct find *f, struct sc_edge e, const struct sc_buf *why)
{
	if (sc_buf_check(why, f->err) < 0 ||
	    !sc_keep(f->arena, (struct sc_str){ why->s, why->n }, &e.evidence))
		return sc_no_memory(f->err);
	return add_edge(f, e);
}

/* "MYSQL_HOST" is a pair with "MYSQL_PORT", "DB_SERVER" with "DB_PORT". */
static bool is_port_of(struct sc_str port, struct sc_str host)
{
	size_t n = 0;

	if (port.n < 5 || !sc_str_eq((struct sc_str){ port.s + port.n - 5, 5 },
				     SC_STR("_PORT")))
		return false;
	while (n < host.n && n < port.n - 5 && host.s[n] == port.s[n])
		n++;
	if (n != port.n - 5)
		return false;
	if (n == host.n)
		return true;
	return host.s[n] == '_' && !memchr(host.s + n + 1, '_', host.n - n - 1);
}

static bool read_port(struct sc_str text, uint16_t *port)
{
	uint64_t number;

	if (!sc_take_u64(&text, &number) || text.n || number == 0 ||
	    number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	return true;
}

static const struct sc_item *find_pair(const struct sc_container *c,
				       struct sc_str name, uint16_t *port)
{
	for (size_t i = 0; i < c->env.n; i++)
		if (is_port_of(c->env.v[i].name, name) &&
		    read_port(c->env.v[i].value, port))
			return &c->env.v[i];
	return NULL;
}

/* A name of hundreds of kilobytes would stand in each of thousands of edges. */
static void put_name(struct sc_buf *why, struct sc_str name)
{
	bool cut = name.n > NAME_MAX_BYTES;

	if (cut)
		name.n = NAME_MAX_BYTES;
	sc_putf(why, SC_FMT "%s", SC_ARG(name), cut ? "..." : "");
}

static void put_named(struct sc_buf *why, const struct site *at,
		      const struct sc_mention *m)
{
	put_name(why, at->what);
	sc_put(why, SC_STR(" names "));
	put_name(why, m->host);
	if (m->port)
		sc_putf(why, ":%u", m->port);
	sc_put_place(why, at->place);
}

/* The port of a host that is named without one: that of a pair of variables, of
 * the URL's scheme, of the peer's image or of what it publishes. */
static int add_guessed(struct find *f, const struct site *at,
		       const struct sc_mention *m, size_t to)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	const struct sc_container *c = &f->containers->v[at->from];
	const struct sc_image *image = &f->images[to];
	struct sc_known_ports k =
		sc_ports_known(&f->containers->v[to], &f->images[to]);
	uint16_t usual = sc_scheme_port(m->scheme);
	struct sc_edge e = { .from = at->from,
			     .to = to,
			     .confidence = SC_MEDIUM };
	const struct sc_item *pair;

	put_named(&why, at, m);
	pair = at->is_command ? NULL : find_pair(c, at->what, &e.port);
	if (pair) {
		e.confidence = SC_HIGH;
		sc_put(&why, SC_STR(", "));
		put_name(&why, pair->name);
		sc_put(&why, SC_STR(" the port"));
		sc_put_place(&why, &pair->place);
	} else if (usual && (!k.n || sc_port_is_known(&k, usual))) {
		e.port = usual;
		sc_putf(&why, ", its " SC_FMT ":// the port",
			SC_ARG(m->scheme));
	} else if (image->n_ports) {
		e.port = k.v[0];
		sc_putf(&why, ", the image " SC_FMT " the port",
			SC_ARG(image->name));
	} else if (k.n) {
		e.port = k.v[0];
		e.confidence = k.n == 1 ? SC_MEDIUM : SC_LOW;
		sc_putf(&why, ", which has %zu port%s", k.n,
			k.n == 1 ? "" : "s");
	}
	return e.port ? add(f, e, &why) : 0;
}

static int add_mention(struct find *f, const struct site *at,
		       const struct sc_mention *m, size_t to)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };

	if (!m->port)
		return add_guessed(f, at, m, to);
	put_named(&why, at, m);
	return add(f,
		   (struct sc_edge){ .from = at->from,
				     .to = to,
				     .port = m->port,
				     .confidence = SC_HIGH },
		   &why);
}

/* A word that equals a host's name is one only where a host is expected:
 * MYSQL_USER=misp names no host, though a service may be called misp. */
static bool is_host_there(const struct site *at, const struct sc_mention *m)
{
	if (m->scheme.n)
		return true;
	if (!at->is_command && sc_names_secret(at->what))
		return false;
	if (m->port)
		return true;
	if (m->key.n && sc_names_host(m->key))
		return true;
	if (at->is_command)
		return sc_str_eq(m->key, SC_STR("-h"));
	return m->alone && sc_names_host(at->what);
}

static int scan(struct find *f, const struct site *at, struct sc_str text)
{
	struct sc_mentions in = { .rest = text };
	struct sc_mention m;
	const struct sc_container *from = &f->containers->v[at->from];

	while (sc_take_mention(&in, &m)) {
		if (!is_host_there(at, &m))
			continue;
		for (size_t to = 0; to < f->containers->n; to++) {
			int r = 0;

			if (to != at->from)
				r = is_meant(f, from, &f->containers->v[to],
					     m.host);
			if (r > 0)
				r = add_mention(f, at, &m, to);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int scan_env(struct find *f, size_t from)
{
	const struct sc_items *env = &f->containers->v[from].env;

	for (size_t i = 0; i < env->n; i++) {
		struct site at = { from, env->v[i].name, &env->v[i].place,
				   false };
		int r = scan(f, &at, env->v[i].value);

		if (r < 0)
			return r;
	}
	return 0;
}

static int scan_command(struct find *f, size_t from)
{
	const struct sc_items *words = &f->containers->v[from].command;
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct site at = { .from = from,
			   .what = SC_STR("the command"),
			   .is_command = true };

	if (!words->n)
		return 0;
	at.place = &words->v[0].place;
	sc_words_join(&f->containers->v[from], words, &text);
	if (sc_buf_check(&text, f->err) < 0)
		return SC_ENOMEM;
	return scan(f, &at, (struct sc_str){ text.s, text.n });
}

/* SMTP_PORT=25 without a host: if one peer alone serves that port, and in a
 * protocol that the image speaks, it is meant (the host is the image's own
 * default). */
static int scan_lone_port(struct find *f, size_t from,
			  const struct sc_item *var)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	struct sc_edge e = { .from = from, .confidence = SC_MEDIUM };
	const struct sc_container *c = &f->containers->v[from];
	size_t found = 0;

	if (!is_port_of(var->name,
			(struct sc_str){ var->name.s, var->name.n - 5 }) ||
	    !read_port(var->value, &e.port))
		return 0;
	for (size_t to = 0; to < f->containers->n; to++) {
		const struct sc_container *it = &f->containers->v[to];
		struct sc_known_ports k = sc_ports_known(it, &f->images[to]);
		int r = count(f, 1 + it->ports.n);

		if (r == 0 && to != from && f->images[to].serves.n &&
		    sc_port_is_known(&k, e.port) &&
		    sc_image_speaks(&f->images[from], f->images[to].serves))
			r = reaches(f, c, it);
		if (r < 0)
			return r;
		if (!r)
			continue;
		e.to = to;
		found++;
	}
	if (found != 1 || !f->images[from].name.n)
		return 0;
	put_name(&why, var->name);
	sc_putf(&why, " names a port that only " SC_FMT " serves",
		SC_ARG(f->containers->v[e.to].name));
	sc_put_place(&why, &var->place);
	return add(f, e, &why);
}

static int scan_lone_ports(struct find *f, size_t from)
{
	const struct sc_items *env = &f->containers->v[from].env;

	for (size_t i = 0; i < env->n; i++) {
		int r = env->v[i].name.n > 5
				? scan_lone_port(f, from, &env->v[i])
				: 0;

		if (r < 0)
			return r;
	}
	return 0;
}

static bool has_edge(const struct sc_edges *edges, size_t from, size_t to)
{
	for (size_t i = 0; i < edges->n; i++)
		if (edges->v[i].from == from && edges->v[i].to == to)
			return true;
	return false;
}

/*
 * An order of starting is no connection. It becomes one where the table of
 * images says that the one speaks what the other serves, or, of an image that
 * nobody knows, where the other is a database or broker with a single port.
 */
static int add_order(struct find *f, size_t from, size_t to, const char *key,
		     const struct sc_place *place)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	const struct sc_image *me = &f->images[from], *it = &f->images[to];
	struct sc_known_ports k =
		sc_ports_known(&f->containers->v[to], &f->images[to]);
	bool known = !sc_str_eq(me->speaks, SC_STR("*"));
	struct sc_edge e = { .from = from, .to = to, .confidence = SC_LOW };

	if (!k.n || has_edge(f->edges, from, to))
		return 0;
	e.port = k.v[0];
	sc_putf(&why, "%s", key);
	sc_put_place(&why, place);
	if (known && sc_image_speaks(me, it->serves)) {
		e.confidence = SC_MEDIUM;
		sc_putf(&why, ", the image " SC_FMT " speaks " SC_FMT,
			SC_ARG(me->name), SC_ARG(it->serves));
	} else if (known) {
		sc_putf(&why,
			" alone: the image " SC_FMT
			" is not known to speak %.*s",
			SC_ARG(me->name), it->serves.n ? (int)it->serves.n : 8,
			it->serves.n ? it->serves.s : "with it");
	} else if (it->data && k.n == 1) {
		e.confidence = SC_MEDIUM;
		sc_putf(&why,
			", and " SC_FMT " is a database or broker with "
			"one port",
			SC_ARG(it->name));
	} else {
		sc_putf(&why, " alone: an order of starting, no connection");
	}
	return add(f, e, &why);
}

static int scan_order(struct find *f, size_t from, const struct sc_items *items,
		      const char *key)
{
	const struct sc_container *c = &f->containers->v[from];

	for (size_t i = 0; i < items->n; i++)
		for (size_t to = 0; to < f->containers->n; to++) {
			const struct sc_container *it = &f->containers->v[to];
			int r = count(f, 1);

			if (r == 0 && to != from &&
			    sc_str_eq(items->v[i].name, it->name))
				r = reaches(f, c, it);
			if (r > 0)
				r = add_order(f, from, to, key,
					      &items->v[i].place);
			if (r < 0)
				return r;
		}
	return 0;
}

/* What an image connects to unless it is told otherwise: never granted, but
 * worth saying, since it is the first denial to come. */
static int add_defaults(struct find *f, size_t from)
{
	const struct sc_image *me = &f->images[from];
	struct sc_str speaks = me->speaks, word;

	if (sc_str_eq(speaks, SC_STR("*")))
		return 0;
	while (sc_take_word(&speaks, &word)) {
		SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
		struct sc_edge e = { .from = from, .confidence = SC_LOW };
		size_t found = 0;
		int r;

		for (size_t to = 0; to < f->containers->n; to++) {
			const struct sc_image *it = &f->images[to];

			r = 0;
			if (to != from && it->n_ports &&
			    sc_str_eq(it->serves, word) &&
			    !sc_str_eq(word, SC_STR("http")))
				r = reaches(f, &f->containers->v[from],
					    &f->containers->v[to]);
			if (r < 0)
				return r;
			if (!r)
				continue;
			e.to = to;
			e.port = it->ports[0].number;
			found++;
		}
		if (found != 1 || has_edge(f->edges, from, e.to))
			continue;
		sc_putf(&why,
			"the image " SC_FMT " speaks " SC_FMT
			", but nothing in the file says that it does "
			"here",
			SC_ARG(me->name), SC_ARG(word));
		r = add(f, e, &why);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_own(struct find *f, size_t i)
{
	struct sc_own_port own = { 0 };
	struct sc_known_ports k =
		sc_ports_known(&f->containers->v[i], &f->images[i]);
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	int r = sc_health_port(&f->containers->v[i], k.n ? k.v[0] : 0, &own,
			       f->err);

	if (r < 0 || !own.port)
		return r;
	sc_putf(&why, "the health check asks its own port");
	sc_put_place(&why, own.place);
	return add(f,
		   (struct sc_edge){ .from = i,
				     .to = i,
				     .port = own.port,
				     .confidence = SC_HIGH },
		   &why);
}

static int find_from(struct find *f, size_t i)
{
	const struct sc_container *c = &f->containers->v[i];
	int r = scan_env(f, i);

	if (r == 0)
		r = scan_command(f, i);
	if (r == 0)
		r = add_own(f, i);
	if (r == 0)
		r = scan_lone_ports(f, i);
	if (r == 0)
		r = scan_order(f, i, &c->links, "links");
	if (r == 0)
		r = scan_order(f, i, &c->depends_on, "depends_on");
	return r == 0 ? add_defaults(f, i) : r;
}

static int compare(const void *a, const void *b)
{
	const struct sc_edge *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

int sc_peers_find(const struct sc_containers *containers,
		  const struct sc_image *images, struct sc_arena *a,
		  struct sc_edges *out, struct sc_error *err)
{
	struct sc_edges edges = { 0 };
	struct find f = { containers, images, a, &edges, err, 0 };

	for (size_t i = 0; i < containers->n; i++) {
		int r = containers->v[i].no_network ? 0 : find_from(&f, i);

		if (r < 0)
			return r;
	}
	if (edges.n)
		qsort(edges.v, edges.n, sizeof(*edges.v), compare);
	*out = edges;
	return 0;
}
