#include "rules/advise.h"

#include "base/buf.h"
#include "base/data.h"
#include "base/table.h"
#include "policy/extended.h"
#include "rules/advice_rows.h"
#include "rules/advice_say.h"
#include "rules/mounts.h"

static const char *const names[] = {
	[SC_CLASS_UNKNOWN] = "unknown",   [SC_CLASS_ALLOWED] = "allowed-now",
	[SC_CLASS_GUARDED] = "guarded",   [SC_CLASS_LABEL] = "label",
	[SC_CLASS_LEVEL] = "level",       [SC_CLASS_CONSTRAINT] = "constraint",
	[SC_CLASS_ROLE] = "role",         [SC_CLASS_BOUNDS] = "bounds",
	[SC_CLASS_BOOLEAN] = "boolean",   [SC_CLASS_NOISE] = "noise",
	[SC_CLASS_RULE] = "missing-rule",
};

const char *sc_class_name(enum sc_class class)
{
	return names[class];
}

static const char *label_key(const struct sc_case *c)
{
	return c->n_misplaced         ? "label-differs"
	       : c->denial->trawcon.n ? "label-lost"
				      : "label";
}

static bool is_label_matter(const struct sc_case *c, struct sc_str perm)
{
	struct sc_row row;

	return sc_case_row(c, label_key(c), perm, &row) ||
	       sc_case_row(c, "label", perm, &row);
}

/* An open file that was left to a process, which has no use for it. */
static bool is_leak(const struct sc_case *c, struct sc_str perm)
{
	struct sc_row row;

	return sc_case_row(c, "leak", perm, &row);
}

/* An engine's socket, whatever its label: Debian's file contexts know docker's,
 * and podman's gets the label of anything in /run. */
static const struct sc_guard *find_socket_guard(const struct sc_case *c)
{
	const struct sc_denial *d = c->denial;
	bool engine = false;

	for (size_t i = 0; i < d->n_objects; i++)
		engine = engine || sc_mounts_is_engine(d->objects[i].text);
	if (!engine || !sc_str_eq(d->tclass, SC_STR("sock_file")))
		return NULL;
	for (size_t i = 0; i < sc_guards_count(c->by->guards); i++)
		if (sc_str_eq(sc_guards_at(c->by->guards, i)->id,
			      SC_STR("G19")))
			return sc_guards_at(c->by->guards, i);
	return NULL;
}

static const struct sc_guard *find_guard(const struct sc_case *c,
					 struct sc_str perm)
{
	const struct sc_denial *d = c->denial;
	bool self = sc_str_eq(d->source, d->target);
	const struct sc_guard *socket;

	if (!c->by->guards)
		return NULL;
	socket = find_socket_guard(c);
	if (socket)
		return socket;
	return sc_guards_refuse(c->by->guards, d->source,
				self ? SC_STR("self") : d->target, d->tclass,
				perm);
}

static bool is_critical(const struct sc_guard *g)
{
	return sc_str_eq(g->severity, SC_STR("critical"));
}

static enum sc_class classify_reason(const struct sc_why *why)
{
	if (why->reasons & SC_WHY_CONSTRAINT)
		return why->mcs ? SC_CLASS_LEVEL : SC_CLASS_CONSTRAINT;
	if (why->reasons & SC_WHY_ROLE)
		return SC_CLASS_ROLE;
	if (why->reasons & SC_WHY_BOUNDS)
		return SC_CLASS_BOUNDS;
	if (why->reasons & SC_WHY_BOOLEAN)
		return SC_CLASS_BOOLEAN;
	if (why->reasons & SC_WHY_DONTAUDIT)
		return SC_CLASS_NOISE;
	return SC_CLASS_RULE;
}

/* Does a guard refuse commands of this ioctl? All of them, or .partly. */
static void guard_commands(const struct sc_case *c, struct sc_finding_perm *f)
{
	const struct sc_denial *d = c->denial;
	size_t refused = 0;

	if (!c->by->guards || f->guard || !sc_str_eq(f->perm, SC_STR("ioctl")))
		return;
	if (!d->n_ioctls)
		f->guard = sc_guards_refuse_ioctl(c->by->guards, d->source,
						  d->target, d->tclass,
						  SC_ANY_IOCTL);
	for (size_t i = 0; i < d->n_ioctls; i++) {
		const struct sc_guard *g = sc_guards_refuse_ioctl(
			c->by->guards, d->source, d->target, d->tclass,
			d->ioctls[i]);

		refused += g != NULL;
		if (g)
			f->guard = g;
	}
	f->partly = refused > 0 && refused < d->n_ioctls;
}

/* Guards and labels are asked only where it is a rule that is missing. A label
 * goes before a guard unless that is critical: "relabel the volume" helps more
 * than "never open homes", but not where shadow files are read. */
static void classify(const struct sc_case *c, struct sc_finding_perm *f)
{
	bool no_rule = f->why->reasons & (SC_WHY_RULE | SC_WHY_BOOLEAN);
	bool refused, critical;

	if (f->why->reasons & SC_WHY_UNKNOWN) {
		f->class = SC_CLASS_UNKNOWN;
		return;
	}
	if (!f->why->reasons) {
		f->class = SC_CLASS_ALLOWED;
		return;
	}
	if (no_rule)
		f->guard = find_guard(c, f->perm);
	if (no_rule || f->why->reasons & SC_WHY_XPERM)
		guard_commands(c, f);
	refused = f->guard && f->guard->blocks && !f->partly;
	critical = refused && sc_str_eq(f->guard->severity, SC_STR("critical"));
	if (no_rule && !critical && is_label_matter(c, f->perm))
		f->class = SC_CLASS_LABEL;
	else if (refused)
		f->class = SC_CLASS_GUARDED;
	else if (no_rule && is_leak(c, f->perm))
		f->class = SC_CLASS_NOISE;
	else
		f->class = classify_reason(f->why);
}

/* The permission that decides the class of the whole denial. */
static const struct sc_finding_perm *gravest(const struct sc_advice *a)
{
	const struct sc_finding_perm *best = &a->perms[0];

	for (size_t i = 1; i < a->n_perms; i++) {
		const struct sc_finding_perm *p = &a->perms[i];

		if (p->class != SC_CLASS_ALLOWED &&
		    (best->class == SC_CLASS_ALLOWED || p->class < best->class))
			best = p;
	}
	return best;
}

/* Where the kernel takes the ports of outgoing connections from, unless it is
 * told otherwise (ip_local_port_range). */
#define PICKED_FIRST 32768
#define PICKED_LAST 60999

/* A port of a server among those that the kernel picks at random. */
static bool is_picked(const struct sc_case *c, struct sc_str perm)
{
	struct sc_row row;

	return c->denial->port >= PICKED_FIRST &&
	       c->denial->port <= PICKED_LAST &&
	       sc_case_row(c, "missing-picked", perm, &row);
}

/* Which rows to look through for @p; the name of its class, or nearer. */
static const char *key_of(const struct sc_case *c,
			  const struct sc_finding_perm *p)
{
	static const char *const unknown[] = {
		[SC_KNOWN] = "unknown-source",
		[SC_UNKNOWN_SOURCE] = "unknown-source",
		[SC_UNKNOWN_TARGET] = "unknown-target",
		[SC_UNKNOWN_CLASS] = "unknown-class",
		[SC_UNKNOWN_PERM] = "unknown-perm",
	};

	if (p->class == SC_CLASS_UNKNOWN)
		return unknown[p->why->unknown];
	if (p->class == SC_CLASS_LABEL)
		return label_key(c);
	if (p->class == SC_CLASS_RULE && c->denial->forgeable)
		return "text-log";
	if (p->class == SC_CLASS_RULE && !sc_denial_is_believed(c->denial))
		return "forged";
	if (p->class == SC_CLASS_RULE && p->why->reasons & SC_WHY_XPERM)
		return "missing-command";
	if (p->class == SC_CLASS_RULE && c->denial->n_ioctls &&
	    sc_str_eq(p->perm, SC_STR("ioctl")))
		return "new-command";
	if (p->class == SC_CLASS_RULE && c->denial->owner.path.n)
		return "missing-owner";
	if (p->class == SC_CLASS_RULE && is_picked(c, p->perm))
		return "missing-picked";
	if (p->class == SC_CLASS_NOISE && is_leak(c, p->perm))
		return "leak";
	if (p->class == SC_CLASS_GUARDED && !is_critical(p->guard))
		return "guarded-high";
	return names[p->class];
}

/*
 * Can it be that files of the host have not the label of their place? What a
 * container calls a path is not the host's, and labels of some types are given
 * by hand on purpose.
 */
static bool can_be_misplaced(const struct sc_case *c)
{
	const struct sc_denial *d = c->denial;

	return c->by->contexts && !d->trawcon.n &&
	       !sc_case_is_in(c, d->source, SC_STR("%container")) &&
	       !sc_case_is_in(c, d->target, SC_STR("%customizable"));
}

/* "user:role:@type:level" of the target. */
static bool put_type(const struct sc_case *c, struct sc_str type,
		     struct sc_arena *a, struct sc_str *out)
{
	struct sc_str whole = c->denial->tcontext, now = c->denial->target;
	size_t at = (size_t)(now.s - whole.s);

	return sc_keepf(a, out, "%.*s" SC_FMT "%.*s", (int)at, whole.s,
			SC_ARG(type), (int)(whole.n - at - now.n),
			now.s + now.n);
}

/* Would it be allowed if its target were of @type? 1: it would. */
static int would_do(const struct sc_case *c, struct sc_str type,
		    struct sc_arena *a, struct sc_error *err)
{
	const struct sc_denial *d = c->denial;
	struct sc_whys whys = { 0 };
	struct sc_str label;

	if (!put_type(c, type, a, &label))
		return sc_no_memory(err);
	if (sc_why_ask(c->by->policy, d->scontext, label, d->tclass, d->perms,
		       a, &whys, err) < 0)
		return err->code;
	for (size_t i = 0; i < whys.n; i++)
		if (whys.v[i].reasons)
			return 0;
	return 1;
}

/* The objects that could be used if they had the label of their place: if there
 * is none, it is no matter of labels. */
static int find_misplaced(struct sc_case *c, struct sc_arena *a,
			  struct sc_error *err)
{
	const struct sc_denial *d = c->denial;

	if (!can_be_misplaced(c))
		return 0;
	for (size_t i = 0; i < d->n_objects; i++) {
		struct sc_str path = d->objects[i].text, type;
		int r;

		if (sc_case_is_in(c, path, SC_STR("/proc/* /sys/* /memfd:*")))
			continue;
		if (sc_contexts_type(c->by->contexts, path, d->tclass, a, &type,
				     err) < 0)
			return err->code;
		if (!type.n || sc_str_eq(type, d->target))
			continue;
		r = would_do(c, type, a, err);
		if (r < 0)
			return r;
		if (!r)
			continue;
		if (!c->n_misplaced)
			c->expected = type;
		c->misplaced[c->n_misplaced++] = path;
	}
	return 0;
}

static int judge_perms(const struct sc_case *c, struct sc_advice *out,
		       struct sc_arena *a, struct sc_error *err)
{
	const struct sc_finding_perm *p;

	out->n_perms = out->whys.n;
	out->perms = sc_new_array(a, struct sc_finding_perm, out->n_perms);
	if (!out->perms)
		return sc_no_memory(err);
	for (size_t i = 0; i < out->n_perms; i++) {
		out->perms[i].why = &out->whys.v[i];
		out->perms[i].perm = out->whys.v[i].perm;
		classify(c, &out->perms[i]);
	}
	p = gravest(out);
	out->class = p->class;
	return sc_advice_say(c, key_of(c, p), p, a, out, err);
}

static int ask(const struct sc_adviser *by, const struct sc_denial *d,
	       struct sc_arena *a, struct sc_whys *out, struct sc_error *err)
{
	struct sc_why_ioctl commands = { d->scontext, d->tcontext, d->tclass,
					 d->ioctls, d->n_ioctls };
	int r = sc_why_ask(by->policy, d->scontext, d->tcontext, d->tclass,
			   d->perms, a, out, err);

	return r < 0 ? r : sc_why_ask_ioctl(by->policy, &commands, a, out, err);
}

int sc_advise(const struct sc_adviser *by, const struct sc_denial *d,
	      struct sc_arena *a, struct sc_advice *out, struct sc_error *err)
{
	struct sc_row rows[SC_ADVICE_ROWS], row = { 0 };
	struct sc_advice advice = { .denial = d };
	struct sc_case c = { .by = by, .denial = d, .rows = rows };
	struct sc_str table = sc_data("advice.tsv");
	int r = ask(by, d, a, &advice.whys, err);

	if (r < 0)
		return r;
	while (c.n_rows < SC_ADVICE_ROWS && sc_take_row(&table, &row))
		rows[c.n_rows++] = row;
	if (!advice.whys.n) {
		/* such a record says nothing: no reason to stop at it */
		advice.words = SC_STR("the record names no permission");
		*out = advice;
		return 0;
	}
	r = find_misplaced(&c, a, err);
	if (r == 0)
		r = judge_perms(&c, &advice, a, err);
	if (r == 0)
		*out = advice;
	return r;
}
