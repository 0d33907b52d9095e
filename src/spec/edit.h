/*
 * edit.h - changes to the text of a YAML file, each where a node stands. Not
 * for others: patch.c says what to change, this knows where and how.
 */
#ifndef SC_SPEC_EDIT_H
#define SC_SPEC_EDIT_H

#include "base/buf.h"
#include "doc/doc.h"

struct sc_edit {
	size_t start, end; /* bytes to be replaced; equal: put in between */
	struct sc_str text;
};

struct sc_edits {
	struct sc_arena *a;
	struct sc_str text; /* of the file */
	struct sc_error *err;
	struct sc_edit *v;
	size_t n, room;
};

/* SC_EREFUSED with the line of @node in front, unless it has none. */
int sc_edit_refuse(const struct sc_edits *e, const struct sc_doc_node *node,
		   const char *fmt, ...) SC_PRINTF(3, 4);
int sc_edit_no_memory(const struct sc_edits *e);

/* Whether @node stands in brackets, where a comma ends a plain scalar. */
bool sc_edit_is_in_flow(const struct sc_doc_node *node);

/* Replace the bytes from @start to @end. */
int sc_edit_replace(struct sc_edits *e, size_t start, size_t end,
		    struct sc_str text) SC_MUST_USE;

/* Make @node, a scalar, say @text, quoted as it is if that can be. */
int sc_edit_scalar(struct sc_edits *e, const struct sc_doc_node *node,
		   struct sc_str text) SC_MUST_USE;

/* Take the line that @node, an item of a block list, stands on. */
int sc_edit_drop_item(struct sc_edits *e, const struct sc_doc_node *node)
	SC_MUST_USE;

/* Put the scalars @texts behind the last item of @list. */
int sc_edit_append(struct sc_edits *e, const struct sc_doc_node *list,
		   const struct sc_str *texts, size_t n) SC_MUST_USE;

/* Put @key with a list of scalars into @map. */
int sc_edit_put_list(struct sc_edits *e, const struct sc_doc_node *map,
		     const char *key, const struct sc_str *texts, size_t n)
	SC_MUST_USE;

/* Put @key into @map, with @value; or with a map that has @inner: @value. */
int sc_edit_put_key(struct sc_edits *e, const struct sc_doc_node *map,
		    const char *key, const char *inner, const char *value)
	SC_MUST_USE;

/* "[a, b]", each in double quotes, into @out. */
void sc_edit_flow_list(struct sc_buf *out, const struct sc_str *texts,
		       size_t n);

/* Whether @text can stand in quotes as it is. */
bool sc_edit_is_quotable(struct sc_str text);

/* The file with all changes made, in @out. */
int sc_edit_apply(struct sc_edits *e, struct sc_str *out) SC_MUST_USE;

#endif
