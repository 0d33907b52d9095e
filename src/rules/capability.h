/*
 * capability.h - which capabilities a container has, and which of them its
 * image needs.
 *
 * Names are those of policy: "net_bind_service". A set is a bit for each, in
 * the kernel's numbers.
 */
#ifndef SC_RULES_CAPABILITY_H
#define SC_RULES_CAPABILITY_H

#include "base/capability.h"
#include "rules/image.h"

/* The number of @name, upper or lower case; -1 if the kernel has none such. */
int sc_capability_find(struct sc_str name);

/* The class of policy that asks for it: "capability" or "capability2", and in a
 * user namespace of its own "cap_userns" or "cap2_userns". */
const char *sc_capability_class(int number, bool userns);

/* Does the container start as root, as far as its spec tells? */
bool sc_starts_as_root(const struct sc_container *c);

/* Has it a user namespace of its own? */
bool sc_has_userns(const struct sc_container *c);

/* What the engine gives it: its own word if known, else what engines give by
 * default, with what is added and dropped. */
uint64_t sc_capabilities_of(const struct sc_container *c);

/* The words of @list ("chown setuid"), unknown ones passed over. */
uint64_t sc_capabilities_read(struct sc_str list);

#endif
