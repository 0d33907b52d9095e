#include "spec/inspect.h"

#include "base/hex.h"

/*
 * podman inspect (3 to 5) and docker inspect: arrays of containers that agree
 * in most names. Keys that are missing or null mean empty or false, as both
 * engines leave them out or write null as they please.
 */

static const struct sc_str nothing = { "", 0 };

static bool is_podman(const struct sc_doc_node *node)
{
	return sc_doc_get(node, "ImageName") ||
	       sc_doc_get(node, "OCIRuntime") ||
	       sc_doc_get(node, "EffectiveCaps");
}

/* The value of "NAME=value"; empty without one. */
static struct sc_str cut_value(struct sc_str *text)
{
	struct sc_str name, value = *text;

	if (!sc_take_until(&value, '=', &name))
		return nothing;
	*text = name;
	return value;
}

static int read_env(struct sc_reader *r, const struct sc_doc_node *config,
		    struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(config, "Env");

	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_reader_wrong(r, list, "a list");
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		struct sc_str name, value;
		int e = sc_reader_text(r, one, &name);

		if (e < 0)
			return e;
		if (e == 0)
			continue;
		value = cut_value(&name);
		e = sc_reader_item(r, &c->env, name, value, one);
		if (e < 0)
			return e;
	}
	return 0;
}

/* Words: an array, or (podman 4, entrypoint only) a string joined by spaces. */
static int read_words(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_items *items)
{
	struct sc_str text;
	int e;

	if (sc_doc_is(node, SC_DOC_LIST) || !sc_doc_is_scalar(node))
		return sc_reader_strings(r, node, items);
	e = sc_reader_text(r, node, &text);
	return e <= 0 ? e : sc_option_words(r, node, text, items);
}

/* Both engines name a volume that was given no name with 64 hex digits. */
static bool is_anonymous(struct sc_str name)
{
	return name.n == 64 && sc_hex_length(name) == 64;
}

static int read_mount_kind(struct sc_reader *r, const struct sc_doc_node *node,
			   struct sc_mount *m)
{
	struct sc_str type = nothing;

	if (sc_inspect_text(r, node, "Type", &type) < 0 ||
	    sc_inspect_text(r, node, "Source", &m->source) < 0)
		return (int)r->err->code;
	m->kind = SC_MOUNT_OTHER;
	if (sc_str_eq(type, SC_STR("bind"))) {
		m->kind = SC_MOUNT_BIND;
	} else if (sc_str_eq(type, SC_STR("tmpfs"))) {
		m->kind = SC_MOUNT_TMPFS;
		m->source = nothing;
	} else if (sc_str_eq(type, SC_STR("volume"))) {
		m->kind = SC_MOUNT_VOLUME;
		m->source = nothing;
		if (sc_inspect_text(r, node, "Name", &m->source) < 0)
			return (int)r->err->code;
		if (is_anonymous(m->source))
			m->source = nothing;
	}
	return 0;
}

static int read_mount(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	const struct sc_doc_node *rw = sc_doc_get(node, "RW");
	const struct sc_doc_node *options = sc_doc_get(node, "Options");
	struct sc_mount m = { .read_only = true };
	struct sc_str mode = nothing;
	bool can_write = false;

	if (node->kind != SC_DOC_MAP)
		return sc_reader_wrong(r, node, "a mount");
	if (read_mount_kind(r, node, &m) < 0 ||
	    sc_inspect_text(r, node, "Destination", &m.target) < 0 ||
	    sc_inspect_text(r, node, "Mode", &mode) < 0 ||
	    sc_reader_place(r, node, &m.place) < 0)
		return (int)r->err->code;
	sc_option_mount(mode, &m);
	if (sc_doc_is(options, SC_DOC_LIST))
		for (const struct sc_doc_node *one = options->first; one;
		     one = one->next)
			if (sc_doc_is_scalar(one))
				sc_option_mount(one->text, &m);
	/* what they say is often nothing; RW is what the engine did */
	if (rw && sc_reader_bool(r, rw, &can_write) < 0)
		return (int)r->err->code;
	if (sc_doc_is_scalar(rw))
		m.read_only = !can_write;
	return sc_reader_mount(r, c, m);
}

static int read_tmpfs(struct sc_reader *r, const struct sc_doc_node *map,
		      struct sc_container *c)
{
	if (!sc_doc_is(map, SC_DOC_MAP))
		return sc_reader_wrong(r, map, "a mapping");
	for (const struct sc_doc_node *one = map->first; one; one = one->next) {
		struct sc_mount m = { .kind = SC_MOUNT_TMPFS,
				      .source = nothing,
				      .target = one->key };
		struct sc_str words = nothing;

		if (sc_reader_text(r, one, &words) < 0 ||
		    sc_reader_place(r, one, &m.place) < 0)
			return (int)r->err->code;
		sc_option_mount(words, &m);
		if (sc_reader_mount(r, c, m) < 0)
			return (int)r->err->code;
	}
	return 0;
}

static int read_mounts(struct sc_reader *r, const struct sc_doc_node *node,
		       const struct sc_doc_node *host, struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(node, "Mounts");

	if (!sc_doc_is(list, SC_DOC_LIST)) {
		if (sc_reader_wrong(r, list, "a list") < 0)
			return (int)r->err->code;
	} else {
		for (const struct sc_doc_node *one = list->first; one;
		     one = one->next)
			if (read_mount(r, one, c) < 0)
				return (int)r->err->code;
	}
	return read_tmpfs(r, sc_doc_get(host, "Tmpfs"), c);
}

static int read_devices(struct sc_reader *r, const struct sc_doc_node *host,
			struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(host, "Devices");

	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_reader_wrong(r, list, "a list");
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		struct sc_device d = { .host = nothing,
				       .container = nothing,
				       .perms = nothing };

		if (sc_inspect_text(r, one, "PathOnHost", &d.host) < 0 ||
		    sc_inspect_text(r, one, "PathInContainer", &d.container) <
			    0 ||
		    sc_inspect_text(r, one, "CgroupPermissions", &d.perms) <
			    0 ||
		    sc_reader_place(r, one, &d.place) < 0 ||
		    sc_reader_device(r, c, d) < 0)
			return (int)r->err->code;
	}
	return 0;
}

static enum sc_ns namespace_of(struct sc_str mode)
{
	if (sc_str_eq(mode, SC_STR("host")))
		return SC_NS_HOST;
	if (sc_take_prefix(&mode, SC_STR("container:")) ||
	    sc_take_prefix(&mode, SC_STR("ns:")) ||
	    sc_str_eq(mode, SC_STR("pod")))
		return SC_NS_SHARED;
	return SC_NS_PRIVATE;
}

struct mode {
	const char *key;
	enum sc_ns *ns;
	struct sc_place *place;
};

static int read_modes(struct sc_reader *r, const struct sc_doc_node *host,
		      struct sc_container *c)
{
	struct sc_place unused;
	const struct sc_doc_node *ids;
	const struct mode modes[] = {
		{ "NetworkMode", &c->net, &c->net_place },
		{ "PidMode", &c->pid, &c->pid_place },
		{ "IpcMode", &c->ipc, &c->ipc_place },
		{ "UsernsMode", &c->userns, &unused },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const struct sc_doc_node *node = sc_doc_get(host, modes[i].key);
		struct sc_str mode;
		int e = sc_reader_text(r, node, &mode);

		if (e < 0)
			return e;
		if (e == 0 || mode.n == 0)
			continue;
		*modes[i].ns = namespace_of(mode);
		if (modes[i].ns == &c->net)
			c->no_network = sc_str_eq(mode, SC_STR("none"));
		if (modes[i].ns == &c->userns)
			c->mapped_users |= c->userns == SC_NS_PRIVATE;
		e = sc_reader_place(r, node, modes[i].place);
		if (e < 0)
			return e;
	}
	/* Of --userns=auto, podman tells the result alone. */
	ids = sc_doc_get(sc_doc_get(host, "IDMappings"), "UidMap");
	if (sc_doc_is(ids, SC_DOC_LIST) && ids->first)
		c->mapped_users = true;
	return 0;
}

/*
 * podman 4 says "shareable" for --ipc=host, so look at the command that made
 * the container. What follows the image there is the container's own.
 */
static int read_created_ipc(struct sc_reader *r,
			    const struct sc_doc_node *config,
			    struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(config, "CreateCommand");
	const struct sc_doc_node *one =
		sc_doc_is(list, SC_DOC_LIST) ? list->first : NULL;

	for (; one && !sc_str_eq(one->text, c->image); one = one->next) {
		bool is_host =
			sc_str_eq(one->text, SC_STR("--ipc=host")) ||
			(sc_str_eq(one->text, SC_STR("--ipc")) && one->next &&
			 sc_str_eq(one->next->text, SC_STR("host")));

		if (!is_host || c->ipc != SC_NS_PRIVATE)
			continue;
		c->ipc = SC_NS_HOST;
		return sc_reader_place(r, one, &c->ipc_place);
	}
	return 0;
}

static int read_security(struct sc_reader *r, const struct sc_doc_node *host,
			 struct sc_container *c)
{
	const struct sc_doc_node *list = sc_doc_get(host, "SecurityOpt");

	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_reader_wrong(r, list, "a list");
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		struct sc_str text = nothing, option;
		int e = sc_reader_text(r, one, &text);

		if (e < 0)
			return e;
		while (sc_option_take_security(&text, &option))
			if (sc_option_add_security(r, c, option, one) < 0)
				return (int)r->err->code;
	}
	return 0;
}

static int read_caps(struct sc_reader *r, const struct sc_doc_node *node,
		     const struct sc_doc_node *host, struct sc_container *c)
{
	const struct sc_doc_node *effective = sc_doc_get(node, "EffectiveCaps");
	const struct sc_doc_node *bounding = sc_doc_get(node, "BoundingCaps");

	if (sc_option_caps(r, sc_doc_get(host, "CapAdd"), &c->cap_add) < 0 ||
	    sc_option_caps(r, sc_doc_get(host, "CapDrop"), &c->cap_drop) < 0)
		return (int)r->err->code;
	if (!is_podman(node))
		return sc_option_docker_caps(r, c, node);
	if (sc_option_caps(r, effective, &c->caps) < 0)
		return (int)r->err->code;
	c->caps_known = effective != NULL;
	if (!effective || c->caps.n || c->no_new_privs ||
	    !sc_doc_is(bounding, SC_DOC_LIST) || !bounding->first)
		return 0;
	return sc_reader_note(r, effective,
			      "it starts without capabilities, but a setuid "
			      "program in it could still get those of "
			      "BoundingCaps");
}

static int read_names(struct sc_reader *r, const struct sc_doc_node *node,
		      const struct sc_doc_node *config, struct sc_container *c)
{
	const struct sc_doc_node *labels = sc_doc_get(config, "Labels");
	const struct sc_doc_node *name_node = sc_doc_get(node, "Name");
	struct sc_str name = nothing, host = nothing;

	if (sc_inspect_text(r, node, "Id", &c->id) < 0 ||
	    sc_inspect_text(r, node, "Name", &name) < 0 ||
	    sc_inspect_text(r, config, "Hostname", &host) < 0 ||
	    sc_inspect_text(r, config, "Image", &c->image) < 0 ||
	    sc_inspect_text(r, node, "ImageName", &c->image) < 0 ||
	    sc_inspect_text(r, labels, "io.podman.compose.project",
			    &c->project) < 0 ||
	    sc_inspect_text(r, labels, "com.docker.compose.project",
			    &c->project) < 0)
		return (int)r->err->code;
	sc_take_prefix(&name, SC_STR("/"));
	c->name = name;
	if (c->project.n &&
	    sc_inspect_text(r, labels, "com.docker.compose.service", &c->name) <
		    0)
		return (int)r->err->code;
	if (name_node && sc_inspect_alias(r, c, name, name_node) < 0)
		return (int)r->err->code;
	if (sc_inspect_alias(r, c, host, node) < 0)
		return (int)r->err->code;
	return sc_inspect_depends_on(r, labels, c);
}

/* Where podman without root keeps what runs. Its containers are all in a user
 * namespace, and nothing else here says so. */
static bool is_users(struct sc_str path)
{
	return sc_take_prefix(&path, SC_STR("/run/user/")) ||
	       sc_take_prefix(&path, SC_STR("/tmp/podman-run-")) ||
	       sc_take_prefix(&path, SC_STR("/tmp/containers-user-"));
}

static int read_flags(struct sc_reader *r, const struct sc_doc_node *node,
		      const struct sc_doc_node *config,
		      const struct sc_doc_node *host, struct sc_container *c)
{
	const struct sc_doc_node *notes = sc_doc_get(config, "Annotations");
	const struct sc_doc_node *ids = sc_doc_get(host, "IDMappings");
	const struct sc_doc_node *uids = sc_doc_get(ids, "UidMap");
	const struct sc_doc_node *privileged = sc_doc_get(host, "Privileged");
	struct sc_str pid_file = nothing;

	if (sc_inspect_bool(r, host, "Privileged", &c->privileged) < 0 ||
	    sc_inspect_bool(r, host, "ReadonlyRootfs", &c->read_only_root) <
		    0 ||
	    sc_inspect_bool(r, notes, "io.podman.annotations.init", &c->init) <
		    0 ||
	    sc_inspect_bool(r, host, "Init", &c->init) < 0 ||
	    sc_inspect_bool(r, config, "SystemdMode", &c->systemd) < 0)
		return (int)r->err->code;
	/* --userns=auto shows nowhere else before the first start */
	c->mapped_users |= sc_doc_is(uids, SC_DOC_LIST) && uids->n;
	if (sc_inspect_text(r, node, "ConmonPidFile", &pid_file) < 0)
		return (int)r->err->code;
	c->mapped_users |= is_users(pid_file);
	return privileged ? sc_reader_place(r, privileged, &c->privileged_place)
			  : 0;
}

static int read_words_of(struct sc_reader *r, const struct sc_doc_node *config,
			 struct sc_container *c)
{
	const struct sc_doc_node *health = sc_doc_get(config, "Healthcheck");

	if (read_words(r, sc_doc_get(config, "Entrypoint"), &c->command) < 0 ||
	    read_words(r, sc_doc_get(config, "Cmd"), &c->command) < 0 ||
	    sc_option_health(r, sc_doc_get(health, "Test"), &c->health) < 0)
		return (int)r->err->code;
	return 0;
}

/* What opens a container and has no place in the model. */
static int note_the_rest(struct sc_reader *r, const struct sc_doc_node *node,
			 const struct sc_doc_node *host)
{
	static const char *const keys[] = { "DeviceRequests",
					    "DeviceCgroupRules",
					    "VolumesFrom" };
	bool is_infra = false;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct sc_doc_node *one = sc_doc_get(host, keys[i]);

		if (one && one->n &&
		    sc_reader_note(r, one, "%s is not looked at", keys[i]) < 0)
			return (int)r->err->code;
	}
	if (sc_inspect_bool(r, node, "IsInfra", &is_infra) < 0)
		return (int)r->err->code;
	return is_infra ? sc_reader_note(r, node,
					 "this is the infra container of a "
					 "pod, which only holds its ports")
			: 0;
}

static int read_container(struct sc_reader *r, const struct sc_doc_node *node)
{
	const struct sc_doc_node *config = sc_doc_get(node, "Config");
	const struct sc_doc_node *host = sc_doc_get(node, "HostConfig");
	struct sc_container *c;

	if (!sc_doc_is(config, SC_DOC_MAP) || !sc_doc_is(host, SC_DOC_MAP))
		return sc_reader_fail(r, node, SC_ESYNTAX,
				      "no container: it has no Config and "
				      "HostConfig");
	if (sc_reader_container(r, node, &c) < 0 ||
	    read_names(r, node, config, c) < 0 ||
	    sc_inspect_text(r, config, "User", &c->user) < 0 ||
	    sc_inspect_text(r, node, "ProcessLabel", &c->process_label) < 0 ||
	    sc_inspect_text(r, node, "MountLabel", &c->mount_label) < 0 ||
	    read_flags(r, node, config, host, c) < 0 ||
	    read_modes(r, host, c) < 0 || read_created_ipc(r, config, c) < 0 ||
	    read_security(r, host, c) < 0 || read_caps(r, node, host, c) < 0 ||
	    read_mounts(r, node, host, c) < 0 ||
	    sc_inspect_ports(r, node, host, c) < 0 ||
	    read_devices(r, host, c) < 0 || read_env(r, config, c) < 0 ||
	    sc_inspect_links(r, host, c) < 0 ||
	    sc_inspect_networks(r, node, c) < 0 ||
	    read_words_of(r, config, c) < 0 || note_the_rest(r, node, host) < 0)
		return (int)r->err->code;
	return 0;
}

int sc_inspect_read(struct sc_reader *r, const struct sc_doc_node *root)
{
	const struct sc_doc_node *one =
		root->kind == SC_DOC_LIST ? root->first : root;

	r->spec->format = is_podman(one) ? SC_FORMAT_PODMAN : SC_FORMAT_DOCKER;
	for (; one; one = one->next) {
		int e = read_container(r, one);

		if (e < 0)
			return e;
	}
	return 0;
}
