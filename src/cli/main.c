#include "base/clean.h"
#include "base/safe.h"
#include "cli/cli.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* In the order in which help shows them: the order of a working day. */
static const struct sc_command *const commands[] = {
	&sc_cmd_log,   &sc_cmd_explain, &sc_cmd_allow,  &sc_cmd_confine,
	&sc_cmd_prove, &sc_cmd_load,    &sc_cmd_unload, &sc_cmd_modules,
	&sc_cmd_learn, &sc_cmd_status,  &sc_cmd_mode,   &sc_cmd_watch,
	&sc_cmd_host,
};

/* The old names: "selcage audit2allow", or the program called as that. */
static const struct sc_command *const old_names[] = {
	&sc_cmd_audit2allow,
	&sc_cmd_audit2why,
};

#define OLD_COUNT (sizeof(old_names) / sizeof(old_names[0]))
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int help(FILE *out)
{
	fputs("usage: selcage COMMAND [OPTION...] [OPERAND...]\n\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name,
			commands[i]->summary);
	fputs("\n'selcage COMMAND --help' shows its options; audit2allow and "
	      "audit2why\nare commands too, with the options of the tools of "
	      "these names\n",
	      out);
	return SC_EXIT_CLEAN;
}

static const struct sc_command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	for (size_t i = 0; i < OLD_COUNT; i++)
		if (strcmp(old_names[i]->name, name) == 0)
			return old_names[i];
	return NULL;
}

/* The command that a link to the program is called as; or NULL. */
static const struct sc_command *find_old_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < OLD_COUNT; i++)
		if (strcmp(old_names[i]->name, name) == 0)
			return old_names[i];
	return NULL;
}

static bool is_old(const struct sc_command *command)
{
	return command == old_names[0] || command == old_names[1];
}

/* The old names take -h as well; elsewhere it may be a letter of its own. */
static bool asks_for_help(int argc, char **argv, bool old)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    (old && strcmp(argv[i], "-h") == 0))
			return true;
	return false;
}

static int help_parts(const struct sc_command *command, FILE *out)
{
	fprintf(out, "usage: selcage %s PART [OPTION...] %s\n\n%s\n\n",
		command->name, command->operands, command->summary);
	for (size_t i = 0; command->parts[i]; i++)
		fprintf(out, "  %-14s %s\n", command->parts[i]->name,
			command->parts[i]->summary);
	fprintf(out, "\n'selcage %s PART --help' shows its options\n",
		command->name);
	return SC_EXIT_CLEAN;
}

/* "check" of "host check" */
static const struct sc_command *find_part(const struct sc_command *command,
					  const char *name)
{
	for (size_t i = 0; command->parts[i]; i++)
		if (strcmp(command->parts[i]->name + strlen(command->name) + 1,
			   name) == 0)
			return command->parts[i];
	return NULL;
}

static int run(const struct sc_command *command, int argc, char **argv,
	       FILE *out, struct sc_error *err);

static int run_part(const struct sc_command *command, int argc, char **argv,
		    FILE *out, struct sc_error *err)
{
	const char *name = argc > 1 ? argv[1] : "--help";
	const struct sc_command *part = find_part(command, name);

	if (part)
		return run(part, argc - 1, argv + 1, out, err);
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
		return help_parts(command, out);
	return sc_fail(err, SC_ENOTFOUND,
		       "no command '%s %s' (selcage %s --help)", command->name,
		       name, command->name);
}

static int run(const struct sc_command *command, int argc, char **argv,
	       FILE *out, struct sc_error *err)
{
	SC_CLEAN(free_p) void *options = calloc(1, command->options_size + 1);
	int first;

	if (command->parts)
		return run_part(command, argc, argv, out, err);
	if (!options)
		return sc_no_memory(err);
	if (asks_for_help(argc, argv, is_old(command))) {
		sc_options_help(command, out);
		return SC_EXIT_CLEAN;
	}
	first = sc_options_read(command, options, argc, argv, err);
	if (first < 0)
		return first;
	return command->run(argc - first, argv + first, options, out, err);
}

/* A message may quote a file's name or its contents. */
static void complain(const struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put_safe(&text, sc_view(err->msg));
	fprintf(stderr, "selcage: %s\n",
		text.failed ? "out of memory" : text.s);
}

/* Where a standard file is closed, the next file that is opened would be it: a
 * ledger would get what is printed. What stands in for it refuses its use. */
static void fill_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(SC_EXIT_ERROR);
}

int main(int argc, char **argv)
{
	const struct sc_command *old = argc ? find_old_name(argv[0]) : NULL;
	const char *name = argc > 1 ? argv[1] : "--help";
	const struct sc_command *command = old ? old : find_command(name);
	struct sc_error err = { 0 };
	int r;

	fill_standard_files();
	(void)signal(SIGPIPE, SIG_DFL);
	if (command) {
		r = run(command, old ? argc : argc - 1, old ? argv : argv + 1,
			stdout, &err);
	} else if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		r = help(stdout);
	} else if (strcmp(name, "--version") == 0) {
		puts("selcage " SC_VERSION);
		r = SC_EXIT_CLEAN;
	} else {
		r = sc_fail(&err, SC_ENOTFOUND,
			    "no command '%s' (selcage --help)", name);
	}

	if (r >= 0 && (fflush(stdout) != 0 || ferror(stdout)))
		r = sc_fail_os(&err, "cannot write the output");
	if (r >= 0)
		return r;
	complain(&err);
	return SC_EXIT_ERROR;
}
