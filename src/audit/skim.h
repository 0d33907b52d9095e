/*
 * skim.h - which lines of a log can be passed over.
 *
 * Most of a log has nothing to do with SELinux. This finds the records that
 * begin no event, without a look at what they say; whether they tell more of an
 * event that has begun is seen by their stamp alone. Lines of any other form
 * are left to those who read them one by one.
 */
#ifndef SC_AUDIT_SKIM_H
#define SC_AUDIT_SKIM_H

#include "audit/record.h"

/* Records of auditd, of one stamp and without the name of a host, that stand
 * together, and none of which begins an event. */
struct sc_quiet {
	uint32_t start, end; /* bytes, in the lines that were given */
	uint32_t lines;
	struct sc_stamp stamp;
};

/* Find them in @lines, less than 4 GiB: in order, @room of them at most. What
 * is between them, or after the last of @room, must be read. Returns how many.
 */
size_t sc_skim(struct sc_str lines, struct sc_quiet *out, size_t room);

#endif
