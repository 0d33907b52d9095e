/*
 * peers.h - who talks to whom, read from what a spec says about it.
 *
 * Each edge carries its evidence and how sure we are. What only might be is
 * shown and never granted: a compose file's depends_on is about the order of
 * starting, and many a container waits for one that it never talks to.
 */
#ifndef SC_RULES_PEERS_H
#define SC_RULES_PEERS_H

#include "rules/image.h"
#include "rules/need.h"

#define SC_EDGES_MAX 4096

/* @from connects to @port of @to; both count in the containers given. */
struct sc_edge {
	size_t from;
	size_t to;     /* the same as .from: a health check of its own port */
	uint16_t port; /* TCP: SELinux checks no connect of UDP */
	enum sc_confidence confidence; /* granted from SC_MEDIUM up */
	struct sc_str evidence; /* in words, with file and line; no secrets */
};

SC_VECTOR(sc_edges, struct sc_edge);

/*
 * Find the edges between @containers, whose images are in @images (as many),
 * sorted by from, to and port; of several reasons for an edge the best counts.
 * Errors: SC_ENOMEM; SC_ELIMIT if there are more than SC_EDGES_MAX.
 */
int sc_peers_find(const struct sc_containers *containers,
		  const struct sc_image *images, struct sc_arena *a,
		  struct sc_edges *out, struct sc_error *err) SC_MUST_USE;

#endif
