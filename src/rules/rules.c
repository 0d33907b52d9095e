#include "rules/rules.h"

#include "base/clean.h"
#include "base/vec.h"
#include "rules/capability.h"
#include "spec/show.h"

/* A port type with more ports than this is said to be wide. */
#define WIDE 16
#define WHY_BYTES 1024 /* of one rule; then one more reason at most */

struct make {
	const struct sc_rules_for *env;
	struct sc_arena *arena;
	struct sc_module *module;
	struct sc_outcome *outcome;
	struct sc_error *err;
};

static struct sc_rule *find_rule(struct sc_rules *rules,
				 const struct sc_rule *r)
{
	for (size_t i = 0; i < rules->n; i++)
		if (sc_str_eq(rules->v[i].target, r->target) &&
		    sc_str_eq(rules->v[i].tclass, r->tclass) &&
		    sc_str_eq(rules->v[i].perms, r->perms))
			return &rules->v[i];
	return NULL;
}

/* What asks for @r too. A type can have thousands of ports: the reasons that
 * stand there already are enough then. */
static int add_reason(struct make *m, struct sc_rule *old, struct sc_str why)
{
	static const struct sc_str more = SC_STR("; and more");
	struct sc_str end = { old->why.s + old->why.n - more.n, more.n };

	if (old->why.n > WHY_BYTES) {
		if (sc_str_eq(end, more))
			return 0;
		return sc_keepf(m->arena, &old->why, SC_FMT SC_FMT,
				SC_ARG(old->why), SC_ARG(more))
			       ? 0
			       : sc_no_memory(m->err);
	}
	return sc_keepf(m->arena, &old->why, SC_FMT "; " SC_FMT,
			SC_ARG(old->why), SC_ARG(why))
		       ? 0
		       : sc_no_memory(m->err);
}

/* Two ports of one type are one rule with two reasons. */
static int add_rule(struct make *m, struct sc_rule r)
{
	struct sc_rule *old = find_rule(&m->module->rules, &r);

	r.kind = SC_ALLOW;
	r.source = SC_STR("process");
	if (!old)
		return SC_PUSH(m->arena, &m->module->rules, r)
			       ? 0
			       : sc_no_memory(m->err);
	return add_reason(m, old, r.why);
}

static const struct sc_guard *refused(const struct make *m,
				      const struct sc_rule *r)
{
	if (!m->env->guards)
		return NULL;
	return sc_guards_refuse(m->env->guards, m->env->like, r->target,
				r->tclass, r->perms);
}

static int say_refused(struct make *m, const struct sc_guard *guard)
{
	m->outcome->granted = false;
	return sc_keepf(m->arena, &m->outcome->words,
			"refused by guard " SC_FMT ": it could " SC_FMT,
			SC_ARG(guard->id), SC_ARG(guard->words))
		       ? 0
		       : sc_no_memory(m->err);
}

static int make_addition(struct make *m, const struct sc_need *n)
{
	struct sc_inherit inherit = { n->word, n->why };

	m->outcome->granted = true;
	return SC_PUSH(m->arena, &m->module->inherits, inherit)
		       ? 0
		       : sc_no_memory(m->err);
}

static int make_capability(struct make *m, const struct sc_need *n)
{
	struct sc_rule r = { .target = SC_STR("self"), .why = n->why };
	const struct sc_guard *guard;
	int number = sc_capability_find(n->word);

	if (number < 0)
		return 0;
	r.perms = sc_capability_word((unsigned)number);
	r.tclass = sc_view(sc_capability_class(number, m->env->userns));
	guard = refused(m, &r);
	if (guard)
		return say_refused(m, guard);
	if (!sc_policy_has_perm(m->env->policy, r.tclass, r.perms)) {
		m->outcome->words = SC_STR("this policy does not know it");
		return 0;
	}
	m->outcome->granted = true;
	return add_rule(m, r);
}

static bool is_local_port(uint32_t port)
{
	return port >= SC_PORT_LOCAL_FIRST && port <= SC_PORT_LOCAL_LAST;
}

static bool is_reserved(struct sc_str type)
{
	return sc_str_eq(type, SC_STR("reserved_port_t")) ||
	       sc_str_eq(type, SC_STR("hi_reserved_port_t"));
}

/* SELinux knows no other way to name a port than its type. */
bool sc_rules_width(const struct sc_policy *p, struct sc_str proto,
		    struct sc_str type, struct sc_arena *a, struct sc_str *out)
{
	size_t n = sc_port_type_size(p, proto, type);

	*out = (struct sc_str){ 0 };
	return n <= WIDE ||
	       sc_keepf(a, out, SC_FMT " covers %zu ports%s", SC_ARG(type), n,
			is_reserved(type)
				? ", all without a name of their own below 1024"
				: "");
}

static int put_port_rule(struct make *m, const struct sc_need *n,
			 struct sc_str type, uint32_t port, uint32_t last)
{
	const char *proto = sc_proto_name(n->proto);
	struct sc_rule r = { .target = type };
	struct sc_str width = { 0 };
	const struct sc_guard *guard;
	struct sc_buf why = { 0 };
	int status;

	r.tclass = n->proto == SC_UDP    ? SC_STR("udp_socket")
		   : n->proto == SC_SCTP ? SC_STR("sctp_socket")
					 : SC_STR("tcp_socket");
	r.perms = n->kind == SC_NEED_LISTEN ? SC_STR("name_bind")
					    : SC_STR("name_connect");
	/* The rule outlives the policy. */
	if (!sc_keep(m->arena, type, &r.target))
		return sc_no_memory(m->err);
	guard = refused(m, &r);
	if (guard)
		return say_refused(m, guard);
	if (!sc_rules_width(m->env->policy, sc_view(proto), type, m->arena,
			    &width))
		return sc_no_memory(m->err);
	m->outcome->type = r.target;
	m->outcome->granted = true;
	if (width.n)
		m->outcome->words = width;
	sc_putf(&why, "%s %s/%u",
		n->kind == SC_NEED_LISTEN ? "listens on" : "connects to", proto,
		port);
	if (last != port)
		sc_putf(&why, "-%u", last);
	if (n->peer.n)
		sc_putf(&why, " of " SC_FMT, SC_ARG(n->peer));
	sc_putf(&why, ": " SC_FMT, SC_ARG(n->why));
	if (width.n)
		sc_putf(&why, " [" SC_FMT "]", SC_ARG(width));
	status = why.failed || !sc_keep(m->arena,
					(struct sc_str){ why.s, why.n }, &r.why)
			 ? sc_no_memory(m->err)
			 : add_rule(m, r);
	sc_buf_free(&why);
	return status;
}

/* What a port that is not granted would be called. */
static int look_up(struct make *m, const struct sc_need *n)
{
	struct sc_str type;
	struct sc_error err;

	if (sc_port_type(m->env->policy, sc_view(sc_proto_name(n->proto)),
			 n->port, &type, &err) < 0)
		return 0;
	return sc_keep(m->arena, type, &m->outcome->type)
		       ? 0
		       : sc_no_memory(m->err);
}

/* The last port of those from @port to @end whose type is the same, and which
 * the kernel gives to nobody by itself. */
static int find_run(struct make *m, const struct sc_need *n, uint32_t port,
		    struct sc_str *type, uint32_t *out)
{
	struct sc_str proto = sc_view(sc_proto_name(n->proto)), next;
	uint32_t end = n->last;
	uint16_t last;
	int r = sc_port_run(m->env->policy, proto, (uint16_t)port, type, &last,
			    m->err);

	if (n->kind == SC_NEED_LISTEN && port < SC_PORT_LOCAL_FIRST &&
	    end >= SC_PORT_LOCAL_FIRST)
		end = SC_PORT_LOCAL_FIRST - 1;
	while (r == 0 && last < end) {
		struct sc_error ignored;
		uint16_t further;

		if (sc_port_run(m->env->policy, proto, (uint16_t)(last + 1),
				&next, &further, &ignored) < 0 ||
		    !sc_str_eq(*type, next))
			break;
		last = further;
	}
	if (r == 0)
		*out = last < end ? last : end;
	return r;
}

static int make_ports(struct make *m, const struct sc_need *n)
{
	uint32_t port = n->port, last = port;
	int r = 0;

	while (r == 0 && port <= n->last) {
		struct sc_str type;

		if (n->kind == SC_NEED_LISTEN && is_local_port(port)) {
			m->outcome->granted = true;
			m->outcome->words =
				SC_STR("no rule needed: within the range that "
				       "the kernel gives to anybody");
			port = SC_PORT_LOCAL_LAST + 1;
			continue;
		}
		r = find_run(m, n, port, &type, &last);
		if (r == SC_ENOTFOUND) {
			m->outcome->words =
				SC_STR("its port has no type in this policy");
			return 0;
		}
		if (r < 0)
			return r;
		r = put_port_rule(m, n, type, port, last);
		port = last + 1;
	}
	return r;
}

static int make_one(struct make *m, const struct sc_need *n)
{
	switch (n->kind) {
	case SC_NEED_ADDITION:
		return make_addition(m, n);
	case SC_NEED_CAPABILITY:
		return make_capability(m, n);
	case SC_NEED_LISTEN:
	case SC_NEED_CONNECT:
		return make_ports(m, n);
	case SC_NEED_RELABEL:
		m->outcome->granted = true;
		return 0;
	}
	return 0;
}

int sc_rules_make(const struct sc_rules_for *env, const struct sc_needs *needs,
		  struct sc_arena *a, struct sc_module *module,
		  struct sc_outcomes *out, struct sc_error *err)
{
	struct make m = {
		.env = env, .arena = a, .module = module, .err = err
	};

	for (size_t i = 0; i < needs->n; i++) {
		const struct sc_need *n = &needs->v[i];
		struct sc_outcome outcome = { .need = n };
		int r = 0;

		m.outcome = &outcome;
		if (n->confidence >= SC_MEDIUM)
			r = make_one(&m, n);
		else if (n->kind == SC_NEED_LISTEN ||
			 n->kind == SC_NEED_CONNECT)
			r = look_up(&m, n);
		if (r < 0)
			return r;
		if (!SC_PUSH(a, out, outcome))
			return sc_no_memory(err);
	}
	return 0;
}
