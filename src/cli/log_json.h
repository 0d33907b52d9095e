/*
 * log_json.h - denials for programs: one JSON object a line, each with "v":1.
 * Members are only ever added.
 */
#ifndef SC_CLI_LOG_JSON_H
#define SC_CLI_LOG_JSON_H

#include "audit/tally.h"
#include "base/buf.h"

/* One denial with its count; and AVC @i of one event. */
void sc_log_group_json(struct sc_buf *out, const struct sc_denial *d);
void sc_log_event_json(struct sc_buf *out, const struct sc_event *e, size_t i);

/* ,"NAME":[{"text":"/a","count":1}],"more_NAME":0 */
void sc_seen_json(struct sc_buf *out, const char *name,
		  const struct sc_seen *seen, size_t n, uint64_t more);

#endif
