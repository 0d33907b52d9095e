/* judge.h - the part that explain and allow share: open the policy, read the
 * logs, judge each denial. */
#ifndef SC_CLI_JUDGE_H
#define SC_CLI_JUDGE_H

#include "cli/cli.h"
#include "cli/logs.h"
#include "cli/modules.h"
#include "rules/advise_fault.h"

struct sc_judge {
	struct sc_proof proof;        /* the modules of --with; or zeroed */
	struct sc_policy *policy;     /* owned, unless it is .proof's */
	struct sc_guards *guards;     /* NULL: the policy's family has none */
	struct sc_contexts *contexts; /* owned; NULL: labels are not known */
	struct sc_tally tally;
	struct sc_advice *advice; /* one for each of .tally, in its order */
	size_t n;
	struct sc_fault_advice *faults; /* one for each of .tally's faults */
};

/* Where to ask: a policy, and modules that it does not hold yet. */
struct sc_ground {
	const char *policy;   /* NULL: as sc_policy_path() finds it */
	const char *with;     /* a module, or a folder of modules; or NULL */
	const char *contexts; /* NULL: the host's, unless .policy is not */
};

#define SC_GROUND_OPTION(type, member, part) \
	(offsetof(type, member) + offsetof(struct sc_ground, part))

/* Rows of a table of options; @member of @type is a struct sc_ground. */
#define SC_GROUND_OPTIONS(type, member)                                       \
	SC_POLICY_OPTION(SC_GROUND_OPTION(type, member, policy)),             \
		{ 0, "file-contexts", "FILE", "which labels belong on paths", \
		  SC_GROUND_OPTION(type, member, contexts) },                 \
	{                                                                     \
		'w', "with", "DIR", "as if the modules in DIR were loaded",   \
			SC_GROUND_OPTION(type, member, with)                  \
	}

/*
 * Read the @n_paths logs at @paths as @f says, and judge what they hold against
 * the policy of @ground. What is passed over, and guards that cannot be asked,
 * is said on standard error.
 */
int sc_judge_logs(struct sc_judge *j, const struct sc_ground *ground,
		  char *const *paths, size_t n_paths, const struct sc_filter *f,
		  struct sc_arena *a, struct sc_error *err) SC_MUST_USE;

/* The same in parts, for who has the tally otherwise: open what judges, then
 * judge what @j->tally holds by then. */
int sc_judge_open(struct sc_judge *j, const struct sc_ground *ground,
		  struct sc_arena *a, struct sc_error *err) SC_MUST_USE;
int sc_judge_tally(struct sc_judge *j, const struct sc_ground *ground,
		   struct sc_arena *a, struct sc_error *err) SC_MUST_USE;
/* For who judges one by one. */
struct sc_adviser sc_judge_adviser(const struct sc_judge *j);
void sc_judge_close(struct sc_judge *j); /* an SC_CLEAN() function */
/* The same where the process is about to end. */
void sc_judge_leave(struct sc_judge *j);

#endif
