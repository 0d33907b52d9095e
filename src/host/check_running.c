#include "host/look.h"

#include "base/clean.h"
#include "base/label.h"
#include "host/traps.h"

static const struct sc_status *status(const struct sc_look *l)
{
	return l->machine->status;
}

/* Nothing runs here that could be looked at; true: said so. */
static bool is_still(struct sc_look *l)
{
	const struct sc_status *s = status(l);

	if (s->state.mounted && s->state.loaded)
		return false;
	if (l->machine->host->root && !s->state.mounted)
		sc_look_say(l, SC_NA, "nothing runs below this root");
	else
		sc_look_say(l, SC_NA,
			    "no policy is in force: see "
			    "selinux/run-mode");
	return true;
}

/* ---- mode and policy */

static void look_run_mode(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	const char *now = s->state.enforcing == SC_ANSWER_YES ? "enforcing"
							      : "permissive";

	if (l->machine->host->root && !s->state.mounted) {
		sc_look_say(l, SC_NA, "nothing runs below this root");
		return;
	}
	if (!s->state.mounted || !s->state.loaded)
		now = s->state.mounted ? "no policy" : "off";
	else if (s->state.enforcing == SC_ANSWER_UNKNOWN)
		sc_look_trouble(l, "the kernel does not tell its mode");
	(void)sc_look_add(l, SC_STR("the running kernel"), sc_view(now),
			  SC_STR("enforcing"),
			  !l->trouble && strcmp(now, "enforcing") != 0);
	if (s->config.mode == SC_MODE_ENFORCING &&
	    strcmp(now, "enforcing") != 0)
		sc_look_note(l, "the config says enforcing");
}

static void look_run_policy(struct sc_look *l)
{
	const struct sc_status *s = status(l);

	if (is_still(l))
		return;
	if (!s->running.read || !s->installed.read) {
		const struct sc_str *why = s->running.read
						   ? &s->installed.trouble
						   : &s->running.trouble;

		sc_look_trouble(l, SC_FMT,
				SC_ARG(why->n ? *why
					      : SC_STR("no policy is "
						       "installed")));
		return;
	}
	(void)sc_look_add(l, s->installed.path,
			  s->running.facts.digest == s->installed.facts.digest
				  ? SC_STR("is in the kernel")
				  : SC_STR("is not what the kernel has"),
			  SC_STR("is in the kernel"),
			  s->running.facts.digest != s->installed.facts.digest);
}

/* The policy that is in force, or would be; NULL: neither could be read, and
 * that is said. */
static const struct sc_policy_look *in_force(struct sc_look *l)
{
	const struct sc_status *s = status(l);

	if (s->running.read)
		return &s->running;
	if (s->installed.read && !s->state.loaded)
		return &s->installed;
	if (!s->policy_there && !s->state.loaded)
		sc_look_say(l, SC_NA, "no policy is installed");
	else
		sc_look_trouble(l, SC_FMT,
				SC_ARG(s->state.loaded ? s->running.trouble
						       : s->installed.trouble));
	return NULL;
}

static void look_permissive_types(struct sc_look *l)
{
	const struct sc_policy_look *p = in_force(l);

	for (size_t i = 0; p && i < p->facts.permissive.n; i++)
		(void)sc_look_add(l, p->facts.permissive.v[i],
				  SC_STR("permissive"), SC_STR(""), true);
}

static void look_deny_unknown(struct sc_look *l)
{
	const struct sc_policy_look *p;
	bool allows;

	if (status(l)->state.deny_unknown != SC_ANSWER_UNKNOWN) {
		allows = status(l)->state.deny_unknown == SC_ANSWER_NO &&
			 status(l)->state.reject_unknown != SC_ANSWER_YES;
	} else {
		p = in_force(l);
		if (!p)
			return;
		allows = p->facts.unknown == SC_UNKNOWN_ALLOW;
	}
	(void)sc_look_add(l, SC_STR("classes that the policy does not know"),
			  allows ? SC_STR("allowed") : SC_STR("denied"),
			  SC_STR("denied"), allows);
}

static void look_unconfined_daemons(struct sc_look *l)
{
	static const struct sc_str types[] = { SC_STR("unconfined_service_t"),
					       SC_STR("initrc_t") };
	const struct sc_processes *list = &l->machine->processes;
	struct sc_str who;

	if (is_still(l))
		return;
	if (l->machine->processes_trouble.n || list->cut)
		sc_look_trouble(l, "not all processes could be read");
	for (size_t i = 0; i < list->n && !l->no_memory; i++) {
		struct sc_str type = sc_label_type(list->v[i].label);

		if (!type.n)
			sc_look_trouble(l, "a process has no label that could "
					   "be read");
		if (!sc_str_eq(type, types[0]) && !sc_str_eq(type, types[1]))
			continue;
		if (!sc_keepf(l->a, &who, SC_FMT " (pid %llu)",
			      SC_ARG(list->v[i].comm),
			      (unsigned long long)list->v[i].pid))
			l->no_memory = true;
		else
			(void)sc_look_add(l, who, type, SC_STR(""), true);
	}
}

/* ---- containers */

static bool has_no_containers(struct sc_look *l)
{
	if (is_still(l))
		return true;
	if (l->machine->processes_trouble.n)
		sc_look_trouble(l, SC_FMT,
				SC_ARG(l->machine->processes_trouble));
	else if (!l->machine->processes.containers.n)
		sc_look_say(l, SC_NA, "no container runs");
	return !l->machine->processes.containers.n;
}

static struct sc_str name_of(struct sc_look *l,
			     const struct sc_host_container *c)
{
	struct sc_str id = c->id, out = SC_STR("");

	id.n = id.n > 12 ? 12 : id.n;
	if (!sc_keepf(l->a, &out, SC_FMT " " SC_FMT, SC_ARG(c->engine),
		      SC_ARG(c->name.n ? c->name
			     : id.n    ? id
				       : c->first.comm)))
		l->no_memory = true;
	return out;
}

static void look_container_labels(struct sc_look *l)
{
	const struct sc_status *s = status(l);

	if (has_no_containers(l))
		return;
	for (size_t i = 0; i < s->processes.containers.n; i++) {
		const struct sc_confined *c = &s->confined[i];
		struct sc_str label = c->by ? c->by->label : SC_STR("");

		if (c->confined == SC_ANSWER_UNKNOWN)
			sc_look_trouble(l, "a container's label cannot be "
					   "told, or is not known");
		(void)sc_look_add(l, name_of(l, &s->processes.containers.v[i]),
				  label.n ? label : SC_STR("(no label)"),
				  SC_STR("a confined type"),
				  c->confined == SC_ANSWER_NO);
	}
}

/* "podUID" in one folder of a cgroup: "kubepods-burstable-podUID.slice", or
 * plain; empty: no pod's. */
static struct sc_str pod_part(struct sc_str part)
{
	while (part.n > 3) {
		struct sc_str rest = part;

		if (sc_take_prefix(&rest, SC_STR("pod")) && rest.n >= 32 &&
		    strchr("0123456789abcdef", *rest.s))
			return part;
		sc_str_drop(&part, 1);
	}
	return SC_STR("");
}

/* The pod that a process is in, by its cgroup; empty: in none. */
static struct sc_str pod_of(struct sc_look *l, uint64_t pid)
{
	struct sc_str text = { 0 }, part, path;
	struct sc_error ignored; /* it has ended: then nobody shares with it */

	if (!sc_keepf(l->a, &path, "/proc/%llu/cgroup",
		      (unsigned long long)pid)) {
		l->no_memory = true;
		return SC_STR("");
	}
	if (sc_host_read(l->machine->host, path.s, l->a, &text, &ignored) < 0)
		return SC_STR("");
	while (sc_take_part(&text, '/', &part)) {
		part = pod_part(part);
		if (part.n)
			return part;
	}
	return SC_STR("");
}

static bool is_same_pod(struct sc_look *l, const struct sc_host_container *a,
			const struct sc_host_container *b)
{
	struct sc_str one = pod_of(l, a->first.pid);

	return one.n && sc_str_eq(one, pod_of(l, b->first.pid));
}

static void look_container_levels(struct sc_look *l)
{
	const struct sc_processes *list = &l->machine->processes;

	if (has_no_containers(l))
		return;
	for (size_t i = 0; i < list->containers.n; i++) {
		const struct sc_host_container *c = &list->containers.v[i];
		struct sc_str level =
			sc_label_part(c->first.label, SC_LABEL_LEVEL);
		bool shared = false;

		for (size_t k = 0; k < i && !shared; k++) {
			const struct sc_host_container *b =
				&list->containers.v[k];

			shared = level.n &&
				 sc_str_eq(level,
					   sc_label_part(b->first.label,
							 SC_LABEL_LEVEL)) &&
				 !is_same_pod(l, b, c);
		}
		if (!c->first.label.n)
			sc_look_trouble(l, "a container has no label that "
					   "could be read");
		(void)sc_look_add(
			l, name_of(l, c),
			level.n ? level : SC_STR("(no level)"),
			SC_STR("a pair of categories of its own"),
			c->first.label.n &&
				(shared || !memchr(level.s, ':', level.n)));
	}
}

/* ---- booleans, modules, denials */

static void look_at_boolean(struct sc_look *l, struct sc_str name, bool on,
			    enum sc_answer pending)
{
	struct sc_str weight = { 0 };
	bool open = sc_boolean_opens(name, on, &weight).n &&
		    sc_str_eq(weight, SC_STR("act"));

	if (open)
		(void)sc_look_add(l, name, on ? SC_STR("on") : SC_STR("off"),
				  on ? SC_STR("off") : SC_STR("on"), true);
	if (pending != SC_ANSWER_UNKNOWN && (pending == SC_ANSWER_YES) != on)
		(void)sc_look_add(l, name, SC_STR("waits to be committed"),
				  on ? SC_STR("on") : SC_STR("off"), true);
}

static void look_booleans(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	const struct sc_policy_look *p;

	if (s->state.mounted) {
		if (!s->state.switches_read)
			sc_look_trouble(l, "the booleans cannot be read");
		for (size_t i = 0; i < s->state.switches.n; i++) {
			const struct sc_switch_now *b = &s->state.switches.v[i];

			if (b->now != SC_ANSWER_UNKNOWN)
				look_at_boolean(l, b->name,
						b->now == SC_ANSWER_YES,
						b->pending);
		}
		return;
	}
	p = in_force(l);
	for (size_t i = 0; p && i < p->facts.switches.n; i++)
		look_at_boolean(l, p->facts.switches.v[i].name,
				p->facts.switches.v[i].on, SC_ANSWER_UNKNOWN);
}

static bool is_ours(const struct sc_status *s, struct sc_str name)
{
	return sc_loaded_named(&s->modules, name) != NULL;
}

/* Modules at another priority than the distributions' 100 and 200. */
static void look_at_priority(struct sc_look *l, const char *folder,
			     struct sc_str priority)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;

	if (sc_str_eq(priority, SC_STR("100")) ||
	    sc_str_eq(priority, SC_STR("200")))
		return;
	if (!sc_keepf(l->a, &path, "%s/%s", folder, priority.s)) {
		l->no_memory = true;
		return;
	}
	if (sc_host_list(l->machine->host, path.s, 0, l->a, &names, &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n; i++)
		if (!is_ours(status(l), names.v[i]))
			(void)sc_look_add(l, names.v[i], priority,
					  SC_STR("loaded by selcage"), true);
}

static void look_local_modules(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	struct sc_names priorities = { 0 };
	struct sc_error why;
	struct sc_str folder;

	if (!s->policy_there) {
		sc_look_say(l, SC_NA, "no policy is installed");
		return;
	}
	if (!sc_keepf(l->a, &folder, "/var/lib/selinux/%s/active/modules",
		      s->policy_name.s)) {
		l->no_memory = true;
		return;
	}
	if (sc_host_list(l->machine->host, folder.s, 0, l->a, &priorities,
			 &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	else if (!priorities.n)
		sc_look_trouble(l, "the module store is not there");
	for (size_t i = 0; i < priorities.n; i++)
		look_at_priority(l, folder.s, priorities.v[i]);
	for (size_t i = 0; i < s->modules.n; i++)
		if (s->modules.v[i].drift != SC_DRIFT_NONE)
			(void)sc_look_add(l, s->modules.v[i].name,
					  SC_STR("is not as selcage loaded it"),
					  SC_STR(""), true);
}

static void look_trial(struct sc_look *l)
{
	struct sc_str now;

	if (!l->machine->host->root && is_still(l))
		return;
	if (!l->machine->log.counted) {
		if (l->machine->host->root && !l->machine->log.trouble.n)
			sc_look_say(l, SC_NA, "there is no log");
		else
			sc_look_trouble(l, SC_FMT,
					SC_ARG(l->machine->log.trouble));
		return;
	}
	if (!sc_keepf(l->a, &now, "%llu, %llu of them different",
		      (unsigned long long)l->machine->log.denials,
		      (unsigned long long)l->machine->log.different))
		l->no_memory = true;
	else
		(void)sc_look_add(l, SC_STR("denials"), now, SC_STR("none"),
				  l->machine->log.denials > 0);
}

const struct sc_probe sc_probes_running[] = {
	{ SC_STR("run-mode"), look_run_mode },
	{ SC_STR("run-policy"), look_run_policy },
	{ SC_STR("permissive-types"), look_permissive_types },
	{ SC_STR("deny-unknown"), look_deny_unknown },
	{ SC_STR("unconfined-daemons"), look_unconfined_daemons },
	{ SC_STR("container-labels"), look_container_labels },
	{ SC_STR("container-levels"), look_container_levels },
	{ SC_STR("booleans"), look_booleans },
	{ SC_STR("local-modules"), look_local_modules },
	{ SC_STR("trial"), look_trial },
	{ { NULL, 0 }, NULL },
};
