#include "cli/cli.h"

/* In the order in which they are used. */
static const struct sc_command *const parts[] = {
	&sc_cmd_host_facts,    &sc_cmd_host_check, &sc_cmd_host_explain,
	&sc_cmd_host_plan,     &sc_cmd_host_apply, &sc_cmd_host_confirm,
	&sc_cmd_host_rollback, &sc_cmd_host_drift, NULL,
};

const struct sc_command sc_cmd_host = {
	.name = "host",
	.operands = "[OPERAND...]",
	.summary = "the hardening of a host: what is wrong, and how to mend it",
	.parts = parts,
};
