/*
 * state.h - what SELinux in the running kernel says of itself, by libselinux.
 *
 * Nothing here needs rights but what the policy itself withholds. What could
 * not be read is told apart from "no".
 */
#ifndef SC_POLICY_STATE_H
#define SC_POLICY_STATE_H

#include "base/error.h"
#include "base/vec.h"

enum sc_answer {
	SC_ANSWER_NO,
	SC_ANSWER_YES,
	SC_ANSWER_UNKNOWN, /* it could not be read */
};

struct sc_switch_now {
	struct sc_str name;
	enum sc_answer now;
	enum sc_answer pending; /* what a commit would make of it */
};

struct sc_state {
	bool mounted; /* the kernel has SELinux, and shows it here */
	struct sc_str mount;
	bool loaded; /* it has a policy */
	enum sc_answer enforcing;
	enum sc_answer mls;
	enum sc_answer deny_unknown;
	enum sc_answer reject_unknown;

	/* Are protections of memory those that the program asked for, which
	 * the kernel may widen (checkreqprot)? */
	enum sc_answer checks_requested;
	int version; /* of policies, the newest that the kernel takes; or -1 */
	struct sc_str own; /* our context; empty: not read */

	struct {
		struct sc_switch_now *v; /* in the order of their names */
		size_t n;
		size_t room;
	} switches;
	bool switches_read;
};

/*
 * Ask the kernel, or with @mount an selinuxfs at that path. libselinux keeps
 * where it is in a process-wide variable. Errors: SC_ENOMEM.
 */
int sc_state_read(const char *mount, struct sc_arena *a, struct sc_state *out,
		  struct sc_error *err) SC_MUST_USE;

/* What is known where no kernel can be asked: nothing. */
void sc_state_none(struct sc_state *out);

/* "/sys/fs/selinux/policy", the policy in the kernel. */
int sc_state_policy(const struct sc_state *s, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* The context of what is at @path, of a link itself; false: there is nothing,
 * or it has none, or we may not ask. */
bool sc_context_of(const char *path, struct sc_arena *a, struct sc_str *out);

/* The same for what is open as @fd, also with O_PATH. */
bool sc_context_of_fd(int fd, struct sc_arena *a, struct sc_str *out);

/* Is it one that people give by hand, so that restorecon leaves it? */
bool sc_context_is_customizable(const char *context);

/* libselinux writes what it does not like to standard error: not from here on.
 */
void sc_state_be_quiet(void);

#endif
