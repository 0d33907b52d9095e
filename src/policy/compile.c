#include "policy/compile.h"

#include "base/asan.h"
#include "base/clean.h"
#include "policy/infer.h"
#include "policy/merge.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <sepol/cil/cil.h>

/* What the child may use. Debian's policy takes 120 MB and 0.1 s. */
#define MEMORY_MAX ((rlim_t)1 << 30) /* bytes */
#define CPU_MAX 20                   /* seconds */
#define WALL_MAX 120                 /* seconds */

enum child_exit {
	CHILD_DONE = 0,
	CHILD_MEMORY = 1, /* what libsepol's compiler leaves with */
	CHILD_FAILED = 3, /* the module does not compile: see its words */
};

/* Both ends of what the child leaves: a policy, and libsepol's words. */
struct job {
	int policy_fd;
	int words_fd;
	struct sc_policy *p;
	const struct sc_sources *sources;
	const struct sc_anew *anew;
};

/* libsepol's log handler has no argument of ours; the child has one job. */
static int child_words = -1;

static void keep_words(int level, const char *msg)
{
	if (level == CIL_ERR)
		(void)!write(child_words, msg, strlen(msg));
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit l = { most, most };

	(void)setrlimit(what, &l);
}

/* AddressSanitizer reserves terabytes of addresses: no limit would let it run,
 * so a build with it has the limit of time alone. */
static void limit_child(void)
{
#if !SC_HAS_ASAN
	limit(RLIMIT_AS, MEMORY_MAX);
#endif
	limit(RLIMIT_CPU, CPU_MAX);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, MEMORY_MAX);
	limit(RLIMIT_NPROC, 0);
	(void)alarm(WALL_MAX);
}

/* A rule of its own for each policy, since libsepol takes none without one. */
static void put_probes(const struct job *job, struct sc_buf *out)
{
	const struct sc_policy *p = job->p;

	sc_put(out, SC_STR("(block selcage__none (type t)"
			   " (allow t t (process (fork))))\n"));
	if (job->anew->has_core)
		sc_put(out, SC_STR("(block selcage__bare"
				   " (blockinherit selcage_core))\n"));
	if (sc_policy_has(p, SC_NAME_ATTRIBUTE, SC_STR("domain")))
		sc_put(out, SC_STR("(block selcage__floor (type process)"
				   " (typeattributeset domain (process)))\n"));
}

static int add(cil_db_t *db, struct sc_str name, struct sc_str text,
	       struct sc_arena *a, struct sc_error *err)
{
	struct sc_str kept;

	if (!sc_keep(a, name, &kept))
		return sc_no_memory(err);
	if (cil_add_file(db, kept.s, text.s, text.n) < 0)
		return sc_fail(err, SC_ESYNTAX, SC_FMT ": not read",
			       SC_ARG(name));
	return 0;
}

static int build(const struct job *job, const policydb_t *like, FILE *out,
		 struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf names = { 0 };
	policydb_t copy = *like;
	sepol_policydb_t *made = NULL;
	sepol_policy_file_t *file = NULL;
	cil_db_t *db = NULL;
	int r = sc_names_write(&copy, job->anew, &arena, &names, err);

	if (r < 0)
		return r;
	put_probes(job, &names);
	if (sc_buf_check(&names, err) < 0)
		return SC_ENOMEM;
	cil_set_log_level(CIL_ERR);
	cil_set_log_handler(keep_words);
	cil_db_init(&db);
	cil_set_mls(db, like->mls);
	cil_set_policy_version(db, (int)like->policyvers);
	cil_set_target_platform(db, like->target_platform);
	cil_set_attrs_expand_generated(db, 0);
	cil_set_attrs_expand_size(db, 0);
	cil_set_disable_neverallow(db, 1);
	r = add(db, SC_STR("policy"), (struct sc_str){ names.s, names.n },
		&arena, err);
	for (size_t i = 0; i < job->sources->n && r == 0; i++)
		r = add(db, job->sources->v[i].name, job->sources->v[i].text,
			&arena, err);
	if (r < 0)
		return r;
	if (cil_compile(db) < 0 || cil_build_policydb(db, &made) < 0)
		return sc_fail(err, SC_EPOLICY, "not compiled");
	if (sepol_policy_file_create(&file) < 0)
		return sc_no_memory(err);
	sepol_policy_file_set_fp(file, out);
	if (sepol_policydb_write(made, file) < 0 || fflush(out) != 0)
		return sc_fail(err, SC_EPOLICY, "cannot write the policy");
	return 0;
}

_Noreturn static void run_child(const struct job *job)
{
	struct sc_error err = { 0 };
	FILE *out;

	child_words = job->words_fd;
	limit_child();
	out = fdopen(job->policy_fd, "w");
	if (!out)
		_exit(CHILD_MEMORY);
	if (build(job, sc_policy_db(job->p), out, &err) == 0)
		_exit(CHILD_DONE);
	if (err.code == SC_ENOMEM)
		_exit(CHILD_MEMORY);
	if (lseek(child_words, 0, SEEK_CUR) == 0)
		keep_words(CIL_ERR, err.msg);
	_exit(CHILD_FAILED);
}

/* libsepol says a thing in several lines: put them behind one another. */
static int fail_with_words(int fd, struct sc_error *err)
{
	char words[400];
	ssize_t n = pread(fd, words, sizeof(words) - 1, 0);

	if (n <= 0)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol refuses the module without a word");
	while (n > 0 && words[n - 1] == '\n')
		n--;
	words[n] = '\0';
	for (char *c = words; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return sc_fail(err, SC_EPOLICY, "%s", words);
}

static int wait_child(pid_t child, int words_fd, struct sc_error *err)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return sc_fail_os(err, "cannot wait for the compiler");
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_DONE)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_FAILED)
		return fail_with_words(words_fd, err);
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM ||
	     WTERMSIG(status) == SIGKILL))
		return sc_fail(err, SC_ELIMIT,
			       "compiling took more than %d seconds: "
			       "the module is refused",
			       CPU_MAX);
	if (WIFEXITED(status))
		return sc_fail(err, SC_ELIMIT,
			       "compiling took more than %llu MB: "
			       "the module is refused",
			       (unsigned long long)MEMORY_MAX >> 20);
	return sc_fail(err, SC_EPOLICY,
		       "libsepol ended with signal %d: the module is refused",
		       WTERMSIG(status));
}

static int read_made(int fd, const struct sc_policy *p,
		     const struct sc_anew *anew, struct sc_policy **out,
		     struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *made = NULL;
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = sc_policy_open(path, &made, err);
	if (r == 0)
		r = sc_merge_rules(sc_policy_db(p), sc_policy_db(made), anew,
				   err);
	if (r == 0)
		r = sc_infer_rules(sc_policy_db(p), sc_policy_db(made), anew,
				   err);
	if (r == 0)
		*out = SC_TAKE(made);
	return r;
}

int sc_compile(struct sc_policy *p, const struct sc_sources *sources,
	       struct sc_policy **out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(close_p) int policy_fd = -1;
	SC_CLEAN(close_p) int words_fd = -1;
	struct sc_anew anew;
	pid_t child;
	int r = sc_anew_read(sources, &arena, &anew, err);

	if (r < 0)
		return r;
	policy_fd = memfd_create("selcage-policy", MFD_CLOEXEC);
	words_fd = memfd_create("selcage-words", MFD_CLOEXEC);
	if (policy_fd < 0 || words_fd < 0)
		return sc_fail_os(err, "cannot make a file in memory");
	(void)fflush(NULL);
	child = fork();
	if (child < 0)
		return sc_fail_os(err, "cannot start the compiler");
	if (child == 0)
		run_child(&(struct job){ policy_fd, words_fd, p, sources,
					 &anew });
	r = wait_child(child, words_fd, err);
	return r < 0 ? r : read_made(policy_fd, p, &anew, out, err);
}
