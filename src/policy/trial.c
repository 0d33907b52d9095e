#include "policy/trial.h"

#include "policy/db.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define CPU_MAX 2 /* seconds; Debian's policy takes 0.03 */

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit l = { most, most };

	(void)setrlimit(what, &l);
}

/* Whether it is a policy is asked again by whoever wants to know. */
_Noreturn static void run_child(struct sc_str bytes)
{
	sepol_policy_file_t *source = NULL;
	sepol_policydb_t *db = NULL;
	struct sc_words words;

	limit(RLIMIT_CPU, CPU_MAX);
	limit(RLIMIT_CORE, 0);
	(void)signal(SIGXCPU, SIG_DFL);
	sc_words_keep(&words);
	if (sepol_policydb_create(&db) == 0 &&
	    sepol_policy_file_create(&source) == 0) {
		sepol_policy_file_set_mem(source, (char *)(uintptr_t)bytes.s,
					  bytes.n);
		(void)sepol_policydb_read(db, source);
	}
	_exit(0);
}

int sc_policy_trial(struct sc_str bytes, struct sc_error *err)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return sc_fail_os(err, "cannot start a child to read it");
	if (child == 0)
		run_child(bytes);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for a child");
	if (WIFEXITED(status))
		return 0;
	if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol does not come to its end");
	return sc_fail(err, SC_EPOLICY, "libsepol ended with signal %d",
		       WTERMSIG(status));
}
