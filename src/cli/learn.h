/*
 * learn.h - what the parts of the command learn hand to each other: a domain's
 * denials are collected, rules proposed, a module made of them and proven, and
 * that loaded.
 */
#ifndef SC_CLI_LEARN_H
#define SC_CLI_LEARN_H

#include "cli/change.h"
#include "cli/judge.h"
#include "cli/proof.h"
#include "rules/graft.h"
#include "rules/propose.h"

struct sc_learn_options {
	struct sc_change_options common;
	const char *with, *contexts; /* see struct sc_ground */
	const char *time, *quiet_for, *canary;
	const char *output;
	const char *project, *env_file;
	struct sc_values from, grants, specs;
	bool enforcing, json, trust_syslog;
};

struct sc_learning {
	const struct sc_learn_options *options;
	struct sc_arena *arena;
	unsigned round; /* of --enforcing; 0: the first */
	struct sc_ground ground;
	struct sc_whose whose;
	struct sc_str domain;
	struct sc_sources modules; /* of selcage's, as they are */
	struct sc_judge judge;
	struct sc_policy
		*spec; /* with what the specs' modules grant; or NULL */
	struct sc_vector_list spoken; /* of it: what the domain's speaks for */
	struct sc_outcomes hints;     /* what it only hints at, among others */
	struct sc_offers offers;
	struct sc_judge left; /* a view: what is no matter of rules */

	struct sc_graft graft; /* the module, as it is */
	struct sc_rules rules; /* that it gains */
	struct sc_str text;    /* as it shall be; empty if it gains nothing */
	struct sc_proof proof; /* of that, with the others */
	struct sc_replay replay;
	bool loaded;      /* and not rolled back */
	size_t unsettled; /* denials that a rule of ours should have ended */
};

void sc_learning_free(struct sc_learning *l); /* an SC_CLEAN() function */

/* The modules of --with, or those of the store; and where to ask. */
int sc_learn_modules(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* What --spec speaks for, of the domain. Errors: SC_ENOTFOUND, no container of
 * it has that domain; those of reading specs. */
int sc_learn_spec(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* Why a run ended. */
enum sc_learn_end {
	SC_LEARN_TIME,
	SC_LEARN_QUIET,   /* nothing new came for a while */
	SC_LEARN_SIGNAL,  /* Ctrl-C and the like */
	SC_LEARN_COMMAND, /* it ended */
	SC_LEARN_LOAD,    /* others loaded a policy: it is enforcing again */
};

/*
 * Live, into .judge.tally: show the plan and ask, make the domain permissive
 * (unless --enforcing), run @command (which may be NULL), say each new need as
 * it comes, and make the domain enforcing again: it is, whatever happens, when
 * this returns, or the error says that it is not. With --dry-run only the plan
 * is shown. Errors: those of making it permissive and of hearing what it is
 * denied.
 */
int sc_learn_collect(struct sc_learning *l, char *const *command, FILE *out,
		     struct sc_error *err) SC_MUST_USE;

/* From .judge.tally to .offers and .left. */
int sc_learn_propose(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* Take what --grant names. Errors: SC_ENOTFOUND, SC_EREFUSED. */
int sc_learn_grant(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* Ask for each doubtful offer, if there is a terminal to ask on. */
int sc_learn_ask(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* From what is taken of .offers to .text and .proof. */
int sc_learn_prove(struct sc_learning *l, struct sc_error *err) SC_MUST_USE;

/* Is the module proven, with the others as they are? */
bool sc_learn_is_proven(const struct sc_learning *l);

/*
 * Load the module, and with --canary look on for a while: if then something is
 * denied that it grants, the module is again what it was. Returns an enum
 * sc_exit. Errors: SC_EREFUSED, the module was changed meanwhile; those of
 * loading.
 */
int sc_learn_load(struct sc_learning *l, FILE *out, struct sc_error *err)
	SC_MUST_USE;

/* What was seen and is not granted; 0: nothing. */
size_t sc_learn_count_left(const struct sc_learning *l);

/* What is proposed; then what came of it. */
int sc_learn_put_offers(const struct sc_learning *l, bool colour,
			struct sc_buf *out, struct sc_error *err) SC_MUST_USE;
void sc_learn_put_proof(const struct sc_learning *l, bool colour,
			struct sc_buf *out);
void sc_learn_put_offer(const struct sc_learning *l, const struct sc_offer *o,
			bool colour, struct sc_buf *out);

/* The same, one JSON object a line. */
void sc_learn_put_offers_json(const struct sc_learning *l, struct sc_buf *out);
void sc_learn_put_proof_json(const struct sc_learning *l, struct sc_buf *out);

#endif
