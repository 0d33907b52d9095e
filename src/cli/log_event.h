/* log_event.h - one denial by itself, as a line of text. */
#ifndef SC_CLI_LOG_EVENT_H
#define SC_CLI_LOG_EVENT_H

#include "audit/event.h"
#include "base/buf.h"

/* The denial @i of @e. */
void sc_log_event(struct sc_buf *out, const struct sc_event *e, size_t i,
		  bool colour);

#endif
