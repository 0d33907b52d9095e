/*
 * extended.h - which commands of ioctl are denied though a rule allows "ioctl".
 *
 * A policy may limit the permission to some commands (allowxperm). libsepol's
 * decisions, and so audit2why's, know nothing of this.
 */
#ifndef SC_POLICY_EXTENDED_H
#define SC_POLICY_EXTENDED_H

#include "policy/why.h"

/* What an ioctl was asked for. */
struct sc_why_ioctl {
	struct sc_str scontext;
	struct sc_str tcontext;
	struct sc_str tclass;
	const uint16_t *v; /* the commands */
	size_t n;
};

/*
 * Where @whys has "ioctl" allowed by a rule, but extended rules leave out some
 * of @asked's commands: put SC_WHY_XPERM and those commands into its answer.
 * Errors: SC_ENOMEM.
 */
int sc_why_ask_ioctl(struct sc_policy *p, const struct sc_why_ioctl *asked,
		     struct sc_arena *a, struct sc_whys *whys,
		     struct sc_error *err) SC_MUST_USE;

#endif
