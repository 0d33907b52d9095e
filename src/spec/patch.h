/*
 * patch.h - write labels into a compose file and touch nothing else.
 *
 * Comments, order, white space, quotes and line ends of everything else stay
 * as they are, byte for byte. The result is read again and compared with what
 * was there: unless exactly what was asked for has changed, it is refused.
 */
#ifndef SC_SPEC_PATCH_H
#define SC_SPEC_PATCH_H

#include "base/buf.h"
#include "spec/spec.h"

/* What one service shall say. */
struct sc_patch {
	struct sc_str service;
	struct sc_str label_type;  /* "misp_redis.process"; empty: leave it */
	struct sc_str label_level; /* "s0:c12,c345"; empty: leave it */
	/*
	 * Mounts out of the container's .mounts (copies will do): .place.path
	 * says which one, .relabel what it shall have, z or Z.
	 */
	const struct sc_mount *mounts;
	size_t n_mounts;
};

/*
 * Append to @out the compose file @text with @patches applied; what must live
 * while that is done is in @a. Patching the result again changes no byte.
 * Errors: SC_ESYNTAX, SC_ELIMIT as for reading; SC_ENOTFOUND if there is no
 * such service or mount; SC_EREFUSED where an edit would change another service
 * too (through an alias or a merge key) or cannot be done for sure: the message
 * names the line and what to do by hand. @out is untouched then.
 */
int sc_spec_patch(struct sc_str text, const struct sc_patch *patches, size_t n,
		  struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
	SC_MUST_USE;

#endif
