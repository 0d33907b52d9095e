#include "host/status.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"
#include "policy/family.h"
#include "policy/fix.h"
#include "policy/labels.h"
#include "policy/store_files.h"

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

/* Ports whose types are not what is written for Fedora. */
static const uint16_t ports[SC_PORTS_ASKED] = { 3000, 6666, 8000,
						8081, 9000, 9001 };

static int ask_ports(const struct sc_policy *p, struct sc_arena *a,
		     struct sc_asked *asked, struct sc_error *err)
{
	for (size_t i = 0; i < SC_PORTS_ASKED; i++) {
		struct sc_error ignored;
		struct sc_str type;

		asked->ports[i].port = ports[i];
		if (sc_port_type(p, SC_STR("tcp"), ports[i], &type, &ignored) <
		    0)
			continue;
		if (!sc_keep(a, type, &asked->ports[i].type))
			return sc_no_memory(err);
	}
	return 0;
}

/* Which of the fixes that selcage load has would mend it? */
static int ask_fixes(const struct sc_policy *p, struct sc_arena *a,
		     struct sc_asked *asked, struct sc_error *err)
{
	struct sc_str table = sc_data("fixes.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		struct sc_error why;
		struct sc_fix fix;
		int r = sc_fix_find(row.v[0], a, &fix, &why);

		if (r == 0)
			r = sc_fix_check(&fix, p, &why);
		if (r == SC_ENOMEM ||
		    (r == 0 && !SC_PUSH(a, &asked->fixes, fix.name)))
			return sc_no_memory(err);
	}
	return 0;
}

static int ask(const struct sc_policy *p, struct sc_arena *a,
	       struct sc_asked *asked, struct sc_error *err)
{
	const struct sc_str container = SC_STR("container_t");
	struct sc_family family = { 0 };
	struct sc_error ignored;
	int r;

	asked->asked = true;
	if (sc_family_find(p, &family, &ignored) == 0)
		asked->refpolicy = sc_str_eq(family.name, SC_STR("refpolicy"));
	asked->container_type = sc_policy_has(p, SC_NAME_TYPE, container);
	r = ask_fixes(p, a, asked, err);
	return r < 0 ? r : ask_ports(p, a, asked, err);
}

/* ---- is a container confined? */

static bool is_known_open(struct sc_str type)
{
	struct sc_row row;

	return sc_find_row(sc_data("unconfined.tsv"), type, &row);
}

/* Categories keep a container from the others: what they do not bind is no
 * container's domain. */
static enum sc_answer judge(const struct sc_policy *p, struct sc_str label)
{
	struct sc_str type = sc_label_type(label);

	if (!label.n)
		return SC_ANSWER_UNKNOWN;
	if (is_known_open(type))
		return SC_ANSWER_NO;
	if (!p || !sc_policy_has(p, SC_NAME_TYPE, type))
		return SC_ANSWER_UNKNOWN;
	return sc_policy_is_in(p, type, SC_STR("mcs_constrained_type")) &&
			       !sc_policy_is_in(p, type,
						SC_STR("unconfined_domain_"
						       "type"))
		       ? SC_ANSWER_YES
		       : SC_ANSWER_NO;
}

static void judge_containers(const struct sc_policy *p, struct sc_status *s)
{
	for (size_t i = 0; i < s->processes.containers.n; i++) {
		const struct sc_host_container *c =
			&s->processes.containers.v[i];
		struct sc_confined *out = &s->confined[i];

		out->by = &c->first;
		out->confined = judge(p, c->first.label);
		if (out->confined != SC_ANSWER_YES || !c->other.pid)
			continue;
		out->confined = judge(p, c->other.label);
		out->by = &c->other;
	}
}

/* ---- are the modules in force? */

/* A module of a container has the domain NAME.process; the base has none. */
static bool has_domain(const struct sc_policy *p, struct sc_str module)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str type;

	return sc_keepf(&a, &type, SC_FMT ".process", SC_ARG(module)) &&
	       sc_policy_has(p, SC_NAME_TYPE, type);
}

/* Those whose domain the kernel's policy lacks, and then, of these, those whose
 * domain the installed one has. */
static int find_missing(const struct sc_policy *p, bool running,
			struct sc_arena *a, struct sc_status *s,
			struct sc_error *err)
{
	struct sc_names kept = { 0 };

	for (size_t i = 0; running && i < s->modules.n; i++)
		if (!has_domain(p, s->modules.v[i].name) &&
		    !SC_PUSH(a, &kept, s->modules.v[i].name))
			return sc_no_memory(err);
	for (size_t i = 0; !running && i < s->not_running.n; i++)
		if (has_domain(p, s->not_running.v[i]) &&
		    !SC_PUSH(a, &kept, s->not_running.v[i]))
			return sc_no_memory(err);
	s->not_running = kept;
	return 0;
}

/* ---- the two policies */

/* Read the policy at @look's path, and ask it if nobody was asked before. */
static int look_into(const struct sc_host *h, struct sc_policy_look *look,
		     bool running, struct sc_arena *a, struct sc_status *s,
		     struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	const char *below = look->path.s + (h->root ? strlen(h->root) : 0);
	struct sc_error why;
	int r = sc_host_has_link(h, below)
			? sc_fail(&why, SC_EREFUSED,
				  "a link is in '%s': it is not followed",
				  look->path.s)
			: sc_policy_open(look->path.s, &p, &why);

	if (r < 0)
		return sc_status_note(&why, a, &look->trouble, err);
	look->trouble = (struct sc_str){ 0 };
	look->read = true;
	r = sc_facts_read(p, a, &look->facts, err);
	if (r == 0 && !s->asked.asked) {
		r = ask(p, a, &s->asked, err);
		judge_containers(p, s);
	}
	if (r == 0)
		r = find_missing(p, running, a, s, err);
	return r;
}

int sc_status_policies(const struct sc_host *h, struct sc_arena *a,
		       struct sc_status *s, struct sc_error *err)
{
	const struct sc_store_place place = { h->root, s->policy_name.s };
	struct sc_error why;
	struct sc_str folder;
	int r = 0;

	judge_containers(NULL, s);
	s->running.trouble = SC_STR("no policy runs here");
	if (s->state.mounted && s->state.loaded) {
		r = sc_state_policy(&s->state, a, &s->running.path, err);
		if (r == 0)
			r = look_into(h, &s->running, true, a, s, err);
	}
	if (r < 0)
		return r;
	if (!s->policy_there) {
		s->not_running.n = 0;
		return 0;
	}
	if (!sc_keepf(a, &folder, "/etc/selinux/%s/policy", s->policy_name.s))
		return sc_no_memory(err);
	r = sc_host_has_link(h, folder.s)
		    ? sc_fail(&why, SC_EREFUSED,
			      "a link is in '%s': it is not followed", folder.s)
		    : sc_store_policy(&place, a, &s->installed.path, &why);
	if (r < 0)
		return sc_status_note(&why, a, &s->installed.trouble, err);
	return look_into(h, &s->installed, false, a, s, err);
}
