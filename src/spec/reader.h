/*
 * reader.h - what the readers of formats have in common; not for others.
 *
 * Functions return 0 or an error, with the reader's .err filled; those that
 * look for something return 1 if it was there.
 */
#ifndef SC_SPEC_READER_H
#define SC_SPEC_READER_H

#include "doc/doc.h"
#include "spec/read.h"

struct sc_reader {
	struct sc_arena *a;
	struct sc_spec *spec;
	struct sc_error *err;
	bool has_variables;    /* "$" in values means something */
	struct sc_items vars;  /* sorted by name, each once */
	struct sc_items unset; /* those that a note names already */
	size_t substituted;    /* bytes made of variables so far */
	size_t notes_left_out;
};

/* SC_ESYNTAX with the place of @node in front of what @fmt says. */
int sc_reader_fail(const struct sc_reader *r, const struct sc_doc_node *node,
		   enum sc_err code, const char *fmt, ...) SC_PRINTF(4, 5);

int sc_reader_place(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_place *out) SC_MUST_USE;
int sc_reader_note(struct sc_reader *r, const struct sc_doc_node *node,
		   const char *fmt, ...) SC_PRINTF(3, 4) SC_MUST_USE;

/* A note that @node is not @wanted, and passed over; nothing for null. */
int sc_reader_wrong(struct sc_reader *r, const struct sc_doc_node *node,
		    const char *wanted) SC_MUST_USE;

/*
 * The value of a scalar, its variables replaced. 1; or 0 if @node is NULL,
 * null, or no scalar (which is noted).
 */
int sc_reader_text(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_str *out) SC_MUST_USE;

/* The same for a flag; @out stays as it is unless it is one. */
int sc_reader_bool(struct sc_reader *r, const struct sc_doc_node *node,
		   bool *out) SC_MUST_USE;

/* Append an item, @value may be empty; SC_ELIMIT when there are too many. */
int sc_reader_item(struct sc_reader *r, struct sc_items *items,
		   struct sc_str name, struct sc_str value,
		   const struct sc_doc_node *node) SC_MUST_USE;

/* The same unless an item of that name is there already. */
int sc_reader_item_once(struct sc_reader *r, struct sc_items *items,
			struct sc_str name, const struct sc_doc_node *node)
	SC_MUST_USE;

/* The scalars of a list, or one scalar alone, as items. */
int sc_reader_strings(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_items *items) SC_MUST_USE;

int sc_reader_mount(struct sc_reader *r, struct sc_container *c,
		    struct sc_mount mount) SC_MUST_USE;
int sc_reader_device(struct sc_reader *r, struct sc_container *c,
		     struct sc_device device) SC_MUST_USE;

/*
 * Append @port, or make one of it and what is there for the same ports. One
 * that is published wins over one that is only exposed.
 */
int sc_reader_port(struct sc_reader *r, struct sc_container *c,
		   struct sc_port port) SC_MUST_USE;

/* A new container, zeroed, with its place; SC_ELIMIT when there are too many.
 */
int sc_reader_container(struct sc_reader *r, const struct sc_doc_node *node,
			struct sc_container **out) SC_MUST_USE;

/* Replace the variables in @text: $A, ${A}, ${A:-b} and the others. vars.c */
int sc_reader_substitute(struct sc_reader *r, const struct sc_doc_node *node,
			 struct sc_str *text) SC_MUST_USE;
int sc_reader_set_variables(struct sc_reader *r,
			    const struct sc_items *variables) SC_MUST_USE;

/* The readers of formats. */
int sc_inspect_read(struct sc_reader *r, const struct sc_doc_node *root)
	SC_MUST_USE;
int sc_compose_read(struct sc_reader *r, const struct sc_doc *doc,
		    const struct sc_spec_options *opt) SC_MUST_USE;

#endif
