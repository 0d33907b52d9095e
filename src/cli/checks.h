/* checks.h - what selcage host check has found, as text and for programs. */
#ifndef SC_CLI_CHECKS_H
#define SC_CLI_CHECKS_H

#include "cli/cli.h"
#include "host/judge.h"
#include "host/look.h"

struct sc_checks_report {
	const struct sc_machine *machine;
	const struct sc_profiles *profiles;
	const struct sc_verdicts *verdicts;
	size_t count[SC_EXCEPTED + 1]; /* of each kind of verdict */
	bool verbose, colour;
};

/* Each fails only by @out, which its caller checks. */
void sc_checks_text(const struct sc_checks_report *r, struct sc_buf *out);
void sc_checks_json(const struct sc_checks_report *r, struct sc_buf *out);
void sc_checks_junit(const struct sc_checks_report *r, struct sc_buf *out);
void sc_checks_sarif(const struct sc_checks_report *r, struct sc_buf *out);

/* "10255, not 0 (/etc/x:12)", safe for a terminal. */
void sc_evidence_put(struct sc_buf *out, const struct sc_evidence *e);

/* What is the matter, or is not, in one line that is safe for a terminal;
 * @reason_alone: without the evidence. */
void sc_verdict_put(struct sc_buf *out, const struct sc_verdict *v,
		    bool reason_alone);

/* How the host was read, as both host check and host explain need it. */
struct sc_host_ask {
	const char *root;
	const char *profiles; /* NULL: those that fit the host */
	const char *exceptions;
	const char *check; /* this one alone; or NULL */
	bool deep;
};

/* Three options for the ask that lies at @at. */
#define SC_ASK_OPTIONS(at)                                              \
	{ 0, "root", "DIR", "the host whose files are below DIR",       \
	  (at) + offsetof(struct sc_host_ask, root) },                  \
		{ 0, "profile", "NAMES", "as of host check",            \
		  (at) + offsetof(struct sc_host_ask, profiles) },      \
	{                                                               \
		0, "exceptions", "FILE", "lines CHECK UNTIL WHO: WHY",  \
			(at) + offsetof(struct sc_host_ask, exceptions) \
	}

struct sc_host_answer {
	struct sc_machine machine;
	struct sc_profiles profiles;
	struct sc_exceptions exceptions;
	struct sc_verdicts verdicts;
};

/* Read the host @h and make the checks. */
int sc_host_ask(const struct sc_host_ask *ask, const struct sc_host *h,
		struct sc_arena *a, struct sc_host_answer *out,
		struct sc_error *err) SC_MUST_USE;

#endif
