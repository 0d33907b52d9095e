/* status.h - what selcage status has found, as text and as JSON. */
#ifndef SC_CLI_STATUS_H
#define SC_CLI_STATUS_H

#include "cli/cli.h"
#include "host/contexts.h"
#include "host/traps.h"

struct sc_status_report {
	const struct sc_status *s;
	struct sc_findings findings;
	struct sc_shown_contexts contexts;

	/* denials in the log */
	uint64_t denials;
	size_t different;
	bool whole_log; /* else since the boot */
};

struct sc_status_show {
	bool contexts, booleans; /* as sestatus -v and -b */
	bool colour;
};

void sc_status_text(const struct sc_status_report *r,
		    const struct sc_status_show *show, struct sc_buf *out);
void sc_status_json(const struct sc_status_report *r, struct sc_buf *out);

#endif
