/*
 * read.h - bytes of any known format into a struct sc_spec.
 *
 * What the text is shows in the text itself, never in the file's name: an array
 * of containers (podman inspect, docker inspect), one such container, or a
 * mapping with 'services' (compose, in YAML or JSON). Nothing here opens a
 * file: what a compose file wants to know of its surroundings, the caller says.
 */
#ifndef SC_SPEC_READ_H
#define SC_SPEC_READ_H

#include "spec/spec.h"

/*
 * At most, each ends in SC_ELIMIT. 10,001 ports for telephony are one line of a
 * real compose file, and that many items of docker inspect.
 */
#define SC_SPEC_BYTES ((size_t)16 * 1024 * 1024) /* of text */
#define SC_SPEC_CONTAINERS 1000
#define SC_SPEC_ITEMS 12000 /* of each kind in one container */
#define SC_SPEC_NAMES 1000  /* of peers and networks in one container */
#define SC_SPEC_NOTES 1000  /* then one more that says how many there were */

struct sc_spec_options {
	/* of a compose file that has no name:, the name of its folder */
	struct sc_str project;
	/* what ${NAME} stands for; the last of a name counts; may be NULL */
	const struct sc_items *variables;
};

/*
 * Read @text, which the user calls @file_name, into @out, all of it a copy in
 * @a. @opt may be NULL. Errors: SC_ESYNTAX (with .line where there is one);
 * SC_EREFUSED for a format, or a key of compose, that is known but not read,
 * with what to give instead; SC_ELIMIT; SC_ENOMEM.
 */
int sc_spec_read(struct sc_str text, struct sc_str file_name,
		 const struct sc_spec_options *opt, struct sc_arena *a,
		 struct sc_spec *out, struct sc_error *err) SC_MUST_USE;

#endif
