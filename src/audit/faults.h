/*
 * faults.h - errors that SELinux logged, the same ones counted together.
 *
 * Everything in there is a copy in the arena given.
 */
#ifndef SC_AUDIT_FAULTS_H
#define SC_AUDIT_FAULTS_H

#include "audit/event.h"

#define SC_FAULTS_MAX 200 /* different ones that are kept */

#define SC_FAULT_PARTS 7

struct sc_fault {
	struct sc_notice notice; /* of the first */
	/* private: what tells it apart, since each record is compared with all
	 * that are kept */
	struct sc_str parts[SC_FAULT_PARTS];
	struct sc_str program; /* exe, or comm; or empty */
	uint64_t count;
	uint64_t first_ms, last_ms; /* since the epoch, UTC */
};

struct sc_faults {
	struct sc_fault *v; /* in the order in which they were first seen */
	size_t n;
	size_t room;
	uint64_t records;    /* all of them */
	uint64_t over_limit; /* of those that were not kept */
};

/* Count the errors among @e's notices; false without memory. */
bool sc_faults_add(struct sc_faults *f, struct sc_arena *a,
		   const struct sc_event *e);

/* Most frequent first, then by what they say. */
void sc_faults_sort(struct sc_faults *f);

#endif
