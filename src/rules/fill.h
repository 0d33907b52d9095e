/*
 * fill.h - put values into the {names} of a text from data/advice.tsv.
 *
 * Values come from the log, so from anyone: in words they are made safe for a
 * terminal, in a command they are quoted for sh as well, so that a path stays
 * one argument whatever is in it.
 */
#ifndef SC_RULES_FILL_H
#define SC_RULES_FILL_H

#include "base/buf.h"

struct sc_value {
	const char *name;    /* without the braces */
	struct sc_str text;  /* empty: not known */
	const char *unknown; /* what words say then; NULL: nothing */
	bool words;          /* ours: not to be made safe, cut or quoted */
};

/* Append @text with each {name} replaced; a {name} that is not among the @n
 * @values stays as it is. Long values are cut. */
void sc_fill_words(struct sc_buf *out, struct sc_str text,
		   const struct sc_value *values, size_t n);

/*
 * Append the command @text, values quoted for sh. False, and nothing appended,
 * if a value is not known or holds bytes that cannot be shown as they are: then
 * there is no command that a reader could check before running it.
 */
bool sc_fill_command(struct sc_buf *out, struct sc_str text,
		     const struct sc_value *values, size_t n);

#endif
