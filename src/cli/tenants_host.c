#include "base/label.h"
#include "cli/tenants.h"
#include "host/process.h"

int sc_tenants_of_host(const struct sc_host *h, struct sc_arena *a,
		       struct sc_tenants *out, struct sc_error *err)
{
	struct sc_processes list = { 0 };
	int r = sc_processes_read(h, a, &list, err);

	for (size_t i = 0; r == 0 && i < list.containers.n; i++) {
		const struct sc_host_container *c = &list.containers.v[i];

		if (!sc_tenants_add(
			    out, a, c->name.n ? c->name : c->id,
			    sc_label_part(c->first.label, SC_LABEL_LEVEL)))
			return sc_no_memory(err);
	}
	return r;
}
