/* wrap.h - text for a screen of 80 columns. */
#ifndef SC_CLI_WRAP_H
#define SC_CLI_WRAP_H

#include "base/buf.h"

#define SC_WIDTH 80

/* Columns that @v takes on a screen: bytes that go on a character take none,
 * and sequences that set a colour neither. */
size_t sc_columns(struct sc_str v);

/*
 * Append "LABEL  text" and a newline: the label padded to @indent columns, the
 * text broken between words where a line would pass 80 columns, and its further
 * lines indented as much. @text must be safe for a terminal.
 */
void sc_put_field(struct sc_buf *out, const char *label, size_t indent,
		  struct sc_str text);

/*
 * Append @text, line by line; a line of more than 80 columns is broken at its
 * last space before them, and goes on under @hang columns (or under its own
 * indent, if that is deeper). Colours take no column. @text must be safe.
 */
void sc_put_wrapped(struct sc_buf *out, struct sc_str text, size_t hang);

/*
 * Append a path or a program's name from outside, safe for a terminal; in
 * quotes if it holds what stands between names on the screen (commas, braces,
 * double spaces), or it could pose as several of them.
 */
void sc_put_name(struct sc_buf *out, struct sc_str v);

/* "21,225" */
void sc_put_number(struct sc_buf *out, uint64_t n);

#endif
