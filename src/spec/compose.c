#include "spec/compose.h"

/*
 * Compose files, by the specification at compose-spec.io, but more tolerant:
 * what we need not know to write a policy may be missing, unknown or odd, and
 * is noted at most. What changes which containers there are is never passed
 * over: that is refused until it is read.
 */

static const struct sc_str nothing = { "", 0 };

int sc_compose_each(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_container *c, sc_compose_read_key *read_map,
		    sc_compose_read_key *read_other)
{
	int e = 0;

	if (!sc_doc_is(node, SC_DOC_LIST))
		return sc_reader_wrong(r, node, "a list");
	for (const struct sc_doc_node *one = node->first; one && e >= 0;
	     one = one->next)
		e = one->kind == SC_DOC_MAP ? read_map(r, one, c)
					    : read_other(r, one, c);
	return e;
}

static int read_text(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_str *out)
{
	int e = sc_reader_text(r, node, out);

	return e < 0 ? e : 0;
}

static int read_image(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	return read_text(r, node, &c->image);
}

static int read_user(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	return read_text(r, node, &c->user);
}

/* What is no number is the engine's to refuse. */
static int read_scale(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	struct sc_str text;
	uint64_t n;
	int e = sc_reader_text(r, node, &text);

	if (e <= 0 || !sc_take_u64(&text, &n) || text.n)
		return e < 0 ? e : 0;
	c->replicas = n;
	return sc_reader_place(r, node, &c->replicas_place);
}

static int read_deploy(struct sc_reader *r, const struct sc_doc_node *node,
		       struct sc_container *c)
{
	const struct sc_doc_node *n = NULL;

	if (sc_doc_is(node, SC_DOC_MAP))
		n = sc_doc_get(node, "replicas");
	return n ? read_scale(r, n, c) : 0;
}

static int read_privileged(struct sc_reader *r, const struct sc_doc_node *node,
			   struct sc_container *c)
{
	int e = sc_reader_bool(r, node, &c->privileged);

	return e < 0 ? e : sc_reader_place(r, node, &c->privileged_place);
}

static int read_init(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	int e = sc_reader_bool(r, node, &c->init);

	return e < 0 ? e : 0;
}

static int read_read_only(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	int e = sc_reader_bool(r, node, &c->read_only_root);

	return e < 0 ? e : 0;
}

static int read_cap_add(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container *c)
{
	return sc_option_caps(r, node, &c->cap_add);
}

static int read_cap_drop(struct sc_reader *r, const struct sc_doc_node *node,
			 struct sc_container *c)
{
	return sc_option_caps(r, node, &c->cap_drop);
}

static int read_profiles(struct sc_reader *r, const struct sc_doc_node *node,
			 struct sc_container *c)
{
	return sc_reader_strings(r, node, &c->profiles);
}

/* The mistakes that people make with labels, each told with its cure. */
static int read_security_opt(struct sc_reader *r,
			     const struct sc_doc_node *node,
			     struct sc_container *c)
{
	if (node->kind == SC_DOC_NULL)
		return 0;
	if (node->kind != SC_DOC_LIST)
		return sc_reader_note(r, node,
				      "security_opt must be a list, and this "
				      "is %s: passed over; write "
				      "'- label=type:NAME'",
				      sc_doc_kind_name(node->kind));
	for (const struct sc_doc_node *one = node->first; one;
	     one = one->next) {
		struct sc_str text = nothing;
		int e;

		if (one->kind == SC_DOC_MAP)
			e = sc_reader_note(r, one,
					   "a mapping in security_opt: passed "
					   "over; write 'label=type:NAME' "
					   "without a space after the colon");
		else
			e = sc_reader_text(r, one, &text);
		if (e >= 0 && text.n)
			e = sc_option_add_security(r, c, text, one);
		if (e < 0)
			return e;
	}
	return 0;
}

/* One of "NAME=value", "NAME" (passed through), in a list. */
static int read_env_entry(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	struct sc_str value, name;
	int e = sc_reader_text(r, node, &value);

	if (e <= 0)
		return e;
	if (!sc_take_until(&value, '=', &name)) {
		name = value;
		value = nothing;
	}
	return sc_reader_item(r, &c->env, name, value, node);
}

static int read_environment(struct sc_reader *r, const struct sc_doc_node *node,
			    struct sc_container *c)
{
	if (!sc_doc_is(node, SC_DOC_LIST) && !sc_doc_is(node, SC_DOC_MAP))
		return sc_reader_wrong(r, node, "a list or a mapping");
	for (const struct sc_doc_node *one = node->first; one;
	     one = one->next) {
		struct sc_str value = nothing;
		int e;

		if (node->kind == SC_DOC_LIST) {
			e = read_env_entry(r, one, c);
		} else {
			e = read_text(r, one, &value);
			if (e >= 0)
				e = sc_reader_item(r, &c->env, one->key, value,
						   one);
		}
		if (e < 0)
			return e;
	}
	return 0;
}

static int read_words(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_items *items)
{
	struct sc_str text;
	int e;

	if (!sc_doc_is_scalar(node))
		return sc_reader_strings(r, node, items);
	e = sc_reader_text(r, node, &text);
	return e <= 0 ? e : sc_option_words(r, node, text, items);
}

static int read_healthcheck(struct sc_reader *r, const struct sc_doc_node *node,
			    struct sc_container *c)
{
	const struct sc_doc_node *off = sc_doc_get(node, "disable");
	bool is_off = false;

	if (!sc_doc_is(node, SC_DOC_MAP))
		return sc_reader_wrong(r, node, "a mapping");
	if (sc_reader_bool(r, off, &is_off) < 0)
		return (int)r->err->code;
	return is_off ? 0
		      : sc_option_health(r, sc_doc_get(node, "test"),
					 &c->health);
}

static int refuse_extends(struct sc_reader *r, const struct sc_doc_node *node,
			  struct sc_container *c)
{
	(void)c;
	return sc_reader_fail(r, node, SC_EREFUSED,
			      "'extends' is not read yet, and it changes what "
			      "the service is: give what 'docker compose "
			      "config' makes of the file");
}

/*
 * A key of a service: how it is read; or what to note of it, if it is known to
 * matter and not read; or neither, if it is of no matter to a policy.
 */
struct key {
	const char *name;
	sc_compose_read_key *read;
	const char *note;
};

/* Command and entrypoint are read apart: one goes before the other. */
static const struct key service_keys[] = {
	{ "annotations", NULL, NULL },
	{ "attach", NULL, NULL },
	{ "blkio_config", NULL, NULL },
	{ "build", NULL, NULL },
	{ "cap_add", read_cap_add, NULL },
	{ "cap_drop", read_cap_drop, NULL },
	{ "cgroup", NULL, NULL },
	{ "cgroup_parent", NULL, NULL },
	{ "command", NULL, NULL },
	{ "configs", NULL, "configs are mounted as files: not looked at" },
	{ "container_name", sc_compose_alias, NULL },
	{ "cpu_count", NULL, NULL },
	{ "cpu_percent", NULL, NULL },
	{ "cpu_period", NULL, NULL },
	{ "cpu_quota", NULL, NULL },
	{ "cpu_rt_period", NULL, NULL },
	{ "cpu_rt_runtime", NULL, NULL },
	{ "cpu_shares", NULL, NULL },
	{ "cpus", NULL, NULL },
	{ "cpuset", NULL, NULL },
	{ "credential_spec", NULL, NULL },
	{ "depends_on", sc_compose_depends_on, NULL },
	{ "deploy", read_deploy, NULL },
	{ "develop", NULL, NULL },
	{ "device_cgroup_rules", NULL,
	  "device_cgroup_rules open devices: not looked at" },
	{ "devices", sc_compose_devices, NULL },
	{ "dns", NULL, NULL },
	{ "dns_opt", NULL, NULL },
	{ "dns_search", NULL, NULL },
	{ "domainname", NULL, NULL },
	{ "entrypoint", NULL, NULL },
	{ "env_file", NULL,
	  "env_file is not read yet: peers that only it names are missed" },
	{ "environment", read_environment, NULL },
	{ "expose", sc_compose_expose, NULL },
	{ "extends", refuse_extends, NULL },
	{ "external_links", NULL,
	  "external_links name containers of other projects: not looked at" },
	{ "extra_hosts", NULL, NULL },
	{ "gpus", NULL, "gpus open devices: not looked at" },
	{ "group_add", NULL, NULL },
	{ "healthcheck", read_healthcheck, NULL },
	{ "hostname", sc_compose_alias, NULL },
	{ "image", read_image, NULL },
	{ "init", read_init, NULL },
	{ "ipc", sc_compose_ipc, NULL },
	{ "isolation", NULL, NULL },
	{ "label_file", NULL, NULL },
	{ "labels", NULL, NULL },
	{ "links", sc_compose_links, NULL },
	{ "logging", NULL, NULL },
	{ "mac_address", NULL, NULL },
	{ "mem_limit", NULL, NULL },
	{ "mem_reservation", NULL, NULL },
	{ "mem_swappiness", NULL, NULL },
	{ "memswap_limit", NULL, NULL },
	{ "models", NULL, NULL },
	{ "network_mode", sc_compose_network_mode, NULL },
	{ "networks", sc_compose_networks, NULL },
	{ "oom_kill_disable", NULL, NULL },
	{ "oom_score_adj", NULL, NULL },
	{ "pid", sc_compose_pid, NULL },
	{ "pids_limit", NULL, NULL },
	{ "platform", NULL, NULL },
	{ "ports", sc_compose_ports, NULL },
	{ "post_start", NULL,
	  "post_start runs more commands, maybe privileged: not looked at" },
	{ "pre_stop", NULL,
	  "pre_stop runs more commands, maybe privileged: not looked at" },
	{ "privileged", read_privileged, NULL },
	{ "profiles", read_profiles, NULL },
	{ "provider", NULL,
	  "a provider makes this service, not the engine: not looked at" },
	{ "pull_policy", NULL, NULL },
	{ "pull_refresh_after", NULL, NULL },
	{ "read_only", read_read_only, NULL },
	{ "restart", NULL, NULL },
	{ "runtime", NULL, NULL },
	{ "scale", read_scale, NULL },
	{ "secrets", NULL, "secrets are mounted as files: not looked at" },
	{ "security_opt", read_security_opt, NULL },
	{ "shm_size", NULL, NULL },
	{ "stdin_open", NULL, NULL },
	{ "stop_grace_period", NULL, NULL },
	{ "stop_signal", NULL, NULL },
	{ "storage_opt", NULL, NULL },
	{ "sysctls", NULL, NULL },
	{ "tmpfs", sc_compose_tmpfs, NULL },
	{ "tty", NULL, NULL },
	{ "ulimits", NULL, NULL },
	{ "use_api_socket", NULL,
	  "use_api_socket hands over the engine, which is root: not looked "
	  "at" },
	{ "user", read_user, NULL },
	{ "userns_mode", sc_compose_userns, NULL },
	{ "uts", NULL, NULL },
	{ "volume_driver", NULL, NULL },
	{ "volumes", sc_compose_volumes, NULL },
	{ "volumes_from", NULL,
	  "volumes_from mounts what another service has: not looked at" },
	{ "working_dir", NULL, NULL },
};

#define SERVICE_KEYS (sizeof(service_keys) / sizeof(service_keys[0]))

static bool is_extension(struct sc_str key)
{
	return sc_take_prefix(&key, SC_STR("x-"));
}

static const struct key *find_key(struct sc_str name)
{
	for (size_t i = 0; i < SERVICE_KEYS; i++)
		if (name.n == strlen(service_keys[i].name) &&
		    memcmp(name.s, service_keys[i].name, name.n) == 0)
			return &service_keys[i];
	return NULL;
}

static int note_unknown(struct sc_reader *r, const struct sc_doc_node *node)
{
	if (is_extension(node->key))
		return 0;
	return sc_reader_note(r, node,
			      "key '" SC_FMT "' is unknown: passed over",
			      SC_ARG(node->key));
}

static int read_service(struct sc_reader *r, const struct sc_doc_node *node)
{
	struct sc_container *c;
	int e;

	if (node->kind != SC_DOC_MAP)
		return sc_reader_fail(r, node, SC_ESYNTAX,
				      "service '" SC_FMT
				      "' must be a mapping, and this is %s",
				      SC_ARG(node->key),
				      sc_doc_kind_name(node->kind));
	e = sc_reader_container(r, node, &c);
	if (e < 0)
		return e;
	c->name = node->key;
	c->place.line = node->key_line;
	for (const struct sc_doc_node *one = node->first; one;
	     one = one->next) {
		const struct key *key = find_key(one->key);

		if (!key)
			e = note_unknown(r, one);
		else if (key->read)
			e = key->read(r, one, c);
		else if (key->note)
			e = sc_reader_note(r, one, "%s", key->note);
		if (e < 0)
			return e;
	}
	e = read_words(r, sc_doc_get(node, "entrypoint"), &c->command);
	return e < 0 ? e
		     : read_words(r, sc_doc_get(node, "command"), &c->command);
}

/*
 * Tags: "!reset" takes away what an earlier file said, and here there is but
 * one file. All others say how to read what is a string to us anyway.
 */
static int drop_reset(struct sc_reader *r, struct sc_doc_node *node)
{
	struct sc_doc_node **link = &node->first, *last = NULL;
	int e;

	node->n = 0;
	while (*link) {
		struct sc_doc_node *one = *link;

		if (sc_str_eq(one->tag, SC_STR("!reset"))) {
			e = sc_reader_note(r, one,
					   "'!reset': as if it were not there");
			*link = one->next;
		} else {
			e = drop_reset(r, one);
			one->index = node->n++;
			last = one;
			link = &one->next;
		}
		if (e < 0)
			return e;
	}
	node->last = last;
	return 0;
}

/* A named volume can stand for a folder of the host all the same. */
static int note_volumes(struct sc_reader *r, const struct sc_doc_node *map)
{
	if (!sc_doc_is(map, SC_DOC_MAP))
		return 0;
	for (const struct sc_doc_node *one = map->first; one; one = one->next) {
		const struct sc_doc_node *device =
			sc_doc_get(sc_doc_get(one, "driver_opts"), "device");
		struct sc_str path;
		int e = sc_reader_text(r, device, &path);

		if (e > 0)
			e = sc_reader_note(r, device,
					   "volume '" SC_FMT "' is '" SC_FMT
					   "' of the host",
					   SC_ARG(one->key), SC_ARG(path));
		if (e < 0)
			return e;
	}
	return 0;
}

static int read_top(struct sc_reader *r, const struct sc_doc_node *root)
{
	static const char *const known[] = { "configs", "models",   "name",
					     "secrets", "services", "networks",
					     "version", "volumes",  NULL };
	int e = 0;

	for (const struct sc_doc_node *one = root->first; one && e >= 0;
	     one = one->next) {
		size_t i = 0;

		if (sc_str_eq(one->key, SC_STR("include")))
			return sc_reader_fail(
				r, one, SC_EREFUSED,
				"'include' is not read yet, and it brings "
				"services: give what 'docker compose config' "
				"makes of the file");
		while (known[i] && sc_doc_get(root, known[i]) != one)
			i++;
		if (!known[i])
			e = note_unknown(r, one);
	}
	return e < 0 ? e : note_volumes(r, sc_doc_get(root, "volumes"));
}

int sc_compose_read(struct sc_reader *r, const struct sc_doc *doc,
		    const struct sc_spec_options *opt)
{
	const struct sc_doc_node *services = sc_doc_get(doc->root, "services");

	r->spec->format = SC_FORMAT_COMPOSE;
	if (doc->second_line) {
		(void)sc_fail(r->err, SC_ESYNTAX,
			      "line %u: a second document, or what is none; a "
			      "compose file is one",
			      doc->second_line);
		r->err->line = doc->second_line;
		return SC_ESYNTAX;
	}
	if (sc_reader_set_variables(r, opt->variables) < 0 ||
	    drop_reset(r, doc->root) < 0)
		return (int)r->err->code;
	if (!sc_keep(r->a, opt->project, &r->spec->project))
		return sc_no_memory(r->err);
	services = sc_doc_get(doc->root, "services");
	if (!sc_doc_is(services, SC_DOC_MAP))
		return sc_reader_fail(r, services ? services : doc->root,
				      SC_ESYNTAX,
				      "'services' must be a mapping");
	if (sc_reader_text(r, sc_doc_get(doc->root, "name"),
			   &r->spec->project) < 0 ||
	    read_top(r, doc->root) < 0)
		return (int)r->err->code;
	for (const struct sc_doc_node *one = services->first; one;
	     one = one->next)
		if (read_service(r, one) < 0)
			return (int)r->err->code;
	return 0;
}
