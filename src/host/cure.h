/*
 * cure.h - what checks found wrong, as steps that put it right. Nothing is
 * changed here: files are read, and what they shall become is worked out.
 */
#ifndef SC_HOST_CURE_H
#define SC_HOST_CURE_H

#include "host/change.h"
#include "host/check.h"
#include "host/machine.h"

enum sc_risk {
	SC_RISK_SAFE,
	SC_RISK_CAREFUL, /* may stop something that runs */
	SC_RISK_BOOT,    /* may keep the host from booting, people out */
};

const char *sc_risk_name(enum sc_risk risk); /* "safe" */

/* Steps are told apart by their risk and by what must start anew. */
struct sc_cure_step {
	enum sc_risk risk;
	struct sc_str after; /* "kubelet.service", "boot"; or empty */
	struct sc_str title;
	struct sc_names checks; /* that it puts right */
	struct sc_host_step step;
	bool boot;             /* it holds from the next boot on */
	bool containers;       /* they must be made again */
	bool relabels;         /* that boot gives every file a label */
	struct sc_names notes; /* what else there is to know of it */
};

/* What is left to a person, and why. */
struct sc_cure_left {
	struct sc_str check;
	struct sc_str why;
};

struct sc_cure_plan {
	struct {
		struct sc_cure_step *v; /* the least risk first */
		size_t n, room;
	} steps;
	struct {
		struct sc_cure_left *v; /* in the order of the checks */
		size_t n, room;
	} left;
};

struct sc_cure_how {
	bool live; /* programs may be run: it is the host that we are on */
	const struct sc_names *only; /* checks; NULL, or none: all */
};

/* Errors: SC_ENOMEM. */
int sc_cure_plan(const struct sc_machine *m, const struct sc_verdicts *found,
		 const struct sc_cure_how *how, struct sc_arena *a,
		 struct sc_cure_plan *out, struct sc_error *err) SC_MUST_USE;

#endif
