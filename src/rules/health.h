/*
 * health.h - the port of its own that a container's health check connects to.
 *
 * A health check runs in the container's domain, and SELinux checks the connect
 * of a port whatever the address: "curl localhost" needs a rule of its own.
 */
#ifndef SC_RULES_HEALTH_H
#define SC_RULES_HEALTH_H

#include "base/buf.h"
#include "spec/spec.h"

struct sc_own_port {
	uint16_t port; /* 0: none, as far as one can tell */
	const struct sc_place *place;
};

/*
 * Find the port that the health check of @c connects to; @usual (0: not known)
 * is what the container listens on, for tools that need not be told. Errors:
 * SC_ENOMEM.
 */
int sc_health_port(const struct sc_container *c, uint16_t usual,
		   struct sc_own_port *out, struct sc_error *err) SC_MUST_USE;

/* Append @words, with a space between, and in them $NAME, ${NAME} and
 * ${NAME:-text} as a shell in the container would put them. */
void sc_words_join(const struct sc_container *c, const struct sc_items *words,
		   struct sc_buf *out);

#endif
