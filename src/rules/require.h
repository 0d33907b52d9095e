/* require.h - the names that a module uses and another one declares. */
#ifndef SC_RULES_REQUIRE_H
#define SC_RULES_REQUIRE_H

#include "base/buf.h"
#include "rules/rule.h"

struct sc_require_names {
	struct sc_str *v; /* sorted, each once */
	size_t n;
	size_t room;
};

struct sc_require_class {
	struct sc_str name;
	struct sc_require_names perms;
};

struct sc_requires {
	struct sc_require_names types;
	struct sc_require_names roles;
	struct {
		struct sc_require_class *v; /* in the order first asked for */
		size_t n;
		size_t room;
	} classes;
};

/* Add @name unless it is there; a copy of it if @keep. False without memory. */
bool sc_require_add(struct sc_require_names *names, struct sc_str name,
		    bool keep, struct sc_arena *a);

/* Add what @rule names. False without memory. Views are kept as they are. */
bool sc_require_rule(struct sc_requires *all, const struct sc_rule *rule,
		     struct sc_arena *a);
bool sc_require_type(struct sc_requires *all, struct sc_str name,
		     struct sc_arena *a);
bool sc_require_role(struct sc_requires *all, struct sc_str name,
		     struct sc_arena *a);

/* Append "require {", a line for each name, "}". */
void sc_require_put(const struct sc_requires *all, struct sc_buf *out);

/* Append "read" or "{ open read }" for @words, which are split by spaces. */
void sc_require_put_set(struct sc_buf *out, struct sc_str words);

#endif
