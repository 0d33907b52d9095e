#include "base/buf.h"
#include "cli/tenants.h"
#include "spec/read.h"

#define SPECS_MAX 100

static bool ends_with(struct sc_str v, struct sc_str end)
{
	return v.n > end.n && memcmp(v.s + v.n - end.n, end.s, end.n) == 0;
}

static bool may_be_spec(struct sc_str name)
{
	return *name.s != '.' && (ends_with(name, SC_STR(".yaml")) ||
				  ends_with(name, SC_STR(".yml")) ||
				  ends_with(name, SC_STR(".json")));
}

static int read_spec(const struct sc_host *h, struct sc_str name,
		     struct sc_arena *a, struct sc_tenants *out,
		     struct sc_error *err)
{
	struct sc_spec spec;
	struct sc_error ignored;
	struct sc_str path, text;

	if (!sc_keepf(a, &path, "/" SC_FMT, SC_ARG(name)))
		return sc_no_memory(err);
	if (sc_host_read(h, path.s, a, &text, &ignored) < 0 ||
	    sc_spec_read(text, name, NULL, a, &spec, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < spec.containers.n; i++) {
		const struct sc_container *c = &spec.containers.v[i];

		if (!sc_tenants_add(out, a, c->name, c->label_level))
			return sc_no_memory(err);
	}
	return 0;
}

int sc_tenants_of_specs(const struct sc_host *h, struct sc_arena *a,
			struct sc_tenants *out, struct sc_error *err)
{
	struct sc_names names = { 0 };
	int r = sc_host_list(h, "/", 0, a, &names, err);
	size_t specs = 0;

	for (size_t i = 0; r == 0 && i < names.n; i++)
		if (may_be_spec(names.v[i]) && ++specs <= SPECS_MAX)
			r = read_spec(h, names.v[i], a, out, err);
	return r;
}
