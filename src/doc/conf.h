/*
 * conf.h - change one value in a text of configuration, and nothing else.
 *
 * Comments, order, white space, quotes and line ends of all the rest stay as
 * they are, and a last line without an end stays without. What comes out is
 * read again and compared with what went in: unless the one value is the only
 * difference, the change is refused. What cannot be read for sure is refused
 * before that: a key that comes twice, an anchor or alias on the way, a tab in
 * the indentation of YAML, bytes that are no UTF-8, more than a MiB.
 */
#ifndef SC_DOC_CONF_H
#define SC_DOC_CONF_H

#include "doc/doc.h"

#define SC_CONF_BYTES ((size_t)1 << 20)
#define SC_CONF_DEPTH 16 /* keys of a place, at most */

enum sc_conf_form {
	SC_CONF_JSON,
	SC_CONF_YAML,
	SC_CONF_TOML,
	SC_CONF_KEYS, /* KEY=value, as a shell would read it */
	SC_CONF_UNIT, /* of systemd: a section and a key */
};

/* A value's place: the keys that lead to it, from the outermost. */
struct sc_conf_place {
	enum sc_conf_form form;
	const struct sc_str *keys;
	size_t n;
};

struct sc_conf_value {
	enum sc_doc_kind kind; /* BOOL, NUMBER, STRING; LIST, of strings */
	struct sc_str text;    /* of a scalar, as it is meant and not quoted */
	const struct sc_str *items;
	size_t n;
};

/* Read @text as doc.h does. Of KEYS the tree is one map of strings, of UNIT a
 * map of such maps; there a key may come twice. */
int sc_conf_read(enum sc_conf_form form, struct sc_str text, struct sc_arena *a,
		 struct sc_doc *out, struct sc_error *err) SC_MUST_USE;

/* What stands at a place of a tree; NULL if nothing does. */
struct sc_doc_node *sc_conf_find(const struct sc_doc *doc,
				 const struct sc_conf_place *place);

/*
 * Make @place hold @value: a value that is there is replaced, one that is not
 * is added, last in its map, with the maps that lead to it. @out is in @a, and
 * is @text itself if the value is there already. Errors: SC_ESYNTAX (with
 * .line), SC_ELIMIT, SC_ENOMEM; SC_EREFUSED says what to do by hand.
 */
int sc_conf_set(struct sc_str text, const struct sc_conf_place *place,
		const struct sc_conf_value *value, struct sc_arena *a,
		struct sc_str *out, struct sc_error *err) SC_MUST_USE;

/* Take the key at @place out, whatever it holds. The inverse of adding it.
 * Errors: as above, and SC_ENOTFOUND. */
int sc_conf_remove(struct sc_str text, const struct sc_conf_place *place,
		   struct sc_arena *a, struct sc_str *out, struct sc_error *err)
	SC_MUST_USE;

#endif
