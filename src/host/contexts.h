/* contexts.h - the contexts that sestatus -v shows: of some programs that run,
 * and of some files. */
#ifndef SC_HOST_CONTEXTS_H
#define SC_HOST_CONTEXTS_H

#include "host/status.h"

struct sc_shown_context {
	struct sc_str name; /* a path, or "this process" */
	struct sc_str context;
	struct sc_str link; /* of the link that @name is; empty: it is none */
};

struct sc_shown_contexts {
	struct sc_shown_context *v; /* processes, then files */
	size_t n;
	size_t room;
};

/*
 * Those that /etc/sestatus.conf names (without it, those that sestatus comes
 * with), as far as they are there. Errors: SC_ENOMEM.
 */
int sc_contexts_show(const struct sc_host *h, const struct sc_status *s,
		     struct sc_arena *a, struct sc_shown_contexts *out,
		     struct sc_error *err) SC_MUST_USE;

#endif
