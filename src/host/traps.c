#include "host/traps.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"

#define NAMED_MAX 4 /* things named in one finding; the rest is counted */

/* What one probe found. */
struct found {
	bool hit;
	size_t n;            /* things named so far */
	struct sc_buf where; /* them, for people */
	struct sc_buf first; /* the first of them, for the command */
};

static void found_free(struct found *f)
{
	sc_buf_free(&f->where);
	sc_buf_free(&f->first);
}

static void hit(struct found *f)
{
	f->hit = true;
}

/* Name one thing, with what there is to say of it. */
static void name(struct found *f, struct sc_str thing, const char *more)
{
	f->hit = true;
	if (f->n++ == 0)
		sc_put(&f->first, thing);
	if (f->n > NAMED_MAX)
		return;
	sc_put(&f->where, f->n > 1 ? SC_STR(", ") : SC_STR(""));
	sc_put(&f->where, thing);
	if (more && *more)
		sc_putf(&f->where, " %s", more);
}

static void name_all(struct found *f, const struct sc_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		name(f, names->v[i], NULL);
}

/* Those of @names that @others lacks. */
static void name_missing(struct found *f, const struct sc_names *names,
			 const struct sc_names *others)
{
	for (size_t i = 0; i < names->n; i++)
		if (!sc_names_has(others, names->v[i]))
			name(f, names->v[i], NULL);
}

/* ---- is SELinux on? */

static bool runs(const struct sc_status *s)
{
	return s->state.mounted && s->state.loaded;
}

static void find_off(const struct sc_status *s, struct found *f)
{
	if (!s->state.mounted)
		hit(f);
}

static void find_no_policy(const struct sc_status *s, struct found *f)
{
	if (s->state.mounted && !s->state.loaded)
		hit(f);
}

static void find_permissive(const struct sc_status *s, struct found *f)
{
	if (!runs(s) || s->state.enforcing != SC_ANSWER_NO)
		return;
	hit(f);
	if (s->config.mode == SC_MODE_ENFORCING)
		sc_putf(&f->where, "the config says enforcing");
}

static void find_not_at_boot(const struct sc_status *s, struct found *f)
{
	if (!runs(s) || s->state.enforcing != SC_ANSWER_YES ||
	    !s->config_there || s->config.mode == SC_MODE_NONE ||
	    s->config.mode == SC_MODE_ENFORCING)
		return;
	hit(f);
	sc_putf(&f->where, "the config says %s", sc_mode_name(s->config.mode));
}

static void find_config_mode(const struct sc_status *s, struct found *f)
{
	if (s->config_there && s->config.mode == SC_MODE_NONE)
		hit(f);
}

static void find_config_type(const struct sc_status *s, struct found *f)
{
	if (s->config_there && s->config.type_is_odd)
		name(f, s->config.type, NULL);
}

static void find_policy_missing(const struct sc_status *s, struct found *f)
{
	if (!s->policy_there && !s->config.type_is_odd)
		name(f, s->policy_name, NULL);
}

static void find_cmdline_off(const struct sc_status *s, struct found *f)
{
	const struct sc_cmdline *c = &s->cmdline;

	if (sc_str_eq(c->selinux, SC_STR("0")))
		name(f, SC_STR("selinux=0"), NULL);
	if (s->state.mounted)
		return;
	if (c->security.n && !sc_str_eq(c->security, SC_STR("selinux")))
		name(f, SC_STR("security="), NULL);
	if (c->lsm.n && !sc_has_part(c->lsm, ',', SC_STR("selinux")))
		name(f, SC_STR("lsm= without selinux"), NULL);
}

/* A config that says no better is told by other findings. */
static void find_cmdline_permissive(const struct sc_status *s, struct found *f)
{
	if (sc_str_eq(s->cmdline.enforcing, SC_STR("0")))
		hit(f);
}

static void find_memory(const struct sc_status *s, struct found *f)
{
	if (s->state.checks_requested == SC_ANSWER_YES)
		hit(f);
}

/* ---- what is not as it seems */

static bool both(const struct sc_status *s)
{
	return s->running.read && s->installed.read;
}

/* Those of the kernel, but for those that it alone has. */
static void find_permissive_domain(const struct sc_status *s, struct found *f)
{
	const struct sc_names *kernel = &s->running.facts.permissive;
	const struct sc_names *disk = &s->installed.facts.permissive;

	if (!both(s)) {
		name_all(f, s->running.read ? kernel : disk);
		return;
	}
	for (size_t i = 0; i < kernel->n; i++)
		if (sc_names_has(disk, kernel->v[i]))
			name(f, kernel->v[i], NULL);
}

static void find_permissive_now(const struct sc_status *s, struct found *f)
{
	if (both(s))
		name_missing(f, &s->running.facts.permissive,
			     &s->installed.facts.permissive);
}

static void find_permissive_later(const struct sc_status *s, struct found *f)
{
	if (both(s))
		name_missing(f, &s->installed.facts.permissive,
			     &s->running.facts.permissive);
}

/* The policy that is in force, or would be. */
static const struct sc_policy_look *in_force(const struct sc_status *s)
{
	return s->running.read     ? &s->running
	       : s->installed.read ? &s->installed
				   : NULL;
}

static void find_dontaudit_off(const struct sc_status *s, struct found *f)
{
	const struct sc_policy_look *look = in_force(s);

	if (look && look->facts.rules && !look->facts.dontaudits)
		hit(f);
}

static void find_dontaudit_later(const struct sc_status *s, struct found *f)
{
	bool hidden = s->running.facts.dontaudits > 0;

	if (s->running.read && s->store_hides != SC_ANSWER_UNKNOWN &&
	    hidden != (s->store_hides == SC_ANSWER_YES))
		hit(f);
}

static void find_booleans(const struct sc_status *s, struct found *f,
			  struct sc_str wanted)
{
	for (size_t i = 0; i < s->state.switches.n; i++) {
		const struct sc_switch_now *b = &s->state.switches.v[i];
		struct sc_str weight;

		if (b->now != SC_ANSWER_UNKNOWN &&
		    sc_boolean_opens(b->name, b->now == SC_ANSWER_YES, &weight)
			    .n &&
		    sc_str_eq(weight, wanted))
			name(f, b->name, NULL);
	}
}

static void find_boolean_open(const struct sc_status *s, struct found *f)
{
	find_booleans(s, f, SC_STR("act"));
}

static void find_boolean_known(const struct sc_status *s, struct found *f)
{
	find_booleans(s, f, SC_STR("note"));
}

static void find_boolean_pending(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; i < s->state.switches.n; i++) {
		const struct sc_switch_now *b = &s->state.switches.v[i];

		if (b->now != SC_ANSWER_UNKNOWN &&
		    b->pending != SC_ANSWER_UNKNOWN && b->now != b->pending)
			name(f, b->name,
			     b->pending == SC_ANSWER_YES ? "on" : "off");
	}
}

static void find_boolean_lost(const struct sc_status *s, struct found *f)
{
	size_t j = 0;

	/* Both lists are sorted by name. */
	for (size_t i = 0; i < s->state.switches.n; i++) {
		const struct sc_switch_now *b = &s->state.switches.v[i];

		while (j < s->installed.facts.switches.n &&
		       strcmp(s->installed.facts.switches.v[j].name.s,
			      b->name.s) < 0)
			j++;
		if (j >= s->installed.facts.switches.n)
			return;
		if (sc_str_eq(s->installed.facts.switches.v[j].name, b->name) &&
		    b->now != SC_ANSWER_UNKNOWN &&
		    s->installed.facts.switches.v[j].on !=
			    (b->now == SC_ANSWER_YES))
			name(f, b->name,
			     b->now == SC_ANSWER_YES ? "is on" : "is off");
	}
}

/* ---- what waits */

static void find_not_loaded(const struct sc_status *s, struct found *f)
{
	if (both(s) && s->running.facts.digest != s->installed.facts.digest)
		hit(f);
}

static void find_not_built(const struct sc_status *s, struct found *f)
{
	if (s->store_is_installed == SC_ANSWER_NO)
		hit(f);
}

static void find_autorelabel(const struct sc_status *s, struct found *f)
{
	if (s->autorelabel)
		hit(f);
}

static void find_module_changed(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; i < s->modules.n; i++)
		if (s->modules.v[i].drift != SC_DRIFT_NONE)
			name(f, s->modules.v[i].name,
			     s->modules.v[i].drift == SC_DRIFT_GONE
				     ? "is gone"
				     : "is another");
}

static void find_module_not_running(const struct sc_status *s, struct found *f)
{
	name_all(f, &s->not_running);
}

static void find_interrupted(const struct sc_status *s, struct found *f)
{
	if (s->interrupted)
		hit(f);
}

static void find_log_unread(const struct sc_status *s, struct found *f)
{
	if (runs(s) && s->log_trouble.n)
		name(f, s->log_trouble, NULL);
}

/* ---- engines and containers */

static void find_engine(const struct sc_status *s, struct found *f,
			struct sc_str engine)
{
	for (size_t i = 0; i < s->engines.n; i++) {
		const struct sc_engine *e = &s->engines.v[i];

		if (sc_str_eq(e->name, engine) && e->labels == SC_ANSWER_NO)
			name(f, e->where, NULL);
	}
}

#define FIND_ENGINE(fn, engine)                                           \
	static void find_##fn(const struct sc_status *s, struct found *f) \
	{                                                                 \
		find_engine(s, f, SC_STR(engine));                        \
	}

FIND_ENGINE(podman, "podman")
FIND_ENGINE(docker, "docker")
FIND_ENGINE(containerd, "containerd")
FIND_ENGINE(crio, "cri-o")
FIND_ENGINE(k3s, "k3s")
FIND_ENGINE(rke2, "rke2")

static void find_engine_stale(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; i < s->engines.n; i++)
		if (s->engines.v[i].stale)
			name(f, s->engines.v[i].name, NULL);
}

static void find_engine_unread(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; i < s->engines.n; i++)
		if (s->engines.v[i].trouble.n)
			name(f, s->engines.v[i].trouble, NULL);
}

static void name_mislabels(struct found *f, const struct sc_mislabels *list)
{
	for (size_t i = 0; i < list->n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf more = { 0 };
		const struct sc_mislabel *m = &list->v[i];

		sc_putf(&more, "is " SC_FMT, SC_ARG(m->label));
		if (m->wanted.n)
			sc_putf(&more, ", not " SC_FMT, SC_ARG(m->wanted));
		name(f, m->path, more.s);
	}
}

static void find_socket_label(const struct sc_status *s, struct found *f)
{
	name_mislabels(f, &s->sockets);
}

/* @p: the process of it that this is about */
static void name_container(struct found *f, const struct sc_host_container *c,
			   const struct sc_process *p)
{
	SC_CLEAN(sc_buf_free) struct sc_buf more = { 0 };
	struct sc_str id = c->id;

	id.n = id.n > 12 ? 12 : id.n;
	sc_putf(&more, "(pid %llu)", (unsigned long long)p->pid);
	name(f, c->name.n ? c->name : id.n ? id : p->comm, more.s);
}

static void find_by_answer(const struct sc_status *s, struct found *f,
			   enum sc_answer answer)
{
	for (size_t i = 0; runs(s) && i < s->processes.containers.n; i++)
		if (s->confined[i].confined == answer)
			name_container(f, &s->processes.containers.v[i],
				       s->confined[i].by);
}

static void find_unconfined(const struct sc_status *s, struct found *f)
{
	find_by_answer(s, f, SC_ANSWER_NO);
}

static void find_unlabelled(const struct sc_status *s, struct found *f)
{
	find_by_answer(s, f, SC_ANSWER_UNKNOWN);
}

static void find_no_level(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; runs(s) && i < s->processes.containers.n; i++) {
		const struct sc_host_container *c =
			&s->processes.containers.v[i];
		struct sc_str level =
			sc_label_part(c->first.label, SC_LABEL_LEVEL);

		if (s->confined[i].confined == SC_ANSWER_YES &&
		    !(level.n && memchr(level.s, ':', level.n)))
			name_container(f, c, &c->first);
	}
}

/* ---- traps of Debian's policy */

static bool has_engine(const struct sc_status *s, struct sc_str engine)
{
	for (size_t i = 0; i < s->engines.n; i++)
		if (sc_str_eq(s->engines.v[i].name, engine))
			return true;
	return false;
}

static void find_no_container_types(const struct sc_status *s, struct found *f)
{
	if (s->asked.asked && !s->asked.container_type)
		hit(f);
}

static bool needs(const struct sc_status *s, struct sc_str fix)
{
	return sc_names_has(&s->asked.fixes, fix);
}

static void find_default_range(const struct sc_status *s, struct found *f)
{
	if (needs(s, SC_STR("default-range")))
		hit(f);
}

/* The container after whose id @unit is called, as its health check is. */
static const struct sc_host_container *checked_by(const struct sc_status *s,
						  struct sc_str unit)
{
	for (size_t i = 0; i < s->processes.containers.n; i++) {
		const struct sc_host_container *c =
			&s->processes.containers.v[i];
		struct sc_str rest = unit;

		if (c->name.n && c->id.n && sc_take_prefix(&rest, c->id) &&
		    sc_str_eq(rest, SC_STR(".service")))
			return c;
	}
	return NULL;
}

static void find_engine_unit(const struct sc_status *s, struct found *f)
{
	if (!needs(s, SC_STR("engine-unit")) ||
	    (!has_engine(s, SC_STR("podman")) &&
	     !has_engine(s, SC_STR("docker"))))
		return;
	for (size_t i = 0; i < s->units.n; i++) {
		const struct sc_host_container *c =
			checked_by(s, s->units.v[i]);

		name(f, c ? c->name : s->units.v[i],
		     c ? "(its health check)" : NULL);
	}
}

static void find_run_label(const struct sc_status *s, struct found *f)
{
	name_mislabels(f, &s->run);
}

static void find_stdio(const struct sc_status *s, struct found *f)
{
	if (s->asked.refpolicy && needs(s, SC_STR("stdio")))
		hit(f);
}

static void find_layer_label(const struct sc_status *s, struct found *f)
{
	name_mislabels(f, &s->layers);
}

static void find_port_types(const struct sc_status *s, struct found *f)
{
	for (size_t i = 0; s->asked.refpolicy && i < SC_PORTS_ASKED; i++) {
		char number[8];

		(void)snprintf(number, sizeof(number), "%u",
			       s->asked.ports[i].port);
		if (s->asked.ports[i].type.n)
			name(f, sc_view(number), s->asked.ports[i].type.s);
	}
}

static void find_userns_class(const struct sc_status *s, struct found *f)
{
	if (needs(s, SC_STR("userns-class")))
		hit(f);
}

/* ---- the table */

static const struct {
	struct sc_str id;
	void (*find)(const struct sc_status *s, struct found *f);
} probes[] = {
	{ SC_STR("selinux-off"), find_off },
	{ SC_STR("no-policy"), find_no_policy },
	{ SC_STR("permissive"), find_permissive },
	{ SC_STR("not-at-boot"), find_not_at_boot },
	{ SC_STR("config-mode"), find_config_mode },
	{ SC_STR("config-type"), find_config_type },
	{ SC_STR("policy-missing"), find_policy_missing },
	{ SC_STR("cmdline-off"), find_cmdline_off },
	{ SC_STR("cmdline-permissive"), find_cmdline_permissive },
	{ SC_STR("memory"), find_memory },
	{ SC_STR("permissive-domain"), find_permissive_domain },
	{ SC_STR("permissive-now"), find_permissive_now },
	{ SC_STR("permissive-later"), find_permissive_later },
	{ SC_STR("dontaudit-off"), find_dontaudit_off },
	{ SC_STR("dontaudit-later"), find_dontaudit_later },
	{ SC_STR("boolean-open"), find_boolean_open },
	{ SC_STR("boolean-known"), find_boolean_known },
	{ SC_STR("boolean-pending"), find_boolean_pending },
	{ SC_STR("boolean-lost"), find_boolean_lost },
	{ SC_STR("policy-not-loaded"), find_not_loaded },
	{ SC_STR("store-not-built"), find_not_built },
	{ SC_STR("autorelabel"), find_autorelabel },
	{ SC_STR("module-changed"), find_module_changed },
	{ SC_STR("module-not-running"), find_module_not_running },
	{ SC_STR("load-interrupted"), find_interrupted },
	{ SC_STR("log-unread"), find_log_unread },
	{ SC_STR("engine-podman"), find_podman },
	{ SC_STR("engine-docker"), find_docker },
	{ SC_STR("engine-containerd"), find_containerd },
	{ SC_STR("engine-cri-o"), find_crio },
	{ SC_STR("engine-k3s"), find_k3s },
	{ SC_STR("engine-rke2"), find_rke2 },
	{ SC_STR("engine-stale"), find_engine_stale },
	{ SC_STR("engine-unread"), find_engine_unread },
	{ SC_STR("socket-label"), find_socket_label },
	{ SC_STR("container-unconfined"), find_unconfined },
	{ SC_STR("container-unlabelled"), find_unlabelled },
	{ SC_STR("container-no-level"), find_no_level },
	{ SC_STR("no-container-types"), find_no_container_types },
	{ SC_STR("default-range"), find_default_range },
	{ SC_STR("engine-unit"), find_engine_unit },
	{ SC_STR("run-label"), find_run_label },
	{ SC_STR("stdio"), find_stdio },
	{ SC_STR("layer-label"), find_layer_label },
	{ SC_STR("port-types"), find_port_types },
	{ SC_STR("userns-class"), find_userns_class },
};

static bool is_plain(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9');

		if (!word && !memchr("_-./@:", c, 6))
			return false;
	}
	return v.n > 0 && *v.s != '-';
}

/* The command of the table, with what was found in it; none if that is not one
 * plain word, since a shell would read it in another way. */
static bool fill(struct sc_str command, const struct found *f,
		 struct sc_buf *out)
{
	struct sc_str first = { f->first.s, f->first.n };

	while (command.n) {
		if (!sc_take_prefix(&command, SC_STR("{}"))) {
			sc_put(out, (struct sc_str){ command.s, 1 });
			sc_str_drop(&command, 1);
			continue;
		}
		if (!is_plain(first))
			return false;
		sc_put(out, first);
	}
	return true;
}

static int add(const struct sc_row *row, struct found *f, struct sc_arena *a,
	       struct sc_findings *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf command = { 0 };
	struct sc_finding one = {
		.blocks = sc_str_eq(row->v[1], SC_STR("act")),
		.text = row->v[2],
		.todo = row->v[4],
	};

	if (f->n > NAMED_MAX)
		sc_putf(&f->where, " and %zu more", f->n - NAMED_MAX);
	if (!sc_str_eq(row->v[5], SC_STR("-")) &&
	    fill(row->v[5], f, &command) &&
	    !sc_keep(a, (struct sc_str){ command.s, command.n }, &one.command))
		return sc_no_memory(err);
	if (f->where.failed || f->first.failed || command.failed ||
	    !sc_keep(a, (struct sc_str){ f->where.s, f->where.n },
		     &one.where) ||
	    !sc_keepf(a, &one.id, "status/" SC_FMT, SC_ARG(row->v[0])) ||
	    !SC_PUSH(a, out, one))
		return sc_no_memory(err);
	return 0;
}

int sc_traps_find(const struct sc_status *s, struct sc_arena *a,
		  struct sc_findings *out, struct sc_error *err)
{
	struct sc_str table = sc_data("traps.tsv");
	struct sc_findings findings = { 0 };
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		SC_CLEAN(found_free) struct found f = { 0 };

		for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
			if (sc_str_eq(probes[i].id, row.v[0]))
				probes[i].find(s, &f);
		if (f.hit && add(&row, &f, a, &findings, err) < 0)
			return err->code;
	}
	*out = findings;
	return 0;
}

/* ---- other tables */

struct sc_str sc_trap_how(struct sc_str id)
{
	struct sc_row row = { 0 };

	(void)sc_take_prefix(&id, SC_STR("status/"));
	return sc_find_row(sc_data("traps.tsv"), id, &row)
		       ? row.v[3]
		       : (struct sc_str){ 0 };
}

struct sc_str sc_boolean_opens(struct sc_str name_of, bool on,
			       struct sc_str *weight)
{
	struct sc_row row = { 0 };

	if (!sc_find_row(sc_data("booleans.tsv"), name_of, &row) ||
	    sc_str_eq(row.v[1], SC_STR("on")) != on)
		return (struct sc_str){ 0 };
	*weight = row.v[2];
	return row.v[3];
}

struct sc_str sc_domain_means(struct sc_str type)
{
	struct sc_row row = { 0 };

	return sc_find_row(sc_data("unconfined.tsv"), type, &row)
		       ? row.v[1]
		       : (struct sc_str){ 0 };
}
