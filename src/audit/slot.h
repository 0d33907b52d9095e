/*
 * slot.h - the records of an event that is still open.
 *
 * They are views into the block of the log that they stand in, for as long as
 * that is at hand; most events are complete before it goes.
 */
#ifndef SC_AUDIT_SLOT_H
#define SC_AUDIT_SLOT_H

#include "audit/event.h"
#include "base/buf.h"

struct sc_slot {
	struct sc_stamp stamp;
	struct sc_str node;  /* host that logged it */
	struct sc_buf parts; /* struct sc_part, one after the other */
	struct sc_buf own;   /* copies of .node and the bodies */
	size_t settled;      /* parts whose body is there */
	size_t bytes;        /* of its lines */
	uint16_t next;       /* with the same hash */
	bool complete;       /* its last record has come */
	bool text;           /* its lines are those of a text log */
	bool forgeable;      /* they are, or others of the same source */
	uint32_t source;
	uint64_t id;   /* counted from 1, over all slots */
	uint64_t open; /* ms of log time since when */
};

/* Begin with the event of @r, and no record yet. */
void sc_slot_begin(struct sc_slot *s, const struct sc_record *r);

/* Take in @r, of @kind. Lack of memory is seen by sc_slot_check(). */
void sc_slot_add(struct sc_slot *s, const struct sc_record *r,
		 enum sc_kind kind);

/* The block that its views point into goes: copy what is not copied yet. */
void sc_slot_settle(struct sc_slot *s);

/* What was taken in. */
struct sc_parts sc_slot_parts(const struct sc_slot *s);

int sc_slot_check(const struct sc_slot *s, struct sc_error *err) SC_MUST_USE;

/* Forget the records, and free memory that few events need. */
void sc_slot_clear(struct sc_slot *s);

void sc_slot_free(struct sc_slot *s);

#endif
