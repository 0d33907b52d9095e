/*
 * reach.h - whom a container can reach, by which name, and at which ports.
 */
#ifndef SC_RULES_REACH_H
#define SC_RULES_REACH_H

#include "rules/image.h"

#define SC_KNOWN_PORTS 16 /* at most, of one container */

/* Ports of TCP; the main one first. */
struct sc_known_ports {
	uint16_t v[SC_KNOWN_PORTS];
	size_t n;
};

/* What @c is known to listen on, from its image and what its spec lists. */
struct sc_known_ports sc_ports_known(const struct sc_container *c,
				     const struct sc_image *image);
bool sc_port_is_known(const struct sc_known_ports *k, uint16_t port);

/* May the two reach each other, as far as their networks tell? */
bool sc_peers_share_network(const struct sc_container *a,
			    const struct sc_container *b);

/* Is @host a name of container @to, as container @from knows it? */
bool sc_peers_is_called(const struct sc_container *from,
			const struct sc_container *to, struct sc_str host);

#endif
