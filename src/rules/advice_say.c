#include "rules/advice_say.h"

#include "base/clean.h"
#include "base/label.h"
#include "base/vec.h"
#include "policy/labels.h"
#include "rules/cil.h"
#include "rules/fill.h"
#include "rules/ioctl.h"

#include <inttypes.h>

#define OPTIONS_MAX 6 /* ways of switches that commands are given for */

static bool mentions(struct sc_str list, struct sc_str name)
{
	return list.n && memmem(list.s, list.n, name.s, name.n);
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

#define VALUES 40

struct values {
	struct sc_value v[VALUES];
	size_t n;
	size_t settings;  /* index of {settings} in .v */
	size_t misplaced; /* the same of {misplaced} */
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
	add(all, "slevel", sc_label_part(d->scontext, SC_LABEL_LEVEL),
	    "no level");
	add(all, "tlevel", sc_label_part(d->tcontext, SC_LABEL_LEVEL),
	    "no level");
	add(all, "srole", sc_label_part(d->scontext, SC_LABEL_ROLE), "none");
	add(all, "trole", sc_label_part(d->tcontext, SC_LABEL_ROLE), "none");
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
	for (size_t i = 0; i < a->commands.n; i++) /* not for each option */
		if (sc_str_eq(a->commands.v[i], (struct sc_str){ b.s, b.n }))
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

/* One command for each object that has not the label of its place. */
static bool add_relabelling(struct sc_advice *a, struct sc_arena *arena,
			    const struct sc_case *c, struct sc_str list,
			    struct values *values)
{
	for (size_t i = 0; i < c->n_misplaced; i++) {
		values->v[values->misplaced].text = c->misplaced[i];
		if (!add_commands(a, arena, list, values))
			return false;
	}
	return true;
}

/* One command for each way to set switches that allows it. */
static bool add_switching(struct sc_advice *a, struct sc_arena *arena,
			  const struct sc_why *why, struct sc_str list,
			  struct values *values)
{
	for (size_t i = 0; i < why->n_options && i < OPTIONS_MAX; i++)
		if (!join_switches(&why->options[i], arena,
				   &values->v[values->settings].text) ||
		    !add_commands(a, arena, list, values))
			return false;
	return true;
}

static bool add_all_commands(struct sc_advice *a, struct sc_arena *arena,
			     const struct sc_case *c, const struct sc_why *why,
			     const struct sc_row *row, struct values *values)
{
	struct sc_str list = row->v[SC_ROW_COMMANDS];

	if (mentions(list, SC_STR("{misplaced}")))
		return add_relabelling(a, arena, c, list, values);
	if (why->reasons & SC_WHY_BOOLEAN)
		return add_switching(a, arena, why, list, values);
	return add_commands(a, arena, list, values);
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

/* "tcp" of "tcp_socket"; empty for what has no ports. */
static struct sc_str proto_of(struct sc_str tclass)
{
	struct sc_str proto = { 0 };

	return sc_take_until(&tclass, '_', &proto) ? proto
						   : (struct sc_str){ 0 };
}

/* Ports below 1024 are root's: the kernel asks for that after this. */
static int add_low_port(struct values *all, const struct sc_case *c,
			const struct sc_finding_perm *p, struct sc_arena *a,
			struct sc_error *err)
{
	const struct sc_denial *d = c->denial;
	struct sc_whys whys = { 0 };

	add(all, "low", (struct sc_str){ 0 }, NULL);
	if (!d->port || d->port >= 1024 ||
	    !sc_str_eq(p->perm, SC_STR("name_bind")))
		return 0;
	if (sc_why_ask(c->by->policy, d->scontext, d->scontext,
		       SC_STR("capability"), SC_STR("net_bind_service"), a,
		       &whys, err) < 0)
		return err->code;
	if (whys.n && whys.v[0].reasons)
		all->v[all->n - 1].text =
			SC_STR("; and for a port below 1024 it needs the "
			       "capability net_bind_service, which the policy "
			       "does not give it either");
	return 0;
}

#define PORT_TYPES 6 /* that are named */

static int add_port_types(struct values *all, const struct sc_case *c,
			  const struct sc_row *row, struct sc_str perm,
			  struct sc_arena *a, struct sc_error *err)
{
	bool wanted = mentions(row->v[SC_ROW_TODO], SC_STR("{porttypes}"));
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str proto = proto_of(c->denial->tclass), text = { 0 };
	struct sc_names names = { 0 };

	/* All rules are gone through: only where it is asked for. */
	if (c->denial->port && wanted &&
	    sc_port_types_of(c->by->policy, c->denial->source, proto, perm, a,
			     &names, err) < 0)
		return err->code;
	for (size_t i = 0; i < names.n && i < PORT_TYPES; i++)
		sc_putf(&b, "%s" SC_FMT, i ? ", " : " (", SC_ARG(names.v[i]));
	if (names.n)
		sc_putf(&b, "%s)", names.n > PORT_TYPES ? ", ..." : "");
	if (b.failed || !sc_keep(a, (struct sc_str){ b.s, b.n }, &text))
		return sc_no_memory(err);
	add(all, "proto", proto, "");
	add(all, "porttypes", text, NULL);
	add(all, "porttype",
	    names.n == 1 && sc_cil_is_name(names.v[0]) ? names.v[0]
						       : SC_STR("TYPE"),
	    "");
	return 0;
}

#define OPENS " opens %" PRIu64 " access vectors, %" PRIu64 " of this domain"

/* What each way to set switches does beside: "a=on opens 144 access vectors, 40
 * of this domain; b=on 1378, 689". */
static bool add_opens(struct values *all, const struct sc_why *why,
		      struct sc_arena *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str text, settings;

	for (size_t i = 0; i < why->n_options && i < OPTIONS_MAX; i++) {
		const struct sc_why_option *o = &why->options[i];

		if (!join_switches(o, a, &settings))
			return false;
		sc_putf(&b, "%s", i ? "; " : "");
		sc_put(&b, settings);
		sc_putf(&b, i ? " %" PRIu64 ", %" PRIu64 : OPENS, o->vectors,
			o->own_vectors);
		if (o->closes)
			sc_putf(&b, ", and takes %u rules out of force",
				o->closes);
	}
	if (b.failed || !sc_keep(a, (struct sc_str){ b.s, b.n }, &text))
		return false;
	add(all, "opens", text, "nothing is known of it");
	all->v[all->n - 1].words = true;
	return true;
}

static void add_owner(struct values *all, const struct sc_owner *owner)
{
	add(all, "file", owner->path, "a file");
	add(all, "uid", owner->uid, "not known");
	add(all, "gid", owner->gid, "not known");
	add(all, "mode", owner->mode, "not known");
}

/* The path as semanage fcontext takes it: an expression that fits it alone,
 * whatever a file is called. */
static bool add_pattern(struct values *all, struct sc_arena *a)
{
	static const char special[] = ".^$?*+|[](){}\\";
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };
	struct sc_str path = { 0 }, text;

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i].name, "path") == 0)
			path = all->v[i].text;
	for (size_t i = 0; i < path.n; i++) {
		if (memchr(special, path.s[i], sizeof(special) - 1))
			sc_put(&b, SC_STR("\\"));
		sc_put(&b, (struct sc_str){ path.s + i, 1 });
	}
	if (b.failed || !sc_keep(a, (struct sc_str){ b.s, b.n }, &text))
		return false;
	add(all, "pattern", text, "its path");
	return true;
}

static bool say(const struct sc_case *c, const struct sc_row *row,
		const struct sc_finding_perm *p, struct sc_advice *a,
		struct sc_arena *arena, struct sc_error *err)
{
	struct values values = { 0 };
	struct sc_str perms;

	if (!join_perms(a, p->class, arena, &perms))
		return false;
	add_of_denial(&values, c->denial);
	add_of_reason(&values, p);
	add(&values, "perm", perms, "nothing");
	add(&values, "perms", c->denial->perms, "nothing");
	add_owner(&values, &c->denial->owner);
	if (!add_pattern(&values, arena) || !add_opens(&values, p->why, arena))
		return false;
	if (add_low_port(&values, c, p, arena, err) < 0 ||
	    add_port_types(&values, c, row, p->perm, arena, err) < 0)
		return false;
	values.misplaced = values.n;
	add(&values, "misplaced", c->misplaced[0], "the object");
	add(&values, "expected", c->expected, "another type");
	if (!add_commands_asked(&values, c->denial, p->why, arena) ||
	    !add_hint(&values, p->why, arena))
		return false;
	a->id = row->v[SC_ROW_ID];
	return fill(row->v[SC_ROW_WORDS], &values, arena, &a->words) &&
	       fill(row->v[SC_ROW_TODO], &values, arena, &a->todo) &&
	       add_all_commands(a, arena, c, p->why, row, &values);
}

int sc_advice_say(const struct sc_case *c, const char *key,
		  const struct sc_finding_perm *p, struct sc_arena *a,
		  struct sc_advice *out, struct sc_error *err)
{
	struct sc_row row = { 0 };

	if (!sc_case_row(c, key, p->perm, &row))
		(void)sc_case_row(c, sc_class_name(p->class), p->perm, &row);
	if (!say(c, &row, p, out, a, err))
		return sc_no_memory(err);
	return 0;
}
