/*
 * form.h - audit records in the lines of a text log: of dmesg, syslog, the
 * journal.
 *
 * Any process can write such lines, with any words in them; so what is read
 * here is only good for people to look at.
 */
#ifndef SC_AUDIT_FORM_H
#define SC_AUDIT_FORM_H

#include "audit/record.h"

/*
 * Split @line, which sc_record_read() has refused: "[  1.5] audit: type=1400
 * audit(...): ...", the same after "Nov 14 22:13:20 host kernel: ", or
 * "... host audit[33]: AVC avc: ...", which has no stamp. False if it is none.
 */
bool sc_form_read(struct sc_str line, struct sc_record *out);

/* Does @line begin as those of a text log do, with a time? */
bool sc_form_has_time(struct sc_str line);

/* Is it a record as ausearch -i writes it: values decoded, without quotes? */
bool sc_form_is_interpreted(struct sc_str line);

/* Has @line, which is no record, the words of a denial in it? Another program
 * wrote it, as JSON or after words of its own. */
bool sc_form_is_wrapped(struct sc_str line);

/* What to do about a log whose first line is @line, which is of a form that
 * holds records but is not read; NULL: nothing is known of it. */
const char *sc_form_refusal(struct sc_str line);

/* Either of both. */
static inline bool sc_line_read(struct sc_str line, struct sc_record *out)
{
	return sc_record_read(line, out) || sc_form_read(line, out);
}

#endif
