#include "spec/reader.h"

#include "base/buf.h"
#include "base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#define NOTE_MAX 511 /* bytes */

int sc_reader_fail(const struct sc_reader *r, const struct sc_doc_node *node,
		   enum sc_err code, const char *fmt, ...)
{
	char what[sizeof(r->err->msg)];
	struct sc_str path = { "", 0 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!sc_doc_path(node, r->a, &path))
		return sc_no_memory(r->err);
	if (node->line)
		(void)sc_fail(r->err, code, "line %u: %s", node->line, what);
	else if (path.n)
		(void)sc_fail(r->err, code, SC_FMT ": %s", SC_ARG(path), what);
	else
		(void)sc_fail(r->err, code, "%s", what);
	r->err->line = node->line;
	return (int)code;
}

int sc_reader_place(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_place *out)
{
	struct sc_place place = { .file = r->spec->file, .line = node->line };

	if (!sc_doc_path(node, r->a, &place.path))
		return sc_no_memory(r->err);
	*out = place;
	return 0;
}

int sc_reader_note(struct sc_reader *r, const struct sc_doc_node *node,
		   const char *fmt, ...)
{
	struct sc_note note = { 0 };
	va_list ap;
	bool kept;

	if (r->spec->notes.n >= SC_SPEC_NOTES) {
		r->notes_left_out++;
		return 0;
	}
	va_start(ap, fmt);
	kept = sc_reader_place(r, node, &note.place) == 0 &&
	       sc_keepvf(r->a, &note.text, NOTE_MAX, fmt, ap) &&
	       SC_PUSH(r->a, &r->spec->notes, note);
	va_end(ap);
	return kept ? 0 : sc_no_memory(r->err);
}

int sc_reader_wrong(struct sc_reader *r, const struct sc_doc_node *node,
		    const char *wanted)
{
	if (!node || node->kind == SC_DOC_NULL)
		return 0;
	return sc_reader_note(r, node, "this is %s, not %s: passed over",
			      sc_doc_kind_name(node->kind), wanted);
}

int sc_reader_text(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_str *out)
{
	struct sc_str text;
	int e;

	if (!sc_doc_is_scalar(node))
		return sc_reader_wrong(r, node, "a string");
	text = node->text;
	e = r->has_variables ? sc_reader_substitute(r, node, &text) : 0;
	if (e < 0)
		return e;
	*out = text;
	return 1;
}

static bool is_word_of(struct sc_str v, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == v.n && strncasecmp(*words, v.s, v.n) == 0)
			return true;
	return false;
}

int sc_reader_bool(struct sc_reader *r, const struct sc_doc_node *node,
		   bool *out)
{
	static const char *const yes[] = { "true", "yes", "on", "y",
					   "t",    "1",   NULL };
	static const char *const no[] = { "false", "no", "off", "n",
					  "f",     "0",  NULL };
	struct sc_str text = { "", 0 };
	int e = sc_reader_text(r, node, &text);

	if (e <= 0)
		return e;
	if (is_word_of(text, yes)) {
		*out = true;
		return 1;
	}
	if (is_word_of(text, no) || text.n == 0) {
		*out = false;
		return 1;
	}
	return sc_reader_fail(r, node, SC_ESYNTAX,
			      "'" SC_FMT "' is neither true nor false",
			      SC_ARG(text));
}

static int too_many(const struct sc_reader *r, const struct sc_doc_node *node,
		    int limit)
{
	return sc_reader_fail(r, node, SC_ELIMIT,
			      "more than %d of a kind in one container", limit);
}

int sc_reader_item(struct sc_reader *r, struct sc_items *items,
		   struct sc_str name, struct sc_str value,
		   const struct sc_doc_node *node)
{
	struct sc_item item = { .name = name, .value = value };
	int e;

	if (items->n >= SC_SPEC_ITEMS)
		return too_many(r, node, SC_SPEC_ITEMS);
	e = sc_reader_place(r, node, &item.place);
	if (e < 0)
		return e;
	return SC_PUSH(r->a, items, item) ? 0 : sc_no_memory(r->err);
}

int sc_reader_item_once(struct sc_reader *r, struct sc_items *items,
			struct sc_str name, const struct sc_doc_node *node)
{
	for (size_t i = 0; i < items->n; i++)
		if (sc_str_eq(items->v[i].name, name))
			return 0;
	if (items->n >= SC_SPEC_NAMES)
		return too_many(r, node, SC_SPEC_NAMES);
	return sc_reader_item(r, items, name, (struct sc_str){ "", 0 }, node);
}

int sc_reader_strings(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_items *items)
{
	const struct sc_doc_node *one = node;
	struct sc_str text = { 0 };
	int e = 0;

	if (sc_doc_is(node, SC_DOC_LIST))
		one = node->first;
	else if (!sc_doc_is_scalar(node))
		return sc_reader_wrong(r, node, "a list");
	for (; one && e >= 0; one = one == node ? NULL : one->next) {
		e = sc_reader_text(r, one, &text);
		if (e > 0)
			e = sc_reader_item(r, items, text,
					   (struct sc_str){ "", 0 }, one);
	}
	return e;
}

int sc_reader_mount(struct sc_reader *r, struct sc_container *c,
		    struct sc_mount mount)
{
	if (c->mounts.n >= SC_SPEC_ITEMS)
		return sc_fail(r->err, SC_ELIMIT,
			       "more than %d mounts in one container",
			       SC_SPEC_ITEMS);
	return SC_PUSH(r->a, &c->mounts, mount) ? 0 : sc_no_memory(r->err);
}

int sc_reader_device(struct sc_reader *r, struct sc_container *c,
		     struct sc_device device)
{
	if (c->devices.n >= SC_SPEC_ITEMS)
		return sc_fail(r->err, SC_ELIMIT,
			       "more than %d devices in one container",
			       SC_SPEC_ITEMS);
	return SC_PUSH(r->a, &c->devices, device) ? 0 : sc_no_memory(r->err);
}

int sc_reader_port(struct sc_reader *r, struct sc_container *c,
		   struct sc_port port)
{
	for (size_t i = 0; i < c->ports.n; i++) {
		struct sc_port *old = &c->ports.v[i];

		if (old->proto != port.proto || old->first != port.first ||
		    old->last != port.last)
			continue;
		if (port.published && (!old->published || !old->host))
			*old = port;
		return 0;
	}
	if (c->ports.n >= SC_SPEC_ITEMS)
		return sc_fail(r->err, SC_ELIMIT,
			       "more than %d ports in one container",
			       SC_SPEC_ITEMS);
	return SC_PUSH(r->a, &c->ports, port) ? 0 : sc_no_memory(r->err);
}

int sc_reader_container(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container **out)
{
	struct sc_containers *all = &r->spec->containers;
	struct sc_container c = { .project = r->spec->project };
	int e;

	if (all->n >= SC_SPEC_CONTAINERS)
		return sc_reader_fail(r, node, SC_ELIMIT,
				      "more than %d containers",
				      SC_SPEC_CONTAINERS);
	e = sc_reader_place(r, node, &c.place);
	if (e < 0)
		return e;
	if (!SC_PUSH(r->a, all, c))
		return sc_no_memory(r->err);
	*out = &all->v[all->n - 1];
	return 0;
}
