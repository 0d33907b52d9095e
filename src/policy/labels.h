/* labels.h - which type a port has in a policy. */
#ifndef SC_POLICY_LABELS_H
#define SC_POLICY_LABELS_H

#include "policy/policy.h"

/*
 * The type of port @port of @proto ("tcp", "udp", "sctp", "dccp"): the portcon
 * that the kernel would find, which is the first in the policy's order (narrow
 * ranges stand before wide ones). SC_ENOTFOUND if no portcon holds it.
 */
int sc_port_type(const struct sc_policy *p, struct sc_str proto, uint16_t port,
		 struct sc_str *type, struct sc_error *err) SC_MUST_USE;

/* The same, and the last port up to which the answer is the same portcon's. */
int sc_port_run(const struct sc_policy *p, struct sc_str proto, uint16_t port,
		struct sc_str *type, uint16_t *last, struct sc_error *err)
	SC_MUST_USE;

/* The same, as if the types of @block had no ports. */
int sc_port_run_without(const struct sc_policy *p, struct sc_str proto,
			uint16_t port, struct sc_str block, struct sc_str *type,
			uint16_t *last, struct sc_error *err) SC_MUST_USE;

/*
 * The types of ports for which @source has the permission @perm ("name_bind")
 * of @proto's sockets, those of hundreds of ports left out; sorted by name.
 * Errors: SC_ENOMEM.
 */
int sc_port_types_of(const struct sc_policy *p, struct sc_str source,
		     struct sc_str proto, struct sc_str perm,
		     struct sc_arena *a, struct sc_names *out,
		     struct sc_error *err) SC_MUST_USE;

/* How many ports of @proto have the type @type. */
size_t sc_port_type_size(const struct sc_policy *p, struct sc_str proto,
			 struct sc_str type);

#endif
