/*
 * conf_form.h - what each form of configuration knows: where a value is to be
 * written, and how. For conf.c alone, which judges the result.
 */
#ifndef SC_DOC_CONF_FORM_H
#define SC_DOC_CONF_FORM_H

#include "doc/conf.h"
#include "doc/edit.h"

struct sc_conf_edit {
	struct sc_edits edits;
	const struct sc_conf_place *place;
	const struct sc_conf_value *value; /* NULL: the key is taken out */
	const struct sc_doc_node *root;
	const struct sc_doc_node *node; /* at .place; NULL: nothing is */
	const struct sc_doc_node *map;  /* without .node: the innermost */
	size_t depth;                   /* how many of .keys lead to .map */
};

struct sc_conf_writer {
	int (*read)(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		    struct sc_error *err);
	int (*replace)(struct sc_conf_edit *c);
	int (*add)(struct sc_conf_edit *c);
	int (*remove)(struct sc_conf_edit *c);
};

extern const struct sc_conf_writer sc_conf_json, sc_conf_yaml, sc_conf_toml,
	sc_conf_keys, sc_conf_unit;

/* lines.c: KEY=value, and systemd's units */
int sc_doc_read_keys(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err) SC_MUST_USE;
int sc_doc_read_unit(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err) SC_MUST_USE;

/* SC_EREFUSED: do it by hand. */
int sc_conf_refuse(struct sc_conf_edit *c, const char *why) SC_MUST_USE;

/* Take the lines from that of @start to that of @end; with them, if they were
 * the last and had no end, the end of the line above. */
int sc_conf_cut_lines(struct sc_conf_edit *c, size_t start, size_t end)
	SC_MUST_USE;

/* @start of a line; or that of the line above, if that is empty. */
size_t sc_conf_above(struct sc_str text, size_t start);

/* Take @node, of a map in braces, with what parts it from its neighbour. */
int sc_conf_cut_member(struct sc_conf_edit *c, const struct sc_doc_node *node)
	SC_MUST_USE;

typedef void sc_conf_put_fn(struct sc_buf *out, struct sc_str text);

/* @value: text as @put_text writes it, items of a list, "[a, b]", as @put_item;
 * all else as it is. */
void sc_conf_put_value(struct sc_buf *out, const struct sc_conf_value *value,
		       sc_conf_put_fn *put_text, sc_conf_put_fn *put_item);

/* Can all text in @value be quoted? See sc_edit_is_quotable(). */
bool sc_conf_is_quotable(const struct sc_conf_value *value);

#endif
