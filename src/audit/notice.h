/*
 * notice.h - what a record tells of SELinux itself: a policy was loaded, a
 * boolean switched, or something failed that is no access, such as a label that
 * could not be made.
 */
#ifndef SC_AUDIT_NOTICE_H
#define SC_AUDIT_NOTICE_H

#include "audit/record.h"

enum sc_notice_kind {
	SC_NOTICE_LOAD,    /* of a policy */
	SC_NOTICE_STATUS,  /* enforcing or permissive */
	SC_NOTICE_BOOLEAN, /* switched */
	SC_NOTICE_ERROR,
};

/* Views point into the record or the arena; an absent field is empty. */
struct sc_notice {
	enum sc_notice_kind kind;
	bool from_user; /* told by a process: its .text can be anything */
	bool refused;   /* the kernel did not do it */

	struct sc_str name;          /* of the boolean */
	struct sc_str before, after; /* "0" or "1" */

	/* of an error: "security_compute_sid"; empty if the record is of no
	 * form that we know, and .text has all of it */
	struct sc_str op;
	struct sc_str source, target; /* contexts: who, on what */
	struct sc_str context;        /* wanted, but not valid or not let */
	struct sc_str tclass;
	struct sc_str perms; /* by ',' */
	struct sc_str text;
};

/*
 * Read the body of a record of @kind. False if it is none of these, or if a
 * field stands there twice: then which of them is the kernel's cannot be told.
 * Decoded text is in @a; *@no_memory tells why there is none.
 */
bool sc_notice_read(enum sc_kind kind, struct sc_str body, struct sc_arena *a,
		    struct sc_notice *out, bool *no_memory);

#endif
