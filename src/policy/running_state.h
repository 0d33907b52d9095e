/* running_state.h - the files of running.h's folder. */
#ifndef SC_POLICY_RUNNING_STATE_H
#define SC_POLICY_RUNNING_STATE_H

#include "policy/running.h"

/* What is relaxed; and while it is being changed, what is to be. */
struct sc_running_state {
	struct sc_str base; /* a policy; .s is NULL: none is kept */
	struct sc_respites now, next;
	bool changing; /* .next counts as well */
};

/* Make the folder @dir, if it is not there, and take its lock, with @wait when
 * who has it gives it back. Returns a file descriptor. Errors: SC_ESYSTEM;
 * SC_EREFUSED, somebody has it. */
int sc_running_lock(const char *dir, bool wait, struct sc_error *err)
	SC_MUST_USE;

/* A folder that is missing, or that holds what we did not write, is one without
 * anything. Errors: SC_ESYSTEM; SC_ENOMEM. */
int sc_running_recall(struct sc_str dir, struct sc_arena *a,
		      struct sc_running_state *out, struct sc_error *err)
	SC_MUST_USE;

/* The base first, if @with_base, then the rest; each at once. */
int sc_running_note(struct sc_str dir, const struct sc_running_state *state,
		    bool with_base, struct sc_error *err) SC_MUST_USE;

#endif
