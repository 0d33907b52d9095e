#include "cli/judge.h"

#include "base/clean.h"
#include "base/label.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/tenants.h"

/* A policy of a family that we have no guards for is explained without them,
 * which must be said: "no guard refused it" is not "a guard was asked". */
static int open_guards(struct sc_judge *j, struct sc_arena *a,
		       struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
	struct sc_family family;
	int r = sc_family_find(j->policy, &family, err);

	if (r == SC_ENOTFOUND) {
		sc_put_safe(&why, sc_view(err->msg));
		fprintf(stderr, "selcage: no guards were asked: %s\n",
			why.s ? why.s : "");
		return 0;
	}
	if (r < 0)
		return r;
	return sc_guards_open(j->policy, &family, a, &j->guards, err);
}

/* With modules in it: what denials of their domains are about. */
static int open_with(struct sc_judge *j, const struct sc_ground *g,
		     struct sc_arena *a, struct sc_error *err)
{
	char *path = (char *)g->with;
	struct sc_sources modules = { 0 };
	int r = sc_modules_read(&path, 1, a, &modules, err);

	if (r == 0)
		r = sc_modules_prove(g->policy, &modules, a, &j->proof, err);
	if (r < 0)
		return sc_while(err, "--with");
	if (!j->proof.policy)
		return sc_fail(err, SC_EREFUSED,
			       "--with: '%s' holds what no container's module "
			       "may: selcage prove '%s' shows it",
			       path, path);
	j->policy = j->proof.policy;
	j->guards = j->proof.guards;
	return 0;
}

static int open_policy(struct sc_judge *j, const struct sc_ground *g,
		       struct sc_arena *a, struct sc_error *err)
{
	int r;

	if (g->with)
		return open_with(j, g, a, err);
	r = sc_policy_open(sc_policy_path(g->policy), &j->policy, err);
	return r < 0 ? r : open_guards(j, a, err);
}

/* The host's own, or those named; none for a policy from elsewhere. */
static int open_contexts(struct sc_judge *j, const struct sc_ground *g,
			 struct sc_error *err)
{
	const char *path = g->contexts;
	struct sc_error ignored;

	if (path)
		return sc_contexts_open(path, &j->contexts, err);
	path = sc_policy_is_hosts(g->policy) ? sc_contexts_path() : NULL;
	/* A host without them is explained without them. */
	if (path && sc_contexts_open(path, &j->contexts, &ignored) < 0)
		j->contexts = NULL;
	return 0;
}

struct sc_adviser sc_judge_adviser(const struct sc_judge *j)
{
	return (struct sc_adviser){ j->policy, j->guards, j->contexts };
}

static int judge_faults(struct sc_judge *j, const struct sc_adviser *by,
			struct sc_arena *a, struct sc_error *err)
{
	const struct sc_faults *f = &j->tally.faults;

	j->faults = sc_new_array(a, struct sc_fault_advice, f->n + 1);
	if (!j->faults)
		return sc_no_memory(err);
	for (size_t i = 0; i < f->n; i++) {
		int r = sc_advise_fault(by, &f->v[i], a, &j->faults[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int judge_all(struct sc_judge *j, struct sc_arena *a,
		     struct sc_error *err)
{
	struct sc_adviser by = sc_judge_adviser(j);

	j->advice = sc_new_array(a, struct sc_advice, j->tally.n + 1);
	if (!j->advice)
		return sc_no_memory(err);
	for (; j->n < j->tally.n; j->n++) {
		int r = sc_advise(&by, &j->tally.v[j->n], a, &j->advice[j->n],
				  err);

		if (r < 0)
			return r;
	}
	return judge_faults(j, &by, a, err);
}

static int find_tenants(const struct sc_ground *g, struct sc_arena *a,
			struct sc_tenants *out, struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host here = { .fd = -1 };
	SC_CLEAN(sc_host_close) struct sc_host folder = { .fd = -1 };
	struct sc_error ignored;
	int r = 0;

	/* Who cannot be asked names nobody: it is only a help. */
	if (g->with && sc_host_open(g->with, &folder, &ignored) == 0)
		r = sc_tenants_of_specs(&folder, a, out, &ignored);
	if (r != SC_ENOMEM && sc_policy_is_hosts(g->policy) &&
	    sc_host_open(NULL, &here, &ignored) == 0)
		r = sc_tenants_of_host(&here, a, out, &ignored);
	return r == SC_ENOMEM ? sc_no_memory(err) : 0;
}

/* Which container do the categories of the object belong to? */
static int name_owners(struct sc_judge *j, const struct sc_ground *g,
		       struct sc_arena *a, struct sc_error *err)
{
	struct sc_tenants tenants = { 0 };
	bool found = false;

	for (size_t i = 0; i < j->n; i++) {
		struct sc_advice *v = &j->advice[i];

		if (v->class != SC_CLASS_LEVEL)
			continue;
		if (!found && find_tenants(g, a, &tenants, err) < 0)
			return err->code;
		found = true;
		v->owner = sc_tenant_of(
			&tenants,
			sc_label_part(v->denial->tcontext, SC_LABEL_LEVEL));
	}
	return 0;
}

int sc_judge_open(struct sc_judge *j, const struct sc_ground *ground,
		  struct sc_arena *a, struct sc_error *err)
{
	int r = open_policy(j, ground, a, err);

	return r < 0 ? r : open_contexts(j, ground, err);
}

int sc_judge_tally(struct sc_judge *j, const struct sc_ground *ground,
		   struct sc_arena *a, struct sc_error *err)
{
	int r = judge_all(j, a, err);

	return r < 0 ? r : name_owners(j, ground, a, err);
}

int sc_judge_logs(struct sc_judge *j, const struct sc_ground *ground,
		  char *const *paths, size_t n_paths, const struct sc_filter *f,
		  struct sc_arena *a, struct sc_error *err)
{
	int r = sc_judge_open(j, ground, a, err);

	if (r < 0)
		return r;
	r = sc_logs_read(paths, n_paths, f, a, &j->tally, err);
	if (r < 0)
		return r;
	sc_logs_say_skipped(&j->tally);
	return sc_judge_tally(j, ground, a, err);
}

static void close_rest(struct sc_judge *j)
{
	sc_proof_close(&j->proof);
	sc_contexts_close(j->contexts);
	j->policy = NULL;
}

void sc_judge_close(struct sc_judge *j)
{
	if (j->policy != j->proof.policy)
		sc_policy_close(j->policy);
	close_rest(j);
}

void sc_judge_leave(struct sc_judge *j)
{
	if (j->policy != j->proof.policy)
		sc_policy_leave(j->policy);
	close_rest(j);
}
