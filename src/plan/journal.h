/*
 * journal.h - the lines of a ledger's journal. For the ledger alone.
 */
#ifndef SC_PLAN_JOURNAL_H
#define SC_PLAN_JOURNAL_H

#include "plan/ledger.h"

/* Add the entries that @text tells of to @l. @whole: bytes of @text up to the
 * end of its last good line. Errors: SC_ESYNTAX with .line, SC_ENOMEM. */
int sc_journal_read(struct sc_ledger *l, struct sc_str text, size_t *whole,
		    struct sc_error *err) SC_MUST_USE;

/* The line before a step. Errors: SC_ESYNTAX for a name that no line holds. */
int sc_journal_put_begin(struct sc_buf *line, uint64_t id,
			 const struct sc_change_set *changes,
			 struct sc_error *err) SC_MUST_USE;

/* And the one after it. */
void sc_journal_put_end(struct sc_buf *line, uint64_t id,
			enum sc_entry_state state);

/* The entry with that number, or NULL. */
struct sc_entry *sc_journal_find(struct sc_ledger *l, uint64_t id);

#endif
