#include "base/safe.h"
#include "cli/confine.h"

#include <inttypes.h>

static const char *const confidences[] = { [SC_NEVER] = "never",
					   [SC_LOW] = "low",
					   [SC_MEDIUM] = "medium",
					   [SC_HIGH] = "high" };

static struct sc_str view(const char *s)
{
	return (struct sc_str){ s, strlen(s) };
}

static void start(struct sc_buf *out, const char *kind)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"%s\"", kind);
}

static void put_text(struct sc_buf *out, const char *key, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", key);
	sc_put_json(out, v);
}

static void put_number(struct sc_buf *out, const char *key, uint64_t v)
{
	sc_putf(out, ",\"%s\":%" PRIu64, key, v);
}

static void put_bool(struct sc_buf *out, const char *key, bool v)
{
	sc_putf(out, ",\"%s\":%s", key, v ? "true" : "false");
}

static void end(struct sc_buf *out)
{
	sc_put(out, SC_STR("}\n"));
}

static void put_cage(const struct sc_cage *g, struct sc_buf *out)
{
	start(out, "module");
	put_text(out, "module", g->module.name);
	put_text(out, "container", g->container->name);
	put_text(out, "image", g->container->image);
	put_text(out, "type", g->type);
	put_text(out, "level", g->level);
	put_bool(out, "confined", !g->unprotected);
	put_number(out, "blocks", g->module.inherits.n);
	put_number(out, "rules", g->module.rules.n);
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
	put_text(out, "module", g->module.name);
	put_text(out, "need", view(kinds[n->kind]));
	if (n->kind == SC_NEED_LISTEN || n->kind == SC_NEED_CONNECT) {
		put_text(out, "proto", view(sc_proto_name(n->proto)));
		put_number(out, "port", n->port);
		put_number(out, "last", n->last);
		put_text(out, "type", o->type);
	}
	if (n->peer.n)
		put_text(out, "peer", n->peer);
	if (n->word.n)
		put_text(out, "name", n->word);
	if (n->mount) {
		put_text(out, "source", n->mount->source);
		put_text(out, "relabel",
			 n->mount->relabel == SC_RELABEL_PRIVATE ? SC_STR("Z")
								 : SC_STR("z"));
	}
	put_text(out, "confidence", view(confidences[n->confidence]));
	put_bool(out, "granted", o->granted);
	put_text(out, "why", n->why);
	if (o->words.n)
		put_text(out, "note", o->words);
	end(out);
}

static void put_warning(const struct sc_confine *c, const struct sc_warning *w,
			struct sc_buf *out)
{
	start(out, "warning");
	put_text(out, "id", view(w->id));
	put_text(out, "container", c->cages.all.v[w->container].name);
	put_bool(out, "grave", w->grave);
	put_text(out, "words", w->words);
	put_text(out, "todo", view(w->todo));
	put_text(out, "file", w->place.file);
	put_number(out, "line", w->place.line);
	put_text(out, "path", w->place.path);
	end(out);
}

static void put_lesson(const struct sc_confine *c, const struct sc_lesson *l,
		       struct sc_buf *out)
{
	const struct sc_denial *d = l->advice.denial;

	start(out, "denial");
	put_text(out, "module", c->cages.v[l->cage].module.name);
	put_text(out, "class", view(sc_class_name(l->advice.class)));
	put_text(out, "target", d->target);
	put_text(out, "tclass", d->tclass);
	put_text(out, "perms", d->perms);
	put_number(out, "count", d->count);
	put_text(out, "words", l->advice.words);
	put_text(out, "todo", l->advice.todo);
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
		put_text(out, "path", c->files.v[i].path);
		put_number(out, "bytes", c->files.v[i].bytes.n);
		end(out);
	}
}
