/*
 * running.h - the policy that the kernel runs with, and the domains that are
 * relaxed in it for a while.
 *
 * What we load is always a base with a set of domains relaxed, where the base
 * is what the kernel had before the first of them: so any of them can be ended
 * without touching the others, and the end of the last one brings back the base
 * to the byte. Base and set are kept in a folder below /run, which goes with a
 * reboot as they do. They are believed only while the kernel's policy is just
 * what they make: once others have loaded one, nothing of ours is in force.
 */
#ifndef SC_POLICY_RUNNING_H
#define SC_POLICY_RUNNING_H

#include "policy/kernel.h"
#include "policy/relax.h"

#define SC_RUNNING_DIR "/run/selcage"

/* One domain, for a while. */
struct sc_respite {
	struct sc_relaxed what;
	uint64_t since, until; /* seconds since the epoch; shown, no more */
	uint32_t user;         /* the login that asked for it; or no user, ~0 */
	uint32_t turn;         /* of the two timers, the one that ends it */
};

struct sc_respites {
	struct sc_respite *v; /* in the order in which they began */
	size_t n;
	size_t room;
};

struct sc_running {
	const struct sc_kernel *kernel;
	struct sc_arena *arena;
	struct sc_str dir;
	int lock;                 /* -1: read only */
	uint32_t sequence;        /* when .policy was read */
	struct sc_policy *policy; /* what the kernel has */
	struct sc_str base;       /* the same with nothing relaxed */
	struct sc_respites list;  /* in force */
	struct sc_respites lost;  /* that a policy of others ended */
};

/*
 * Read what the kernel has, and what of it is ours. With @write the folder @dir
 * is made, and locked until sc_running_close(); who holds it is waited for.
 *
 * Errors: SC_ESYSTEM; SC_EREFUSED if the lock is held for too long, or if the
 * policy changes again and again while it is read; SC_EPOLICY; SC_ENOMEM.
 */
int sc_running_open(const char *dir, bool write, const struct sc_kernel *kernel,
		    struct sc_arena *a, struct sc_running *out,
		    struct sc_error *err) SC_MUST_USE;
void sc_running_close(struct sc_running *r); /* an SC_CLEAN() function */

/* The respite of @domain that is in force, or NULL. */
const struct sc_respite *sc_running_find(const struct sc_running *r,
					 struct sc_str domain);

/*
 * Load the base with @wanted relaxed in it and nothing else. What is loaded was
 * read again before, and differs from the base in nothing but that.
 *
 * Errors: SC_EREFUSED if others loaded a policy meanwhile (if ours took its
 * place, the installed one is loaded again); SC_EPOLICY; SC_ESYSTEM.
 */
int sc_running_change(struct sc_running *r, const struct sc_respites *wanted,
		      struct sc_error *err) SC_MUST_USE;

/*
 * Make @domain, which is none of ours, no longer permissive in the policy that
 * the kernel has. Errors: as above.
 */
int sc_running_enforce(struct sc_running *r, struct sc_str domain,
		       struct sc_error *err) SC_MUST_USE;

/* 1: the kernel has the base with @wanted relaxed now; 0: it has not. */
int sc_running_is(const struct sc_running *r, const struct sc_respites *wanted,
		  struct sc_error *err) SC_MUST_USE;

/* 1: the policy that the host boots with has @domain permissive; 0: it has not.
 * A host without one has not. */
int sc_running_boots(const struct sc_running *r, struct sc_str domain,
		     struct sc_error *err) SC_MUST_USE;

#endif
