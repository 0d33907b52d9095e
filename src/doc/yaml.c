#include "base/clean.h"
#include "base/vec.h"
#include "doc/tree.h"

#include <assert.h>
#include <yaml.h>

SC_DEFINE_CLEAN(yaml_parser_t, yaml_parser_delete)
SC_DEFINE_CLEAN(yaml_event_t, yaml_event_delete)

#define TAG_DIRECTIVES_MAX 100 /* libyaml compares each with each */
#define MARK_STEP 64           /* characters between two known offsets */

/* libyaml counts characters; a byte's place is found from the last known. */
struct marks {
	struct sc_str text; /* as libyaml sees it */
	size_t skipped;     /* bytes of the file in front of it */
	uint32_t *at; /* offset of every MARK_STEPth character; NULL: ASCII */
	size_t n;
};

struct anchor {
	struct sc_str name;
	const struct sc_doc_node *node;
};

/* A list or map that is open, and what its next value belongs to. */
struct frame {
	struct sc_doc_node *node;
	const struct sc_doc_node *merged; /* the value of '<<' */
	struct sc_doc_node key;           /* only what is about the key */
	bool has_key;
	bool is_merge; /* the key is '<<' */
};

struct builder {
	struct sc_doc_tree tree;
	struct marks marks;
	struct frame frames[SC_DOC_DEPTH];
	size_t depth;
	struct {
		struct anchor *v;
		size_t n, room;
	} anchors;
	struct sc_doc_node *root;
};

static int fail_at(struct sc_error *err, enum sc_err code, uint32_t line,
		   const char *what)
{
	(void)sc_fail(err, code, "line %u: %s", line, what);
	err->line = line;
	return (int)code;
}

static bool is_char_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static bool find_marks(struct sc_arena *a, struct sc_str text,
		       struct marks *out)
{
	size_t n = 0, i = 0;

	*out = (struct marks){ .text = text };
	/* libyaml would count a byte order mark as indentation */
	if (sc_take_prefix(&text, SC_STR("\xef\xbb\xbf")))
		*out = (struct marks){ .text = text, .skipped = 3 };
	while (i < text.n && (unsigned char)text.s[i] < 0x80)
		i++;
	if (i == text.n)
		return true;
	out->at = sc_new_array(a, uint32_t, text.n / MARK_STEP + 1);
	if (!out->at)
		return false;
	for (i = 0; i < text.n; i++)
		if (is_char_start(text.s[i]) && n++ % MARK_STEP == 0)
			out->at[out->n++] = (uint32_t)i;
	return true;
}

static size_t offset_of(const struct marks *m, const yaml_mark_t *mark)
{
	size_t step = mark->index / MARK_STEP, rest = mark->index % MARK_STEP;
	size_t i;

	if (!m->at)
		return m->skipped +
		       (mark->index < m->text.n ? mark->index : m->text.n);
	for (i = step < m->n ? m->at[step] : m->text.n; i < m->text.n; i++)
		if (is_char_start(m->text.s[i]) && rest-- == 0)
			break;
	return m->skipped + i;
}

static uint32_t line_of(const yaml_mark_t *mark)
{
	return (uint32_t)mark->line + 1;
}

static struct sc_str view(const yaml_char_t *s)
{
	return s ? (struct sc_str){ (const char *)s, strlen((const char *)s) }
		 : (struct sc_str){ "", 0 };
}

static int fail_yaml(const yaml_parser_t *parser, struct sc_str text,
		     struct sc_error *err)
{
	const char *why = parser->problem ? parser->problem : "not YAML";
	uint32_t line = line_of(&parser->problem_mark);

	if (parser->error == YAML_MEMORY_ERROR)
		return sc_no_memory(err);
	if (parser->error == YAML_READER_ERROR) {
		line = 1;
		for (size_t i = 0; i < parser->problem_offset && i < text.n;
		     i++)
			line += text.s[i] == '\n';
	}
	return fail_at(err, SC_ESYNTAX, line, why);
}

/*
 * Attach @node where the text has come to. A merge key's value is no child: it
 * is kept aside until its map is whole.
 */
static int attach(struct builder *b, struct sc_doc_node *node,
		  struct sc_error *err)
{
	struct frame *f = b->depth ? &b->frames[b->depth - 1] : NULL;

	if (!f) {
		b->root = node;
		return 0;
	}
	if (f->node->kind == SC_DOC_MAP) {
		node->key = f->key.key;
		node->key_style = f->key.key_style;
		node->key_line = f->key.key_line;
		node->key_start = f->key.key_start;
		node->key_end = f->key.key_end;
		f->has_key = false;
	}
	if (f->node->kind != SC_DOC_MAP || !f->is_merge) {
		sc_doc_add(f->node, node);
		return 0;
	}
	f->is_merge = false;
	if (f->node->merges)
		return fail_at(err, SC_ESYNTAX, node->key_line,
			       "a second '<<' in one mapping");
	f->node->merges = true;
	f->merged = node;
	return 0;
}

static int add_anchor(struct builder *b, const yaml_char_t *name,
		      struct sc_doc_node *node, struct sc_error *err)
{
	struct anchor anchor = { .node = node };

	if (!name)
		return 0;
	node->anchor = true;
	if (b->anchors.n >= SC_DOC_ANCHORS)
		return fail_at(err, SC_ELIMIT, node->line,
			       "more than 1000 anchors");
	if (!sc_keep(b->tree.a, view(name), &anchor.name) ||
	    !SC_PUSH(b->tree.a, &b->anchors, anchor))
		return sc_no_memory(err);
	return 0;
}

static const struct sc_doc_node *find_anchor(const struct builder *b,
					     struct sc_str name)
{
	for (size_t i = b->anchors.n; i-- > 0;)
		if (sc_str_eq(b->anchors.v[i].name, name))
			return b->anchors.v[i].node;
	return NULL;
}

static bool is_open(const struct builder *b, const struct sc_doc_node *node)
{
	for (size_t i = 0; i < b->depth; i++)
		if (b->frames[i].node == node)
			return true;
	return false;
}

static void set_place(const struct builder *b, const yaml_event_t *event,
		      struct sc_doc_node *node)
{
	node->line = line_of(&event->start_mark);
	node->start = offset_of(&b->marks, &event->start_mark);
	node->end = offset_of(&b->marks, &event->end_mark);
}

static int on_alias(struct builder *b, const yaml_event_t *event,
		    struct sc_error *err)
{
	const struct sc_doc_node *target =
		find_anchor(b, view(event->data.alias.anchor));
	uint32_t line = line_of(&event->start_mark);
	struct sc_doc_node *node;

	if (!target)
		return fail_at(err, SC_ESYNTAX, line,
			       "an alias of an anchor that is not there");
	if (is_open(b, target))
		return fail_at(err, SC_ESYNTAX, line,
			       "an alias of what it stands in");
	if (b->depth && b->frames[b->depth - 1].node->kind == SC_DOC_MAP &&
	    !b->frames[b->depth - 1].has_key)
		return fail_at(err, SC_ESYNTAX, line,
			       "an alias as a key is not read: write it out");
	node = sc_doc_copy(&b->tree, target, b->depth, err);
	if (!node)
		return err->code == SC_ENOMEM ? sc_no_memory(err)
					      : sc_while(err, "line %u", line);
	node->alias = true;
	node->copied = false;
	set_place(b, event, node);
	return attach(b, node, err);
}

static enum sc_doc_style scalar_style(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return SC_DOC_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return SC_DOC_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return SC_DOC_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return SC_DOC_FOLDED;
	case YAML_PLAIN_SCALAR_STYLE:
	case YAML_ANY_SCALAR_STYLE:
		break;
	}
	return SC_DOC_PLAIN;
}

static bool is_null(struct sc_str text)
{
	return text.n == 0 || sc_str_eq(text, SC_STR("~")) ||
	       sc_str_eq(text, SC_STR("null")) ||
	       sc_str_eq(text, SC_STR("Null")) ||
	       sc_str_eq(text, SC_STR("NULL"));
}

static int on_key(struct builder *b, struct frame *f, struct sc_str text,
		  const yaml_event_t *event, struct sc_error *err)
{
	enum sc_doc_style style = scalar_style(event->data.scalar.style);

	f->has_key = true;
	f->is_merge = style == SC_DOC_PLAIN && sc_str_eq(text, SC_STR("<<"));
	f->key = (struct sc_doc_node){
		.key_style = style,
		.key_line = line_of(&event->start_mark),
		.key_start = offset_of(&b->marks, &event->start_mark),
		.key_end = offset_of(&b->marks, &event->end_mark),
	};
	if (!f->node->inside)
		f->node->inside = f->key.key_start;
	if (event->data.scalar.anchor)
		return fail_at(err, SC_ESYNTAX, f->key.key_line,
			       "an anchor at a key is not read");
	return sc_keep(b->tree.a, text, &f->key.key) ? 0 : sc_no_memory(err);
}

static int on_scalar(struct builder *b, const yaml_event_t *event,
		     struct sc_error *err)
{
	struct frame *f = b->depth ? &b->frames[b->depth - 1] : NULL;
	struct sc_str text = { (const char *)event->data.scalar.value,
			       event->data.scalar.length };
	struct sc_doc_node *node;
	int r;

	if (text.n && memchr(text.s, '\0', text.n))
		return fail_at(err, SC_ESYNTAX, line_of(&event->start_mark),
			       "a NUL in the text");
	if (f && f->node->kind == SC_DOC_MAP && !f->has_key)
		return on_key(b, f, text, event, err);

	node = sc_doc_new(&b->tree, err);
	if (!node)
		return (int)err->code;
	set_place(b, event, node);
	node->style = scalar_style(event->data.scalar.style);
	node->kind = node->style == SC_DOC_PLAIN && !event->data.scalar.tag &&
				     is_null(text)
			     ? SC_DOC_NULL
			     : SC_DOC_STRING;
	if (!sc_keep(b->tree.a, text, &node->text) ||
	    !sc_keep(b->tree.a, view(event->data.scalar.tag), &node->tag))
		return sc_no_memory(err);
	r = add_anchor(b, event->data.scalar.anchor, node, err);
	return r < 0 ? r : attach(b, node, err);
}

/* What a list's and a map's beginning have in common. */
struct opening {
	enum sc_doc_kind kind;
	bool is_flow;
	const yaml_char_t *anchor, *tag;
};

static int on_open(struct builder *b, const yaml_event_t *event,
		   struct opening o, struct sc_error *err)
{
	struct frame *f = b->depth ? &b->frames[b->depth - 1] : NULL;
	uint32_t line = line_of(&event->start_mark);
	struct sc_doc_node *node;
	int r;

	if (f && f->node->kind == SC_DOC_MAP && !f->has_key)
		return fail_at(err, SC_ESYNTAX, line,
			       "a list or mapping as a key");
	if (b->depth >= SC_DOC_DEPTH)
		return fail_at(err, SC_ELIMIT, line,
			       "lists and mappings nest more than 64 deep");
	node = sc_doc_new(&b->tree, err);
	if (!node)
		return (int)err->code;
	set_place(b, event, node);
	node->kind = o.kind;
	node->style = o.is_flow ? SC_DOC_FLOW : SC_DOC_BLOCK;
	if (!sc_keep(b->tree.a, view(o.tag), &node->tag))
		return sc_no_memory(err);
	r = add_anchor(b, o.anchor, node, err);
	if (r < 0)
		return r;
	r = attach(b, node, err);
	if (r < 0)
		return r;
	b->frames[b->depth++] = (struct frame){ .node = node };
	return 0;
}

static int on_close(struct builder *b, const yaml_event_t *event,
		    struct sc_error *err)
{
	struct frame *f;
	uint32_t line;
	int r;

	assert(b->depth > 0);
	f = &b->frames[--b->depth];
	assert(f->node);
	line = f->node->line;
	f->node->end = offset_of(&b->marks, &event->end_mark);
	if (f->node->kind == SC_DOC_LIST) {
		sc_doc_weigh(f->node);
		return 0;
	}
	r = sc_doc_finish_map(&b->tree, f->node, f->merged, b->depth + 1, err);
	return r == SC_ELIMIT ? sc_while(err, "line %u", line) : r;
}

static int on_event(struct builder *b, const yaml_event_t *event,
		    struct sc_error *err)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return on_alias(b, event, err);
	case YAML_SCALAR_EVENT:
		return on_scalar(b, event, err);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(
			b, event,
			(struct opening){ SC_DOC_LIST,
					  event->data.sequence_start.style ==
						  YAML_FLOW_SEQUENCE_STYLE,
					  event->data.sequence_start.anchor,
					  event->data.sequence_start.tag },
			err);
	case YAML_MAPPING_START_EVENT:
		return on_open(
			b, event,
			(struct opening){ SC_DOC_MAP,
					  event->data.mapping_start.style ==
						  YAML_FLOW_MAPPING_STYLE,
					  event->data.mapping_start.anchor,
					  event->data.mapping_start.tag },
			err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_close(b, event, err);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return 0;
}

/* One event; 1 after the first document's end, 2 at the end of all. */
static int step(struct builder *b, yaml_parser_t *parser, uint32_t *line,
		struct sc_error *err)
{
	yaml_event_t event = { 0 };
	SC_CLEAN(yaml_event_delete_p) yaml_event_t *owner = NULL;
	int r;

	if (!yaml_parser_parse(parser, &event))
		return fail_yaml(parser, b->marks.text, err);
	owner = &event;
	*line = line_of(&event.start_mark);
	r = on_event(b, &event, err);
	if (r < 0)
		return r;
	if (event.type == YAML_STREAM_END_EVENT)
		return 2;
	return event.type == YAML_DOCUMENT_END_EVENT;
}

static int check_directives(struct sc_str text, struct sc_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i + 4 < text.n; i++) {
		if (text.s[i] != '%' || memcmp(text.s + i, "%TAG", 4) != 0)
			continue;
		if (++n > TAG_DIRECTIVES_MAX)
			return sc_fail(err, SC_ELIMIT,
				       "more than %d tag directives",
				       TAG_DIRECTIVES_MAX);
	}
	return 0;
}

/* Where another document begins, or what is none; 0: nothing follows. */
static uint32_t find_second(yaml_parser_t *parser)
{
	yaml_event_t event = { 0 };
	SC_CLEAN(yaml_event_delete_p) yaml_event_t *owner = NULL;

	if (!yaml_parser_parse(parser, &event))
		return line_of(&parser->problem_mark);
	owner = &event;
	return event.type == YAML_STREAM_END_EVENT ? 0
						   : line_of(&event.start_mark);
}

int sc_doc_read_yaml(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err)
{
	yaml_parser_t parser;
	SC_CLEAN(yaml_parser_delete_p) yaml_parser_t *owner = NULL;
	struct builder b = { .tree.a = a };
	struct sc_doc doc = { 0 };
	uint32_t line = 1;
	int r;

	if (text.n > SC_DOC_BYTES)
		return sc_fail(err, SC_ELIMIT, "more than %zu bytes",
			       SC_DOC_BYTES);
	r = check_directives(text, err);
	if (r < 0)
		return r;
	if (!find_marks(a, text, &b.marks) || !yaml_parser_initialize(&parser))
		return sc_no_memory(err);
	owner = &parser;
	text = b.marks.text;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(text.n ? text.s : ""), text.n);

	do
		r = step(&b, &parser, &line, err);
	while (r == 0);
	if (r < 0)
		return r;
	if (!b.root)
		return fail_at(err, SC_ESYNTAX, line, "there is nothing in it");
	doc.root = b.root;
	doc.second_line = find_second(&parser);
	*out = doc;
	return 0;
}
