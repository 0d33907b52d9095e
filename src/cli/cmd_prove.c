#include "cli/cli.h"

static int run(int argc, char **argv, const void *options, FILE *out,
	       struct sc_error *err)
{
	(void)argc;
	(void)argv;
	(void)options;
	(void)out;
	return sc_fail(err, SC_EREFUSED, "not written yet");
}

const struct sc_command sc_cmd_prove = {
	.name = "prove",
	.operands = "[FILE...]",
	.summary = "not written yet",
	.run = run,
};
