/*
 * check.h - what is right or wrong on a host, and what it was judged by.
 *
 * A check is a row of data/checks/, and so is its cure. Nothing here changes a
 * host. What could not be read is never a pass.
 */
#ifndef SC_HOST_CHECK_H
#define SC_HOST_CHECK_H

#include "host/host.h"
#include "host/value.h"

struct sc_check {
	struct sc_str id; /* "kubelet/anonymous-auth" */
	struct sc_str groups;
	unsigned level;     /* 1 or 2 */
	struct sc_str refs; /* "cis-k8s-1.12:4.2.1 cac:selinux_state" */
	struct sc_str look; /* "kubelet readOnlyPort" */
	struct sc_str want; /* "is 0" */
	struct sc_str title, why, todo;
};

/* How to put right what a check finds: a row of data/checks/cures.tsv, where
 * the columns are explained. */
struct sc_cure {
	struct sc_str action; /* "value", "mode", "owner", ... */
	struct sc_str in;     /* "kubelet" */
	struct sc_str key;
	struct sc_str value;
	struct sc_str risk; /* "safe", "careful", "boot" */
	struct sc_str after;
};

enum sc_verdict_kind {
	SC_PASS,
	SC_FAIL,
	SC_NA,       /* it has nothing to judge here: see the reason */
	SC_MANUAL,   /* a person must look */
	SC_ERROR,    /* it could not be told: see the reason */
	SC_EXCEPTED, /* it fails, and somebody answers for that */
};

/* One thing that was looked at. */
struct sc_evidence {
	struct sc_str what;    /* a file, a setting, a process: for people */
	struct sc_str path;    /* of a file, seen from the root; or empty */
	struct sc_str now;     /* "0644", "root:adm", "true" */
	struct sc_str wanted;  /* "0600"; may be empty */
	struct sc_value value; /* if it is one; else .from.key is empty */
	bool wrong;
};

/* Somebody answers for a check that fails. */
struct sc_exception {
	struct sc_str check;
	struct sc_str who, why;
	struct sc_str until; /* "2026-12-31", the last day on which it holds */
	uint32_t line;       /* in its file */
};

struct sc_verdict {
	struct sc_check check;
	enum sc_verdict_kind kind;
	struct sc_str reason; /* one line; empty: the evidence says it all */
	struct {
		struct sc_evidence *v; /* in the order of names, or of layers */
		size_t n;
		size_t room;
	} evidence;
	const struct sc_exception *exception; /* also one that has ended */
};

struct sc_verdicts {
	struct sc_verdict *v; /* in the order of the tables */
	size_t n;
	size_t room;
};

const char *sc_verdict_name(enum sc_verdict_kind kind); /* "PASS" */

/* Does it count for the exit code: FAIL and ERROR? */
bool sc_verdict_counts(enum sc_verdict_kind kind);

/* Take the next row of all tables of checks; @at starts zeroed. */
struct sc_check_walk {
	size_t table;
	struct sc_str rest;
};
bool sc_check_next(struct sc_check_walk *at, struct sc_check *out);

/* The check called @id; false if there is none. */
bool sc_check_find(struct sc_str id, struct sc_check *out);

/* The cure of the check @id; false if there is none but a person. */
bool sc_check_cure(struct sc_str id, struct sc_cure *out);

#endif
