#include "spec/inspect.h"

static const struct sc_str nothing = { "", 0 };

int sc_inspect_text(struct sc_reader *r, const struct sc_doc_node *map,
		    const char *key, struct sc_str *out)
{
	int e = sc_reader_text(r, sc_doc_get(map, key), out);

	return e < 0 ? e : 0;
}

int sc_inspect_bool(struct sc_reader *r, const struct sc_doc_node *map,
		    const char *key, bool *out)
{
	int e = sc_reader_bool(r, sc_doc_get(map, key), out);

	return e < 0 ? e : 0;
}

/* The first port of the host in [{"HostIp": "", "HostPort": "8080"}]. */
static int read_host_port(struct sc_reader *r, const struct sc_doc_node *list,
			  struct sc_port *port)
{
	struct sc_str text = nothing;
	uint16_t last;

	if (!sc_doc_is(list, SC_DOC_LIST) || !list->first)
		return 0;
	port->published = true;
	if (sc_inspect_text(r, list->first, "HostPort", &text) < 0)
		return (int)r->err->code;
	if (!sc_option_ports(text, &port->host, &last))
		port->host = 0;
	return 0;
}

/* {"80/tcp": [...] or null or {}}: three places have such a mapping. */
static int read_port_map(struct sc_reader *r, const struct sc_doc_node *map,
			 bool all_published, struct sc_container *c)
{
	if (!sc_doc_is(map, SC_DOC_MAP))
		return sc_reader_wrong(r, map, "a mapping");
	for (const struct sc_doc_node *one = map->first; one; one = one->next) {
		struct sc_port port = { .published = all_published };
		int e;

		if (!sc_option_port_key(one->key, &port)) {
			e = sc_reader_note(r, one,
					   "'" SC_FMT "' is no port: left out",
					   SC_ARG(one->key));
			if (e < 0)
				return e;
			continue;
		}
		if (read_host_port(r, one, &port) < 0 ||
		    sc_reader_place(r, one, &port.place) < 0 ||
		    sc_reader_port(r, c, port) < 0)
			return (int)r->err->code;
	}
	return 0;
}

int sc_inspect_ports(struct sc_reader *r, const struct sc_doc_node *node,
		     const struct sc_doc_node *host, struct sc_container *c)
{
	const struct sc_doc_node *config = sc_doc_get(node, "Config");
	const struct sc_doc_node *net = sc_doc_get(node, "NetworkSettings");
	bool all = false;

	if (sc_inspect_bool(r, host, "PublishAllPorts", &all) < 0 ||
	    read_port_map(r, sc_doc_get(host, "PortBindings"), all, c) < 0 ||
	    read_port_map(r, sc_doc_get(net, "Ports"), all, c) < 0 ||
	    read_port_map(r, sc_doc_get(config, "ExposedPorts"), all, c) < 0)
		return (int)r->err->code;
	return 0;
}

/* "db:service_started:false,redis:service_healthy:false" */
int sc_inspect_depends_on(struct sc_reader *r, const struct sc_doc_node *labels,
			  struct sc_container *c)
{
	const struct sc_doc_node *node =
		sc_doc_get(labels, "com.docker.compose.depends_on");
	struct sc_str text = nothing, one, name;
	int e = sc_reader_text(r, node, &text);

	if (e < 0)
		return e;
	while (sc_take_part(&text, ',', &one))
		if (sc_take_part(&one, ':', &name) && name.n &&
		    sc_reader_item_once(r, &c->depends_on, name, node) < 0)
			return (int)r->err->code;
	return 0;
}

/* ["/db:/web/database"]: the container, and its name in here. */
int sc_inspect_links(struct sc_reader *r, const struct sc_doc_node *host,
		     struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(host, "Links");

	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_reader_wrong(r, list, "a list");
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		struct sc_str text = nothing, name, part;

		if (sc_reader_text(r, one, &text) < 0)
			return (int)r->err->code;
		sc_take_prefix(&text, SC_STR("/"));
		if (!sc_take_part(&text, ':', &name))
			continue;
		while (sc_take_until(&text, '/', &part))
			;
		if (sc_reader_item(r, &c->links, name, text, one) < 0)
			return (int)r->err->code;
	}
	return 0;
}

static bool begins_with(struct sc_str v, struct sc_str prefix)
{
	return prefix.n && sc_take_prefix(&v, prefix);
}

/* A name that others can reach @c by, unless it is but a piece of its id. */
int sc_inspect_alias(struct sc_reader *r, struct sc_container *c,
		     struct sc_str name, const struct sc_doc_node *node)
{
	if (name.n == 0 || sc_str_eq(name, c->name) ||
	    (name.n == 12 && begins_with(c->id, name)))
		return 0;
	return sc_reader_item_once(r, &c->aliases, name, node);
}

static int add_aliases(struct sc_reader *r, struct sc_container *c,
		       const struct sc_doc_node *list)
{
	struct sc_str name;
	int e = 0;

	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_reader_wrong(r, list, "a list");
	for (const struct sc_doc_node *one = list->first; one && e >= 0;
	     one = one->next) {
		e = sc_reader_text(r, one, &name);
		if (e > 0)
			e = sc_inspect_alias(r, c, name, one);
	}
	return e;
}

int sc_inspect_networks(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container *c)
{
	const struct sc_doc_node *map =
		sc_doc_get(sc_doc_get(node, "NetworkSettings"), "Networks");

	if (!sc_doc_is(map, SC_DOC_MAP))
		return sc_reader_wrong(r, map, "a mapping");
	for (const struct sc_doc_node *one = map->first; one; one = one->next)
		if (sc_reader_item_once(r, &c->networks, one->key, one) < 0 ||
		    add_aliases(r, c, sc_doc_get(one, "Aliases")) < 0 ||
		    add_aliases(r, c, sc_doc_get(one, "DNSNames")) < 0)
			return (int)r->err->code;
	return 0;
}
