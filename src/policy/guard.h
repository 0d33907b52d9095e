/*
 * guard.h - what a container must never gain (data/guards.tsv).
 *
 * A guard names accesses by target (types, attributes), class and permission.
 * It is resolved against a policy first: a name that the policy does not have
 * is left out and remembered, and a guard with no name left is "n/a", which is
 * never the same as "holds".
 */
#ifndef SC_POLICY_GUARD_H
#define SC_POLICY_GUARD_H

#include "policy/family.h"
#include "policy/vectors.h"

struct sc_guard {
	struct sc_str id;       /* "G22" */
	struct sc_str severity; /* "critical", "high", "medium" */
	struct sc_str words;    /* what the container could do, a verb first */
	struct sc_str missing;  /* names that this policy lacks, by spaces */
	bool na;                /* no name left: cannot be judged here */
	bool blocks;            /* a module that hits it must not be loaded */
};

struct sc_guards;

/*
 * Read data/guards.tsv for @family and resolve it against @p. @out lives in @a
 * and is good while @p is open. Errors: SC_ESYNTAX (a bad table), SC_ENOMEM.
 */
int sc_guards_open(const struct sc_policy *p, const struct sc_family *family,
		   struct sc_arena *a, struct sc_guards **out,
		   struct sc_error *err) SC_MUST_USE;

/* The guards, in the order of the table, each once. */
size_t sc_guards_count(const struct sc_guards *g);
const struct sc_guard *sc_guards_at(const struct sc_guards *g, size_t i);

/*
 * The gravest guard that refuses a rule "allow SOURCE TARGET:CLASS PERM"; NULL
 * if none does. @target may be "self", a type, or an attribute: then one member
 * is enough. Names that the policy does not have are refused by none. A source
 * that is no container is judged by the rows of scope "any" alone.
 */
const struct sc_guard *sc_guards_refuse(const struct sc_guards *g,
					struct sc_str source,
					struct sc_str target,
					struct sc_str tclass,
					struct sc_str perm);

#define SC_ANY_IOCTL UINT32_MAX

/*
 * The same for one command of ioctl, where guards refuse some of them;
 * SC_ANY_IOCTL: for all, as a rule without commands gives them.
 */
const struct sc_guard *sc_guards_refuse_ioctl(const struct sc_guards *g,
					      struct sc_str source,
					      struct sc_str target,
					      struct sc_str tclass,
					      uint32_t command);

/* The permissions of a rule that together are refused, though each alone is
 * not: "write a file of the host and then run it". */
struct sc_parted {
	const struct sc_guard *guard; /* NULL: nothing is refused */
	struct sc_str kept, dropped;  /* sorted; in the arena given */
};

/*
 * Part @perms of "allow SOURCE TARGET:CLASS PERMS" by the guards of kind both,
 * what the policy allows already counted in. Errors: SC_ENOMEM.
 */
int sc_guards_part(const struct sc_guards *g, const struct sc_vector *rule,
		   struct sc_str source, struct sc_arena *a,
		   struct sc_parted *out, struct sc_error *err) SC_MUST_USE;

/* A guard that a domain hits, and by what. */
struct sc_hit {
	const struct sc_guard *guard;
	struct sc_str words;    /* of the row that is hit */
	struct sc_vector first; /* of kind "member": .target is the attribute */
	size_t more;            /* how many other targets and classes */
};

struct sc_hits {
	struct sc_hit *v;
	size_t n;
	size_t room;
};

/* Is @source of @p a container's domain, by its name or its attributes? */
bool sc_guards_is_container(const struct sc_policy *p, struct sc_str source);

/* A domain to be judged. */
struct sc_judged {
	const struct sc_vectors *added, *total; /* all that it has */
	bool container; /* no: by the rows of scope "any" alone */
};

/*
 * Every guard that .added hits. Rows of kind "mcs" and "ioctl" are not judged
 * here: see below.
 */
int sc_guards_judge(const struct sc_guards *g, const struct sc_judged *domain,
		    struct sc_arena *a, struct sc_hits *out,
		    struct sc_error *err) SC_MUST_USE;

/*
 * Judge the rows of kind "ioctl": the numbers that @total has and @base, which
 * may be NULL, or of another policy, has not. Appends to @out. Errors:
 * SC_ESYNTAX, SC_ENOMEM.
 */
int sc_guards_judge_ioctls(const struct sc_guards *g,
			   const struct sc_vectors *total,
			   const struct sc_vectors *base, struct sc_arena *a,
			   struct sc_hits *out, struct sc_error *err)
	SC_MUST_USE;

/*
 * Judge the rows of kind "mcs" by asking: @domain at one pair of categories
 * must reach content of its own pair, and be kept by a constraint from content
 * of another. Appends to @out.
 */
int sc_guards_ask_mcs(const struct sc_guards *g, struct sc_policy *p,
		      struct sc_str domain, struct sc_arena *a,
		      struct sc_hits *out, struct sc_error *err) SC_MUST_USE;

#endif
