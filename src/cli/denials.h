/* denials.h - how many denials a host's own log holds. */
#ifndef SC_CLI_DENIALS_H
#define SC_CLI_DENIALS_H

#include "host/host.h"

struct sc_denials {
	bool whole_log; /* of a log below a root; else since the boot */
	uint64_t n;
	size_t different;
	struct sc_str trouble; /* why they were not counted, or not all */
};

/* A log that cannot be read is no error. Errors: SC_ENOMEM. */
int sc_denials_count(const struct sc_host *h, struct sc_arena *a,
		     struct sc_denials *out, struct sc_error *err) SC_MUST_USE;

#endif
