/*
 * trial.h - let libsepol read a policy where it can do no harm.
 *
 * A damaged file can keep libsepol 3.4 busy for hours: it counts up to a number
 * that the file names. So a child reads it first, with a limit of time.
 */
#ifndef SC_POLICY_TRIAL_H
#define SC_POLICY_TRIAL_H

#include "policy/policy.h"

/*
 * Does libsepol come to an end, good or bad, when it reads @bytes? Errors:
 * SC_EPOLICY if it does not, or crashes; SC_ESYSTEM if there is no child.
 */
int sc_policy_trial(struct sc_str bytes, struct sc_error *err) SC_MUST_USE;

#endif
