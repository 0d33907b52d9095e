#include "policy/running.h"

#include "base/clean.h"
#include "base/vec.h"
#include "policy/db.h"
#include "policy/differ.h"
#include "policy/running_state.h"

#include <errno.h>

#define READ_TRIES 5 /* of a policy that changes while it is read */

static int read_bytes(struct sc_str bytes, bool trusted, struct sc_policy **out,
		      struct sc_error *err)
{
	return sc_policy_read(bytes, "the kernel's policy", trusted, out, err);
}

/* ---- what there is */

/* The policy, and the number that it has. */
static int read_kernel(struct sc_running *r, struct sc_str *bytes,
		       struct sc_error *err)
{
	const struct sc_kernel *k = r->kernel;
	uint32_t after = 0;

	for (int i = 0; i < READ_TRIES; i++) {
		int code = k->sequence(k->data, &r->sequence, err);

		if (code == 0)
			code = k->read(k->data, r->arena, bytes, err);
		if (code == 0)
			code = k->sequence(k->data, &after, err);
		if (code < 0)
			return code;
		if (after == r->sequence)
			return read_bytes(*bytes, true, &r->policy, err);
	}
	return sc_fail(err, SC_EREFUSED,
		       "others change the kernel's policy all the time: try "
		       "again when they have ended");
}

/* @base with @list relaxed in it. Types that it lacks make it another policy.
 */
static int relaxed(struct sc_str base, bool trusted,
		   const struct sc_respites *list, struct sc_policy **out,
		   struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	int r = read_bytes(base, trusted, &p, err);

	for (size_t i = 0; r == 0 && i < list->n; i++)
		r = sc_policy_relax(p, &list->v[i].what, err);
	if (r == 0)
		*out = SC_TAKE(p);
	return r;
}

/* 1: the kernel's policy is what @base makes with @list relaxed; 0: it is not.
 * What the files hold may be anything. */
static int fits(const struct sc_running *r, struct sc_str base,
		const struct sc_respites *list, struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	const char *words;
	int code = relaxed(base, false, list, &p, err);

	if (code == SC_EPOLICY || code == SC_ENOTFOUND)
		return 0;
	return code < 0 ? code
			: sc_policy_is_same(p, r->policy, NULL, 0, &words, err);
}

/* The domains that the host boots with permissive. */
static int at_boot(const struct sc_running *r, struct sc_names *out,
		   struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_str path = { 0 };
	int code = r->kernel->installed(r->kernel->data, r->arena, &path, err);

	*out = (struct sc_names){ 0 };
	if (code == SC_ENOTFOUND ||
	    (code == SC_ESYSTEM && err->os_errno == ENOENT))
		return 0;
	if (code == 0)
		code = sc_policy_open(path.s, &p, err);
	if (code == 0)
		code = sc_policy_permissive(p, r->arena, out, err);
	/* their names go with the policy */
	for (size_t i = 0; code == 0 && i < out->n; i++)
		if (!sc_keep(r->arena, out->v[i], &out->v[i]))
			code = sc_no_memory(err);
	return code;
}

/*
 * Once a domain of @list is permissive in the store too, the kernel's policy
 * may be the store's, and just as ours would be. An installed policy that
 * cannot be read keeps nothing from ending.
 */
static bool is_stored(const struct sc_running *r,
		      const struct sc_respites *list)
{
	struct sc_names names = { 0 };
	struct sc_error ignored;

	if (at_boot(r, &names, &ignored) < 0)
		return false;
	for (size_t i = 0; i < list->n; i++)
		if (sc_names_has(&names, list->v[i].what.domain))
			return true;
	return false;
}

static int recall(struct sc_running *r, struct sc_str bytes,
		  struct sc_error *err)
{
	struct sc_running_state s = { 0 };
	int code = sc_running_recall(r->dir, r->arena, &s, err);
	int is = 0;

	r->base = bytes;
	if (code < 0)
		return code;
	if (!s.base.s) {
		r->lost = s.now;
		return 0;
	}
	if (s.now.n)
		is = fits(r, s.base, &s.now, err);
	if (is > 0)
		r->list = s.now;
	if (is == 0 && s.changing && s.next.n) {
		is = fits(r, s.base, &s.next, err);
		r->list = is > 0 ? s.next : r->list;
	}
	if (is > 0 && !is_stored(r, &r->list)) {
		r->base = s.base;
	} else {
		r->list = (struct sc_respites){ 0 };
		r->lost = s.now.n ? s.now : s.next;
	}
	return is < 0 ? is : 0;
}

int sc_running_open(const char *dir, bool write, const struct sc_kernel *kernel,
		    struct sc_arena *a, struct sc_running *out,
		    struct sc_error *err)
{
	SC_CLEAN(sc_running_close)
	struct sc_running r = { .kernel = kernel, .arena = a, .lock = -1 };
	struct sc_str bytes = { 0 };
	int code = 0;

	if (!sc_keep(a, sc_view(dir), &r.dir))
		return sc_no_memory(err);
	if (write)
		code = r.lock = sc_running_lock(r.dir.s, true, err);
	if (code >= 0)
		code = read_kernel(&r, &bytes, err);
	if (code == 0)
		code = recall(&r, bytes, err);
	if (code < 0)
		return code;
	*out = r;
	r.policy = NULL;
	r.lock = -1;
	return 0;
}

void sc_running_close(struct sc_running *r)
{
	sc_policy_close(r->policy);
	close_p(&r->lock);
	r->policy = NULL;
	r->lock = -1;
}

const struct sc_respite *sc_running_find(const struct sc_running *r,
					 struct sc_str domain)
{
	for (size_t i = 0; i < r->list.n; i++)
		if (sc_str_eq(r->list.v[i].what.domain, domain))
			return &r->list.v[i];
	return NULL;
}

/* ---- changing it */

static struct sc_relaxed *whats_of(const struct sc_respites *list,
				   struct sc_arena *a)
{
	struct sc_relaxed *v = sc_new_array(a, struct sc_relaxed, list->n + 1);

	for (size_t i = 0; v && i < list->n; i++)
		v[i] = list->v[i].what;
	return v;
}

/* Does @bytes, read again, differ from the base in nothing but @but? */
static int check(const struct sc_running *r, struct sc_str bytes,
		 const struct sc_relaxed *but, size_t n, struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *base = NULL;
	SC_CLEAN(sc_policy_close_p) struct sc_policy *again = NULL;
	const char *words = "";
	int code = read_bytes(r->base, true, &base, err);

	if (code == 0)
		code = read_bytes(bytes, true, &again, err);
	if (code == 0)
		code = sc_policy_is_same(base, again, but, n, &words, err);
	if (code == 0)
		return sc_fail(err, SC_EPOLICY,
			       "the policy that was to be loaded differs from "
			       "the kernel's in more than was wanted: %s; "
			       "this is a mistake in selcage",
			       words);
	return code < 0 ? code : 0;
}

/* The bytes to load. */
static int prepare(const struct sc_running *r, const struct sc_respites *wanted,
		   struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	struct sc_relaxed *but = whats_of(wanted, r->arena);
	int code;

	if (!but)
		return sc_no_memory(err);
	if (!wanted->n) {
		*out = r->base;
		return 0;
	}
	code = relaxed(r->base, true, wanted, &p, err);
	if (code == 0)
		code = sc_policy_write(p, r->arena, out, err);
	return code < 0 ? code : check(r, *out, but, wanted->n, err);
}

/* Others came between our look and our load: who was last? */
static int give_way(const struct sc_running *r, struct sc_error *err)
{
	struct sc_error second;

	if (r->kernel->reload(r->kernel->data, &second) < 0)
		return sc_fail(err, SC_EREFUSED,
			       "others loaded a policy at the same moment, and "
			       "ours may have taken its place; the installed "
			       "one cannot be loaded again (%s): do it "
			       "(load_policy)",
			       second.msg);
	return sc_fail(err, SC_EREFUSED,
		       "others loaded a policy or set a boolean at the same "
		       "moment: the installed policy was loaded again, and "
		       "nothing is relaxed; try again");
}

/* 1: the kernel has the policy that we read, whatever its number is by now. */
static int is_unchanged(struct sc_running *r, struct sc_error *err)
{
	SC_CLEAN(sc_running_close)
	struct sc_running now = { .kernel = r->kernel,
				  .arena = r->arena,
				  .lock = -1 };
	struct sc_str bytes = { 0 };
	const char *words;
	int code = read_kernel(&now, &bytes, err);

	if (code == 0)
		code = sc_policy_is_same(now.policy, r->policy, NULL, 0, &words,
					 err);
	if (code > 0)
		r->sequence = now.sequence;
	return code;
}

/* A boolean that is set moves the number too; its value is the kernel's to
 * keep, and an end must not hang on it. */
static int check_unchanged(struct sc_running *r, struct sc_error *err)
{
	const struct sc_kernel *k = r->kernel;
	uint32_t now = 0;
	int code = 1;

	for (int i = 0; code > 0 && i < READ_TRIES; i++) {
		code = k->sequence(k->data, &now, err);
		if (code < 0 || now == r->sequence)
			return code;
		code = is_unchanged(r, err);
	}
	if (code < 0)
		return code;
	return sc_fail(err, SC_EREFUSED,
		       "others loaded a policy meanwhile: look again, then "
		       "try again");
}

static int load(struct sc_running *r, struct sc_str bytes, struct sc_error *err)
{
	const struct sc_kernel *k = r->kernel;
	uint32_t now = 0;
	int code = check_unchanged(r, err);

	if (code < 0)
		return code;
	code = k->load(k->data, bytes, err);
	if (code == 0)
		code = k->sequence(k->data, &now, err);
	if (code == 0 && now != r->sequence + 1)
		return give_way(r, err);
	if (code == 0)
		r->sequence = now;
	return code;
}

/* Load the base with @wanted relaxed. A base that is @fresh is kept first. An
 * end must not hang on a full disk: with @must it goes on without notes. */
static int change(struct sc_running *r, const struct sc_respites *wanted,
		  bool fresh, bool must, struct sc_error *err)
{
	struct sc_running_state before = { .base = r->base,
					   .now = r->list,
					   .next = *wanted,
					   .changing = true };
	struct sc_running_state after = { .base = r->base, .now = *wanted };
	struct sc_str bytes = { 0 };
	struct sc_error second;
	int code = prepare(r, wanted, &bytes, err);

	if (code < 0)
		return code;
	code = sc_running_note(r->dir, &before, fresh, err);
	if (code < 0 && !must)
		return code;
	code = load(r, bytes, err);
	if (code < 0)
		return code;
	r->list = *wanted;
	code = sc_running_note(r->dir, &after, false, &second);
	(void)code; /* what was noted before says as much */
	return 0;
}

static bool is_same_set(const struct sc_respites *a,
			const struct sc_respites *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->v[i].what.flags != b->v[i].what.flags ||
		    !sc_str_eq(a->v[i].what.domain, b->v[i].what.domain))
			return false;
	return a->n == b->n;
}

int sc_running_change(struct sc_running *r, const struct sc_respites *wanted,
		      struct sc_error *err)
{
	struct sc_running_state state = { .base = r->base, .now = *wanted };
	int code;

	if (!is_same_set(&r->list, wanted))
		return change(r, wanted, wanted->n && !r->list.n,
			      wanted->n < r->list.n, err);
	code = sc_running_note(r->dir, &state, false, err);
	if (code == 0)
		r->list = *wanted;
	return code;
}

int sc_running_enforce(struct sc_running *r, struct sc_str domain,
		       struct sc_error *err)
{
	SC_CLEAN(sc_policy_close_p) struct sc_policy *p = NULL;
	const struct sc_relaxed but = { domain, SC_RELAX_PERMISSIVE };
	const struct sc_respites rest = r->list;
	struct sc_str bytes = { 0 };
	int code = read_bytes(r->base, true, &p, err);

	if (code == 0)
		code = sc_policy_enforce(p, domain, err);
	if (code == 0)
		code = sc_policy_write(p, r->arena, &bytes, err);
	if (code == 0)
		code = check(r, bytes, &but, 1, err);
	if (code < 0)
		return code;
	r->base = bytes;
	return change(r, &rest, rest.n > 0, true, err);
}

int sc_running_is(const struct sc_running *r, const struct sc_respites *wanted,
		  struct sc_error *err)
{
	SC_CLEAN(sc_running_close)
	struct sc_running now = { .kernel = r->kernel,
				  .arena = r->arena,
				  .lock = -1 };
	struct sc_str bytes = { 0 };
	int code = read_kernel(&now, &bytes, err);

	return code < 0 ? code : fits(&now, r->base, wanted, err);
}

int sc_running_boots(const struct sc_running *r, struct sc_str domain,
		     struct sc_error *err)
{
	struct sc_names names = { 0 };
	int code = at_boot(r, &names, err);

	if (code < 0)
		return sc_while(err, "is '" SC_FMT "' permissive at boot?",
				SC_ARG(domain));
	return sc_names_has(&names, domain);
}
