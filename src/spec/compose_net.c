#include "spec/compose.h"

static const struct sc_str nothing = { "", 0 };

static int note_port(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_str text)
{
	return sc_reader_note(r, node, "'" SC_FMT "' is no port: left out",
			      SC_ARG(text));
}

/* {target: 80, published: "8080", protocol: udp} */
static int read_long_port(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	struct sc_str target = nothing, published = nothing, proto = nothing;
	struct sc_port port = { .published = true };
	uint16_t last;

	if (sc_reader_text(r, sc_doc_get(node, "target"), &target) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "published"), &published) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "protocol"), &proto) < 0 ||
	    sc_reader_place(r, node, &port.place) < 0)
		return (int)r->err->code;
	if (!sc_option_ports(target, &port.first, &port.last))
		return note_port(r, node, target);
	if (proto.n && !sc_option_proto(proto, &port.proto))
		return note_port(r, node, proto);
	if (!sc_option_ports(published, &port.host, &last) ||
	    last - port.host != port.last - port.first)
		port.host = 0;
	return sc_reader_port(r, c, port);
}

static int read_short_port(struct sc_reader *r, const struct sc_doc_node *node,
			   bool published, struct sc_container *c)
{
	struct sc_port port = { 0 };
	struct sc_str text;
	int e = sc_reader_text(r, node, &text);

	if (e <= 0)
		return e;
	if (published ? !sc_option_publish(text, &port)
		      : !sc_option_port_key(text, &port))
		return note_port(r, node, text);
	e = sc_reader_place(r, node, &port.place);
	return e < 0 ? e : sc_reader_port(r, c, port);
}

static int read_published(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	return read_short_port(r, node, true, c);
}

static int read_exposed(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container *c)
{
	return read_short_port(r, node, false, c);
}

int sc_compose_ports(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	return sc_compose_each(r, node, c, read_long_port, read_published);
}

int sc_compose_expose(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	return sc_compose_each(r, node, c, read_exposed, read_exposed);
}

/* The names in a list, or the keys of a mapping. */
static int read_names(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_items *items)
{
	int e = 0;

	if (!sc_doc_is(node, SC_DOC_LIST) && !sc_doc_is(node, SC_DOC_MAP))
		return sc_reader_wrong(r, node, "a list or a mapping");
	for (const struct sc_doc_node *one = node->first; one && e >= 0;
	     one = one->next) {
		struct sc_str name = one->key;

		e = node->kind == SC_DOC_MAP ? 1
					     : sc_reader_text(r, one, &name);
		if (e > 0)
			e = sc_reader_item_once(r, items, name, one);
	}
	return e;
}

int sc_compose_depends_on(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	return read_names(r, node, &c->depends_on);
}

int sc_compose_alias(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	struct sc_str name;
	int e = sc_reader_text(r, node, &name);

	return e <= 0 || name.n == 0
		       ? e
		       : sc_reader_item_once(r, &c->aliases, name, node);
}

int sc_compose_networks(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container *c)
{
	const struct sc_doc_node *aliases, *one;
	int e = read_names(r, node, &c->networks);

	if (e < 0 || node->kind != SC_DOC_MAP)
		return e;
	for (const struct sc_doc_node *net = node->first; net;
	     net = net->next) {
		aliases = sc_doc_get(net, "aliases");
		if (!sc_doc_is(aliases, SC_DOC_LIST)) {
			if (sc_reader_wrong(r, aliases, "a list") < 0)
				return (int)r->err->code;
			continue;
		}
		for (one = aliases->first; one; one = one->next)
			if (sc_compose_alias(r, one, c) < 0)
				return (int)r->err->code;
	}
	return 0;
}

/* "db:database", or "db" */
int sc_compose_links(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	if (!sc_doc_is(node, SC_DOC_LIST))
		return sc_reader_wrong(r, node, "a list");
	for (const struct sc_doc_node *one = node->first; one;
	     one = one->next) {
		struct sc_str alias, name;
		int e = sc_reader_text(r, one, &alias);

		if (e < 0)
			return e;
		if (e == 0)
			continue;
		if (!sc_take_until(&alias, ':', &name)) {
			name = alias;
			alias = nothing;
		}
		if (sc_reader_item(r, &c->links, name, alias, one) < 0)
			return (int)r->err->code;
	}
	return 0;
}

static int read_namespace(struct sc_reader *r, const struct sc_doc_node *node,
			  enum sc_ns *ns, struct sc_place *place)
{
	struct sc_str mode;
	int e = sc_reader_text(r, node, &mode);

	if (e <= 0)
		return e;
	if (sc_str_eq(mode, SC_STR("host")))
		*ns = SC_NS_HOST;
	else if (sc_take_prefix(&mode, SC_STR("service:")) ||
		 sc_take_prefix(&mode, SC_STR("container:")))
		*ns = SC_NS_SHARED;
	return sc_reader_place(r, node, place);
}

int sc_compose_network_mode(struct sc_reader *r, const struct sc_doc_node *node,
			    struct sc_container *c)
{
	struct sc_str mode = nothing;

	if (sc_reader_text(r, node, &mode) < 0)
		return (int)r->err->code;
	c->no_network = sc_str_eq(mode, SC_STR("none"));
	return read_namespace(r, node, &c->net, &c->net_place);
}

int sc_compose_pid(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_container *c)
{
	return read_namespace(r, node, &c->pid, &c->pid_place);
}

int sc_compose_ipc(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_container *c)
{
	return read_namespace(r, node, &c->ipc, &c->ipc_place);
}

int sc_compose_userns(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	struct sc_place unused;
	struct sc_str mode = nothing;

	if (sc_reader_text(r, node, &mode) < 0 ||
	    read_namespace(r, node, &c->userns, &unused) < 0)
		return (int)r->err->code;
	c->mapped_users = mode.n && c->userns == SC_NS_PRIVATE;
	return 0;
}
