/*
 * need.h - what a container asks for, thing by thing, before it is a rule.
 *
 * A need says which access, why, and how sure we are. Weak needs are shown and
 * never granted silently.
 */
#ifndef SC_RULES_NEED_H
#define SC_RULES_NEED_H

#include "base/buf.h"
#include "rules/rule.h"
#include "spec/spec.h"

enum sc_need_kind {
	SC_NEED_LISTEN,     /* bind .port */
	SC_NEED_CONNECT,    /* connect to .port of .peer */
	SC_NEED_CAPABILITY, /* .word: "net_bind_service" */
	SC_NEED_ADDITION,   /* .word: a block of the base, "selcage_dropuser" */
	SC_NEED_RELABEL,    /* .mount must be relabelled: a patch, no rule */
};

enum sc_confidence { SC_NEVER, SC_LOW, SC_MEDIUM, SC_HIGH };
const char *sc_confidence_name(enum sc_confidence c); /* "never", "low", ... */

struct sc_need {
	enum sc_need_kind kind;
	enum sc_confidence confidence; /* granted from SC_MEDIUM up */
	enum sc_proto proto;
	uint16_t port;
	uint16_t last;      /* the same, unless it is a range */
	struct sc_str peer; /* the other container's name; or empty */
	struct sc_str word;
	const struct sc_mount *mount;
	struct sc_str why; /* evidence, in words, with file and line */
};

SC_VECTOR(sc_needs, struct sc_need);

struct sc_edges;
struct sc_image;

/* Where the kernel takes ports that nobody asked for, unless a sysctl says
 * otherwise: to bind one of them needs no rule. */
#define SC_PORT_LOCAL_FIRST 32768
#define SC_PORT_LOCAL_LAST 60999

/*
 * What container @self of @all asks for, beside its mounts: @image is what is
 * known of its image, @edges are those of all. In the order of a module: blocks
 * of the base, capabilities, ports to listen on, ports to connect to; each
 * thing once. A need below SC_MEDIUM is there to be shown. Errors: SC_ENOMEM.
 */
int sc_needs_find(const struct sc_containers *all, size_t self,
		  const struct sc_image *image, const struct sc_edges *edges,
		  struct sc_arena *a, struct sc_needs *out,
		  struct sc_error *err) SC_MUST_USE;

/* Append " (compose.yaml:12)", or the path where a file has no lines. */
void sc_put_place(struct sc_buf *b, const struct sc_place *place);

#endif
