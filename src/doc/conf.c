#include "doc/conf.h"

#include "base/safe.h"
#include "doc/conf_form.h"

static const struct sc_conf_writer *const writers[] = {
	[SC_CONF_JSON] = &sc_conf_json, [SC_CONF_YAML] = &sc_conf_yaml,
	[SC_CONF_TOML] = &sc_conf_toml, [SC_CONF_KEYS] = &sc_conf_keys,
	[SC_CONF_UNIT] = &sc_conf_unit,
};

int sc_conf_read(enum sc_conf_form form, struct sc_str text, struct sc_arena *a,
		 struct sc_doc *out, struct sc_error *err)
{
	if (text.n > SC_CONF_BYTES) {
		(void)sc_fail(err, SC_ELIMIT, "more than %zu bytes",
			      SC_CONF_BYTES);
		return SC_ELIMIT;
	}
	if (!sc_is_utf8(text)) {
		(void)sc_fail(err, SC_ESYNTAX, "bytes that are no UTF-8");
		return SC_ESYNTAX;
	}
	return writers[form]->read(text, a, out, err);
}

static struct sc_doc_node *get(const struct sc_doc_node *map, struct sc_str key)
{
	struct sc_doc_node *c = sc_doc_is(map, SC_DOC_MAP) ? map->first : NULL;

	while (c && !sc_str_eq(c->key, key))
		c = c->next;
	return c;
}

struct sc_doc_node *sc_conf_find(const struct sc_doc *doc,
				 const struct sc_conf_place *place)
{
	struct sc_doc_node *node = doc->root;

	for (size_t i = 0; node && i < place->n; i++)
		node = get(node, place->keys[i]);
	return node;
}

/* ---- for the forms */

int sc_conf_refuse(struct sc_conf_edit *c, const char *why)
{
	struct sc_str key = c->place->keys[c->place->n - 1];

	return sc_fail(c->edits.err, SC_EREFUSED,
		       "%s: change '" SC_FMT "' by hand", why, SC_ARG(key));
}

/* Where the break of the line above the one at @start stands. */
static size_t break_above(struct sc_str text, size_t start)
{
	size_t at = start - 1;

	return at && text.s[at] == '\n' && text.s[at - 1] == '\r' ? at - 1 : at;
}

size_t sc_conf_above(struct sc_str text, size_t start)
{
	size_t above = start ? break_above(text, start) : 0;

	return sc_line_start(text, above) == above ? above : start;
}

int sc_conf_cut_lines(struct sc_conf_edit *c, size_t start, size_t end)
{
	struct sc_str text = c->edits.text;
	struct sc_str last;

	start = sc_line_start(text, start);
	end = sc_line_end(text, end);
	last = sc_line_break(text, end);
	if (!last.n && start)
		start = break_above(text, start);
	return sc_edit_replace(&c->edits, start, end + last.n,
			       (struct sc_str){ "", 0 });
}

int sc_conf_cut_member(struct sc_conf_edit *c, const struct sc_doc_node *node)
{
	const struct sc_doc_node *before = node->parent->first;
	size_t start = node->parent->start + 1, end = node->end;

	if (node != before) {
		while (before->next != node)
			before = before->next;
		start = before->end;
	} else if (node->next) {
		start = node->key_start;
		end = node->next->key_start;
	}
	for (size_t i = start; i < end; i++)
		if (c->edits.text.s[i] == '#' &&
		    (i < node->key_start || i >= node->end))
			return sc_conf_refuse(c, "a comment beside the key");
	return sc_edit_replace(&c->edits, start, end, (struct sc_str){ "", 0 });
}

void sc_conf_put_value(struct sc_buf *out, const struct sc_conf_value *value,
		       sc_conf_put_fn *put_text, sc_conf_put_fn *put_item)
{
	if (value->kind == SC_DOC_STRING) {
		put_text(out, value->text);
		return;
	}
	if (value->kind != SC_DOC_LIST) {
		sc_put(out, value->text);
		return;
	}
	sc_put(out, SC_STR("["));
	for (size_t i = 0; i < value->n; i++) {
		if (i)
			sc_put(out, SC_STR(", "));
		put_item(out, value->items[i]);
	}
	sc_put(out, SC_STR("]"));
}

bool sc_conf_is_quotable(const struct sc_conf_value *value)
{
	for (size_t i = 0; i < value->n; i++)
		if (!sc_edit_is_quotable(value->items[i]))
			return false;
	return value->kind == SC_DOC_LIST || sc_edit_is_quotable(value->text);
}

/* ---- before */

static bool comes_twice(const struct sc_doc_node *map, struct sc_str key)
{
	size_t n = 0;

	for (const struct sc_doc_node *c = map->first; c; c = c->next)
		n += sc_str_eq(c->key, key);
	return n > 1;
}

/* Into @c: what is there of the place. */
static int locate(struct sc_conf_edit *c)
{
	const struct sc_doc_node *node = c->root, *next;

	c->map = node;
	for (; c->depth < c->place->n; c->depth++, c->map = node = next) {
		struct sc_str key = c->place->keys[c->depth];

		if (node->kind != SC_DOC_MAP)
			return sc_conf_refuse(c, "what leads to it is no map");
		if (comes_twice(node, key))
			return sc_conf_refuse(c, "a key comes twice");
		next = get(node, key);
		if (!next)
			return 0;
		if (next->anchor || next->alias || next->copied || next->tag.n)
			return sc_conf_refuse(
				c, "an anchor, alias or tag on the way");
	}
	c->node = node;
	c->map = NULL;
	return 0;
}

static bool is_word(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.s[i] <= ' ' || v.s[i] == '\x7f')
			return false;
	return v.n > 0;
}

/* Of the tree, after: is this the value? */
static bool is_value(const struct sc_doc_node *node, enum sc_conf_form form,
		     const struct sc_conf_value *v)
{
	const struct sc_doc_node *one = node->first;
	bool plain = v->kind == SC_DOC_BOOL || v->kind == SC_DOC_NUMBER;

	if (v->kind == SC_DOC_LIST) {
		for (size_t i = 0; i < v->n; i++, one = one->next)
			if (!one || one->kind != SC_DOC_STRING ||
			    !sc_str_eq(one->text, v->items[i]))
				return false;
		return node->kind == SC_DOC_LIST && !one;
	}
	if (!sc_str_eq(node->text, v->text))
		return false;
	if (form == SC_CONF_YAML) /* which has strings alone */
		return node->kind == SC_DOC_STRING &&
		       (!plain || node->style == SC_DOC_PLAIN);
	return form >= SC_CONF_KEYS ? node->kind == SC_DOC_STRING
				    : node->kind == v->kind;
}

/* ---- after */

/* The children of @x and @y without @x's @skip, or where they differ. */
static bool same_but(const struct sc_doc_node *x, const struct sc_doc_node *y,
		     struct sc_str skip, bool skips_both)
{
	const struct sc_doc_node *a, *b, *s, *t;

	if (x->kind != y->kind || x->kind != SC_DOC_MAP ||
	    !sc_str_eq(x->tag, y->tag))
		return false;
	for (a = x->first, b = y->first; a || b; a = a->next, b = b->next) {
		if (a && sc_str_eq(a->key, skip))
			a = a->next;
		if (b && skips_both && sc_str_eq(b->key, skip))
			b = b->next;
		if (!a || !b)
			return a == b;
		s = a;
		t = b;
		if (!sc_doc_same(&s, &t))
			return false;
	}
	return true;
}

/* @node, which was not there, is a chain of maps that ends in the value. */
static const struct sc_doc_node *end_of(const struct sc_conf_place *place,
					const struct sc_doc_node *node,
					size_t depth)
{
	for (; depth < place->n; depth++) {
		if (!sc_doc_is(node, SC_DOC_MAP) || node->n != 1 ||
		    !sc_str_eq(node->first->key, place->keys[depth]))
			return NULL;
		node = node->first;
	}
	return node;
}

/* Is @with the tree @without plus the value? If both have it, but for it? */
static bool is_only_change(const struct sc_conf_place *place,
			   const struct sc_doc_node *with,
			   const struct sc_doc_node *without,
			   const struct sc_doc_node **value)
{
	for (size_t i = 0; i < place->n; i++) {
		const struct sc_doc_node *x = get(with, place->keys[i]);
		const struct sc_doc_node *y = get(without, place->keys[i]);

		if (!x || !same_but(with, without, place->keys[i], y != NULL))
			return false;
		if (!y) {
			*value = end_of(place, x, i + 1);
			return *value != NULL;
		}
		with = x;
		without = y;
	}
	*value = with;
	return true;
}

static int judge(const struct sc_conf_edit *c, struct sc_str made)
{
	enum sc_conf_form form = c->place->form;
	const struct sc_doc_node *value = NULL;
	struct sc_doc doc = { 0 };
	int r = sc_conf_read(form, made, c->edits.a, &doc, c->edits.err);
	bool good;

	if (r < 0 && r != SC_ESYNTAX)
		return r;
	if (r < 0)
		good = false;
	else if (c->value)
		good = is_only_change(c->place, doc.root, c->root, &value) &&
		       is_value(value, form, c->value);
	else
		good = !sc_conf_find(&doc, c->place) &&
		       is_only_change(c->place, c->root, doc.root, &value);
	return good ? 0
		    : sc_fail(c->edits.err, SC_EREFUSED,
			      "more than '" SC_FMT "' would change, or not as "
			      "it should: change it by hand",
			      SC_ARG(c->place->keys[c->place->n - 1]));
}

static int write_value(struct sc_conf_edit *c, struct sc_str *out)
{
	const struct sc_conf_writer *w = writers[c->place->form];
	struct sc_str made = { 0 };
	int r = c->value ? c->node ? w->replace(c) : w->add(c) : w->remove(c);

	if (r == 0)
		r = sc_edit_apply(&c->edits, &made);
	if (r == 0)
		r = judge(c, made);
	if (r == 0)
		*out = made;
	return r;
}

static int open_edit(struct sc_conf_edit *c)
{
	struct sc_doc doc = { 0 };
	int r;

	if (!c->place->n || c->place->n > SC_CONF_DEPTH)
		return sc_fail(c->edits.err, SC_EREFUSED, "no place for that");
	for (size_t i = 0; i < c->place->n; i++)
		if (!is_word(c->place->keys[i]))
			return sc_fail(c->edits.err, SC_EREFUSED,
				       "a key that cannot be written");
	r = sc_conf_read(c->place->form, c->edits.text, c->edits.a, &doc,
			 c->edits.err);
	if (r < 0)
		return r;
	c->root = doc.root;
	if (doc.second_line)
		return sc_conf_refuse(c, "more than one document");
	return locate(c);
}

int sc_conf_set(struct sc_str text, const struct sc_conf_place *place,
		const struct sc_conf_value *value, struct sc_arena *a,
		struct sc_str *out, struct sc_error *err)
{
	struct sc_conf_edit c = {
		.edits = { .a = a, .text = text, .err = err, .at_end = true },
		.place = place,
		.value = value,
	};
	int r = open_edit(&c);

	if (r < 0)
		return r;
	if (c.node && is_value(c.node, place->form, value)) {
		*out = text;
		return 0;
	}
	return write_value(&c, out);
}

int sc_conf_remove(struct sc_str text, const struct sc_conf_place *place,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	struct sc_conf_edit c = {
		.edits = { .a = a, .text = text, .err = err },
		.place = place,
	};
	int r = open_edit(&c);

	if (r < 0)
		return r;
	if (!c.node)
		return sc_fail(err, SC_ENOTFOUND, "there is no '" SC_FMT "'",
			       SC_ARG(place->keys[place->n - 1]));
	return write_value(&c, out);
}
