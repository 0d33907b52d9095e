#include "base/clean.h"
#include "base/safe.h"
#include "doc/conf_form.h"

#include <stdio.h>

/* How the members of a map are parted, told by the last of them. */
struct style {
	struct sc_str part;  /* blanks in front of a member */
	struct sc_str space; /* behind its colon */
	struct sc_str unit;  /* of indentation, where each has a line */
	bool is_lines;
};

static bool is_blank(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!strchr(" \t\r\n", v.s[i]))
			return false;
	return true;
}

static struct sc_str cut(struct sc_str text, size_t start, size_t end)
{
	return (struct sc_str){ text.s + start, end - start };
}

/* What stands behind the last line break of @part. */
static struct sc_str indentation(struct sc_str part)
{
	size_t n = part.n;

	while (n && part.s[n - 1] != '\n')
		n--;
	return (struct sc_str){ part.s + n, part.n - n };
}

static size_t depth_of(const struct sc_doc_node *map)
{
	size_t depth = 1;

	while ((map = map->parent))
		depth++;
	return depth;
}

static struct style style_of(struct sc_str text, const struct sc_doc_node *map)
{
	const struct sc_doc_node *last = map->last, *before = map->first;
	struct style s = { .space = SC_STR(" "), .unit = SC_STR("  ") };
	struct sc_str indent, rest;
	size_t start = map->start + 1, depth = depth_of(map);

	if (!last) {
		s.part = cut(text, start, map->end - 1);
		if (memchr(s.part.s, '\n', s.part.n))
			s.part.n = 0;
		return s;
	}
	while (before != last && before->next != last)
		before = before->next;
	if (before != last)
		start = (size_t)((const char *)memchr(text.s + before->end, ',',
						      text.n - before->end) -
				 text.s) +
			1;
	s.part = cut(text, start, last->key_start);
	rest = cut(text, last->key_end, last->start);
	if (rest.n && rest.s[rest.n - 1] == ':')
		s.space.n = 0;
	s.is_lines = memchr(s.part.s, '\n', s.part.n) != NULL;
	if (map->n == 1 && !s.is_lines && s.space.n && !s.part.n)
		s.part = SC_STR(" ");
	indent = indentation(s.part);
	if (indent.n && indent.n % depth == 0)
		s.unit = (struct sc_str){ indent.s, indent.n / depth };
	return s;
}

static void put_break(struct sc_buf *out, const struct style *s, size_t deeper)
{
	sc_put(out, s->part);
	while (deeper--)
		sc_put(out, s->unit);
}

/* The keys that are not there, each in a map of its own, and the value. */
static void put_member(struct sc_buf *out, const struct sc_conf_edit *c,
		       const struct style *s)
{
	size_t n = c->place->n - c->depth;

	for (size_t i = 0; i < n; i++) {
		if (i)
			sc_put(out, SC_STR("{"));
		if (i && s->is_lines)
			put_break(out, s, i);
		sc_put_json(out, c->place->keys[c->depth + i]);
		sc_put(out, SC_STR(":"));
		sc_put(out, s->space);
	}
	sc_conf_put_value(out, c->value, sc_put_json, sc_put_json);
	for (size_t i = n - 1; i > 0; i--) {
		if (s->is_lines)
			put_break(out, s, i - 1);
		sc_put(out, SC_STR("}"));
	}
}

static int add(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_str text = c->edits.text;
	const struct sc_doc_node *map = c->map;
	struct style s = style_of(text, map);
	size_t at = map->last ? map->last->end : map->start + 1;

	if (!is_blank(s.part))
		return sc_conf_refuse(c, "what stands between the members");
	if (map->last)
		sc_put(&made, SC_STR(","));
	sc_put(&made, s.part);
	put_member(&made, c, &s);
	return sc_edit_replace_by(&c->edits, at, at, &made);
}

static int replace(struct sc_conf_edit *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };

	sc_conf_put_value(&made, c->value, sc_put_json, sc_put_json);
	return sc_edit_replace_by(&c->edits, c->node->start, c->node->end,
				  &made);
}

static int cut_out(struct sc_conf_edit *c)
{
	return sc_conf_cut_member(c, c->node);
}

const struct sc_conf_writer sc_conf_json = {
	.read = sc_doc_read_json,
	.replace = replace,
	.add = add,
	.remove = cut_out,
};
