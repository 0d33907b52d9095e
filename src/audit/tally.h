/*
 * tally.h - the same access denied a thousand times is one denial.
 *
 * Two records are the same denial if they agree in the user, role and type of
 * both sides, in the class, the permissions, in whether it was let through, in
 * who says so (the kernel or a process), and in how their levels relate (the
 * categories themselves differ from container to container). Everything in a
 * tally is a copy in its arena.
 */
#ifndef SC_AUDIT_TALLY_H
#define SC_AUDIT_TALLY_H

#include "audit/event.h"
#include "audit/faults.h"
#include "base/arena.h"
#include "base/error.h"

#define SC_SEEN_MAX 4 /* different objects or programs kept for a denial */
#define SC_IOCTLS_MAX 64

/* How the level of the source stands to that of the target. */
enum sc_levels {
	SC_LEVELS_NONE, /* one of them has none */
	SC_LEVELS_EQUAL,
	SC_LEVELS_DOMINATES, /* source holds all of target's categories */
	SC_LEVELS_DOMINATED,
	SC_LEVELS_INCOMPARABLE,
	SC_LEVELS_OTHER, /* ranges, other sensitivities: compared as text */
};

struct sc_seen {
	struct sc_str text; /* decoded; any bytes */
	uint64_t count;
};

struct sc_denial {
	/* what each record is compared with first, so that few lines of the
	 * processor's cache are touched */
	struct sc_str tclass;
	struct sc_str perms;    /* sorted, one space between, each once */
	struct sc_str scontext; /* whole, of the first record */
	struct sc_str tcontext;
	uint64_t levels_code; /* private: .levels, told apart further */
	uint32_t seen_in;     /* private: the last source */
	enum sc_levels levels;
	bool permissive; /* let through; else it was refused */
	bool from_user;  /* USER_AVC: a process says so, not the kernel */
	/* then: the object manager whose word it is; empty: anyone's */
	struct sc_str manager;
	bool forgeable;    /* from a text log: see struct sc_event */
	bool ioctl;        /* .ioctlcmd is valid */
	uint16_t ioctlcmd; /* of the first record */
	uint64_t count;
	uint64_t first_ms; /* since the epoch, UTC */
	uint64_t last_ms;

	struct sc_str source;  /* type alone */
	struct sc_str target;  /* type alone */
	struct sc_str trawcon; /* on disk, if the policy lacks it; or empty */

	/* what was reached: "/srv/www/x", "port 3306", "sys_admin", "dbus ..."
	 */
	struct sc_seen objects[SC_SEEN_MAX];
	size_t n_objects;
	uint64_t more_objects; /* records whose object is not in .objects */
	struct sc_seen programs[SC_SEEN_MAX]; /* comm, or exe where known */
	size_t n_programs;
	uint64_t more_programs;
	uint16_t
		port; /* of the first record that has one: name_bind, connect */

	/* every command of the ioctl records, in the order first seen */
	uint16_t ioctls[SC_IOCTLS_MAX];
	size_t n_ioctls;
	uint64_t more_ioctls; /* records whose command is not in .ioctls */

	/* of the first record that tells: the file whose owner or mode made a
	 * process use a power over files */
	struct sc_owner owner;
};

struct sc_tally {
	struct sc_denial *v; /* in the order in which they were first seen */
	size_t n;
	size_t room;
	uint64_t records; /* denials counted, all together */
	uint64_t events;
	uint64_t wrapped;        /* see struct sc_scan_counts */
	uint64_t other_lines;    /* lines that are no audit records */
	uint64_t bad_records;    /* audit records that could not be read */
	uint64_t granted;        /* "avc: granted": auditallow */
	struct sc_faults faults; /* errors that are no denials */
	uint64_t over_limit; /* denials not kept, since there were too many */
	uint64_t doubtful_loads; /* of a policy, that anybody can have told */
	uint64_t untimed;        /* events that a filter of time cannot judge */
	uint32_t source;         /* a number for the one that is being read */
	uint32_t distrusted;     /* private: the last such */
	/* .code is not 0: a log could not be read to its end, and why; what
	 * came before is counted */
	struct sc_error broken;
	uint32_t *index; /* private: hash table into .v */
	size_t index_size;
	size_t kept_bytes; /* private: of text */
};

/* Distinct denials that a tally keeps; the rest is counted in .over_limit. */
#define SC_TALLY_MAX 20000
/* Bytes of text that it keeps: what comes after is counted there too, and what
 * is new of a known denial in .more_objects and .more_programs. */
#define SC_TALLY_BYTES ((size_t)6 << 20)

/* Count each denial of @e; what is new is copied into @a. */
int sc_tally_add(struct sc_tally *t, struct sc_arena *a,
		 const struct sc_event *e, struct sc_error *err) SC_MUST_USE;

/* Forget all denials and errors that were counted. */
void sc_tally_restart(struct sc_tally *t);

/* The present source turned out to be one that can be forged. */
void sc_tally_distrust(struct sc_tally *t);

/* When all is added, order .v: most frequent first, then by source, target,
 * class, perms, ... */
void sc_tally_sort(struct sc_tally *t);

/* Is there an object that the permissions do not name already? Those of the
 * class capability do: { sys_admin } is all there is to say. */
bool sc_denial_has_object(const struct sc_denial *d);

/* Is it the word of the kernel, or of a known object manager? */
bool sc_denial_is_believed(const struct sc_denial *d);

#endif
