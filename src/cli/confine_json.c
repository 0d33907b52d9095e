#include "base/member.h"
#include "cli/confine.h"
#include "spec/show.h"

static void start(struct sc_buf *out, const char *kind)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"%s\"", kind);
}

static void end(struct sc_buf *out)
{
	sc_put(out, SC_STR("}\n"));
}

static void put_cage(const struct sc_cage *g, struct sc_buf *out)
{
	start(out, "module");
	sc_member_text(out, "module", g->module.name);
	sc_member_text(out, "container", g->container->name);
	sc_member_text(out, "image", g->container->image);
	sc_member_text(out, "type", g->type);
	sc_member_text(out, "level", g->level);
	sc_member_bool(out, "confined", !g->unprotected);
	sc_member_number(out, "blocks", g->module.inherits.n);
	sc_member_number(out, "rules", g->module.rules.n);
	end(out);
}

static void put_need(const struct sc_cage *g, const struct sc_outcome *o,
		     struct sc_buf *out)
{
	static const char *const kinds[] = {
		[SC_NEED_LISTEN] = "listen",
		[SC_NEED_CONNECT] = "connect",
		[SC_NEED_CAPABILITY] = "capability",
		[SC_NEED_ADDITION] = "block",
		[SC_NEED_RELABEL] = "relabel",
	};
	const struct sc_need *n = o->need;

	start(out, "need");
	sc_member_text(out, "module", g->module.name);
	sc_member_text(out, "need", sc_view(kinds[n->kind]));
	if (n->kind == SC_NEED_LISTEN || n->kind == SC_NEED_CONNECT) {
		sc_member_text(out, "proto", sc_view(sc_proto_name(n->proto)));
		sc_member_number(out, "port", n->port);
		sc_member_number(out, "last", n->last);
		sc_member_text(out, "type", o->type);
	}
	if (n->peer.n)
		sc_member_text(out, "peer", n->peer);
	if (n->word.n)
		sc_member_text(out, "name", n->word);
	if (n->mount) {
		sc_member_text(out, "source", n->mount->source);
		sc_member_text(out, "relabel",
			       n->mount->relabel == SC_RELABEL_PRIVATE
				       ? SC_STR("Z")
				       : SC_STR("z"));
	}
	sc_member_text(out, "confidence",
		       sc_view(sc_confidence_name(n->confidence)));
	sc_member_bool(out, "granted", o->granted);
	sc_member_text(out, "why", n->why);
	if (o->words.n)
		sc_member_text(out, "note", o->words);
	end(out);
}

static void put_warning(const struct sc_confine *c, const struct sc_warning *w,
			struct sc_buf *out)
{
	start(out, "warning");
	sc_member_text(out, "id", sc_view(w->id));
	sc_member_text(out, "container", c->cages.all.v[w->container].name);
	sc_member_bool(out, "grave", w->grave);
	sc_member_text(out, "words", w->words);
	sc_member_text(out, "todo", sc_view(w->todo));
	sc_member_text(out, "file", w->place.file);
	sc_member_number(out, "line", w->place.line);
	sc_member_text(out, "path", w->place.path);
	end(out);
}

static void put_lesson(const struct sc_confine *c, const struct sc_lesson *l,
		       struct sc_buf *out)
{
	const struct sc_denial *d = l->advice.denial;

	start(out, "denial");
	sc_member_text(out, "module", c->cages.v[l->cage].module.name);
	sc_member_text(out, "target", d->target);
	sc_member_text(out, "class", d->tclass);
	sc_member_words(out, "perms", d->perms);
	sc_member_text(out, "verdict", sc_view(sc_class_name(l->advice.class)));
	sc_member_number(out, "count", d->count);
	sc_member_text(out, "words", l->advice.words);
	sc_member_text(out, "todo", l->advice.todo);
	end(out);
}

void sc_confine_put_json(const struct sc_confine *c, struct sc_buf *out)
{
	for (size_t i = 0; i < c->cages.n; i++) {
		const struct sc_cage *g = &c->cages.v[i];

		put_cage(g, out);
		for (size_t o = 0; o < g->outcomes.n; o++)
			put_need(g, &g->outcomes.v[o], out);
	}
	for (size_t i = 0; i < c->lessons.n; i++)
		put_lesson(c, &c->lessons.v[i], out);
	for (size_t i = 0; i < c->cages.warnings.n; i++)
		put_warning(c, &c->cages.warnings.v[i], out);
	for (size_t i = 0; i < c->files.n; i++) {
		start(out, "file");
		sc_member_text(out, "path", c->files.v[i].path);
		sc_member_number(out, "bytes", c->files.v[i].bytes.n);
		end(out);
	}
}
