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
#include "policy/relabel.h"
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
	/* The gravest guard that a rule for it would hit, or NULL. One that
	 * .blocks forbids the rule, also where the class is SC_CLASS_LABEL;
	 * with .partly only some of the commands of an ioctl. */
	const struct sc_guard *guard;
	bool partly;
	/* the guard that the user wants passed over, or NULL */
	const struct sc_guard *despite;
};

struct sc_commands {
	struct sc_str *v;
	size_t n;
	size_t room;
};

struct sc_advice {
	const struct sc_denial *denial;
	enum sc_class class; /* first of its permissions'; ALLOWED: of all */
	struct sc_finding_perm *perms;
	size_t n_perms;
	struct sc_whys whys;
	struct sc_str id;    /* of the row of data/advice.tsv that fits */
	struct sc_str words; /* why it was denied, in one line */
	struct sc_str todo;  /* what to do, in one line */
	/* of SC_CLASS_LEVEL: the container that the object's categories are
	 * of; empty: not known */
	struct sc_str owner;
	/* what can be run to do it; all values are quoted for sh */
	struct sc_commands commands;
};

/* The word for @class in all output: "missing-rule", "label", ... */
const char *sc_class_name(enum sc_class class);
#define SC_CLASSES (SC_CLASS_RULE + 1)

/* Rows of data/advice.tsv that are read, sets included. */
#define SC_ADVICE_ROWS 160

/* What a denial is judged by. */
struct sc_adviser {
	struct sc_policy *policy;
	const struct sc_guards *guards; /* NULL: the family has none */
	/* which label belongs on which path of the host; NULL: not known */
	const struct sc_contexts *contexts;
};

/* Judge one denial. @out and all it holds live in @a. */
int sc_advise(const struct sc_adviser *by, const struct sc_denial *d,
	      struct sc_arena *a, struct sc_advice *out, struct sc_error *err)
	SC_MUST_USE;

#endif
