/*
 * doc.h - JSON, TOML and YAML as one tree.
 *
 * Whoever writes a reader of specs sees nodes, not formats: every node knows
 * where it stands: its bytes, its line (in JSON: a path). Aliases and merge
 * keys of YAML are resolved by copying, within the same limits as everything
 * else, so that a tree is a tree; a copy knows that it is one.
 *
 * All text is a copy in the arena. It holds no NUL, but any other byte.
 */
#ifndef SC_DOC_DOC_H
#define SC_DOC_DOC_H

#include "base/arena.h"
#include "base/error.h"

#define SC_DOC_BYTES ((size_t)16 * 1024 * 1024) /* of text, at most */
#define SC_DOC_DEPTH 64        /* lists and maps in each other, at most */
#define SC_DOC_NODES 400000    /* at most, copies counted */
#define SC_DOC_ANCHORS 1000    /* in one text, at most */
#define SC_DOC_PATH_KEY_MAX 64 /* bytes of a key shown in a path */

enum sc_doc_kind {
	SC_DOC_NULL,
	SC_DOC_BOOL,   /* not YAML: .text is "true" or "false" */
	SC_DOC_NUMBER, /* not YAML; in TOML as written, and dates are one too */
	SC_DOC_STRING, /* YAML: every scalar but null, so 22:22 stays 22:22 */
	SC_DOC_LIST,
	SC_DOC_MAP,
};

enum sc_doc_style {
	SC_DOC_PLAIN,
	SC_DOC_SINGLE,
	SC_DOC_DOUBLE,
	SC_DOC_LITERAL,
	SC_DOC_FOLDED,
	SC_DOC_BLOCK, /* a list or map told apart by its indentation */
	SC_DOC_FLOW,  /* a list or map in brackets */
};

struct sc_doc_node {
	enum sc_doc_kind kind;
	enum sc_doc_style style;
	enum sc_doc_style key_style;
	struct sc_str key;  /* in a map */
	struct sc_str text; /* of a scalar, unquoted; of null, as written */
	struct sc_str tag;  /* "!reset"; empty: none */
	struct sc_doc_node *parent, *first, *last, *next;
	size_t n;     /* children */
	size_t index; /* in its list or map */

	uint32_t line; /* of the value, counted from 1; 0 in JSON */
	uint32_t key_line;

	/* Bytes into the text. In TOML a key begins with the first name of its
	 * path and .key_end is 0 for a table that only the headers of others
	 * name; a table with a header starts at its bracket. */
	size_t key_start, key_end;
	size_t start, end; /* of the value, quotes and brackets included */
	size_t inside; /* of a map: where its first key begins, '<<' or not */

	bool anchor; /* YAML: others may be written as an alias of it */
	bool alias;  /* written as *name; what is below it is copied */
	bool copied; /* comes out of an alias or merge key; .line says where */
	bool merges; /* a map that has a merge key, which is no child of it */

	/* of the tree below, itself counted */
	size_t weight;
	size_t height;
};

struct sc_doc {
	struct sc_doc_node *root;
	uint32_t second_line; /* where another document begins; 0: nowhere */
};

/*
 * Read @text into a tree in @a. Errors: SC_ESYNTAX (with .line): also a key
 * that comes twice, a NUL, bytes that are no UTF-8; SC_ELIMIT; SC_ENOMEM.
 */
int sc_doc_read_json(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err) SC_MUST_USE;

/* The same for the first document of a YAML text, which may have more. */
int sc_doc_read_yaml(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err) SC_MUST_USE;

/* The same for TOML; a name that comes twice is refused there too. */
int sc_doc_read_toml(struct sc_str text, struct sc_arena *a, struct sc_doc *out,
		     struct sc_error *err) SC_MUST_USE;

/*
 * Do two trees say the same? If not, @a and @b are moved to where they first
 * differ. Comments, quotes and places do not count.
 */
bool sc_doc_same(const struct sc_doc_node **a, const struct sc_doc_node **b);

/* The value of @key in @map; NULL if it has none, or is no map, or is NULL. */
struct sc_doc_node *sc_doc_get(const struct sc_doc_node *map, const char *key);

static inline bool sc_doc_is(const struct sc_doc_node *node,
			     enum sc_doc_kind kind)
{
	return node && node->kind == kind;
}

/* A scalar that is not null: .text is its value. */
static inline bool sc_doc_is_scalar(const struct sc_doc_node *node)
{
	return node &&
	       (node->kind == SC_DOC_STRING || node->kind == SC_DOC_NUMBER ||
		node->kind == SC_DOC_BOOL);
}

/*
 * Where @node stands, "services.db.ports[0]", into @out, in @a. Long keys are
 * cut: a path is for people. False without memory.
 */
bool sc_doc_path(const struct sc_doc_node *node, struct sc_arena *a,
		 struct sc_str *out);

/* "a list", for messages. */
const char *sc_doc_kind_name(enum sc_doc_kind kind);

#endif
