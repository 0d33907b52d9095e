/* ask.h - before the host is changed. */
#ifndef SC_CLI_ASK_H
#define SC_CLI_ASK_H

#include "plan/ledger.h"

#include <stdbool.h>

/* 0: go on, as whoever sits there says, or @yes did before. Errors: SC_EREFUSED
 * if they do not want it, or there is nobody to ask. */
int sc_ask(bool yes, struct sc_error *err) SC_MUST_USE;

/* Whoever sits there says yes to @question. Anything else, and no answer, is
 * no. */
bool sc_ask_whether(const char *question);

/* Say on standard error if @l, just opened, has little room left. */
void sc_say_ledger(const struct sc_ledger *l);

#endif
