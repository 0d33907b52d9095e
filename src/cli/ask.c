#include "cli/ask.h"

#include <stdio.h>
#include <unistd.h>

bool sc_ask_whether(const char *question)
{
	char answer[16] = "";

	fprintf(stderr, "%s [y/N] ", question);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

int sc_ask(bool yes, struct sc_error *err)
{
	if (yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return sc_fail(err, SC_EREFUSED,
			       "nothing done: there is no terminal to ask on "
			       "(--yes does it, --dry-run only shows it)");
	if (!sc_ask_whether("go on?"))
		return sc_fail(err, SC_EREFUSED, "nothing done, as you wish");
	return 0;
}
