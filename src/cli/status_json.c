#include "cli/status.h"

#include "base/member.h"
#include "base/safe.h"

static const char *truth(enum sc_answer a)
{
	return a == SC_ANSWER_UNKNOWN ? "null"
	       : a == SC_ANSWER_YES   ? "true"
				      : "false";
}

/* null for what is not known. */
static void put_text(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", name);
	if (v.n)
		sc_put_json(out, v);
	else
		sc_put(out, SC_STR("null"));
}

static void put_truth(struct sc_buf *out, const char *name, enum sc_answer a)
{
	sc_putf(out, ",\"%s\":%s", name, truth(a));
}

static void begin(struct sc_buf *out, const char *kind)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"%s\"", kind);
}

static void end(struct sc_buf *out)
{
	sc_put(out, SC_STR("}\n"));
}

static void put_selinux(struct sc_buf *out, const struct sc_status *s)
{
	const struct sc_state *k = &s->state;

	begin(out, "selinux");
	sc_member_bool(out, "mounted", k->mounted);
	sc_member_bool(out, "loaded", k->loaded);
	put_text(out, "mount", k->mount);
	put_truth(out, "enforcing", k->enforcing);
	put_truth(out, "mls", k->mls);
	put_truth(out, "deny_unknown", k->deny_unknown);
	put_truth(out, "reject_unknown", k->reject_unknown);
	put_truth(out, "checkreqprot", k->checks_requested);
	if (k->version < 0)
		sc_put(out, SC_STR(",\"max_version\":null"));
	else
		sc_putf(out, ",\"max_version\":%d", k->version);
	put_text(out, "context", k->own);
	sc_putf(out, ",\"config\":%s%s%s", s->config_there ? "\"" : "",
		s->config_there ? sc_mode_name(s->config.mode) : "null",
		s->config_there ? "\"" : "");
	put_text(out, "config_trouble", s->config_trouble);
	put_text(out, "policy", s->policy_name);
	sc_member_bool(out, "policy_there", s->policy_there);
	put_text(out, "cmdline_selinux", s->cmdline.selinux);
	put_text(out, "cmdline_enforcing", s->cmdline.enforcing);
	put_text(out, "cmdline_security", s->cmdline.security);
	put_text(out, "cmdline_lsm", s->cmdline.lsm);
	sc_member_bool(out, "autorelabel", s->autorelabel);
	end(out);
}

static void put_policy(struct sc_buf *out, const char *of,
		       const struct sc_policy_look *p)
{
	static const char *const unknown[] = {
		[SC_UNKNOWN_ALLOW] = "allow",
		[SC_UNKNOWN_DENY] = "deny",
		[SC_UNKNOWN_REJECT] = "reject",
	};

	begin(out, "policy");
	sc_putf(out, ",\"of\":\"%s\"", of);
	put_text(out, "path", p->path);
	put_text(out, "trouble", p->trouble);
	if (p->read) {
		sc_putf(out, ",\"version\":%u", p->facts.version);
		sc_member_bool(out, "mls", p->facts.mls);
		sc_putf(out,
			",\"unknown\":\"%s\",\"types\":%zu,\"rules\":%zu,"
			"\"dontaudits\":%zu",
			unknown[p->facts.unknown], p->facts.types,
			p->facts.rules, p->facts.dontaudits);
		sc_member_list(out, "permissive", p->facts.permissive.v,
			       p->facts.permissive.n);
	}
	end(out);
}

static void put_store(struct sc_buf *out, const struct sc_status *s)
{
	begin(out, "store");
	put_text(out, "trouble", s->store_trouble);
	put_truth(out, "installed", s->store_is_installed);
	put_truth(out, "dontaudit", s->store_hides);
	sc_member_bool(out, "interrupted", s->interrupted);
	put_truth(out, "loaded",
		  s->running.read && s->installed.read
			  ? (enum sc_answer)(s->running.facts.digest ==
					     s->installed.facts.digest)
			  : SC_ANSWER_UNKNOWN);
	end(out);
}

static void put_booleans(struct sc_buf *out, const struct sc_status *s)
{
	for (size_t i = 0; i < s->state.switches.n; i++) {
		const struct sc_switch_now *b = &s->state.switches.v[i];
		struct sc_str weight = { 0 }, opens = { 0 };

		if (b->now != SC_ANSWER_UNKNOWN)
			opens = sc_boolean_opens(
				b->name, b->now == SC_ANSWER_YES, &weight);
		begin(out, "boolean");
		put_text(out, "name", b->name);
		put_truth(out, "on", b->now);
		put_truth(out, "pending", b->pending);
		put_text(out, "opens", opens);
		put_text(out, "weight", weight);
		end(out);
	}
}

static void put_engines(struct sc_buf *out, const struct sc_status *s)
{
	for (size_t i = 0; i < s->engines.n; i++) {
		const struct sc_engine *e = &s->engines.v[i];

		begin(out, "engine");
		put_text(out, "name", e->name);
		put_text(out, "program", e->program);
		sc_putf(out, ",\"pid\":%llu", (unsigned long long)e->daemon);
		put_truth(out, "labels", e->labels);
		put_text(out, "where", e->where);
		sc_member_bool(out, "stale", e->stale);
		put_text(out, "trouble", e->trouble);
		end(out);
	}
}

static void put_units(struct sc_buf *out, const struct sc_status *s)
{
	begin(out, "units");
	sc_member_list(out, "plain", s->units.v, s->units.n);
	sc_putf(out, ",\"unread\":%zu", s->units_unread);
	end(out);
}

static void put_containers(struct sc_buf *out, const struct sc_status *s)
{
	for (size_t i = 0; i < s->processes.containers.n; i++) {
		const struct sc_host_container *c =
			&s->processes.containers.v[i];

		begin(out, "container");
		put_text(out, "engine", c->engine);
		put_text(out, "id", c->id);
		put_text(out, "name", c->name);
		sc_putf(out, ",\"pid\":%llu,\"processes\":%zu",
			(unsigned long long)c->first.pid, c->processes);
		put_text(out, "program", c->first.comm);
		put_text(out, "context", c->first.label);
		put_text(out, "other", c->other.label);
		put_truth(out, "confined",
			  s->state.mounted ? s->confined[i].confined
					   : SC_ANSWER_UNKNOWN);
		end(out);
	}
}

static void put_modules(struct sc_buf *out, const struct sc_status *s)
{
	for (size_t i = 0; i < s->modules.n; i++) {
		const struct sc_loaded *m = &s->modules.v[i];
		enum sc_answer running = SC_ANSWER_UNKNOWN;

		if (s->running.read)
			running = sc_names_has(&s->not_running, m->name)
					  ? SC_ANSWER_NO
					  : SC_ANSWER_YES;
		begin(out, "module");
		put_text(out, "name", m->name);
		put_text(out, "loaded", m->time);
		sc_member_bool(out, "changed", m->drift == SC_DRIFT_CHANGED);
		sc_member_bool(out, "gone", m->drift == SC_DRIFT_GONE);
		put_truth(out, "running", running);
		end(out);
	}
}

static void put_contexts(struct sc_buf *out,
			 const struct sc_shown_contexts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		begin(out, "context");
		put_text(out, "of", list->v[i].name);
		put_text(out, "context", list->v[i].context);
		put_text(out, "link", list->v[i].link);
		end(out);
	}
}

static void put_findings(struct sc_buf *out, const struct sc_findings *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_finding *f = &list->v[i];

		begin(out, "finding");
		put_text(out, "id", f->id);
		sc_member_bool(out, "act", f->blocks);
		put_text(out, "what", f->text);
		put_text(out, "where", f->where);
		put_text(out, "how", sc_trap_how(f->id));
		put_text(out, "cure", f->todo);
		put_text(out, "command", f->command);
		end(out);
	}
}

void sc_status_json(const struct sc_status_report *r, struct sc_buf *out)
{
	put_selinux(out, r->s);
	put_policy(out, "kernel", &r->s->running);
	put_policy(out, "disk", &r->s->installed);
	put_store(out, r->s);
	put_booleans(out, r->s);
	put_engines(out, r->s);
	put_units(out, r->s);
	put_containers(out, r->s);
	put_modules(out, r->s);
	put_contexts(out, &r->contexts);
	begin(out, "denials");
	sc_putf(out, ",\"records\":%llu,\"different\":%zu,\"since\":\"%s\"",
		(unsigned long long)r->denials, r->different,
		r->whole_log ? "all" : "boot");
	put_text(out, "trouble", r->s->log_trouble);
	end(out);
	put_findings(out, &r->findings);
}
