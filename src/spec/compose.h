/*
 * compose.h - the parts of the compose reader; not for others.
 *
 * Each function reads the value of one key of a service into @c.
 */
#ifndef SC_SPEC_COMPOSE_H
#define SC_SPEC_COMPOSE_H

#include "spec/option.h"

typedef int sc_compose_read_key(struct sc_reader *r,
				const struct sc_doc_node *node,
				struct sc_container *c);

/* compose.c: each item of the list @node, by @read_map where it is a map. */
int sc_compose_each(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_container *c, sc_compose_read_key *read_map,
		    sc_compose_read_key *read_other);

/* compose_net.c */
sc_compose_read_key sc_compose_ports, sc_compose_expose, sc_compose_networks,
	sc_compose_depends_on, sc_compose_links, sc_compose_network_mode,
	sc_compose_pid, sc_compose_ipc, sc_compose_userns, sc_compose_alias;

/* compose_mount.c */
sc_compose_read_key sc_compose_volumes, sc_compose_tmpfs, sc_compose_devices;

#endif
