#include "cli/ask.h"

#include <stdio.h>
#include <strings.h>
#include <unistd.h>

/* All of a line, of which the start is kept: what is left of it would be taken
 * for the answer to the next question. */
static bool read_answer(char *out, size_t size)
{
	size_t n = 0;
	int c;

	while ((c = getc(stdin)) != EOF && c != '\n')
		if (n + 1 < size)
			out[n++] = (char)c;
	out[n] = '\0';
	return c != EOF;
}

bool sc_ask_whether(const char *question)
{
	char answer[8];

	fprintf(stderr, "%s [y/N] ", question);
	return read_answer(answer, sizeof(answer)) &&
	       (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
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

void sc_say_ledger(const struct sc_ledger *l)
{
	if (sc_ledger_is_nearly_full(l))
		fprintf(stderr,
			"selcage: the ledger '" SC_FMT "' is %u %% full, and "
			"when it is full nothing can be changed: undo what "
			"shall not stay, then put its journal away; a new one "
			"is begun, that knows of nothing done before\n",
			SC_ARG(l->dir), (unsigned)(l->bytes * 100 / l->limit));
}
