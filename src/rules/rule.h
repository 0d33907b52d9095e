/*
 * rule.h - what a policy module shall say, before it is CIL.
 *
 * A rule set is ordered: two runs over the same input write the same bytes.
 */
#ifndef SC_RULES_RULE_H
#define SC_RULES_RULE_H

#include "base/arena.h"
#include "policy/package.h"

enum sc_rule_kind {
	SC_ALLOW,
	SC_DONTAUDIT,
};

struct sc_rule {
	enum sc_rule_kind kind;
	struct sc_str source; /* type or attribute */
	struct sc_str target; /* the same, or "self" */
	struct sc_str tclass;
	struct sc_str perms; /* sorted, one space between */
	struct sc_str why;   /* what asked for it: "mount /srv/www" */

	/* of its ioctl only these commands: sorted, none touching another; none
	 * at all: every command */
	const struct sc_ioctl_range *ioctls;
	size_t n_ioctls;
};

struct sc_rules {
	struct sc_rule *v;
	size_t n;
	size_t room;
};

/* A block that the module inherits from the base, such as selcage_server. */
struct sc_inherit {
	struct sc_str block;
	struct sc_str why;
};

struct sc_inherits {
	struct sc_inherit *v;
	size_t n;
	size_t room;
};

/* One container's module: "(block NAME (blockinherit ...) (allow ...))". */
struct sc_module {
	struct sc_str name;  /* block, module and file: "misp_redis" */
	struct sc_str title; /* what it is for, in one line */
	struct sc_inherits inherits;
	struct sc_rules rules; /* source "process" */
};

#endif
