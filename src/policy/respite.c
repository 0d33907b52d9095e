#include "policy/respite.h"

#include "base/clean.h"

#define UNIT "selcage-mode-" SC_FMT "-%u"
#define NAME_MAX_BYTES 180 /* of a domain, for the name of a unit */

/* ---- the ledger */

static bool is_ours(const struct sc_entry *e)
{
	return sc_str_eq(e->changes.kind, SC_RESPITE_KIND);
}

static struct sc_respite_past *find_past(struct sc_respite_pasts *list,
					 struct sc_str domain)
{
	for (size_t i = 0; i < list->n; i++)
		if (sc_str_eq(list->v[i].domain, domain))
			return &list->v[i];
	return NULL;
}

static void forget(struct sc_respite_pasts *list, struct sc_str domain)
{
	struct sc_respite_past *found = find_past(list, domain);
	size_t rest;

	if (!found)
		return;
	rest = list->n - (size_t)(found - list->v) - 1;
	memmove(found, found + 1, rest * sizeof(*found));
	list->n--;
}

/* What is true after @e came to pass. */
static bool note(struct sc_respite_pasts *list, const struct sc_entry *e,
		 struct sc_arena *a)
{
	for (size_t i = 0; i < e->changes.n; i++) {
		const struct sc_change *c = &e->changes.v[i];
		struct sc_respite_past past = { c->name, c->after, e->time,
						e->changes.place };

		forget(list, c->name);
		if (c->after.n && !SC_PUSH(a, list, past))
			return false;
	}
	return true;
}

int sc_respite_open_ones(const struct sc_ledger *ledger, struct sc_arena *a,
			 struct sc_respite_pasts *out, struct sc_error *err)
{
	struct sc_respite_pasts list = { 0 };

	for (size_t i = 0; i < ledger->n; i++) {
		const struct sc_entry *e = &ledger->v[i];

		if (is_ours(e) && e->state == SC_ENTRY_DONE &&
		    !note(&list, e, a))
			return sc_no_memory(err);
	}
	*out = list;
	return 0;
}

static bool is_in_force(const struct sc_running *running, struct sc_str boot,
			const struct sc_change_set *set)
{
	return sc_str_eq(set->place, boot) && set->n &&
	       sc_running_find(running, set->v[0].name);
}

/* What was begun last, and not known to have ended: has it come to pass? */
static int settle_open(struct sc_ledger *ledger,
		       const struct sc_running *running, struct sc_str boot,
		       struct sc_error *err)
{
	const struct sc_entry *e =
		sc_ledger_interrupted(ledger, SC_RESPITE_KIND);
	bool wanted, is;

	if (!e)
		return 0;
	wanted = e->changes.n && e->changes.v[0].after.n;
	is = is_in_force(running, boot, &e->changes);
	return sc_ledger_end(ledger, e->id,
			     wanted == is ? SC_ENTRY_DONE : SC_ENTRY_UNDONE,
			     err);
}

static int note_end(struct sc_ledger *ledger,
		    const struct sc_respite_past *past, struct sc_error *err)
{
	struct sc_change c = { .name = past->domain, .before = past->digest };
	const struct sc_change_set set = {
		.kind = SC_RESPITE_KIND, .place = past->boot, .v = &c, .n = 1
	};
	uint64_t id = 0;
	int r = sc_ledger_begin(ledger, &set, &id, err);

	return r < 0 ? r : sc_ledger_end(ledger, id, SC_ENTRY_DONE, err);
}

int sc_respite_settle(struct sc_ledger *ledger,
		      const struct sc_running *running, struct sc_str boot,
		      struct sc_respite_pasts *ended, struct sc_error *err)
{
	struct sc_respite_pasts all = { 0 }, over = { 0 };
	int r = settle_open(ledger, running, boot, err);

	if (r == 0)
		r = sc_respite_open_ones(ledger, ledger->arena, &all, err);
	for (size_t i = 0; r == 0 && i < all.n; i++) {
		const struct sc_respite_past *p = &all.v[i];

		if (sc_str_eq(p->boot, boot) &&
		    sc_running_find(running, p->domain))
			continue;
		if (!SC_PUSH(ledger->arena, &over, *p))
			return sc_no_memory(err);
		r = note_end(ledger, p, err);
	}
	if (r < 0)
		return sc_while(err, "noting what has ended");
	*ended = over;
	return 0;
}

/* ---- the step */

static bool is_unit(struct sc_str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool digit = c >= '0' && c <= '9';

		if (!letter && !digit && c != '_' && c != '.' && c != '-')
			return false;
	}
	return name.n && name.n <= NAME_MAX_BYTES;
}

static int unit_of(struct sc_arena *a, struct sc_str domain, uint32_t turn,
		   struct sc_str *out, struct sc_error *err)
{
	if (!is_unit(domain))
		return sc_fail(
			err, SC_EREFUSED,
			"no timer of systemd can be called after '" SC_FMT "'",
			SC_ARG(domain));
	return sc_keepf(a, out, UNIT, SC_ARG(domain), turn) ? 0
							    : sc_no_memory(err);
}

/* One that stays ends nothing, or ends it early. */
static void stop_one(const struct sc_timers *timers, struct sc_str domain,
		     uint32_t turn)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_error ignored;
	struct sc_str unit = { 0 };

	if (unit_of(&a, domain, turn, &unit, &ignored) < 0)
		return;
	(void)timers->stop(timers->data, unit.s, &ignored);
}

static void stop_timer(const struct sc_respite_step *s, uint32_t turn)
{
	stop_one(s->timers, s->domain, turn);
}

void sc_respite_stop_timers(const struct sc_timers *timers,
			    struct sc_str domain)
{
	stop_one(timers, domain, 0);
	stop_one(timers, domain, 1);
}

static int start_timer(const struct sc_respite_step *s, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	const struct sc_respite *r = s->begins;
	struct sc_timer t = { .seconds = r->until - r->since,
			      .command = s->command };
	struct sc_str unit = { 0 }, what;
	int code = unit_of(&a, s->domain, r->turn, &unit, err);

	if (code < 0)
		return code;
	if (!sc_keepf(&a, &what, "end of permissive mode of " SC_FMT,
		      SC_ARG(s->domain)))
		return sc_no_memory(err);
	t.unit = unit.s;
	t.what = what.s;
	/* left behind by one who died: it would be in the way */
	stop_timer(s, r->turn);
	code = s->timers->start(s->timers->data, &t, err);
	return code < 0 ? sc_while(err, "nothing would end it: no timer") : 0;
}

static int is_done(void *data, struct sc_error *err)
{
	const struct sc_respite_step *s = data;

	return s->tried ? sc_running_is(s->running, &s->wanted, err) : 0;
}

/* The timer first: without it nothing is relaxed. It stays where it failed, and
 * nobody can tell whether it is relaxed all the same. */
static int begin(struct sc_respite_step *s, struct sc_error *err)
{
	struct sc_error ignored;
	int r = start_timer(s, err);

	if (r < 0)
		return r;
	r = sc_running_change(s->running, &s->wanted, err);
	if (r < 0 && sc_running_is(s->running, &s->wanted, &ignored) != 0)
		return r;
	/* that of an older end is not needed any more, or ours is not */
	stop_timer(s, r < 0 ? s->begins->turn : !s->begins->turn);
	return r;
}

static int end(struct sc_respite_step *s, struct sc_error *err)
{
	int r = s->foreign ? sc_running_enforce(s->running, s->domain, err)
			   : sc_running_change(s->running, &s->wanted, err);

	if (r < 0)
		return r;
	sc_respite_stop_timers(s->timers, s->domain);
	return 0;
}

static int apply(void *data, struct sc_error *err)
{
	struct sc_respite_step *s = data;

	s->tried = true;
	return s->begins ? begin(s, err) : end(s, err);
}

static int undo(void *data, struct sc_error *err)
{
	struct sc_respite_step *s = data;
	int r = sc_running_change(s->running, &s->before, err);

	if (r == 0 && s->begins)
		stop_timer(s, s->begins->turn);
	return r;
}

struct sc_step sc_respite_plan(struct sc_respite_step *step, const char *title)
{
	return (struct sc_step){ .title = title,
				 .changes = step->changes,
				 .data = step,
				 .done = is_done,
				 .apply = apply,
				 .undo = undo };
}

/* ---- planning */

/* All of @list but the one of @domain. */
static int without(const struct sc_respites *list, struct sc_str domain,
		   struct sc_arena *a, struct sc_respites *out,
		   struct sc_error *err)
{
	*out = (struct sc_respites){ 0 };
	for (size_t i = 0; i < list->n; i++)
		if (!sc_str_eq(list->v[i].what.domain, domain) &&
		    !SC_PUSH(a, out, list->v[i]))
			return sc_no_memory(err);
	return 0;
}

static int fill(struct sc_running *running, const struct sc_ledger *ledger,
		struct sc_str boot, struct sc_str domain,
		struct sc_respite_step *out, struct sc_error *err)
{
	struct sc_respite_pasts pasts = { 0 };
	struct sc_change c = { .name = domain };
	const struct sc_respite_past *past;
	int r = 0;

	*out = (struct sc_respite_step){
		.running = running,
		.timers = &sc_systemd_timers,
		.domain = domain,
		.before = running->list,
		.changes = { .kind = SC_RESPITE_KIND, .place = boot },
	};
	r = without(&running->list, domain, running->arena, &out->wanted, err);
	if (r == 0 && ledger)
		r = sc_respite_open_ones(ledger, running->arena, &pasts, err);
	if (r < 0)
		return r;
	past = find_past(&pasts, domain);
	if (past)
		c.before = past->digest;
	return SC_PUSH(running->arena, &out->changes, c) ? 0
							 : sc_no_memory(err);
}

static int keep_text(struct sc_ledger *ledger, struct sc_str boot,
		     const struct sc_respite *r, struct sc_str *digest,
		     struct sc_error *err)
{
	struct sc_str text;

	if (!sc_keepf(ledger->arena, &text,
		      "domain " SC_FMT "\npermissive %s\ndontaudit %s\n"
		      "since %llu\nuntil %llu\nlogin %u\nboot " SC_FMT "\n",
		      SC_ARG(r->what.domain),
		      r->what.flags & SC_RELAX_PERMISSIVE ? "yes" : "no",
		      r->what.flags & SC_RELAX_AUDIT ? "off" : "on",
		      (unsigned long long)r->since,
		      (unsigned long long)r->until, r->user, SC_ARG(boot)))
		return sc_no_memory(err);
	return sc_ledger_keep(ledger, text, digest, err);
}

int sc_respite_begin(struct sc_running *running, struct sc_ledger *ledger,
		     struct sc_str boot, const struct sc_respite *respite,
		     struct sc_respite_step *out, struct sc_error *err)
{
	const struct sc_respite *old =
		sc_running_find(running, respite->what.domain);
	struct sc_respite fresh = *respite;
	int r = fill(running, ledger, boot, respite->what.domain, out, err);

	if (r < 0)
		return r;
	if (!is_unit(respite->what.domain))
		return unit_of(running->arena, respite->what.domain, 0,
			       &fresh.what.domain, err);
	fresh.turn = old ? !old->turn : 0;
	if (!SC_PUSH(running->arena, &out->wanted, fresh))
		return sc_no_memory(err);
	out->begins = &out->wanted.v[out->wanted.n - 1];
	return ledger ? keep_text(ledger, boot, &fresh,
				  &out->changes.v[0].after, err)
		      : 0;
}

int sc_respite_end(struct sc_running *running, const struct sc_ledger *ledger,
		   struct sc_str boot, struct sc_str domain,
		   struct sc_respite_step *out, struct sc_error *err)
{
	int r = fill(running, ledger, boot, domain, out, err);

	if (r == 0)
		out->foreign = !sc_running_find(running, domain);
	return r;
}
