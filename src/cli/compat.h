/*
 * compat.h - the parts of audit2allow and audit2why, the old names.
 *
 * They take the options of the tools of that name and print what those print,
 * so that scripts go on working. Where those tools would do harm, ours say what
 * they leave out, in a comment of the output: rules that a guard refuses, and
 * rules from records that anybody can forge. --unguarded and --trust-syslog
 * write them all the same.
 */
#ifndef SC_CLI_COMPAT_H
#define SC_CLI_COMPAT_H

#include "audit/avc.h"
#include "cli/cli.h"
#include "policy/guard.h"
#include "policy/verdict.h"
#include "rules/require.h"

struct sc_compat_options {
	const char *input, *policy, *module, *package, *output, *type;
	const char *perm_map, *interface_info;
	bool boot, all, dmesg, lastreload, requires, dontaudit, reference;
	bool noreference, verbose, explain, xperms, debug, why, cil, version;
	bool unguarded, trust_syslog;
};

/* One access that a record tells of, or tried to: an AVC. */
struct sc_message {
	struct sc_str line;   /* as in the log, newline and all */
	struct sc_str header; /* "audit(1700000000.001:1001):"; or empty */
	struct sc_str comm, exe;
	struct sc_avc avc; /* points into .line */
	bool forgeable;    /* anybody could have written it */
	struct sc_verdict verdict;
};

/* What to do with what is read; all views are good during the call. */
struct sc_compat_reader {
	int (*message)(void *data, const struct sc_message *m,
		       struct sc_error *err);
	/* a type that a role lacks, as SELINUX_ERR tells of it; or NULL */
	int (*lacking)(void *data, const struct sc_package_role *l,
		       struct sc_error *err);
	void (*reload)(void *data); /* forget what came before */
	void *data;
};

/*
 * Read the input that @o chooses. Returns how many records of SELinux there
 * were, readable or not, at most INT_MAX; or negative.
 */
int sc_compat_read(const struct sc_compat_options *o, struct sc_policy *p,
		   const struct sc_compat_reader *reader, struct sc_error *err)
	SC_MUST_USE;

/* FNV-1a of texts, one after the other: begin with SC_COMPAT_HASH. */
#define SC_COMPAT_HASH UINT64_C(0xcbf29ce484222325)

static inline uint64_t sc_compat_hash(uint64_t h, struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		h = (h ^ (unsigned char)v.s[i]) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

/* Append a decoded name so that a terminal is safe from it, and a comment too:
 * a newline in it would begin a rule. */
void sc_compat_put_value(struct sc_buf *out, struct sc_str v);

/* Append @line, its newline too; nothing else is changed. */
void sc_compat_put_line(struct sc_buf *out, struct sc_str line);

/* Append what audit2why says of @m. @xml describes the policy's booleans, as
 * SC_COMPAT_XML does; or is empty. */
void sc_compat_put_why(const struct sc_message *m, struct sc_str xml,
		       struct sc_buf *out);
#define SC_COMPAT_XML "/usr/share/selinux/devel/policy.xml"

/* Append "\n#\tPossible cause is ..." for each part of the contexts that
 * differs; audit2why puts an empty line after each. */
void sc_compat_put_causes(struct sc_str source, struct sc_str target,
			  const char *before, const char *after,
			  struct sc_buf *out);

/* ---- what audit2allow collects */

/* What --explain says of one record. */
struct sc_compat_note {
	const struct sc_compat_note *next;
	struct sc_str text;
};

/* All records that agree in types, class and verdict. */
struct sc_access_set {
	struct sc_str source;
	struct sc_str target; /* "self" if it is the same */
	struct sc_str tclass;
	bool forgeable;
	struct sc_require_names perms;
	struct sc_verdict verdict;                /* of the first record */
	struct sc_str scontext;                   /* likewise */
	struct sc_str tcontext;                   /* likewise */
	struct sc_str comm, exe;                  /* likewise */
	struct sc_compat_note *notes, *last_note; /* of all of them */
	uint64_t *ioctls; /* a bit for each command; or NULL */
	size_t number;    /* in the order first seen */
	size_t rank;      /* in which names are required */
};

struct sc_collection {
	struct sc_access_set *v;
	size_t n;
	size_t room;
	struct {
		struct sc_package_role *v;
		size_t n;
		size_t room;
	} lacking;
	size_t note_bytes;
	uint64_t notes_left; /* records that there was no room to note */
	uint32_t *index;     /* private: a hash table into .v */
	size_t index_size;
};

/* Count in @m; false without memory. --explain notes each record, 16 MB of them
 * in all. */
bool sc_compat_collect(struct sc_collection *c, const struct sc_message *m,
		       bool explain, struct sc_arena *a);
bool sc_compat_collect_lacking(struct sc_collection *c,
			       const struct sc_package_role *l,
			       struct sc_arena *a);

/* Sort both by the names of types, and number the ranks. */
void sc_compat_sort(struct sc_collection *c);

/* What is printed, and the same as rules for a package. */
struct sc_compat_text {
	struct sc_buf text;
	struct sc_rules rules;
};

/* Make the text that @o asks for out of @c; @guards may be NULL. */
int sc_compat_make(const struct sc_compat_options *o,
		   const struct sc_guards *guards,
		   const struct sc_collection *c, struct sc_arena *a,
		   struct sc_compat_text *out, struct sc_error *err)
	SC_MUST_USE;

/* Append @text in lines of 80 columns at most, each begun with @first or @next,
 * broken as Python's textwrap breaks. */
void sc_compat_wrap(struct sc_buf *out, struct sc_str text, const char *first,
		    const char *next);

#endif
