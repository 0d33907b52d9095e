#include "cli/advice.h"

#include "audit/levels.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/log_json.h"

#include <inttypes.h>

static const struct {
	enum sc_reason bit;
	const char *name;
} reasons[] = {
	{ SC_WHY_UNKNOWN, "unknown" },     { SC_WHY_RULE, "rule" },
	{ SC_WHY_BOOLEAN, "boolean" },     { SC_WHY_CONSTRAINT, "constraint" },
	{ SC_WHY_ROLE, "role" },           { SC_WHY_BOUNDS, "bounds" },
	{ SC_WHY_DONTAUDIT, "dontaudit" }, { SC_WHY_XPERM, "xperm" },
};

static void put_reasons(struct sc_buf *out, unsigned bits)
{
	const char *between = "";

	sc_put(out, SC_STR(",\"reasons\":["));
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!(bits & reasons[i].bit))
			continue;
		sc_putf(out, "%s\"%s\"", between, reasons[i].name);
		between = ",";
	}
	sc_put(out, SC_STR("]"));
}

/* [{"a":true,"b":false},...]: each object is one way to set switches. */
static void put_booleans(struct sc_buf *out, const struct sc_why *why)
{
	sc_put(out, SC_STR(",\"booleans\":["));
	for (size_t i = 0; i < why->n_options; i++) {
		const struct sc_why_option *o = &why->options[i];

		sc_put(out, i ? SC_STR(",{") : SC_STR("{"));
		for (size_t k = 0; k < o->n; k++) {
			sc_put(out, k ? SC_STR(",") : SC_STR(""));
			sc_put_json(out, o->v[k].boolean);
			sc_putf(out, ":%s", o->v[k].needed ? "true" : "false");
		}
		sc_put(out, SC_STR("}"));
	}
	/* for each of them, in their order */
	sc_put(out, SC_STR("],\"boolean_rules\":["));
	for (size_t i = 0; i < why->n_options; i++) {
		const struct sc_why_option *o = &why->options[i];

		sc_putf(out,
			"%s{\"opens\":%u,\"of_source\":%u,\"closes\":%u,"
			"\"vectors\":%" PRIu64 ",\"vectors_of_source\":%" PRIu64
			"}",
			i ? "," : "", o->opens, o->own, o->closes, o->vectors,
			o->own_vectors);
	}
	sc_put(out, SC_STR("]"));
}

static void put_commands(struct sc_buf *out, const struct sc_why *why)
{
	sc_put(out, SC_STR(",\"commands\":["));
	for (size_t i = 0; i < why->n_commands; i++)
		sc_putf(out, "%s\"0x%04x\"", i ? "," : "", why->commands[i]);
	sc_put(out, SC_STR("]"));
}

static void put_perm(struct sc_buf *out, const struct sc_finding_perm *p)
{
	const struct sc_why *why = p->why;

	sc_put(out, SC_STR("{\"perm\":"));
	sc_put_json(out, p->perm);
	sc_putf(out, ",\"verdict\":\"%s\"", sc_class_name(p->class));
	put_reasons(out, why->reasons);
	if (why->reasons & SC_WHY_BOOLEAN)
		put_booleans(out, why);
	if (why->reasons & SC_WHY_CONSTRAINT)
		sc_member_text(out, "constraint", why->words);
	if (why->n_commands)
		put_commands(out, why);
	if (p->guard)
		sc_member_text(out, "guard", p->guard->id);
	if (why->unknown_name.n)
		sc_member_text(out, "unknown", why->unknown_name);
	if (why->nearest.n)
		sc_member_text(out, "nearest", why->nearest);
	sc_put(out, SC_STR("}"));
}

static void put_denial(struct sc_buf *out, const struct sc_denial *d)
{
	sc_member_number(out, "count", d->count);
	sc_member_text(out, "source", d->source);
	sc_member_text(out, "target", d->target);
	sc_member_text(out, "class", d->tclass);
	sc_seen_json(out, "objects", d->objects, d->n_objects, d->more_objects);
	sc_seen_json(out, "programs", d->programs, d->n_programs,
		     d->more_programs);
	if (d->port)
		sc_putf(out, ",\"port\":%u", d->port);
	sc_member_text(out, "scontext", d->scontext);
	sc_member_text(out, "tcontext", d->tcontext);
	sc_member_text(out, "levels", sc_view(sc_levels_name(d->levels)));
	sc_member_bool(out, "permissive", d->permissive);
	sc_member_bool(out, "from_user", d->from_user);
	sc_member_bool(out, "forgeable", d->forgeable);
	if (d->manager.n)
		sc_member_text(out, "manager", d->manager);
}

static void put_fault(struct sc_buf *out, const struct sc_fault_advice *a)
{
	const struct sc_notice *n = &a->fault->notice;

	sc_putf(out, "{\"v\":1,\"kind\":\"error\",\"count\":%" PRIu64,
		a->fault->count);
	sc_member_text(out, "op", n->op);
	sc_member_text(out, "scontext", n->source);
	sc_member_text(out, "tcontext", n->target);
	sc_member_text(out, "context", n->context);
	sc_member_text(out, "class", n->tclass);
	sc_member_bool(out, "from_user", n->from_user);
	sc_member_text(out, "id", a->id);
	sc_member_text(out, "words", a->words);
	sc_member_text(out, "todo", a->todo);
	sc_put(out, SC_STR("}\n"));
}

void sc_advice_members(struct sc_buf *out, const struct sc_advice *a)
{
	put_denial(out, a->denial);
	sc_putf(out, ",\"verdict\":\"%s\"", sc_class_name(a->class));
	sc_put(out, SC_STR(",\"perms\":["));
	for (size_t k = 0; k < a->n_perms; k++) {
		sc_put(out, k ? SC_STR(",") : SC_STR(""));
		put_perm(out, &a->perms[k]);
	}
	sc_put(out, SC_STR("]"));
	sc_member_text(out, "id", a->id);
	sc_member_text(out, "words", a->words);
	sc_member_text(out, "todo", a->todo);
	if (a->owner.n)
		sc_member_text(out, "owner", a->owner);
	sc_put(out, SC_STR(",\"commands\":["));
	for (size_t k = 0; k < a->commands.n; k++) {
		sc_put(out, k ? SC_STR(",") : SC_STR(""));
		sc_put_json(out, a->commands.v[k]);
	}
	sc_put(out, SC_STR("]"));
}

void sc_advice_json(struct sc_buf *out, const struct sc_judge *j)
{
	for (size_t i = 0; i < j->n; i++) {
		sc_put(out, SC_STR("{\"v\":1"));
		sc_advice_members(out, &j->advice[i]);
		sc_put(out, SC_STR("}\n"));
	}
	for (size_t i = 0; i < j->tally.faults.n; i++)
		put_fault(out, &j->faults[i]);
}
