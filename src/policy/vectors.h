/*
 * vectors.h - everything that a domain may do, as access vectors: one bit for
 * each target type, class and permission, attributes expanded.
 */
#ifndef SC_POLICY_VECTORS_H
#define SC_POLICY_VECTORS_H

#include "policy/policy.h"

struct sc_vectors;

enum sc_switches {
	SC_AS_SET,    /* conditional rules as the booleans stand */
	SC_ANY_VALUE, /* every conditional rule, whatever its boolean */
};

/*
 * All vectors of @domain in @p, into @out, which the caller closes and which is
 * good while @p is open. SC_ENOTFOUND if there is no such type.
 */
int sc_vectors_open(const struct sc_policy *p, struct sc_str domain,
		    enum sc_switches switches, struct sc_vectors **out,
		    struct sc_error *err) SC_MUST_USE;

/* The same vectors once more, in @out, which the caller closes. */
int sc_vectors_copy(const struct sc_vectors *v, struct sc_vectors **out,
		    struct sc_error *err) SC_MUST_USE;
void sc_vectors_close(struct sc_vectors *v); /* NULL is fine */

/* How many there are. */
size_t sc_vectors_count(const struct sc_vectors *v);

/*
 * Take away from @v what @base has too. What @base may do to itself is what @v
 * may do to itself: their domains stand for each other as targets.
 */
void sc_vectors_subtract(struct sc_vectors *v, const struct sc_vectors *base);

/*
 * The same where @base is of another policy, and so has other numbers for the
 * same names: types, classes and permissions that it lacks stay in @v.
 */
void sc_vectors_subtract_other(struct sc_vectors *v,
			       const struct sc_vectors *base);

/* One target and class, and what is allowed there. */
struct sc_vector {
	struct sc_str target; /* a type; "self" for the domain itself */
	struct sc_str tclass;
	struct sc_str perms; /* sorted, one space between */
};

struct sc_vector_list {
	struct sc_vector *v; /* sorted by class, then target */
	size_t n;
	size_t room;
};

int sc_vectors_list(const struct sc_vectors *v, struct sc_arena *a,
		    struct sc_vector_list *out, struct sc_error *err)
	SC_MUST_USE;

#endif
