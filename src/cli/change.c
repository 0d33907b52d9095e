#include "cli/change.h"

#include "base/clean.h"
#include "base/safe.h"
#include "base/sha256.h"
#include "cli/ask.h"
#include "policy/store_files.h"
#include "rules/base.h"

#define NAME_MAX_BYTES 200

SC_DEFINE_CLEAN(struct sc_policy, sc_policy_close)

void sc_work_free(struct sc_work *w)
{
	sc_contexts_close(w->relabel.before);
	sc_store_close(w->store);
	sc_ledger_close(&w->ledger);
	sc_arena_free(&w->arena);
}

/* ---- opening */

static const char *what_of(const struct sc_change_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->v[i].after.n)
			return "load";
	return "unload";
}

static void put_settled(const struct sc_settled *s, struct sc_buf *text)
{
	const struct sc_change_set *set = &s->entry->changes;

	sc_putf(text, "selcage: the %s of %zu modules that began at ",
		what_of(set), set->n);
	sc_put_safe(text, s->entry->time);
	sc_putf(text, " was interrupted: %s%s",
		s->mixed ? "the store holds neither what was there nor what "
			   "was to be: others changed it (selcage modules "
			   "lists what differs)"
		: s->state == SC_ENTRY_DONE ? "all of it had come to pass"
					    : "nothing of it came to pass",
		s->installed ? "; the policy was compiled and installed again"
			     : "");
}

static int say_settled(const struct sc_settled *s, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!s->entry || s->labels)
		return 0;
	put_settled(s, &text);
	if (sc_buf_check(&text, err) < 0)
		return SC_ENOMEM;
	fprintf(stderr, "%s\n", text.s);
	return 0;
}

static void say_interrupted(const struct sc_ledger *ledger)
{
	if (sc_ledger_interrupted(ledger, SC_LOADED_KINDS))
		fputs("selcage: the last load or unload was interrupted: the "
		      "next one settles it\n",
		      stderr);
}

static int find_place(const struct sc_change_options *o, struct sc_work *w,
		      struct sc_error *err)
{
	struct sc_str name = { 0 };
	int r = 0;

	w->place.root = o->root;
	w->place.name = o->store_name;
	if (!o->store_name) {
		r = sc_store_name(o->root, &w->arena, &name, err);
		w->place.name = name.s;
	}
	if (r == 0 && (!*w->place.name || strchr(w->place.name, '/') ||
		       *w->place.name == '.'))
		return sc_fail(err, SC_ESYNTAX, "no name of a store: '%s'",
			       w->place.name);
	return r;
}

static int settle(struct sc_work *w, struct sc_error *err)
{
	struct sc_settled settled = { 0 };
	int r = sc_loaded_settle(&w->ledger, w->store, &w->arena, &settled,
				 err);

	if (r == 0)
		r = say_settled(&settled, err);
	return r == 0 ? sc_work_label_rest(w, err) : r;
}

int sc_work_open(const struct sc_change_options *o, bool write,
		 struct sc_work *w, struct sc_error *err)
{
	struct sc_str dir;
	int r = find_place(o, w, err);

	if (r < 0)
		return r;
	if (!sc_keepf(&w->arena, &dir, "%s" SC_LEDGER_DIR,
		      o->root ? o->root : ""))
		return sc_no_memory(err);
	r = sc_store_open(&w->place, write, &w->store, err);
	if (r == 0)
		r = sc_ledger_open(dir.s, write, &w->arena, &w->ledger, err);
	if (r == 0 && write)
		r = settle(w, err);
	if (r < 0)
		return r;
	sc_say_ledger(&w->ledger);
	say_interrupted(&w->ledger);
	r = sc_store_serial(w->store, &w->arena, &w->serial, err);
	if (r == 0)
		r = sc_store_list(w->store, &w->arena, &w->stored, err);
	if (r == 0)
		r = sc_loaded_find(
			&w->ledger, w->store,
			(struct sc_str){ w->place.name, strlen(w->place.name) },
			&w->arena, &w->loaded, err);
	return r;
}

/* ---- planning */

/* What libsemanage takes as a name, less the dots, which no module of ours
 * has. */
static bool is_name(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool other = (c >= '0' && c <= '9') || c == '_' || c == '-';

		if (!letter && !(other && i > 0))
			return false;
	}
	return v.n > 0 && v.n <= NAME_MAX_BYTES;
}

/* Modules of the store are one name space: ours would replace another's. */
static int check_name(const struct sc_work *w, struct sc_str name,
		      struct sc_error *err)
{
	if (!is_name(name))
		return sc_fail(err, SC_ESYNTAX,
			       "'" SC_FMT "' is no name of a module: letters, "
			       "digits, '_' and '-'",
			       SC_ARG(name));
	for (size_t i = 0; i < w->targets.n; i++)
		if (sc_str_eq(w->targets.v[i].name, name))
			return sc_fail(err, SC_ESYNTAX,
				       "two modules are called '" SC_FMT "'",
				       SC_ARG(name));
	for (size_t i = 0; i < w->stored.n; i++) {
		const struct sc_stored *s = &w->stored.v[i];

		if (!sc_str_eq(s->name, name))
			continue;
		if (s->priority != SC_STORE_PRIORITY)
			return sc_fail(err, SC_EREFUSED,
				       "the store has a module '" SC_FMT
				       "' at priority %u, which is not ours: "
				       "one of them would take the other's "
				       "place; choose another name",
				       SC_ARG(name), s->priority);
		if (!sc_loaded_named(&w->loaded, name))
			return sc_fail(err, SC_EREFUSED,
				       "the store has a module '" SC_FMT
				       "' at priority %d that selcage did not "
				       "load; if nobody needs it: semodule -X "
				       "%d -r " SC_FMT,
				       SC_ARG(name), SC_STORE_PRIORITY,
				       SC_STORE_PRIORITY, SC_ARG(name));
	}
	return 0;
}

static int add_target(struct sc_work *w, const struct sc_target *t,
		      struct sc_error *err)
{
	return SC_PUSH(&w->arena, &w->targets, *t) ? 0 : sc_no_memory(err);
}

/* "service c of a_b" in the first line that confine writes; or nothing. */
static struct sc_str owner_of(struct sc_str text)
{
	struct sc_str line, owner = { 0 };

	if (sc_take_until(&text, '\n', &line) &&
	    sc_take_prefix(&line, SC_STR("; ")) &&
	    !sc_take_until(&line, ',', &owner))
		return (struct sc_str){ 0 };
	line = owner;
	return sc_take_prefix(&line, SC_STR("service ")) ? owner
							 : (struct sc_str){ 0 };
}

/* Service b_c of project a and service c of a_b are both a_b_c. */
static int check_owner(struct sc_work *w, const struct sc_loaded *l,
		       struct sc_str text, struct sc_error *err)
{
	struct sc_str old, ours = owner_of(text);
	struct sc_error lost; /* its text: then nobody knows */

	if (sc_ledger_fetch(&w->ledger, l->digest, &w->arena, &old, &lost) < 0)
		return 0;
	old = owner_of(old);
	if (!old.n || !ours.n || sc_str_eq(old, ours))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "'" SC_FMT "' is loaded for " SC_FMT ", and this is "
		       "for " SC_FMT ": name one project otherwise (selcage "
		       "confine --project NAME), or unload it first",
		       SC_ARG(l->name), SC_ARG(old), SC_ARG(ours));
}

int sc_work_install(struct sc_work *w, struct sc_str name, struct sc_str text,
		    struct sc_error *err)
{
	struct sc_target t = { .name = name, .text = text };
	char hex[SC_SHA256_HEX + 1];
	const struct sc_loaded *l;
	int r = check_name(w, name, err);

	if (r < 0)
		return r;
	sc_sha256_hex(text, hex);
	if (!sc_keep(&w->arena, (struct sc_str){ hex, SC_SHA256_HEX },
		     &t.after))
		return sc_no_memory(err);
	l = sc_loaded_named(&w->loaded, name);
	if (l && sc_str_eq(l->digest, t.after) && l->drift == SC_DRIFT_NONE)
		return 0;
	if (l) {
		t.before = l->found;
		r = check_owner(w, l, text, err);
	}
	return r < 0 ? r : add_target(w, &t, err);
}

int sc_work_fix(struct sc_work *w, const struct sc_change_options *o,
		struct sc_str name, struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *policy = NULL;
	struct sc_str path = { 0 };
	struct sc_fix fix;
	size_t n = w->targets.n;
	int r = sc_fix_find(name, &w->arena, &fix, err);

	if (r == 0 && !o->policy)
		r = sc_store_policy(&w->place, &w->arena, &path, err);
	if (r == 0)
		r = sc_policy_open(o->policy ? o->policy : path.s, &policy,
				   err);
	if (r == 0 && !sc_loaded_named(&w->loaded, fix.module))
		r = sc_fix_check(&fix, policy, err);
	if (r == 0)
		r = sc_work_install(w, fix.module, fix.text, err);
	if (r == 0 && w->targets.n > n)
		w->targets.v[n].words = fix.words;
	return r;
}

int sc_work_remove(struct sc_work *w, const struct sc_loaded *loaded,
		   struct sc_error *err)
{
	struct sc_target t = { .name = loaded->name, .before = loaded->found };

	if (loaded->drift == SC_DRIFT_CHANGED)
		return sc_fail(
			err, SC_EREFUSED,
			"'" SC_FMT "' is not what selcage loaded: "
			"somebody changed it since (semodule -X %d -r " SC_FMT
			" removes it all the same)",
			SC_ARG(loaded->name), SC_STORE_PRIORITY,
			SC_ARG(loaded->name));
	return add_target(w, &t, err);
}

int sc_work_put_back(struct sc_work *w, const struct sc_loaded *l,
		     struct sc_error *err)
{
	struct sc_str text;
	int r;

	if (!l->previous.n)
		return sc_fail(err, SC_ENOTFOUND,
			       "'" SC_FMT "' has no version before: "
			       "without --previous it is removed",
			       SC_ARG(l->name));
	r = sc_ledger_fetch(&w->ledger, l->previous, &w->arena, &text, err);
	return r < 0 ? r : sc_work_install(w, l->name, text, err);
}
