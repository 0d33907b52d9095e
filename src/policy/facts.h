/* facts.h - what a compiled policy says about itself, for status. */
#ifndef SC_POLICY_FACTS_H
#define SC_POLICY_FACTS_H

#include "policy/policy.h"

/* What a policy makes of classes and permissions that it does not know. */
enum sc_handle_unknown {
	SC_UNKNOWN_ALLOW,
	SC_UNKNOWN_DENY,
	SC_UNKNOWN_REJECT, /* the policy is not even loaded */
};

struct sc_switch_state {
	struct sc_str name;
	bool on;
};

struct sc_facts {
	unsigned version;
	bool mls;
	enum sc_handle_unknown unknown;
	size_t types; /* attributes are none */
	size_t rules; /* that allow, of any kind */
	size_t dontaudits;
	struct sc_names permissive; /* sorted */
	struct {
		struct sc_switch_state *v; /* in the order of their names */
		size_t n;
		size_t room;
	} switches;

	/* Two policies of the same rules, types and classes have the same;
	 * what a running kernel changes in them is left out: the state of
	 * booleans, which domains are permissive, what is hidden. */
	uint64_t digest;
};

/* Everything in @out is a copy in @a, so that @p may be closed. */
int sc_facts_read(const struct sc_policy *p, struct sc_arena *a,
		  struct sc_facts *out, struct sc_error *err) SC_MUST_USE;

/*
 * Does a rule that is in force let @source do @perm on @target? Attributes and
 * booleans count, constraints do not. False if the policy lacks a name.
 */
bool sc_policy_allows(const struct sc_policy *p, struct sc_str source,
		      struct sc_str target, struct sc_str tclass,
		      struct sc_str perm);

/* Does the policy say which level new objects of @tclass get? */
bool sc_policy_has_default_range(const struct sc_policy *p,
				 struct sc_str tclass);

#endif
