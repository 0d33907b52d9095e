#include "rules/capability.h"

#include "base/table.h"
#include "rules/mention.h"

#define CAPABILITY2_FIRST 32
#define ALL (((uint64_t)1 << SC_CAPABILITIES) - 1)

/* Docker's 14; Podman gives eleven of them. */
#define ENGINE_DEFAULT                                                 \
	"chown dac_override fowner fsetid kill setgid setuid setpcap " \
	"net_bind_service net_raw sys_chroot mknod audit_write setfcap"

int sc_capability_find(struct sc_str name)
{
	for (int i = 0; i < SC_CAPABILITIES; i++)
		if (sc_same_host(name, sc_capability_word((unsigned)i)))
			return i;
	return -1;
}

const char *sc_capability_class(int number, bool userns)
{
	if (number < CAPABILITY2_FIRST)
		return userns ? "cap_userns" : "capability";
	return userns ? "cap2_userns" : "capability2";
}

uint64_t sc_capabilities_read(struct sc_str list)
{
	struct sc_str word;
	uint64_t set = 0;

	while (sc_take_word(&list, &word)) {
		int number = sc_capability_find(word);

		if (number >= 0)
			set |= (uint64_t)1 << number;
	}
	return set;
}

static uint64_t read_items(const struct sc_items *items)
{
	uint64_t set = 0;

	for (size_t i = 0; i < items->n; i++) {
		int number = sc_capability_find(items->v[i].name);

		if (number >= 0)
			set |= (uint64_t)1 << number;
		else if (sc_same_host(items->v[i].name, SC_STR("ALL")))
			set = ALL;
	}
	return set;
}

bool sc_starts_as_root(const struct sc_container *c)
{
	struct sc_str user = c->user, name;

	if (!sc_take_until(&user, ':', &name))
		name = c->user;
	return name.n == 0 || sc_str_eq(name, SC_STR("0")) ||
	       sc_str_eq(name, SC_STR("root"));
}

bool sc_has_userns(const struct sc_container *c)
{
	return c->mapped_users;
}

uint64_t sc_capabilities_of(const struct sc_container *c)
{
	uint64_t set = sc_capabilities_read(SC_STR(ENGINE_DEFAULT));
	uint64_t add = read_items(&c->cap_add);
	uint64_t drop = read_items(&c->cap_drop);

	if (c->privileged)
		return ALL;
	if (c->caps_known && c->caps.n)
		return read_items(&c->caps);
	/* A user other than root starts with what is added, and no more. */
	if (!sc_starts_as_root(c))
		return add & ~drop;
	if (drop == ALL)
		return add == ALL ? 0 : add;
	return (set | add) & ~drop;
}
