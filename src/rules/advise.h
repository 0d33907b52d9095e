/*
 * advise.h - the class of a denial, and the right fix.
 *
 * Most denials are no matter of rules: a label is wrong, the categories of two
 * containers differ, a boolean is off, or something attacks. Only the class
 * SC_CLASS_RULE may become an allow rule.
 */
#ifndef SC_RULES_ADVISE_H
#define SC_RULES_ADVISE_H

#include "audit/tally.h"
#include "policy/guard.h"
#include "policy/why.h"

/* In the order of precedence: the first that fits is the class. */
enum sc_class {
	SC_CLASS_UNKNOWN,    /* a name that the policy does not have */
	SC_CLASS_ALLOWED,    /* the policy allows it now */
	SC_CLASS_GUARDED,    /* must stay denied: a guard says why */
	SC_CLASS_LABEL,      /* the object has the wrong label */
	SC_CLASS_LEVEL,      /* MCS or MLS: the levels do not fit */
	SC_CLASS_CONSTRAINT, /* another constraint: user, role, ... */
	SC_CLASS_ROLE,
	SC_CLASS_BOUNDS,
	SC_CLASS_BOOLEAN,
	SC_CLASS_NOISE, /* dontaudit: the policy's authors want it quiet */
	SC_CLASS_RULE,  /* a rule is missing */
};

/* What one permission of a denial comes to. */
struct sc_finding_perm {
	struct sc_str perm;
	enum sc_class class;
	const struct sc_why *why;
	const struct sc_guard *guard; /* with SC_CLASS_GUARDED */
};

struct sc_advice {
	const struct sc_denial *denial;
	enum sc_class class; /* the gravest of its permissions' */
	struct sc_finding_perm *perms;
	size_t n_perms;
	struct sc_whys whys;
	struct sc_str id;    /* of the row of data/advice.tsv that fits */
	struct sc_str words; /* why it was denied, in one line */
	struct sc_str todo;  /* what to do, a command where there is one */
};

/* The word for @class in all output: "missing-rule", "label", ... */
const char *sc_class_name(enum sc_class class);

/*
 * Judge one denial. @guards may be NULL where the policy's family has none.
 * @out and all it holds live in @a.
 */
int sc_advise(struct sc_policy *p, const struct sc_guards *guards,
	      const struct sc_denial *d, struct sc_arena *a,
	      struct sc_advice *out, struct sc_error *err) SC_MUST_USE;

#endif
