#include "cli/program.h"

#include "base/owned.h"
#include "base/str.h"

#include <unistd.h>

#define PROGRAM "/proc/self/exe"

int sc_own_program(char out[PATH_MAX], struct sc_error *err)
{
	static const char deleted[] = " (deleted)";
	ssize_t n = readlink(PROGRAM, out, PATH_MAX - 1);
	size_t tail = sizeof(deleted) - 1;
	char weak[PATH_MAX];

	if (n < 0)
		return sc_fail_os(err, "cannot tell where selcage is");
	out[n] = '\0';
	if ((size_t)n > tail && strcmp(out + n - tail, deleted) == 0)
		return sc_fail(err, SC_EREFUSED,
			       "this selcage was replaced while it ran: the "
			       "timer could not start it; try again");
	/* whoever can put another in its place would be run by root */
	if (sc_path_is_roots(out, weak))
		return 0;
	return sc_fail(
		err, SC_EREFUSED,
		"a timer would run '%s' as root, and others than root "
		"can change '%s': call a selcage that is installed where "
		"only root writes, such as /usr/bin",
		out, weak);
}
