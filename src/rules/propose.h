/*
 * propose.h - of what a run of learning saw, what may become policy.
 *
 * Whoever is inside of a domain that is learned can make anything seem needed,
 * as often as he likes: that something was seen is no reason to grant it. What
 * gives an intruder nothing, or what somebody outside of the container speaks
 * for, is given; of all else a person is asked; what a guard refuses is
 * refused.
 */
#ifndef SC_RULES_PROPOSE_H
#define SC_RULES_PROPOSE_H

#include "rules/learn.h"
#include "rules/rules.h"

/* Types of ports, with nothing to speak for them, that a service may ask to
 * connect to: who asks for more looks around. */
#define SC_PROPOSE_PORTS 3

enum sc_fate {
	SC_FATE_GIVE,
	SC_FATE_ASK,
	SC_FATE_REFUSE,
};

/* A rule, or the part of one that has one fate. */
struct sc_offer {
	struct sc_rule rule; /* as sc_learn() makes them */
	enum sc_fate fate;
	struct sc_str
		id; /* of the row of data/weigh.tsv; "spec", "hint", "scan" */
	struct sc_str risk;           /* "low", "medium", "high" */
	struct sc_str words;          /* why it has this fate */
	const struct sc_guard *guard; /* that refuses it, or NULL */
	bool taken;                   /* it is to become a rule */
};

struct sc_offers {
	struct sc_offer *v; /* by target, class and permissions */
	size_t n;
	size_t room;
	bool attacked; /* something was seen that looks like an attack */
};

struct sc_propose {
	const struct sc_policy *policy;
	const struct sc_guards *guards; /* NULL: none to ask */
	const struct sc_advice *advice; /* of one domain's denials */
	size_t n;
	/* what its spec speaks for; "self" is the domain. NULL: no spec */
	const struct sc_vector_list *spoken;
	/* of its needs, those not granted: what it only hints at. NULL: none */
	const struct sc_outcomes *hints;
};

/* What is of fate SC_FATE_GIVE is taken. Errors: SC_ENOMEM. */
int sc_propose(const struct sc_propose *in, struct sc_arena *a,
	       struct sc_offers *out, struct sc_error *err) SC_MUST_USE;

/* The rules of those that are taken: one for each target and class. */
int sc_offers_rules(const struct sc_offers *offers, struct sc_arena *a,
		    struct sc_rules *out, struct sc_error *err) SC_MUST_USE;

#endif
