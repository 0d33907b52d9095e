#include "rules/reach.h"

#include "rules/mention.h"

static bool has_item(const struct sc_items *items, struct sc_str name)
{
	for (size_t i = 0; i < items->n; i++)
		if (sc_same_host(items->v[i].name, name))
			return true;
	return false;
}

bool sc_peers_share_network(const struct sc_container *a,
			    const struct sc_container *b)
{
	static const struct sc_str standard = SC_STR("default");

	if (a->no_network || b->no_network)
		return false;
	if (a->net != SC_NS_PRIVATE || b->net != SC_NS_PRIVATE)
		return true;
	if (!a->networks.n && !b->networks.n)
		return true;
	if (!a->networks.n)
		return has_item(&b->networks, standard);
	if (!b->networks.n)
		return has_item(&a->networks, standard);
	for (size_t i = 0; i < a->networks.n; i++)
		if (has_item(&b->networks, a->networks.v[i].name))
			return true;
	return false;
}

bool sc_peers_is_called(const struct sc_container *from,
			const struct sc_container *to, struct sc_str host)
{
	const struct sc_items *links = &from->links;

	if (sc_same_host(to->name, host) || has_item(&to->aliases, host))
		return true;
	for (size_t i = 0; i < links->n; i++)
		if (sc_same_host(links->v[i].value, host) &&
		    sc_same_host(links->v[i].name, to->name))
			return true;
	return false;
}

static void know(struct sc_known_ports *k, uint16_t port)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i] == port)
			return;
	if (k->n < SC_KNOWN_PORTS)
		k->v[k->n++] = port;
}

bool sc_port_is_known(const struct sc_known_ports *k, uint16_t port)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i] == port)
			return true;
	return false;
}

struct sc_known_ports sc_ports_known(const struct sc_container *c,
				     const struct sc_image *image)
{
	struct sc_known_ports k = { 0 };

	for (size_t p = 0; p < image->n_ports; p++)
		if (image->ports[p].proto == SC_TCP)
			know(&k, image->ports[p].number);
	for (size_t p = 0; p < c->ports.n; p++)
		if (c->ports.v[p].proto == SC_TCP &&
		    c->ports.v[p].first == c->ports.v[p].last)
			know(&k, c->ports.v[p].first);
	return k;
}
