/*
 * safe.h - text from outside, made fit for a terminal or a file of ours.
 *
 * Any process can put bytes into the audit log, any image into its metadata:
 * escape sequences, line breaks, bytes that are no UTF-8, marks that turn the
 * direction of text. None of them may reach a screen as they are.
 */
#ifndef SC_BASE_SAFE_H
#define SC_BASE_SAFE_H

#include "base/buf.h"

/*
 * Append @text with every control byte, every byte that is no valid UTF-8, and
 * every character that is invisible or changes the direction of text (U+0080 to
 * U+009F, U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF) as
 * \xNN, byte by byte. A backslash becomes \\ so that the result can be read
 * back.
 */
void sc_put_safe(struct sc_buf *out, struct sc_str text);

/* Append @text as a JSON string, quotes included; bad bytes become U+FFFD. */
void sc_put_json(struct sc_buf *out, struct sc_str text);

/* Is all of @text valid UTF-8? */
bool sc_is_utf8(struct sc_str text);

#endif
