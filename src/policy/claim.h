/*
 * claim.h - ports and paths that a module claims: that shall have a type of it.
 *
 * A claim changes what the host's own ports and files are called, and
 * libsemanage lets a module take any: of two portcons for one port, or two
 * filecons for one path, it keeps one without a word. So a module may claim
 * only what is nobody's, in one form, and that is judged before it is compiled.
 */
#ifndef SC_POLICY_CLAIM_H
#define SC_POLICY_CLAIM_H

#include "base/finding.h"
#include "policy/cil_read.h"
#include "policy/policy.h"

#define SC_CLAIMS_MAX 100                         /* of one module */
#define SC_VOLUME_TYPE SC_STR("container_file_t") /* in all families */

struct sc_claim {
	struct sc_str module; /* the file that says it */
	struct sc_str block;
	struct sc_str type;  /* "web.port", "container_file_t" */
	struct sc_str level; /* "s0:c1,c2" */
	struct sc_str proto; /* "tcp"; empty: it is about a path */
	struct sc_str path;  /* "/srv/web" */
	struct sc_str spec;  /* "/srv/web(/.*)?", as the module says it */
	uint32_t line;
	uint16_t first, last; /* ports */
	bool below;           /* all that is below the path as well */
};

struct sc_claims {
	struct sc_claim *v; /* in the order of the modules */
	size_t n;
	size_t room;
};

/* Is @form a statement that claims something? */
bool sc_claim_is(const struct sc_cil *form);

/*
 * Append to @out what the blocks of the module @top claim, and to @found->out
 * what is wrong with their form. Allowed are
 *
 *   (portcon tcp|udp|sctp N|(N N) (system_u object_r T ((s0) (s0))))
 *   (filecon "/PATH(/.*)?" any|file|dir (system_u object_r T (L L)))
 *
 * where T is a type that the block declares, or for paths also the type of
 * volumes at a level with two categories, and where a path is plain words: no
 * pattern but the one shown. Errors: SC_ENOMEM.
 */
int sc_claims_read(const struct sc_cil *top, struct sc_found *found,
		   struct sc_claims *out, struct sc_error *err) SC_MUST_USE;

/* The same for a fix of the host (policy/fix.h): the paths that it says by
 * itself, of any type. Errors: SC_ENOMEM. */
int sc_claims_read_fix(const struct sc_cil *top, struct sc_found *found,
		       struct sc_claims *out, struct sc_error *err) SC_MUST_USE;

/*
 * Append to @out what no module may claim of the host whose policy is @p: a
 * port below 1024, one that has a type already, a path of the host's own, one
 * thing twice. Errors: SC_ENOMEM.
 */
int sc_claims_judge(const struct sc_claims *claims, const struct sc_policy *p,
		    struct sc_arena *a, struct sc_findings *out,
		    struct sc_error *err) SC_MUST_USE;

/* Once compiled: types that the host's own programs could not reach any more.
 * @p has the modules in it. Errors: SC_ENOMEM. */
int sc_claims_judge_types(const struct sc_claims *claims,
			  const struct sc_policy *p, struct sc_arena *a,
			  struct sc_findings *out, struct sc_error *err)
	SC_MUST_USE;

/* "tcp/3001-3002", "/srv/web and all below it" */
void sc_claim_say(const struct sc_claim *c, struct sc_buf *out);

#endif
