/*
 * ledger.h - on disk: the steps done to this host, so that they can be undone.
 *
 * A folder with two things in it: the journal, to which lines are only ever
 * appended, each synced before the host is touched; and texts/, where every
 * text that a step puts in place or takes away is kept under its digest. A step
 * has a line before it and a line after it, so that a crash leaves an open
 * entry, which the next command compares with the host and settles.
 *
 * A line is fields between tabs: the version of the form (1), the entry's
 * number, the time, what the line says, what it is about, and a checksum. A
 * last line that a crash cut short is no line and is cut off.
 */
#ifndef SC_PLAN_LEDGER_H
#define SC_PLAN_LEDGER_H

#include "base/buf.h"
#include "base/vec.h"

#define SC_LEDGER_DIR "/var/lib/selcage/ledger"

/* One thing that a step changes, by the digests of its texts. */
struct sc_change {
	struct sc_str name;
	struct sc_str before; /* SHA-256 in hex; empty: it was not there */
	struct sc_str after;  /* empty: it is taken away */
};

struct sc_change_set {
	struct sc_str kind;  /* "modules" */
	struct sc_str place; /* of a host: the name of its module store */
	struct sc_change *v;
	size_t n;
	size_t room;
};

enum sc_entry_state {
	SC_ENTRY_OPEN,   /* begun, and not known to have ended */
	SC_ENTRY_DONE,   /* the host is as .changes say */
	SC_ENTRY_UNDONE, /* it failed, and the host is as it was */
};

struct sc_entry {
	uint64_t id;        /* counted from 1 */
	struct sc_str time; /* "2026-11-22T09:30:00Z" */
	struct sc_change_set changes;
	enum sc_entry_state state;
};

struct sc_ledger {
	struct sc_entry *v; /* in the order in which they were begun */
	size_t n;
	size_t room;

	uint64_t bytes; /* of the journal */
	uint64_t limit; /* that it may have */

	/* private */
	struct sc_arena *arena;
	struct sc_str dir;
	int journal, lock; /* -1: read only */
};

/*
 * Read the ledger in the folder @dir. A folder that is missing is an empty
 * ledger; with @write it is made, and locked until sc_ledger_close(). All views
 * live in @a.
 *
 * Errors: SC_EREFUSED if another process holds the lock; SC_ESYNTAX if a line
 * is not what was written; SC_ESYSTEM; SC_ELIMIT; SC_ENOMEM.
 */
int sc_ledger_open(const char *dir, bool write, struct sc_arena *a,
		   struct sc_ledger *out, struct sc_error *err) SC_MUST_USE;
void sc_ledger_close(struct sc_ledger *l); /* an SC_CLEAN() function */

/* Write that @changes are about to be made; on disk when it returns. The texts
 * are kept before. Errors: SC_ESYNTAX for a name that a line cannot hold;
 * SC_ELIMIT, the journal is full: what is open can still be ended. */
int sc_ledger_begin(struct sc_ledger *l, const struct sc_change_set *changes,
		    uint64_t *id, struct sc_error *err) SC_MUST_USE;
int sc_ledger_end(struct sc_ledger *l, uint64_t id, enum sc_entry_state state,
		  struct sc_error *err) SC_MUST_USE;

/* Is so much of the journal's room taken that it should be said? */
static inline bool sc_ledger_is_nearly_full(const struct sc_ledger *l)
{
	return l->bytes > l->limit / 4 * 3;
}

/* Of the entries of @kinds, words split by spaces, the one that was begun last,
 * if it is still open; or NULL. */
const struct sc_entry *sc_ledger_interrupted(const struct sc_ledger *l,
					     struct sc_str kinds);

/* Keep @text on disk; @digest, in the ledger's arena, is its name from now. */
int sc_ledger_keep(struct sc_ledger *l, struct sc_str text,
		   struct sc_str *digest, struct sc_error *err) SC_MUST_USE;

struct sc_digests {
	struct sc_str *v;
	size_t n;
	size_t room;
};

/* Remove all texts but @keep; @gone: how many those were. */
int sc_ledger_prune(struct sc_ledger *l, const struct sc_digests *keep,
		    size_t *gone, struct sc_error *err) SC_MUST_USE;

/* A text that was kept. Errors: SC_ESYSTEM if it is gone; SC_ESYNTAX if it is
 * no more what it was. */
int sc_ledger_fetch(const struct sc_ledger *l, struct sc_str digest,
		    struct sc_arena *a, struct sc_str *text,
		    struct sc_error *err) SC_MUST_USE;

#endif
