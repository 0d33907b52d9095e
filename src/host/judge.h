/*
 * judge.h - all checks of some profiles, made on a host; and who answers for
 * those that fail.
 */
#ifndef SC_HOST_JUDGE_H
#define SC_HOST_JUDGE_H

#include "host/check.h"
#include "host/machine.h"

#define SC_PROFILES_MAX 16
#define SC_EXCEPTIONS_MAX 4096

/* A row of data/checks/profiles.tsv. */
struct sc_profile {
	struct sc_str name, groups, title;
	unsigned level;
};

struct sc_profiles {
	struct sc_profile v[SC_PROFILES_MAX];
	size_t n;
};

/* Those called in @list, split by commas; an empty list: none. Errors:
 * SC_ENOTFOUND, SC_ELIMIT. */
int sc_profiles_find(struct sc_str list, struct sc_profiles *out,
		     struct sc_error *err) SC_MUST_USE;

/* Those that fit the host, where nobody named one. */
void sc_profiles_guess(const struct sc_machine *m, struct sc_profiles *out);

/* Does one of them ask for SELinux? Nobody named one: it may. */
bool sc_profiles_want_selinux(const struct sc_profiles *p);

struct sc_exceptions {
	struct sc_exception *v;
	size_t n;
	size_t room;
};

/*
 * A line each: "CHECK UNTIL WHO: WHY", UNTIL a day like 2026-12-31; '#' begins
 * a comment. Errors: SC_ESYNTAX with .line: also a check that there is not, one
 * that comes twice, and a reason that is missing; SC_ELIMIT.
 */
int sc_exceptions_read(struct sc_str text, struct sc_arena *a,
		       struct sc_exceptions *out, struct sc_error *err)
	SC_MUST_USE;

struct sc_judgement {
	const struct sc_exceptions *exceptions; /* or NULL */
	uint64_t today;                         /* days since 1970-01-01 */
	struct sc_str only; /* this check alone; empty: all of the profiles */
	bool deep;          /* look at every file's label, which takes long */
};

/* Errors: SC_ENOMEM. */
int sc_checks_judge(const struct sc_machine *m, const struct sc_profiles *p,
		    const struct sc_judgement *how, struct sc_arena *a,
		    struct sc_verdicts *out, struct sc_error *err) SC_MUST_USE;

#endif
