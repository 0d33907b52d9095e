/*
 * policy.h - a compiled policy, to be asked and never changed.
 *
 * This folder is the only one that includes <sepol/...>. libsepol keeps the
 * policy it explains in process-wide variables, so at most one sc_policy may
 * be open at a time and all calls come from one thread.
 */
#ifndef SC_POLICY_POLICY_H
#define SC_POLICY_POLICY_H

#include "base/arena.h"
#include "base/error.h"

#define SC_POLICY_BYTES ((size_t)64 << 20) /* of a policy, at most */

struct sc_policy;

/*
 * Read the binary policy in @path, such as /sys/fs/selinux/policy, into @out,
 * which the caller gives to sc_policy_close().
 *
 * Errors: SC_ESYSTEM if the file can't be read; SC_EPOLICY if it is no policy
 * or a newer one than libsepol knows. @out is set only on success.
 */
int sc_policy_open(const char *path, struct sc_policy **out,
		   struct sc_error *err) SC_MUST_USE;
void sc_policy_close(struct sc_policy *p); /* NULL is fine */

/* The same where the process is about to end: its memory goes with it, at once,
 * and not in 100,000 pieces, which takes a quarter of the time that opening
 * takes. */
void sc_policy_leave(struct sc_policy *p);

/* Do its contexts have levels? */
bool sc_policy_has_mls(const struct sc_policy *p);

/* The policy out of @bytes, which are called @name in messages; with @trusted
 * they are not tried out in a child first. */
int sc_policy_read(struct sc_str bytes, const char *name, bool trusted,
		   struct sc_policy **out, struct sc_error *err) SC_MUST_USE;

enum sc_name_kind {
	SC_NAME_TYPE, /* or an alias of one */
	SC_NAME_ATTRIBUTE,
	SC_NAME_CLASS,
	SC_NAME_ROLE,
	SC_NAME_USER,
	SC_NAME_BOOLEAN,
};

/* Does the policy have a @kind called @name? False for names it can't hold. */
bool sc_policy_has(const struct sc_policy *p, enum sc_name_kind kind,
		   struct sc_str name);

/* The type called @name, or of which that is an alias; empty: there is none. */
struct sc_str sc_policy_type(const struct sc_policy *p, struct sc_str name);

/* Does class @tclass (its common included) have @perm? */
bool sc_policy_has_perm(const struct sc_policy *p, struct sc_str tclass,
			struct sc_str perm);

/* Is type @type in attribute @attribute? False if either is unknown. */
bool sc_policy_is_in(const struct sc_policy *p, struct sc_str type,
		     struct sc_str attribute);

/*
 * The name of that @kind that is spelled most like @name (edit distance at most
 * a third of its length, and 4), in @a; an empty view if nothing is near.
 */
struct sc_str sc_policy_nearest(const struct sc_policy *p,
				enum sc_name_kind kind, struct sc_str name,
				struct sc_arena *a);
struct sc_str sc_policy_nearest_perm(const struct sc_policy *p,
				     struct sc_str tclass, struct sc_str name,
				     struct sc_arena *a);

/*
 * The type that a person calls @name, as @p calls it (which goes with @p).
 * @whose: "the kernel's policy", in what is said. Errors: SC_ENOTFOUND, with
 * what may have been meant.
 */
int sc_policy_find_type(const struct sc_policy *p, const char *whose,
			struct sc_str name, struct sc_str *out,
			struct sc_error *err) SC_MUST_USE;

/* Can a process run with @type, for all that @p says? */
bool sc_policy_may_be_domain(const struct sc_policy *p, struct sc_str type);

struct sc_names {
	struct sc_str *v;
	size_t n;
	size_t room;
};

/* Is @name one of @names, which may stand in any order? */
bool sc_names_has(const struct sc_names *names, struct sc_str name);

/*
 * The domains that may start a container: those with process transition to
 * @container (container_t) by an unconditional rule or one whose boolean is on.
 * Attributes are expanded. @out is sorted bytewise; its views are good while
 * the policy is open.
 */
int sc_policy_engines(const struct sc_policy *p, struct sc_str container,
		      struct sc_arena *a, struct sc_names *out,
		      struct sc_error *err) SC_MUST_USE;

/*
 * The domains that the policy has permissive: what it denies them is logged and
 * done all the same. @out is as that of sc_policy_engines().
 */
int sc_policy_permissive(const struct sc_policy *p, struct sc_arena *a,
			 struct sc_names *out, struct sc_error *err)
	SC_MUST_USE;

#endif
