/*
 * why.h - why an access is denied: for each permission, all reasons at once.
 *
 * libsepol stops at the first reason: a missing rule hides the constraint that
 * would deny the access anyway. Here the missing rule is put in, in memory, the
 * question asked again, and the rule taken out.
 */
#ifndef SC_POLICY_WHY_H
#define SC_POLICY_WHY_H

#include "policy/policy.h"

/* No bit set: the policy allows it as it stands. */
enum sc_reason {
	SC_WHY_RULE = 1 << 0,    /* no rule, and no boolean would help */
	SC_WHY_BOOLEAN = 1 << 1, /* no rule in force, but a boolean has one */
	SC_WHY_CONSTRAINT = 1 << 2, /* a constraint (MLS, MCS, user, role) */
	SC_WHY_ROLE = 1 << 3,       /* a transition between roles not allowed */
	SC_WHY_BOUNDS = 1 << 4,     /* the type has more than its parent */
	/* with RULE or BOOLEAN: it would not be logged */
	SC_WHY_DONTAUDIT = 1 << 5,
	SC_WHY_UNKNOWN = 1 << 6, /* a name that the policy does not have */
	/* a rule, but not for this command of ioctl: sc_why_ask_ioctl() */
	SC_WHY_XPERM = 1 << 7,
};

enum sc_unknown {
	SC_KNOWN,
	SC_UNKNOWN_SOURCE, /* scontext: user, role, type, level or their mix */
	SC_UNKNOWN_TARGET,
	SC_UNKNOWN_CLASS,
	SC_UNKNOWN_PERM,
};

struct sc_why_switch {
	struct sc_str boolean;
	bool needed; /* the value that would help */
};

#define SC_WHY_SWITCHES 8

/* One set of switches that would allow it, all of them together. */
struct sc_why_option {
	struct sc_why_switch v[SC_WHY_SWITCHES];
	size_t n;
	/* what else it does: allow rules that come into force, those of them
	 * that are the source's, and those that go out of force */
	uint32_t opens, own, closes;
	/* and how far those that come into force reach, since a rule for a set
	 * of types is a rule for each: access vectors, and those of the source;
	 * what two rules have in common counts twice */
	uint64_t vectors, own_vectors;
};

struct sc_why {
	struct sc_str perm;
	unsigned reasons;       /* enum sc_reason */
	bool permissive_domain; /* the policy has the source permissive */

	/* with SC_WHY_BOOLEAN: minimal sets, what changes least first */
	struct sc_why_option *options;
	size_t n_options;

	/* with SC_WHY_CONSTRAINT */
	struct sc_str constraint; /* libsepol's text, one or more, as it is */
	struct sc_str words;      /* the same in words, one line; with
				     SC_WHY_UNKNOWN: what is wrong with a
				     context */
	bool mcs;                 /* it is the levels that do not fit */

	/* with SC_WHY_XPERM: those that are denied, as asked */
	const uint16_t *commands;
	size_t n_commands;

	/* with SC_WHY_UNKNOWN */
	enum sc_unknown unknown;
	struct sc_str unknown_name; /* the part at fault; or empty */
	struct sc_str nearest;      /* or empty */
};

struct sc_whys {
	struct sc_why *v; /* one for each permission, in the order asked */
	size_t n;
	size_t room;
};

/*
 * Ask for each word of @perms. Contexts are whole ("user:role:type:level").
 * What the policy does not know is an answer (SC_WHY_UNKNOWN), not an error.
 * Errors: SC_ENOMEM; SC_EPOLICY if libsepol fails in a way it should not.
 */
int sc_why_ask(struct sc_policy *p, struct sc_str scontext,
	       struct sc_str tcontext, struct sc_str tclass,
	       struct sc_str perms, struct sc_arena *a, struct sc_whys *out,
	       struct sc_error *err) SC_MUST_USE;

#endif
