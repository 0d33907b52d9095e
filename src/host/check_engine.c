#include "host/look.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/table.h"
#include "base/vec.h"

#define HOMES_MAX 1024 /* whose files are read */

static void look_at_engine(struct sc_look *l, const struct sc_engine *e)
{
	const char *now = e->labels == SC_ANSWER_YES  ? "labels"
			  : e->labels == SC_ANSWER_NO ? "does not label"
						      : "not told";
	struct sc_str said = sc_view(now);
	struct sc_evidence *one;

	if (e->trouble.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(e->trouble));
		return;
	}
	if (e->of.n) {
		sc_look_say(l, SC_NA, SC_FMT ": see selinux/" SC_FMT "-labels",
			    SC_ARG(e->where), SC_ARG(e->of));
		return;
	}
	if (e->labels == SC_ANSWER_UNKNOWN)
		sc_look_say(l, SC_MANUAL, SC_FMT, SC_ARG(e->where));
	if (!e->key.n && !sc_keepf(l->a, &said, "%s, %s", now,
				   e->where.s ? e->where.s : "")) {
		l->no_memory = true;
		return;
	}
	one = sc_look_add(l, e->name, said, SC_STR("labels"),
			  e->labels == SC_ANSWER_NO);
	if (e->key.n) {
		one->path = e->where;
		one->value.from = (struct sc_origin){ SC_LAYER_FILE, e->where,
						      e->line, 0, e->key };
	}
	if (e->clash.n)
		(void)sc_look_add(l, e->name, e->clash, SC_STR("one place"),
				  true);
	if (e->stale)
		(void)sc_look_add(l, e->where,
				  SC_STR("is newer than the daemon that runs"),
				  SC_STR("a restart"), true);
	if (e->hint.n)
		sc_look_note(l, SC_FMT, SC_ARG(e->hint));
}

/* All that users call their home: by the table of users, and what is in /home.
 */
static void find_homes(struct sc_look *l, struct sc_names *out)
{
	const struct sc_host *h = l->machine->host;
	struct sc_names names = { 0 };
	struct sc_str text = { 0 }, line, part, home = { 0 };
	struct sc_error why;
	int r = sc_host_read(h, "/etc/passwd", l->a, &text, &why);

	if (r == 0 || r == SC_ENOTFOUND)
		r = sc_host_list(h, "/home", 0, l->a, &names, &why);
	if (r < 0)
		sc_look_trouble(l, "%s", why.msg);
	while (sc_take_part(&text, '\n', &line)) {
		for (int i = 0; i < 6 && sc_take_part(&line, ':', &part); i++)
			home = part;
		if (line.n && home.n > 1 && *home.s == '/' &&
		    !sc_names_has(out, home) &&
		    (!sc_keep(l->a, home, &home) || !SC_PUSH(l->a, out, home)))
			l->no_memory = true;
	}
	for (size_t i = 0; i < names.n; i++) {
		if (!sc_keepf(l->a, &home, "/home/%s", names.v[i].s)) {
			l->no_memory = true;
			return;
		}
		if (!sc_names_has(out, home) && !SC_PUSH(l->a, out, home))
			l->no_memory = true;
	}
}

static void look_at_home(struct sc_look *l, const char *home)
{
	struct sc_engine e = { 0 };
	struct sc_error ignored; /* SC_ENOMEM */
	struct sc_str path, rest;
	struct stat st;

	if (!sc_keepf(l->a, &path, "%s/.config/containers", home)) {
		l->no_memory = true;
		return;
	}
	if (!sc_host_stat(l->machine->host, path.s, &st))
		return;
	if (sc_podman_of_home(l->machine->host, home, l->a, &e, &ignored) < 0)
		l->no_memory = true;
	rest = e.where;
	if (e.trouble.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(e.trouble));
	else if (e.labels == SC_ANSWER_NO && sc_take_prefix(&rest, path))
		sc_look_add(l, e.where, SC_STR("label = false"), SC_STR("true"),
			    true)
			->path = e.where;
}

/* A user's own file can turn it off, for that user's containers. */
static void look_at_homes(struct sc_look *l)
{
	struct sc_names homes = { 0 };

	find_homes(l, &homes);
	for (size_t i = 0; i < homes.n && i < HOMES_MAX; i++)
		look_at_home(l, homes.v[i].s);
	if (homes.n > HOMES_MAX)
		sc_look_trouble(l, "more than %d homes", HOMES_MAX);
}

void sc_check_engine(struct sc_look *l, struct sc_str names)
{
	const struct sc_machine *m = l->machine;
	struct sc_str all = names, name;
	bool some = false;

	while (sc_take_word(&names, &name))
		for (size_t i = 0; i < m->engines.n; i++)
			if (sc_str_eq(m->engines.v[i].name, name)) {
				look_at_engine(l, &m->engines.v[i]);
				some = true;
			}
	if (!some)
		sc_look_say(l, SC_NA, "it is not here");
	else if (sc_str_eq(all, SC_STR("podman")))
		look_at_homes(l);
}
