/*
 * inspect.h - the parts of the inspect reader; not for others.
 */
#ifndef SC_SPEC_INSPECT_H
#define SC_SPEC_INSPECT_H

#include "spec/option.h"

/* The value of @key in @map into @out, which stays as it is without one. */
int sc_inspect_text(struct sc_reader *r, const struct sc_doc_node *map,
		    const char *key, struct sc_str *out) SC_MUST_USE;
int sc_inspect_bool(struct sc_reader *r, const struct sc_doc_node *map,
		    const char *key, bool *out) SC_MUST_USE;

/* inspect_net.c: @node is the container, @host its HostConfig. */
int sc_inspect_ports(struct sc_reader *r, const struct sc_doc_node *node,
		     const struct sc_doc_node *host, struct sc_container *c)
	SC_MUST_USE;
int sc_inspect_links(struct sc_reader *r, const struct sc_doc_node *host,
		     struct sc_container *c) SC_MUST_USE;
int sc_inspect_networks(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container *c) SC_MUST_USE;
int sc_inspect_depends_on(struct sc_reader *r, const struct sc_doc_node *labels,
			  struct sc_container *c) SC_MUST_USE;

/* A name that others can reach @c by, unless it is but a piece of its id. */
int sc_inspect_alias(struct sc_reader *r, struct sc_container *c,
		     struct sc_str name, const struct sc_doc_node *node)
	SC_MUST_USE;

#endif
