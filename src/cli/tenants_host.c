#include "cli/tenants.h"
#include "host/process.h"

/* "s0:c1,c2" of "u:r:t:s0:c1,c2" */
static struct sc_str level_of(struct sc_str label)
{
	struct sc_str part;

	for (int i = 0; i < 3; i++)
		if (!sc_take_until(&label, ':', &part))
			return (struct sc_str){ 0 };
	return label;
}

int sc_tenants_of_host(const struct sc_host *h, struct sc_arena *a,
		       struct sc_tenants *out, struct sc_error *err)
{
	struct sc_processes list = { 0 };
	int r = sc_processes_read(h, a, &list, err);

	for (size_t i = 0; r == 0 && i < list.containers.n; i++) {
		const struct sc_container *c = &list.containers.v[i];

		if (!sc_tenants_add(out, a, c->name.n ? c->name : c->id,
				    level_of(c->first.label)))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	return r;
}
