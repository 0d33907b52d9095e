/* tenants.h - whose categories are these? Containers that keep others out, by
 * their levels. */
#ifndef SC_CLI_TENANTS_H
#define SC_CLI_TENANTS_H

#include "base/error.h"
#include "host/host.h"

struct sc_tenant {
	struct sc_str name;
	struct sc_str level; /* "s0:c1,c2" */
};

struct sc_tenants {
	struct sc_tenant *v;
	size_t n;
	size_t room;
};

/* What goes into a list, if @level is two categories of its own. False without
 * memory. */
bool sc_tenants_add(struct sc_tenants *list, struct sc_arena *a,
		    struct sc_str name, struct sc_str level);

/* The containers that run on @h. */
int sc_tenants_of_host(const struct sc_host *h, struct sc_arena *a,
		       struct sc_tenants *out, struct sc_error *err)
	SC_MUST_USE;

/* Those of the specs in @h, a folder, as confine writes them beside its
 * modules. What is no spec is passed over. */
int sc_tenants_of_specs(const struct sc_host *h, struct sc_arena *a,
			struct sc_tenants *out, struct sc_error *err)
	SC_MUST_USE;

/* The only one that has @level; empty: none, or several. */
struct sc_str sc_tenant_of(const struct sc_tenants *list, struct sc_str level);

#endif
