#include "cli/cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPTIONS_MAX 32
#define FIRST_LONG 256 /* getopt's value for the first option of a table */

struct tables {
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 2];
};

static void fill(const struct sc_command *command, struct tables *t)
{
	size_t n = 0, letters = 0;

	t->letters[letters++] = ':';
	for (const struct sc_option *o = command->options;
	     o && o->name && n < OPTIONS_MAX; o++, n++) {
		t->longs[n] = (struct option){
			.name = o->name,
			.has_arg = o->arg ? required_argument : no_argument,
			.val = FIRST_LONG + (int)n,
		};
		if (!o->letter)
			continue;
		t->letters[letters++] = o->letter;
		if (o->arg)
			t->letters[letters++] = ':';
	}
}

static const struct sc_option *find(const struct sc_command *command, int got)
{
	if (got >= FIRST_LONG)
		return &command->options[got - FIRST_LONG];
	for (const struct sc_option *o = command->options; o && o->name; o++)
		if (o->letter && o->letter == got)
			return o;
	return NULL;
}

static bool is_many(const struct sc_option *o)
{
	size_t n = o->arg ? strlen(o->arg) : 0;

	return n > 3 && strcmp(o->arg + n - 3, "...") == 0;
}

static int add(const struct sc_option *o, struct sc_values *values,
	       struct sc_error *err)
{
	if (values->n == SC_VALUES_MAX)
		return sc_fail(err, SC_ELIMIT,
			       "'--%s' stands there more than %d times",
			       o->name, SC_VALUES_MAX);
	values->v[values->n++] = optarg;
	return 0;
}

static int set(const struct sc_option *o, void *values, struct sc_error *err)
{
	const char *value = optarg;

	if (is_many(o))
		return add(o,
			   (struct sc_values *)(void *)((char *)values +
							o->offset),
			   err);
	if (o->arg)
		memcpy((char *)values + o->offset, &value, sizeof(value));
	else
		memcpy((char *)values + o->offset, &(bool){ true },
		       sizeof(bool));
	return 0;
}

/* What getopt did not take: a letter, or a word as it was given. */
static int refuse(const struct sc_command *command, int got, const char *word,
		  struct sc_error *err)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt > 0 && optopt < FIRST_LONG)
		word = letter;
	if (got == ':')
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' needs a value (selcage %s --help)", word,
			       command->name);
	if (optopt >= FIRST_LONG)
		return sc_fail(err, SC_ESYNTAX,
			       "'--%s' takes no value (selcage %s --help)",
			       find(command, optopt)->name, command->name);
	return sc_fail(err, SC_ESYNTAX, "no option '%s' (selcage %s --help)",
		       word, command->name);
}

int sc_options_read(const struct sc_command *command, void *values, int argc,
		    char **argv, struct sc_error *err)
{
	struct tables t = { 0 };
	int got;

	fill(command, &t);
	opterr = 0;
	optind = 1;
	while ((got = getopt_long(argc, argv, t.letters, t.longs, NULL)) >= 0) {
		const struct sc_option *o = find(command, got);

		if (!o) /* '?' and ':' are no letters of options */
			return refuse(command, got, argv[optind - 1], err);
		if (set(o, values, err) < 0)
			return err->code;
	}
	return optind;
}

void sc_options_help(const struct sc_command *command, FILE *out)
{
	fprintf(out, "usage: selcage %s [OPTION...] %s\n\n%s\n\n",
		command->name, command->operands, command->summary);
	for (const struct sc_option *o = command->options; o && o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c --%s%s%s",
			 o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			 o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		fprintf(out, "  %-24s %s\n", left, o->help);
	}
	fprintf(out, "  %-24s %s\n", "   --help", "show this");
}

#define HOST_POLICY "/sys/fs/selinux/policy"

const char *sc_policy_path(const char *path)
{
	const char *env = getenv("SELCAGE_POLICY");

	if (path)
		return path;
	return env && *env ? env : HOST_POLICY;
}

bool sc_policy_is_hosts(const char *path)
{
	return strcmp(sc_policy_path(path), HOST_POLICY) == 0;
}

int sc_print(const struct sc_buf *b, FILE *out, struct sc_error *err)
{
	if (sc_buf_check(b, err) < 0)
		return SC_ENOMEM;
	if (b->n && fwrite(b->s, 1, b->n, out) != b->n)
		return sc_fail_os(err, "cannot write the output");
	return 0;
}

bool sc_is_screen(FILE *out)
{
	return isatty(fileno(out));
}

bool sc_has_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return sc_is_screen(out) && !(no && *no) && term &&
	       strcmp(term, "dumb") != 0;
}

const char *sc_colour(bool on, enum sc_colour c)
{
	static const char *const codes[] = {
		[SC_PLAIN] = "\033[0m",  [SC_BOLD] = "\033[1m",
		[SC_DIM] = "\033[2m",    [SC_RED] = "\033[31m",
		[SC_GREEN] = "\033[32m", [SC_YELLOW] = "\033[33m",
	};

	return on ? codes[c] : "";
}
