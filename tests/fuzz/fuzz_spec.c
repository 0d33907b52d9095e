#include "base/clean.h"
#include "base/vec.h"
#include "spec/patch.h"
#include "spec/read.h"
#include "spec/show.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

SC_VECTOR(patches, struct sc_patch);

static void make_patch(struct sc_arena *a, const struct sc_container *c,
		       struct sc_patch *out)
{
	struct sc_mounts mounts = { 0 };

	for (size_t i = 0; i < c->mounts.n; i++) {
		struct sc_mount m = c->mounts.v[i];

		if (m.kind > SC_MOUNT_VOLUME || m.source.n == 0 ||
		    m.source.s[0] == '/')
			continue;
		m.relabel = SC_RELABEL_PRIVATE;
		if (!SC_PUSH(a, &mounts, m))
			abort();
	}
	*out = (struct sc_patch){ c->name, SC_STR("fuzz_a.process"),
				  SC_STR("s0:c1,c2"), mounts.v, mounts.n };
}

/* No byte that a terminal obeys but the line breaks that we put there. */
static void check_shown(const struct sc_spec *spec)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 }, json = { 0 };

	sc_spec_put(spec, &text);
	sc_spec_put_json(spec, &json);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.s[i] < ' ' && text.s[i] != '\n')
			abort();
	for (size_t i = 0; i < json.n; i++)
		if ((unsigned char)json.s[i] < ' ' && json.s[i] != '\n')
			abort();
}

/* What was patched says so, says the rest as before, and stays as it is. */
static void check_patched(const struct sc_spec *old, struct sc_str text,
			  const struct patches *patches, struct sc_arena *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf again = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec new;

	if (sc_spec_read(text, SC_STR("f"), NULL, a, &new, &err) < 0 ||
	    new.containers.n != old->containers.n)
		abort();
	for (size_t i = 0; i < new.containers.n; i++) {
		const struct sc_container *c = &new.containers.v[i];
		const struct sc_container *was = &old->containers.v[i];

		if (!sc_str_eq(c->label_type, SC_STR("fuzz_a.process")) ||
		    !sc_str_eq(c->label_level, SC_STR("s0:c1,c2")) ||
		    c->label_disabled || c->mounts.n != was->mounts.n ||
		    c->ports.n != was->ports.n || c->env.n != was->env.n ||
		    c->privileged != was->privileged ||
		    c->no_new_privs != was->no_new_privs)
			abort();
	}
	if (sc_spec_patch(text, patches->v, patches->n, a, &again, &err) < 0 ||
	    again.n != text.n || memcmp(again.s, text.s, text.n) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_str text = { (const char *)data, size };
	struct patches patches = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec spec;

	if (sc_spec_read(text, SC_STR("f"), NULL, &a, &spec, &err) < 0) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	check_shown(&spec);
	if (spec.format != SC_FORMAT_COMPOSE)
		return 0;
	for (size_t i = 0; i < spec.containers.n; i++) {
		struct sc_patch patch;

		make_patch(&a, &spec.containers.v[i], &patch);
		if (!SC_PUSH(&a, &patches, patch))
			abort();
	}
	if (sc_spec_patch(text, patches.v, patches.n, &a, &out, &err) < 0)
		return 0;
	check_patched(&spec, (struct sc_str){ out.s, out.n }, &patches, &a);
	return 0;
}
