/*
 * member.h - members of a JSON object that stands in one line, written one by
 * one: each function appends `,"NAME":` and a value, so the object must have a
 * first member before ("v":1 always is). @name is ours and is not escaped;
 * text from outside is.
 */
#ifndef SC_BASE_MEMBER_H
#define SC_BASE_MEMBER_H

#include "base/buf.h"

void sc_member_text(struct sc_buf *out, const char *name, struct sc_str v);
void sc_member_present(struct sc_buf *out, const char *name,
		       struct sc_str v); /* nothing if @v is empty */
void sc_member_bool(struct sc_buf *out, const char *name, bool v);
void sc_member_number(struct sc_buf *out, const char *name, uint64_t v);

/* ["a","b"] out of the @n texts of @v. */
void sc_member_list(struct sc_buf *out, const char *name,
		    const struct sc_str *v, size_t n);

/* The same out of @list, words split by spaces. */
void sc_member_words(struct sc_buf *out, const char *name, struct sc_str list);

#endif
