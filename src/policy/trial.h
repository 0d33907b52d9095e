/*
 * trial.h - let libsepol read a policy where it can do no harm.
 *
 * A damaged file can keep libsepol 3.4 busy for hours: it counts up to a number
 * that the file names, and takes memory for as many. So a child reads it first,
 * with limits of time and memory.
 */
#ifndef SC_POLICY_TRIAL_H
#define SC_POLICY_TRIAL_H

#include "policy/policy.h"

/*
 * Can libsepol read @bytes? Errors: SC_EPOLICY with its words if it refuses
 * them, comes to no end, or crashes; SC_ESYSTEM if there is no child.
 */
int sc_policy_trial(struct sc_str bytes, struct sc_error *err) SC_MUST_USE;

#endif
