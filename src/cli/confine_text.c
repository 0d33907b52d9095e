#include "base/clean.h"
#include "base/safe.h"
#include "cli/confine.h"
#include "cli/wrap.h"
#include "spec/show.h"

#include <inttypes.h>

#define NAME_COLUMN_MAX 24
#define LABEL_COLUMN 17 /* where the text behind a label stands */

struct text {
	const struct sc_confine *c;
	struct sc_buf *out;
	bool colour;
	int width; /* of a container's name */
};

/* @v as it may be shown, and spaces up to @width. */
static void put_padded(struct text *t, struct sc_str v, int width)
{
	size_t before = t->out->n, used;

	sc_put_safe(t->out, v);
	used = t->out->n - before;
	if (used < (size_t)width)
		sc_putf(t->out, "%*s", width - (int)used, "");
}

static void put_heading(struct text *t, const char *words)
{
	sc_putf(t->out, "\n%s%s%s\n", sc_colour(t->colour, SC_BOLD), words,
		sc_colour(t->colour, SC_PLAIN));
}

/* ----------------------------------------------------------------- edges */

static const struct sc_outcome *find_outcome(const struct sc_cage *g,
					     const struct sc_edge *e,
					     struct sc_str peer)
{
	for (size_t i = 0; i < g->outcomes.n; i++) {
		const struct sc_need *n = g->outcomes.v[i].need;

		if (n->kind == SC_NEED_CONNECT && n->port == e->port &&
		    sc_str_eq(n->peer, peer))
			return &g->outcomes.v[i];
	}
	return NULL;
}

static void put_edge(struct text *t, const struct sc_edge *e)
{
	const struct sc_cages *cages = &t->c->cages;
	const struct sc_cage *from = &cages->v[e->from];
	struct sc_str to = cages->all.v[e->to].name;
	const struct sc_outcome *o = find_outcome(from, e, to);
	char port[16];

	snprintf(port, sizeof(port), "tcp/%u", e->port);
	sc_put(t->out, SC_STR("  "));
	put_padded(t, from->container->name, t->width);
	sc_put(t->out, SC_STR(" -> "));
	put_padded(t, e->from == e->to ? SC_STR("itself") : to, t->width);
	sc_putf(t->out, " %-10s", port);
	put_padded(t, o && o->type.n ? o->type : SC_STR("-"), 18);
	sc_putf(t->out, " %s\n      ", sc_confidence_name(e->confidence));
	sc_put_safe(t->out, e->evidence);
	if (o && !o->granted && o->words.n) {
		sc_put(t->out, SC_STR("; "));
		sc_put_safe(t->out, o->words);
	}
	sc_put(t->out, SC_STR("\n"));
}

static bool is_granted(const struct text *t, const struct sc_edge *e)
{
	const struct sc_cages *cages = &t->c->cages;
	const struct sc_outcome *o =
		find_outcome(&cages->v[e->from], e, cages->all.v[e->to].name);

	return o && o->granted;
}

static void put_edges(struct text *t)
{
	const struct sc_edges *edges = &t->c->cages.edges;
	size_t n = 0;

	put_heading(t, "who talks to whom");
	for (size_t i = 0; i < edges->n; i++)
		if (is_granted(t, &edges->v[i])) {
			put_edge(t, &edges->v[i]);
			n++;
		}
	if (n == 0)
		sc_put(t->out, SC_STR("  nobody, as far as the specs say\n"));
	if (n == edges->n)
		return;
	put_heading(t, "who might, and is not granted");
	for (size_t i = 0; i < edges->n; i++)
		if (!is_granted(t, &edges->v[i]))
			put_edge(t, &edges->v[i]);
}

/* --------------------------------------------------------------- modules */

static void put_label(struct text *t, const char *label)
{
	sc_putf(t->out, "    %-12s ", label);
}

static void put_port(struct text *t, const struct sc_outcome *o)
{
	const struct sc_need *n = o->need;

	sc_putf(t->out, "%s/%u", sc_proto_name(n->proto), n->port);
	if (n->last != n->port)
		sc_putf(t->out, "-%u", n->last);
	if (o->type.n)
		sc_putf(t->out, " " SC_FMT, SC_ARG(o->type));
	if (n->peer.n) {
		sc_put(t->out, SC_STR(" of "));
		sc_put_safe(t->out, n->peer);
	}
}

static void put_relabel(struct text *t, const struct sc_mount *m)
{
	sc_put_safe(t->out, m->source);
	sc_putf(t->out, " with %s",
		m->relabel == SC_RELABEL_PRIVATE ? "Z" : "z");
}

static void put_outcome(struct text *t, const struct sc_outcome *o)
{
	static const char *const labels[] = {
		[SC_NEED_LISTEN] = "listens",
		[SC_NEED_CONNECT] = "connects",
		[SC_NEED_CAPABILITY] = "capability",
		[SC_NEED_ADDITION] = "block",
		[SC_NEED_RELABEL] = "mount",
	};
	const struct sc_need *n = o->need;

	/* The table above has those that are not granted, and why. */
	if (n->kind == SC_NEED_CONNECT && !o->granted)
		return;
	put_label(t, o->granted ? labels[n->kind] : "NOT granted");
	if (n->kind == SC_NEED_RELABEL)
		put_relabel(t, n->mount);
	else if (n->kind == SC_NEED_LISTEN || n->kind == SC_NEED_CONNECT)
		put_port(t, o);
	else
		sc_put_safe(t->out, n->word);
	if (n->kind != SC_NEED_CONNECT && n->kind != SC_NEED_RELABEL) {
		sc_put(t->out, SC_STR(": "));
		sc_put_safe(t->out, n->why);
	}
	if (o->words.n) {
		sc_put(t->out, SC_STR("; "));
		sc_put_safe(t->out, o->words);
	}
	sc_put(t->out, SC_STR("\n"));
}

static void put_lesson(struct text *t, const struct sc_lesson *l)
{
	const struct sc_advice *a = &l->advice;
	const struct sc_denial *d = a->denial;

	put_label(t, sc_class_name(a->class));
	sc_put_safe(t->out, d->target);
	sc_put(t->out, SC_STR(":"));
	sc_put_safe(t->out, d->tclass);
	sc_put(t->out, SC_STR(" { "));
	sc_put_safe(t->out, d->perms);
	sc_putf(t->out, " } %" PRIu64 " time%s", d->count,
		d->count == 1 ? "" : "s");
	if (sc_denial_has_object(d)) {
		sc_put(t->out, SC_STR(", "));
		sc_put_safe(t->out, d->objects[0].text);
	}
	sc_put(t->out, SC_STR("\n"));
	if (a->class == SC_CLASS_RULE || a->class == SC_CLASS_ALLOWED)
		return;
	put_label(t, "");
	sc_put_safe(t->out, a->words);
	sc_put(t->out, SC_STR("\n"));
}

static void put_lessons(struct text *t)
{
	const struct sc_confine *c = t->c;

	if (!c->options->denials.n)
		return;
	put_heading(t, "what the denials ask for");
	for (size_t i = 0; i < c->cages.n; i++) {
		bool first = true;

		for (size_t l = 0; l < c->lessons.n; l++) {
			if (c->lessons.v[l].cage != i)
				continue;
			if (first)
				sc_putf(t->out, "  " SC_FMT "\n",
					SC_ARG(c->cages.v[i].module.name));
			first = false;
			put_lesson(t, &c->lessons.v[l]);
		}
	}
	if (!c->lessons.n)
		sc_put(t->out, SC_STR("  nothing: none is about a type of "
				      "these modules\n"));
}

static void put_cage(struct text *t, const struct sc_cage *g)
{
	sc_putf(t->out, "  %s" SC_FMT "%s  ", sc_colour(t->colour, SC_BOLD),
		SC_ARG(g->module.name), sc_colour(t->colour, SC_PLAIN));
	sc_put_safe(t->out, g->container->image.n ? g->container->image
						  : SC_STR("(no image)"));
	sc_putf(t->out, "\n    type " SC_FMT ", level ", SC_ARG(g->type));
	sc_put_safe(t->out, g->level);
	sc_putf(t->out, "%s; %zu block%s, %zu rule%s\n",
		g->level_kept ? " (the spec's own)" : "", g->module.inherits.n,
		g->module.inherits.n == 1 ? "" : "s", g->module.rules.n,
		g->module.rules.n == 1 ? "" : "s");
	if (g->unprotected)
		sc_putf(t->out,
			"    %sNOT CONFINED BY THIS%s: see the "
			"warnings\n",
			sc_colour(t->colour, SC_RED),
			sc_colour(t->colour, SC_PLAIN));
	for (size_t i = 0; i < g->outcomes.n; i++)
		put_outcome(t, &g->outcomes.v[i]);
	if (g->spec->format == SC_FORMAT_COMPOSE || g->unprotected)
		return;
	put_label(t, "start it with");
	/* Two lines, so that the shell takes them as they are copied. */
	sc_putf(t->out, "--security-opt label=type:" SC_FMT " \\\n",
		SC_ARG(g->type));
	put_label(t, "");
	sc_put(t->out, SC_STR("--security-opt label=level:"));
	sc_put_safe(t->out, g->level); /* may be the spec's own text */
	sc_put(t->out, SC_STR("\n"));
}

static void put_cages(struct text *t)
{
	put_heading(t, "modules");
	for (size_t i = 0; i < t->c->cages.n; i++)
		put_cage(t, &t->c->cages.v[i]);
}

static void put_warning(struct text *t, const struct sc_warning *w)
{
	sc_putf(t->out, "  %s%s%s ",
		sc_colour(t->colour, w->grave ? SC_RED : SC_YELLOW), w->id,
		sc_colour(t->colour, SC_PLAIN));
	sc_put_safe(t->out, t->c->cages.all.v[w->container].name);
	if (w->place.line || w->place.path.n) {
		sc_put(t->out, SC_STR(" ("));
		sc_put_safe(t->out,
			    w->place.line ? w->place.file : w->place.path);
		if (w->place.line)
			sc_putf(t->out, ":%u", w->place.line);
		sc_put(t->out, SC_STR(")"));
	}
	sc_put(t->out, SC_STR("\n      "));
	sc_put_safe(t->out, w->words);
	sc_putf(t->out, "\n      what to do: %s\n", w->todo);
}

static void put_warnings(struct text *t)
{
	const struct sc_warnings *w = &t->c->cages.warnings;

	if (!w->n)
		return;
	put_heading(t, "warnings");
	for (size_t c = 0; c < t->c->cages.n; c++)
		for (size_t i = 0; i < w->n; i++)
			if (w->v[i].container == c)
				put_warning(t, &w->v[i]);
}

static bool has_compose(const struct sc_confine *c)
{
	for (size_t i = 0; i < c->inputs.n; i++)
		if (c->inputs.specs[i].format == SC_FORMAT_COMPOSE)
			return true;
	return false;
}

static void put_files(struct text *t)
{
	const char *dir = t->c->options->output;
	struct sc_str folder = sc_view(dir);

	put_heading(t, "written");
	for (size_t i = 0; i < t->c->files.n; i++) {
		sc_put(t->out, SC_STR("  "));
		sc_put_safe(t->out, t->c->files.v[i].path);
		sc_put(t->out, SC_STR("\n"));
	}
	sc_put(t->out, SC_STR("\nnext: selcage load "));
	sc_put_safe(t->out, folder);
	sc_put(t->out, SC_STR(", which proves all of it first"));
	if (has_compose(t->c))
		sc_put(t->out, SC_STR("; then put the patched file where the "
				      "old one is: its relative paths start "
				      "there"));
	sc_put(t->out, SC_STR("\n"));
}

/* The part that @put writes, in 80 columns. */
static void put_part(struct text *t, void (*put)(struct text *t), size_t hang)
{
	SC_CLEAN(sc_buf_free) struct sc_buf part = { 0 };
	struct sc_buf *out = t->out;

	t->out = &part;
	put(t);
	t->out = out;
	sc_put_wrapped(out, (struct sc_str){ part.s, part.n }, hang);
	out->failed = out->failed || part.failed;
}

void sc_confine_put_text(const struct sc_confine *c, bool colour,
			 struct sc_buf *out)
{
	struct text t = { c, out, colour, 6 };
	size_t granted = 0;

	for (size_t i = 0; i < c->cages.n; i++) {
		size_t n = c->cages.all.v[i].name.n;

		if (n > (size_t)t.width && n <= NAME_COLUMN_MAX)
			t.width = (int)n;
		granted += !c->cages.v[i].unprotected;
	}
	sc_putf(out,
		"%zu container%s, %zu to be confined; policy of family " SC_FMT
		"\n",
		c->cages.n, c->cages.n == 1 ? "" : "s", granted,
		SC_ARG(c->family.name));
	put_part(&t, put_edges, 6);
	put_part(&t, put_cages, LABEL_COLUMN);
	put_part(&t, put_lessons, LABEL_COLUMN);
	put_part(&t, put_warnings, 6);
	put_part(&t, put_files, 0);
}
