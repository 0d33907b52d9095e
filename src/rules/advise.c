#include "rules/advise.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/table.h"
#include "base/vec.h"
#include "policy/extended.h"
#include "rules/cil.h"
#include "rules/fill.h"
#include "rules/ioctl.h"
#include "rules/mounts.h"

/* Columns of data/advice.tsv; a set has its members in SOURCE. */
enum column {
	CLASS,
	ID,
	SOURCE,
	TARGET,
	TCLASS,
	PERMS,
	WORDS,
	TODO,
	COMMANDS,
};

#define SET_DEPTH 3   /* sets inside sets */
#define OPTIONS_MAX 6 /* ways of switches that commands are given for */

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

struct judge {
	const struct sc_policy *policy;
	const struct sc_guards *guards;
	const struct sc_denial *denial;
	struct sc_row *rows; /* of data/advice.tsv; read once for a denial */
	size_t n_rows;
};

static struct sc_str find_set(const struct judge *j, struct sc_str name)
{
	for (size_t i = 0; i < j->n_rows; i++)
		if (sc_str_eq(j->rows[i].v[CLASS], SC_STR("set")) &&
		    sc_str_eq(j->rows[i].v[ID], name))
			return j->rows[i].v[SOURCE];
	return (struct sc_str){ 0 };
}

/* Is @name in @list: words, "a_*" patterns, "@attribute", "%set"? */
static bool is_in(const struct judge *j, struct sc_str name, struct sc_str list,
		  int depth)
{
	struct sc_str word;

	while (sc_take_word(&list, &word)) {
		bool in;

		if (sc_take_prefix(&word, SC_STR("@")))
			in = sc_policy_is_in(j->policy, name, word);
		else if (sc_take_prefix(&word, SC_STR("%")))
			in = depth > 0 &&
			     is_in(j, name, find_set(j, word), depth - 1);
		else
			in = sc_glob(word, name);
		if (in)
			return true;
	}
	return false;
}

static bool row_fits(const struct judge *j, const struct sc_row *row,
		     struct sc_str perm)
{
	const struct sc_denial *d = j->denial;

	return is_in(j, d->tclass, row->v[TCLASS], SET_DEPTH) &&
	       is_in(j, perm, row->v[PERMS], SET_DEPTH) &&
	       is_in(j, d->target, row->v[TARGET], SET_DEPTH) &&
	       is_in(j, d->source, row->v[SOURCE], SET_DEPTH);
}

/* The first row of @class that fits the denial and @perm. */
static bool find_row(const struct judge *j, const char *class,
		     struct sc_str perm, struct sc_row *out)
{
	struct sc_str key = sc_view(class);

	for (size_t i = 0; i < j->n_rows; i++) {
		if (!sc_str_eq(j->rows[i].v[CLASS], key) ||
		    !row_fits(j, &j->rows[i], perm))
			continue;
		*out = j->rows[i];
		return true;
	}
	return false;
}

static const char *label_key(const struct sc_denial *d)
{
	return d->trawcon.n ? "label-lost" : "label";
}

static bool is_label_matter(const struct judge *j, struct sc_str perm)
{
	struct sc_row row;

	return find_row(j, label_key(j->denial), perm, &row) ||
	       find_row(j, "label", perm, &row);
}

/* An engine's socket, whatever its label: Debian's file contexts know docker's,
 * and podman's gets the label of anything in /run. */
static const struct sc_guard *find_socket_guard(const struct judge *j)
{
	const struct sc_denial *d = j->denial;
	bool engine = false;

	for (size_t i = 0; i < d->n_objects; i++)
		engine = engine || sc_mounts_is_engine(d->objects[i].text);
	if (!engine || !sc_str_eq(d->tclass, SC_STR("sock_file")))
		return NULL;
	for (size_t i = 0; i < sc_guards_count(j->guards); i++)
		if (sc_str_eq(sc_guards_at(j->guards, i)->id, SC_STR("G19")))
			return sc_guards_at(j->guards, i);
	return NULL;
}

static const struct sc_guard *find_guard(const struct judge *j,
					 struct sc_str perm)
{
	const struct sc_denial *d = j->denial;
	bool self = sc_str_eq(d->source, d->target);
	const struct sc_guard *socket;

	if (!j->guards)
		return NULL;
	socket = find_socket_guard(j);
	if (socket)
		return socket;
	return sc_guards_refuse(j->guards, d->source,
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
static void guard_commands(const struct judge *j, struct sc_finding_perm *f)
{
	const struct sc_denial *d = j->denial;
	size_t refused = 0;

	if (!j->guards || f->guard || !sc_str_eq(f->perm, SC_STR("ioctl")))
		return;
	if (!d->n_ioctls)
		f->guard =
			sc_guards_refuse_ioctl(j->guards, d->source, d->target,
					       d->tclass, SC_ANY_IOCTL);
	for (size_t i = 0; i < d->n_ioctls; i++) {
		const struct sc_guard *g =
			sc_guards_refuse_ioctl(j->guards, d->source, d->target,
					       d->tclass, d->ioctls[i]);

		refused += g != NULL;
		if (g)
			f->guard = g;
	}
	f->partly = refused > 0 && refused < d->n_ioctls;
}

/* Guards and labels are asked only where it is a rule that is missing. A label
 * goes before a guard unless that is critical: "relabel the volume" helps more
 * than "never open homes", but not where shadow files are read. */
static void classify(const struct judge *j, struct sc_finding_perm *f)
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
		f->guard = find_guard(j, f->perm);
	if (no_rule || f->why->reasons & SC_WHY_XPERM)
		guard_commands(j, f);
	refused = f->guard && f->guard->blocks && !f->partly;
	critical = refused && sc_str_eq(f->guard->severity, SC_STR("critical"));
	if (no_rule && !critical && is_label_matter(j, f->perm))
		f->class = SC_CLASS_LABEL;
	else if (refused)
		f->class = SC_CLASS_GUARDED;
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

/* Which rows to look through for @p; the name of its class, or nearer. */
static const char *key_of(const struct judge *j,
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
		return label_key(j->denial);
	if (p->class == SC_CLASS_RULE && j->denial->forgeable)
		return "text-log";
	if (p->class == SC_CLASS_RULE && !sc_denial_is_believed(j->denial))
		return "forged";
	if (p->class == SC_CLASS_RULE && p->why->reasons & SC_WHY_XPERM)
		return "missing-command";
	if (p->class == SC_CLASS_RULE && j->denial->n_ioctls &&
	    sc_str_eq(p->perm, SC_STR("ioctl")))
		return "new-command";
	if (p->class == SC_CLASS_GUARDED && !is_critical(p->guard))
		return "guarded-high";
	return names[p->class];
}

/* Part @n of "user:role:type:level"; the level is all that follows. */
static struct sc_str part_of(struct sc_str context, int n)
{
	struct sc_str part = { 0 };

	for (int i = 0; i < n; i++)
		if (!sc_take_until(&context, ':', &part))
			return (struct sc_str){ 0 };
	if (n < 3 && sc_take_until(&context, ':', &part))
		return part;
	return context;
}

/* The permissions of @class, by ", ". */
static bool join_perms(const struct sc_advice *a, enum sc_class class,
		       struct sc_arena *arena, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	for (size_t i = 0; i < a->n_perms; i++)
		if (a->perms[i].class == class)
			sc_putf(&b, "%s" SC_FMT, b.n ? ", " : "",
				SC_ARG(a->perms[i].perm));
	return !b.failed && sc_keep(arena, (struct sc_str){ b.s, b.n }, out);
}

#define VALUES 24

struct values {
	struct sc_value v[VALUES];
	size_t n;
	size_t settings; /* index of {settings} in .v */
	char port[8];
};

static void add(struct values *all, const char *name, struct sc_str value,
		const char *unknown)
{
	all->v[all->n++] = (struct sc_value){ name, value, unknown, false };
}

static void add_of_denial(struct values *all, const struct sc_denial *d)
{
	struct sc_str object =
		d->n_objects ? d->objects[0].text : (struct sc_str){ 0 };
	struct sc_str program =
		d->n_programs ? d->programs[0].text : (struct sc_str){ 0 };

	if (d->port)
		snprintf(all->port, sizeof(all->port), "%u", d->port);
	add(all, "source", d->source, "the source");
	add(all, "target", d->target, "the target");
	add(all, "class", d->tclass, "object");
	add(all, "object", object, "the object");
	add(all, "path",
	    object.n && *object.s == '/' ? object : (struct sc_str){ 0 },
	    "its path");
	add(all, "program", program, "the program");
	add(all, "port", sc_view(all->port), "(not logged)");
	add(all, "scontext", d->scontext, "");
	add(all, "tcontext", d->tcontext, "");
	add(all, "slevel", part_of(d->scontext, 3), "no level");
	add(all, "tlevel", part_of(d->tcontext, 3), "no level");
	add(all, "srole", part_of(d->scontext, 1), "none");
	add(all, "trole", part_of(d->tcontext, 1), "none");
	add(all, "rawlabel", d->trawcon, "not known");
}

static void add_of_reason(struct values *all, const struct sc_finding_perm *p)
{
	const struct sc_guard *g = p->guard;

	add(all, "name", p->why->unknown_name, "a part of the context");
	add(all, "why", p->why->words, "a part of it does not fit");
	add(all, "guard", g ? g->words : (struct sc_str){ 0 }, "");
	add(all, "guardid", g ? g->id : (struct sc_str){ 0 }, "");
	all->settings = all->n;
	add(all, "settings", (struct sc_str){ 0 }, "");
	all->v[all->settings].words = true;
}

/* "a=on b=off"; nothing if a name could be more than one word for sh. */
static bool join_switches(const struct sc_why_option *o, struct sc_arena *arena,
			  struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	for (size_t i = 0; i < o->n; i++) {
		if (!sc_cil_is_name(o->v[i].boolean)) {
			*out = (struct sc_str){ 0 };
			return true;
		}
		sc_putf(&b, "%s" SC_FMT "=%s", i ? " " : "",
			SC_ARG(o->v[i].boolean), o->v[i].needed ? "on" : "off");
	}
	return !b.failed && sc_keep(arena, (struct sc_str){ b.s, b.n }, out);
}

static bool add_command(struct sc_advice *a, struct sc_arena *arena,
			struct sc_str command, const struct values *values)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str kept;

	command = sc_str_trim(command);
	if (!command.n || !sc_fill_command(&b, command, values->v, values->n))
		return true;
	return !b.failed &&
	       sc_keep(arena, (struct sc_str){ b.s, b.n }, &kept) &&
	       SC_PUSH(arena, &a->commands, kept);
}

/* @list is split by ";;". */
static bool add_commands(struct sc_advice *a, struct sc_arena *arena,
			 struct sc_str list, const struct values *values)
{
	const char *end;

	while (list.n && (end = memmem(list.s, list.n, ";;", 2))) {
		struct sc_str command = { list.s, (size_t)(end - list.s) };

		if (!add_command(a, arena, command, values))
			return false;
		sc_str_drop(&list, command.n + 2);
	}
	return add_command(a, arena, list, values);
}

/* One command for each way to set switches that allows it. */
static bool add_all_commands(struct sc_advice *a, struct sc_arena *arena,
			     const struct sc_why *why, struct sc_str list,
			     struct values *values)
{
	if (!(why->reasons & SC_WHY_BOOLEAN))
		return add_commands(a, arena, list, values);
	for (size_t i = 0; i < why->n_options && i < OPTIONS_MAX; i++)
		if (!join_switches(&why->options[i], arena,
				   &values->v[values->settings].text) ||
		    !add_commands(a, arena, list, values))
			return false;
	return true;
}

static bool fill(struct sc_str words, const struct values *values,
		 struct sc_arena *arena, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	sc_fill_words(&b, words, values->v, values->n);
	return !b.failed && sc_keep(arena, (struct sc_str){ b.s, b.n }, out);
}

/* "; the nearest is 'etc_t'", or nothing. */
static bool add_hint(struct values *all, const struct sc_why *why,
		     struct sc_arena *arena)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str hint;

	if (why->nearest.n)
		sc_putf(&b, "; the nearest is '" SC_FMT "'",
			SC_ARG(why->nearest));
	if (b.failed || !sc_keep(arena, (struct sc_str){ b.s, b.n }, &hint))
		return false;
	add(all, "hint", hint, NULL);
	return true;
}

/* "0x5401 (TCGETS), 0x54ff": those that are denied, else those asked for. */
static bool add_commands_asked(struct values *all, const struct sc_denial *d,
			       const struct sc_why *why, struct sc_arena *arena)
{
	const uint16_t *v = why->n_commands ? why->commands : d->ioctls;
	size_t n = why->n_commands ? why->n_commands : d->n_ioctls;
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str text;

	for (size_t i = 0; i < n; i++) {
		sc_putf(&b, "%s", i ? ", " : "");
		sc_ioctl_put(&b, v[i]);
	}
	if (b.failed || !sc_keep(arena, (struct sc_str){ b.s, b.n }, &text))
		return false;
	add(all, "commands", text, "that was not logged");
	return true;
}

static bool say(const struct judge *j, struct sc_advice *a,
		struct sc_arena *arena)
{
	const struct sc_finding_perm *p = gravest(a);
	struct values values = { 0 };
	struct sc_row row = { 0 };
	struct sc_str perms;

	a->class = p->class;
	if (!find_row(j, key_of(j, p), p->perm, &row))
		(void)find_row(j, names[p->class], p->perm, &row);
	if (!join_perms(a, p->class, arena, &perms))
		return false;
	add_of_denial(&values, j->denial);
	add_of_reason(&values, p);
	add(&values, "perm", perms, "nothing");
	if (!add_commands_asked(&values, j->denial, p->why, arena))
		return false;
	if (!add_hint(&values, p->why, arena))
		return false;
	a->id = row.v[ID];
	return fill(row.v[WORDS], &values, arena, &a->words) &&
	       fill(row.v[TODO], &values, arena, &a->todo) &&
	       add_all_commands(a, arena, p->why, row.v[COMMANDS], &values);
}

static int judge_perms(const struct judge *j, struct sc_advice *out,
		       struct sc_arena *a, struct sc_error *err)
{
	out->n_perms = out->whys.n;
	out->perms = sc_new_array(a, struct sc_finding_perm, out->n_perms);
	if (!out->perms)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	for (size_t i = 0; i < out->n_perms; i++) {
		out->perms[i].why = &out->whys.v[i];
		out->perms[i].perm = out->whys.v[i].perm;
		classify(j, &out->perms[i]);
	}
	if (!say(j, out, a))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	return 0;
}

int sc_advise(struct sc_policy *p, const struct sc_guards *guards,
	      const struct sc_denial *d, struct sc_arena *a,
	      struct sc_advice *out, struct sc_error *err)
{
	struct sc_row rows[SC_ADVICE_ROWS], row = { 0 };
	struct sc_advice advice = { .denial = d };
	struct judge j = {
		.policy = p,
		.guards = guards,
		.denial = d,
		.rows = rows,
	};
	struct sc_str table = sc_data("advice.tsv");
	int r = sc_why_ask(p, d->scontext, d->tcontext, d->tclass, d->perms, a,
			   &advice.whys, err);

	if (r == 0)
		r = sc_why_ask_ioctl(
			p,
			&(struct sc_why_ioctl){ d->scontext, d->tcontext,
						d->tclass, d->ioctls,
						d->n_ioctls },
			a, &advice.whys, err);
	if (r < 0)
		return r;
	while (j.n_rows < SC_ADVICE_ROWS && sc_take_row(&table, &row))
		rows[j.n_rows++] = row;
	if (advice.whys.n)
		r = judge_perms(&j, &advice, a, err);
	else /* such a record says nothing: no reason to stop at it */
		advice.words = SC_STR("the record names no permission");
	if (r < 0)
		return r;
	*out = advice;
	return 0;
}
