/*
 * edit.h - changes to a text, most of them where a node of YAML stands. For who
 * reads the text again and compares: conf.c and, of a compose file, patch.c.
 */
#ifndef SC_DOC_EDIT_H
#define SC_DOC_EDIT_H

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
	bool at_end; /* a new key comes last, not behind what says most */
};

/* SC_EREFUSED with the line of @node in front, unless it has none. */
int sc_edit_refuse(const struct sc_edits *e, const struct sc_doc_node *node,
		   const char *fmt, ...) SC_PRINTF(3, 4);

/* Whether @node stands in brackets, where a comma ends a plain scalar. */
bool sc_edit_is_in_flow(const struct sc_doc_node *node);

/* Replace the bytes from @start to @end. */
int sc_edit_replace(struct sc_edits *e, size_t start, size_t end,
		    struct sc_str text) SC_MUST_USE;

/* The same by what a writer made, which may have run out of memory. */
int sc_edit_replace_by(struct sc_edits *e, size_t start, size_t end,
		       const struct sc_buf *made) SC_MUST_USE;

/* Lines end in \n, \r\n or \r. Where that of @at begins, and ends: at its
 * break, which may be missing. */
size_t sc_line_start(struct sc_str text, size_t at);
size_t sc_line_end(struct sc_str text, size_t at);

/* The line break at @at; empty at the end of the text. */
struct sc_str sc_line_break(struct sc_str text, size_t at);

/* What ends the first line, for lines that have no end yet. */
struct sc_str sc_usual_break(struct sc_str text);

/* What stands on the line of @at, up to it. */
struct sc_str sc_line_before(struct sc_str text, size_t at);
bool sc_is_spaces(struct sc_str v);

/* Put lines, which @made has without the last break, below that of @at. */
int sc_edit_below(struct sc_edits *e, size_t at, struct sc_buf *made)
	SC_MUST_USE;

/* Put the lines of @made into the block mapping @map. */
int sc_edit_add_lines(struct sc_edits *e, const struct sc_doc_node *map,
		      struct sc_buf *made) SC_MUST_USE;

/* Put @made where another thing in the brackets of @node can come. */
int sc_edit_add_in_brackets(struct sc_edits *e, const struct sc_doc_node *node,
			    const struct sc_buf *made) SC_MUST_USE;

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
