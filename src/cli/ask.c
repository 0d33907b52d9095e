#include "cli/ask.h"

#include <stdio.h>
#include <unistd.h>

int sc_ask(bool yes, struct sc_error *err)
{
	char answer[16] = "";

	if (yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return sc_fail(err, SC_EREFUSED,
			       "nothing done: there is no terminal to ask on "
			       "(--yes does it, --dry-run only shows it)");
	fputs("go on? [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin) ||
	    (answer[0] != 'y' && answer[0] != 'Y'))
		return sc_fail(err, SC_EREFUSED, "nothing done, as you wish");
	return 0;
}
