#include "cli/tenants.h"

#include "base/vec.h"
#include "rules/name.h"

bool sc_tenants_add(struct sc_tenants *list, struct sc_arena *a,
		    struct sc_str name, struct sc_str level)
{
	struct sc_tenant t = { name, level };

	return !name.n || !sc_level_is_own(level) || SC_PUSH(a, list, t);
}

struct sc_str sc_tenant_of(const struct sc_tenants *list, struct sc_str level)
{
	struct sc_str name = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		const struct sc_tenant *t = &list->v[i];

		if (!sc_level_same(t->level, level))
			continue;
		if (name.n && !sc_str_eq(name, t->name))
			return (struct sc_str){ 0 };
		name = t->name;
	}
	return name;
}
