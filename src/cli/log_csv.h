/*
 * log_csv.h - denials as CSV: a line of column names, then a denial a line. New
 * columns are only ever added at the end. Text is quoted, and what a program
 * for tables would take for a formula begins with a ' instead.
 */
#ifndef SC_CLI_LOG_CSV_H
#define SC_CLI_LOG_CSV_H

#include "audit/tally.h"
#include "base/buf.h"

void sc_log_group_csv_head(struct sc_buf *out);
void sc_log_group_csv(struct sc_buf *out, const struct sc_denial *d);

void sc_log_event_csv_head(struct sc_buf *out);
void sc_log_event_csv(struct sc_buf *out, const struct sc_event *e, size_t i);

#endif
