/* mode.h - what the parts of selcage mode share. */
#ifndef SC_CLI_MODE_H
#define SC_CLI_MODE_H

#include "cli/cli.h"
#include "policy/respite.h"

struct sc_mode_options {
	const char *time; /* --for */
	bool no_dontaudit;
	bool audit_only; /* that, and enforcing as before: for learn */
	bool dry_run;
	bool yes;
	bool quiet;
	bool timer; /* a timer runs it: a domain that is gone is no error */
	bool json;
};

/* selcage mode enforcing|permissive DOMAIN. Returns an enum sc_exit. */
int sc_mode_domain(const struct sc_mode_options *o, bool permissive,
		   const char *domain, FILE *out, struct sc_error *err)
	SC_MUST_USE;

/* selcage mode. Returns an enum sc_exit. */
int sc_mode_show(const struct sc_mode_options *o, FILE *out,
		 struct sc_error *err) SC_MUST_USE;

/* The steps of @plan, as text or JSON. */
void sc_mode_put_plan(const struct sc_plan *plan, bool json,
		      struct sc_buf *out);

/* "2026-11-21T10:00:00Z" of seconds since the epoch */
void sc_mode_put_time(struct sc_buf *out, uint64_t seconds);

#endif
