#include "spec/show.h"

#include "base/member.h"
#include "base/safe.h"

#include <inttypes.h>

static const char *const format_names[] = {
	[SC_FORMAT_PODMAN] = "podman inspect",
	[SC_FORMAT_DOCKER] = "docker inspect",
	[SC_FORMAT_COMPOSE] = "compose file",
};

static const char *const mount_names[] = {
	[SC_MOUNT_BIND] = "bind",
	[SC_MOUNT_VOLUME] = "volume",
	[SC_MOUNT_TMPFS] = "tmpfs",
	[SC_MOUNT_OTHER] = "other",
};

static const char *const relabel_names[] = {
	[SC_RELABEL_NONE] = "",
	[SC_RELABEL_SHARED] = "z",
	[SC_RELABEL_PRIVATE] = "Z",
};

static const char *const ns_names[] = {
	[SC_NS_PRIVATE] = "",
	[SC_NS_HOST] = "host",
	[SC_NS_SHARED] = "shared",
};

const char *sc_proto_name(enum sc_proto proto)
{
	static const char *const names[] = {
		[SC_TCP] = "tcp", [SC_UDP] = "udp", [SC_SCTP] = "sctp"
	};

	return names[proto];
}

#define LABEL_WIDTH 14

/* Begin a line: "  mounts        ". */
static void begin(struct sc_buf *out, const char *label)
{
	sc_putf(out, "  %-*s", LABEL_WIDTH, label);
}

static void put_text(struct sc_buf *out, const char *label, struct sc_str text)
{
	if (text.n == 0)
		return;
	begin(out, label);
	sc_put_safe(out, text);
	sc_put(out, SC_STR("\n"));
}

static void put_place(struct sc_buf *out, const struct sc_place *place)
{
	sc_put(out, SC_STR("  ("));
	if (place->line)
		sc_putf(out, "line %" PRIu32, place->line);
	else
		sc_put_safe(out, place->path);
	sc_put(out, SC_STR(")\n"));
}

/* Names, and values where there are any, in one line. */
static void put_items(struct sc_buf *out, const char *label,
		      const struct sc_items *items, const char *between)
{
	if (items->n == 0)
		return;
	begin(out, label);
	for (size_t i = 0; i < items->n; i++) {
		if (i)
			sc_put(out, SC_STR(" "));
		sc_put_safe(out, items->v[i].name);
		if (items->v[i].value.n) {
			sc_putf(out, "%s", between);
			sc_put_safe(out, items->v[i].value);
		}
	}
	sc_put(out, SC_STR("\n"));
}

/* A line for each variable: a value may be long, or a secret to look for. */
static void put_env(struct sc_buf *out, const struct sc_items *env)
{
	for (size_t i = 0; i < env->n; i++) {
		begin(out, i ? "" : "environment");
		sc_put_safe(out, env->v[i].name);
		sc_put(out, SC_STR("="));
		sc_put_safe(out, env->v[i].value);
		sc_put(out, SC_STR("\n"));
	}
}

static void put_mounts(struct sc_buf *out, const struct sc_mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++) {
		const struct sc_mount *m = &mounts->v[i];

		begin(out, i ? "" : "mounts");
		sc_putf(out, "%s ", mount_names[m->kind]);
		if (m->source.n) {
			sc_put_safe(out, m->source);
			sc_put(out, SC_STR(" -> "));
		}
		sc_put_safe(out, m->target);
		if (m->read_only)
			sc_put(out, SC_STR(", read-only"));
		if (m->relabel != SC_RELABEL_NONE)
			sc_putf(out, ", %s", relabel_names[m->relabel]);
		put_place(out, &m->place);
	}
}

static void put_ports(struct sc_buf *out, const struct sc_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct sc_port *p = &ports->v[i];

		begin(out, i ? "" : "ports");
		sc_putf(out, "%u", p->first);
		if (p->last != p->first)
			sc_putf(out, "-%u", p->last);
		sc_putf(out, "/%s", sc_proto_name(p->proto));
		if (!p->published)
			sc_put(out, SC_STR(", not published"));
		else if (p->host)
			sc_putf(out, ", published at %u", p->host);
		else
			sc_put(out, SC_STR(", published at any port"));
		put_place(out, &p->place);
	}
}

static void put_devices(struct sc_buf *out, const struct sc_devices *devices)
{
	for (size_t i = 0; i < devices->n; i++) {
		const struct sc_device *d = &devices->v[i];

		begin(out, i ? "" : "devices");
		sc_put_safe(out, d->host);
		sc_put(out, SC_STR(" -> "));
		sc_put_safe(out, d->container);
		if (d->perms.n) {
			sc_put(out, SC_STR(", "));
			sc_put_safe(out, d->perms);
		}
		put_place(out, &d->place);
	}
}

struct flag {
	const char *name;
	bool is_on;
};

static void put_flags(struct sc_buf *out, const struct sc_container *c)
{
	const struct flag flags[] = {
		{ "privileged", c->privileged },
		{ "label=disable", c->label_disabled },
		{ "read-only root", c->read_only_root },
		{ "no new privileges", c->no_new_privs },
		{ "init", c->init },
		{ "systemd", c->systemd },
		{ "no network", c->no_network },
		{ "own user ids", c->mapped_users },
	};
	const char *between = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!flags[i].is_on)
			continue;
		if (!*between)
			begin(out, "flags");
		sc_putf(out, "%s%s", between, flags[i].name);
		between = ", ";
	}
	if (*between)
		sc_put(out, SC_STR("\n"));
}

static void put_namespaces(struct sc_buf *out, const struct sc_container *c)
{
	const struct {
		const char *name;
		enum sc_ns ns;
	} all[] = {
		{ "network", c->net },
		{ "pid", c->pid },
		{ "ipc", c->ipc },
		{ "user", c->userns },
	};
	const char *between = "";

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].ns == SC_NS_PRIVATE)
			continue;
		if (!*between)
			begin(out, "namespaces");
		sc_putf(out, "%s%s %s", between, all[i].name,
			ns_names[all[i].ns]);
		between = ", ";
	}
	if (*between)
		sc_put(out, SC_STR("\n"));
}

static void put_container(struct sc_buf *out, const struct sc_container *c)
{
	sc_put(out, SC_STR("\n"));
	sc_put_safe(out, c->name);
	put_place(out, &c->place);
	put_text(out, "id", c->id);
	put_text(out, "image", c->image);
	put_text(out, "project", c->project);
	put_text(out, "label type", c->label_type);
	put_text(out, "label level", c->label_level);
	put_text(out, "process label", c->process_label);
	put_text(out, "mount label", c->mount_label);
	put_text(out, "user", c->user);
	put_flags(out, c);
	put_namespaces(out, c);
	put_mounts(out, &c->mounts);
	put_ports(out, &c->ports);
	put_devices(out, &c->devices);
	put_items(out, "caps added", &c->cap_add, "");
	put_items(out, "caps dropped", &c->cap_drop, "");
	if (c->caps_known && c->caps.n == 0)
		put_text(out, "capabilities", SC_STR("none"));
	put_items(out, "capabilities", &c->caps, "");
	put_items(out, "depends on", &c->depends_on, "");
	put_items(out, "links", &c->links, ":");
	put_items(out, "networks", &c->networks, "");
	put_items(out, "aliases", &c->aliases, "");
	put_items(out, "profiles", &c->profiles, "");
	put_items(out, "command", &c->command, "");
	put_items(out, "health check", &c->health, "");
	put_env(out, &c->env);
}

void sc_spec_put(const struct sc_spec *spec, struct sc_buf *out)
{
	sc_put_safe(out, spec->file);
	sc_putf(out, ": %s", format_names[spec->format]);
	if (spec->project.n) {
		sc_put(out, SC_STR(", project "));
		sc_put_safe(out, spec->project);
	}
	sc_putf(out, ", %zu container%s\n", spec->containers.n,
		spec->containers.n == 1 ? "" : "s");
	for (size_t i = 0; i < spec->containers.n; i++)
		put_container(out, &spec->containers.v[i]);
	if (spec->notes.n)
		sc_put(out, SC_STR("\nnotes\n"));
	for (size_t i = 0; i < spec->notes.n; i++) {
		sc_put(out, SC_STR("  "));
		sc_put_safe(out, spec->notes.v[i].text);
		put_place(out, &spec->notes.v[i].place);
	}
}

/* JSON: every key of a kind is always there, so that a reader need not ask. */

static void key(struct sc_buf *out, const char *name)
{
	sc_putf(out, ",\"%s\":", name);
}

static void json_place(struct sc_buf *out, const struct sc_place *place)
{
	sc_member_text(out, "path", place->path);
	sc_member_number(out, "line", place->line);
}

static void json_names(struct sc_buf *out, const char *name,
		       const struct sc_items *items)
{
	key(out, name);
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < items->n; i++) {
		if (i)
			sc_put(out, SC_STR(","));
		sc_put_json(out, items->v[i].name);
	}
	sc_put(out, SC_STR("]"));
}

static void json_pairs(struct sc_buf *out, const char *name,
		       const struct sc_items *items)
{
	key(out, name);
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < items->n; i++) {
		sc_put(out, i ? SC_STR(",{\"name\":") : SC_STR("{\"name\":"));
		sc_put_json(out, items->v[i].name);
		sc_member_text(out, "value", items->v[i].value);
		sc_put(out, SC_STR("}"));
	}
	sc_put(out, SC_STR("]"));
}

static void json_mounts(struct sc_buf *out, const struct sc_mounts *mounts)
{
	key(out, "mounts");
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < mounts->n; i++) {
		const struct sc_mount *m = &mounts->v[i];

		sc_putf(out, "%s{\"kind\":\"%s\"", i ? "," : "",
			mount_names[m->kind]);
		sc_member_text(out, "source", m->source);
		sc_member_text(out, "target", m->target);
		sc_member_bool(out, "read_only", m->read_only);
		sc_putf(out, ",\"relabel\":\"%s\"", relabel_names[m->relabel]);
		json_place(out, &m->place);
		sc_put(out, SC_STR("}"));
	}
	sc_put(out, SC_STR("]"));
}

static void json_ports(struct sc_buf *out, const struct sc_ports *ports)
{
	key(out, "ports");
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < ports->n; i++) {
		const struct sc_port *p = &ports->v[i];

		sc_putf(out,
			"%s{\"proto\":\"%s\",\"first\":%u,\"last\":%u,"
			"\"host\":%u",
			i ? "," : "", sc_proto_name(p->proto), p->first,
			p->last, p->host);
		sc_member_bool(out, "published", p->published);
		json_place(out, &p->place);
		sc_put(out, SC_STR("}"));
	}
	sc_put(out, SC_STR("]"));
}

static void json_devices(struct sc_buf *out, const struct sc_devices *devices)
{
	key(out, "devices");
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < devices->n; i++) {
		const struct sc_device *d = &devices->v[i];

		sc_put(out, i ? SC_STR(",{\"host\":") : SC_STR("{\"host\":"));
		sc_put_json(out, d->host);
		sc_member_text(out, "container", d->container);
		sc_member_text(out, "perms", d->perms);
		json_place(out, &d->place);
		sc_put(out, SC_STR("}"));
	}
	sc_put(out, SC_STR("]"));
}

static void json_flags(struct sc_buf *out, const struct sc_container *c)
{
	sc_member_bool(out, "label_disabled", c->label_disabled);
	sc_member_bool(out, "privileged", c->privileged);
	sc_member_bool(out, "init", c->init);
	sc_member_bool(out, "systemd", c->systemd);
	sc_member_bool(out, "read_only_root", c->read_only_root);
	sc_member_bool(out, "no_new_privs", c->no_new_privs);
	sc_member_bool(out, "no_network", c->no_network);
	sc_member_bool(out, "mapped_users", c->mapped_users);
	sc_putf(out,
		",\"net\":\"%s\",\"pid\":\"%s\",\"ipc\":\"%s\","
		"\"userns\":\"%s\"",
		ns_names[c->net], ns_names[c->pid], ns_names[c->ipc],
		ns_names[c->userns]);
}

static void json_container(struct sc_buf *out, const struct sc_spec *spec,
			   const struct sc_container *c)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"container\""));
	sc_member_text(out, "file", spec->file);
	sc_member_text(out, "name", c->name);
	json_place(out, &c->place);
	sc_member_text(out, "id", c->id);
	sc_member_text(out, "image", c->image);
	sc_member_text(out, "project", c->project);
	sc_member_text(out, "label_type", c->label_type);
	sc_member_text(out, "label_level", c->label_level);
	sc_member_text(out, "process_label", c->process_label);
	sc_member_text(out, "mount_label", c->mount_label);
	sc_member_text(out, "user", c->user);
	json_flags(out, c);
	json_mounts(out, &c->mounts);
	json_ports(out, &c->ports);
	json_devices(out, &c->devices);
	json_names(out, "cap_add", &c->cap_add);
	json_names(out, "cap_drop", &c->cap_drop);
	sc_member_bool(out, "caps_known", c->caps_known);
	json_names(out, "caps", &c->caps);
	json_pairs(out, "env", &c->env);
	json_names(out, "depends_on", &c->depends_on);
	json_pairs(out, "links", &c->links);
	json_names(out, "networks", &c->networks);
	json_names(out, "aliases", &c->aliases);
	json_names(out, "profiles", &c->profiles);
	json_names(out, "command", &c->command);
	json_names(out, "health", &c->health);
	sc_put(out, SC_STR("}\n"));
}

void sc_spec_put_json(const struct sc_spec *spec, struct sc_buf *out)
{
	for (size_t i = 0; i < spec->containers.n; i++)
		json_container(out, spec, &spec->containers.v[i]);
	for (size_t i = 0; i < spec->notes.n; i++) {
		sc_put(out, SC_STR("{\"v\":1,\"kind\":\"note\""));
		sc_member_text(out, "file", spec->file);
		sc_member_text(out, "text", spec->notes.v[i].text);
		json_place(out, &spec->notes.v[i].place);
		sc_put(out, SC_STR("}\n"));
	}
}
