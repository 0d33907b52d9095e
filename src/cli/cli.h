/*
 * cli.h - what a subcommand is made of.
 *
 * This folder alone prints, reads the terminal and decides the exit code.
 */
#ifndef SC_CLI_CLI_H
#define SC_CLI_CLI_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit codes, the same for every subcommand. */
enum sc_exit {
	SC_EXIT_CLEAN = 0, /* done */
	SC_EXIT_FOUND = 1, /* done, and a command that judges found something */
	SC_EXIT_ERROR = 2, /* not done: bad usage, or something failed */
};

#define SC_VALUES_MAX 64

/* Of an option that may be given more than once. */
struct sc_values {
	char *v[SC_VALUES_MAX];
	size_t n;
};

struct sc_option {
	char letter;      /* 0: none */
	const char *name; /* without the dashes */
	/* what help calls its value; NULL: it is a switch; if it ends in "...",
	 * the option may be given more than once */
	const char *arg;
	const char *help;
	/* of a bool, a const char *, or a struct sc_values in the options */
	size_t offset;
};

/* Rows that several commands have; @at is the offset. */
#define SC_POLICY_OPTION(at)                                                   \
	{                                                                      \
		'p', "policy", "FILE", "a compiled policy, not the host's", at \
	}
#define SC_JSON_OPTION(at)                                            \
	{                                                             \
		'j', "json", NULL, "write one JSON object a line", at \
	}

struct sc_command {
	const char *name;
	const char *operands;            /* "[FILE...]" */
	const char *summary;             /* what it does, in one line of help */
	const struct sc_option *options; /* an empty one ends them; or NULL */

	/* Operands only: options are in @options, a zeroed struct of
	 * .options_size bytes that the table's offsets point into. Returns an
	 * enum sc_exit, or a negative enum sc_err with @err filled. */
	int (*run)(int argc, char **argv, const void *options, FILE *out,
		   struct sc_error *err);
	size_t options_size;

	/* What is to be done comes first among the operands: a command of its
	 * own each, called "host check"; a NULL ends them. Or NULL. */
	const struct sc_command *const *parts;
};

extern const struct sc_command sc_cmd_log, sc_cmd_explain, sc_cmd_allow,
	sc_cmd_confine, sc_cmd_prove, sc_cmd_load, sc_cmd_unload,
	sc_cmd_modules, sc_cmd_learn, sc_cmd_status, sc_cmd_mode, sc_cmd_host,
	sc_cmd_watch, sc_cmd_audit2allow, sc_cmd_audit2why;

/* Parts of sc_cmd_host. */
extern const struct sc_command sc_cmd_host_facts, sc_cmd_host_check,
	sc_cmd_host_explain, sc_cmd_host_plan, sc_cmd_host_apply,
	sc_cmd_host_confirm, sc_cmd_host_rollback, sc_cmd_host_drift;

/*
 * Read all options in @argv (argv[0] is passed over), wherever they stand, into
 * the struct at @values, and move the operands to the end of @argv. Returns the
 * index of the first operand; negative (SC_ESYNTAX) if an option is not in
 * @command's table, or lacks its value. "--" ends the options.
 */
int sc_options_read(const struct sc_command *command, void *values, int argc,
		    char **argv, struct sc_error *err) SC_MUST_USE;

/* "usage: ..." and a line for each option. */
void sc_options_help(const struct sc_command *command, FILE *out);

/* The policy to work against: @path, else $SELCAGE_POLICY, else the host's own
 * (/sys/fs/selinux/policy). Never NULL. */
const char *sc_policy_path(const char *path);

bool sc_policy_is_hosts(const char *path); /* the same, is it the host's? */

/* Write all of @b to @out; SC_ENOMEM if the buffer failed. Frees nothing. */
int sc_print(const struct sc_buf *b, FILE *out, struct sc_error *err)
	SC_MUST_USE;

/* Colour: only on a terminal, never with NO_COLOR set or TERM=dumb. */
enum sc_colour { SC_PLAIN, SC_BOLD, SC_DIM, SC_RED, SC_GREEN, SC_YELLOW };
bool sc_has_colour(FILE *out);

/* Is it a terminal, where somebody reads lines of 80 columns? */
bool sc_is_screen(FILE *out);

/* The sequence that starts @c, or "" if @on is false; SC_PLAIN ends it. */
const char *sc_colour(bool on, enum sc_colour c);

#endif
