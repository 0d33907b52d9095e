/*
 * need.h - what a container asks for, thing by thing, before it is a rule.
 *
 * A need says which access, why, and how sure we are. Weak needs are shown and
 * never granted silently.
 */
#ifndef SC_RULES_NEED_H
#define SC_RULES_NEED_H

#include "rules/rule.h"
#include "spec/spec.h"

enum sc_need_kind {
	SC_NEED_LISTEN,     /* bind .port */
	SC_NEED_CONNECT,    /* connect to .port of .peer */
	SC_NEED_CAPABILITY, /* .word: "net_bind_service" */
	SC_NEED_ADDITION,   /* .word: a block of the base, "selcage_dropuser" */
	SC_NEED_RELABEL,    /* .mount must be relabelled: a patch, no rule */
};

enum sc_confidence { SC_NEVER, SC_LOW, SC_MEDIUM, SC_HIGH };

struct sc_need {
	enum sc_need_kind kind;
	enum sc_confidence confidence; /* granted from SC_MEDIUM up */
	enum sc_proto proto;
	uint16_t port;
	struct sc_str peer; /* the other container's name; or empty */
	struct sc_str word;
	const struct sc_mount *mount;
	struct sc_str why; /* evidence, in words, with file and line */
};

SC_VECTOR(sc_needs, struct sc_need);

#endif
