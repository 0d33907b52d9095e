#include "base/clean.h"
#include "rules/cil.h"
#include "rules/mounts.h"
#include "rules/name.h"
#include "rules/peers.h"
#include "spec/read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a service is called, its module has a name that CIL takes. */
static void check_name(struct sc_str name, struct sc_arena *a)
{
	struct sc_str module = { 0 };
	struct sc_error err;

	if (sc_module_name(SC_STR("fuzz"), name, a, &module, &err) == 0 &&
	    !sc_cil_is_name(module))
		abort();
}

static void check_needs(const struct sc_spec *spec, struct sc_arena *a)
{
	size_t n = spec->containers.n;
	struct sc_image *images = sc_new_array(a, struct sc_image, n + 1);
	struct sc_str *folders = sc_new_array(a, struct sc_str, n + 1);
	struct sc_str *scopes = sc_new_array(a, struct sc_str, n + 1);
	size_t *group = sc_new_array(a, size_t, n + 1);
	struct sc_mounts_of mounts = { .all = &spec->containers,
				       .folders = folders,
				       .scopes = scopes };
	struct sc_warnings warnings = { 0 };
	struct sc_edges edges = { 0 };
	struct sc_error err;

	if (!images || !folders || !scopes || !group)
		abort();
	for (size_t i = 0; i < n; i++)
		sc_image_find(spec->containers.v[i].image, &images[i]);
	if (sc_peers_find(&spec->containers, images, a, &edges, &err) < 0)
		return;
	if (sc_mounts_shared(&mounts, a, &err) < 0 ||
	    sc_mounts_group(&mounts, a, group, &err) < 0)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct sc_needs needs = { 0 };

		check_name(spec->containers.v[i].name, a);
		if (group[i] > i ||
		    sc_needs_find(&spec->containers, i, &images[i], &edges, a,
				  &needs, &err) < 0 ||
		    sc_mounts_find(&mounts, i, a, &needs, &warnings, &err) < 0)
			abort();
		for (size_t k = 0; k < needs.n; k++)
			if (needs.v[k].last < needs.v[k].port)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { .limit = 64 << 20 };
	struct sc_spec spec = { 0 };
	struct sc_error err;

	if (sc_spec_read((struct sc_str){ (const char *)data, size },
			 SC_STR("fuzz"), NULL, &arena, &spec, &err) == 0)
		check_needs(&spec, &arena);
	return 0;
}
