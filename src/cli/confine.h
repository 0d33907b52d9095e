/*
 * confine.h - what the parts of the command confine hand to each other: specs
 * are read, cages made, denials learned from, files written, all of it told.
 */
#ifndef SC_CLI_CONFINE_H
#define SC_CLI_CONFINE_H

#include "cli/cli.h"
#include "policy/compile.h"
#include "rules/advise.h"
#include "rules/cage.h"

struct sc_confine_options {
	const char *output, *project, *policy, *env_file, *store;
	struct sc_values denials;
	bool trust_syslog;
	bool show, json;
};

struct sc_spec_input {
	const char *path;     /* as the user named it */
	struct sc_str text;   /* its bytes, to be patched */
	struct sc_str folder; /* absolute */
};

struct sc_spec_inputs {
	struct sc_spec_input *v;
	struct sc_spec *specs; /* as many */
	size_t n;
};

/* One file to be written. */
struct sc_confine_file {
	struct sc_str path;
	struct sc_str bytes;
};

struct sc_confine_files {
	struct sc_confine_file *v;
	size_t n;
	size_t room;
};

/* A denial that asks for something of one cage, and what came of it. */
struct sc_lesson {
	size_t cage;
	struct sc_advice advice;
};

struct sc_lessons {
	struct sc_lesson *v;
	size_t n;
	size_t room;
	size_t rules; /* that modules gained */
};

struct sc_confine {
	const struct sc_confine_options *options;
	struct sc_arena *arena;
	struct sc_spec_inputs inputs;
	struct sc_family family;
	struct sc_cages cages;
	struct sc_notes lacks; /* of the policy */
	struct sc_str base;    /* the text of selcage_base.cil */
	struct sc_lessons lessons;
	struct sc_confine_files files;
	struct sc_error *err;
};

/* Read the specs at @paths, with the variables of .env beside each compose file
 * and of --env-file. */
int sc_confine_read(struct sc_confine *c, char *const *paths, size_t n)
	SC_MUST_USE;

/* From .inputs to .cages and .base, for the policy @p, whose .family is known.
 */
int sc_confine_cages(struct sc_confine *c, const struct sc_policy *p)
	SC_MUST_USE;

/* The base and all modules, as the compiler takes them. */
int sc_confine_sources(struct sc_confine *c, struct sc_sources *out)
	SC_MUST_USE;

/* NAME=VALUE lines, as compose reads .env files; what is no such line is passed
 * over. */
bool sc_dotenv_read(struct sc_str text, struct sc_str file, struct sc_arena *a,
		    struct sc_items *out);

/* Refuse module names that the store at @dir (modules/PRIORITY/NAME) has at a
 * priority that is not ours; says on standard error if it cannot look. */
int sc_confine_check_store(struct sc_confine *c) SC_MUST_USE;

/* Read --denials against @p with the modules in it, and give each module the
 * rules that its own denials justify. */
int sc_confine_learn(struct sc_confine *c, struct sc_policy *p) SC_MUST_USE;

/* The text of all modules and patched files, into .files. */
int sc_confine_files_make(struct sc_confine *c) SC_MUST_USE;

/* All of .files, or none of them. */
int sc_confine_files_write(struct sc_confine *c) SC_MUST_USE;

void sc_confine_put_text(const struct sc_confine *c, bool colour,
			 struct sc_buf *out);
void sc_confine_put_json(const struct sc_confine *c, struct sc_buf *out);

#endif
