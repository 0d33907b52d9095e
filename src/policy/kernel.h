/*
 * kernel.h - SELinux in the running kernel: its mode and its policy.
 *
 * A table of functions, so that tests can put another kernel in its place.
 */
#ifndef SC_POLICY_KERNEL_H
#define SC_POLICY_KERNEL_H

#include "base/arena.h"
#include "base/error.h"

struct sc_kernel {
	/* A number that moves with each policy that is loaded, and with each
	 * boolean that is set. */
	int (*sequence)(void *data, uint32_t *out, struct sc_error *err);

	/* The policy in use. */
	int (*read)(void *data, struct sc_arena *a, struct sc_str *out,
		    struct sc_error *err);

	/* Use another policy, all of it or none; booleans keep their values. */
	int (*load)(void *data, struct sc_str policy, struct sc_error *err);

	/* Use the policy that the host boots with. */
	int (*reload)(void *data, struct sc_error *err);

	/* That policy's file. */
	int (*installed)(void *data, struct sc_arena *a, struct sc_str *path,
			 struct sc_error *err);
	void *data;
};

/*
 * The kernel that we run on. Errors: SC_ENOTFOUND if it does not have SELinux
 * on; SC_ESYSTEM.
 */
int sc_kernel_open(struct sc_kernel *out, struct sc_error *err) SC_MUST_USE;
void sc_kernel_close(struct sc_kernel *k); /* an SC_CLEAN() function */

/* 1: it enforces; 0: it is permissive. Errors: as sc_kernel_open(). */
int sc_kernel_enforces(struct sc_error *err) SC_MUST_USE;

/* Until the next boot. Errors: SC_ESYSTEM. */
int sc_kernel_set_enforcing(bool on, struct sc_error *err) SC_MUST_USE;

/*
 * Forget what was decided: a permissive domain is logged once for each decision
 * that is remembered, so that what the log lost, and what hides behind it, is
 * told again. The policy stays as it is, and nothing is left to be undone: the
 * booleans are set to the values that they have, which the kernel takes for a
 * change (those that somebody else is about to set are set with them). Errors:
 * SC_ESYSTEM, as where there are none.
 */
int sc_kernel_forget(struct sc_error *err) SC_MUST_USE;

/*
 * May @program, if the first process starts it, load a policy? It is the one
 * that ends what we begin. Errors: SC_EREFUSED if not, and as which domain it
 * would run; SC_ESYSTEM.
 */
int sc_kernel_lets_init(const char *program, struct sc_error *err) SC_MUST_USE;

/* A name of this boot that no other has. Errors: SC_ESYSTEM. */
int sc_kernel_boot(struct sc_arena *a, struct sc_str *out, struct sc_error *err)
	SC_MUST_USE;

#endif
