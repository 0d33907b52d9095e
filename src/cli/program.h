/* program.h - this program, for timers to run. */
#ifndef SC_CLI_PROGRAM_H
#define SC_CLI_PROGRAM_H

#include "base/error.h"

#include <limits.h>

/*
 * Where it is. Errors: SC_EREFUSED if others than root can put another in its
 * place, or it was replaced; SC_ESYSTEM.
 */
int sc_own_program(char out[PATH_MAX], struct sc_error *err) SC_MUST_USE;

#endif
