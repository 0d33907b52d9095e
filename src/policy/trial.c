#include "policy/trial.h"

#include "base/asan.h"
#include "policy/db.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* What the child may use. Debian's policy takes 13 MB and 0.03 s. */
#define MEMORY_MAX ((rlim_t)1 << 30) /* bytes */
#define CPU_MAX 2                    /* seconds */

enum child_exit {
	CHILD_READ = 0,
	CHILD_REFUSED = 1,
};

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit l = { most, most };

	(void)setrlimit(what, &l);
}

_Noreturn static void run_child(struct sc_str bytes, struct sc_words *words)
{
	sepol_policy_file_t *source = NULL;
	sepol_policydb_t *db = NULL;

#if !SC_HAS_ASAN
	limit(RLIMIT_DATA, MEMORY_MAX);
#endif
	limit(RLIMIT_CPU, CPU_MAX);
	limit(RLIMIT_CORE, 0);
	(void)signal(SIGXCPU, SIG_DFL);
	sc_words_keep(words);
	if (sepol_policydb_create(&db) < 0 ||
	    sepol_policy_file_create(&source) < 0)
		_exit(CHILD_REFUSED);
	sepol_policy_file_set_mem(source, (char *)(uintptr_t)bytes.s, bytes.n);
	if (sepol_policydb_read(db, source) < 0)
		_exit(CHILD_REFUSED);
	_exit(CHILD_READ);
}

static int judge(int status, const struct sc_words *words, struct sc_error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_READ)
		return 0;
	if (WIFEXITED(status))
		return sc_fail(err, SC_EPOLICY, "%s",
			       *words->text ? words->text : "no reason given");
	if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol does not come to its end");
	return sc_fail(err, SC_EPOLICY, "libsepol ended with signal %d",
		       WTERMSIG(status));
}

static int try_it(struct sc_str bytes, struct sc_words *words,
		  struct sc_error *err)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return sc_fail_os(err, "cannot start a child to read it");
	if (child == 0)
		run_child(bytes, words);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for a child");
	return judge(status, words, err);
}

int sc_policy_trial(struct sc_str bytes, struct sc_error *err)
{
	/* The child's words come back in memory that both see. */
	struct sc_words *words =
		mmap(NULL, sizeof(*words), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (words == MAP_FAILED)
		return sc_no_memory(err);
	r = try_it(bytes, words, err);
	(void)munmap(words, sizeof(*words));
	return r;
}
