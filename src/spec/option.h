/*
 * option.h - the small languages inside strings: ports, mount options,
 * security options, capabilities, words of a command. Not for others.
 */
#ifndef SC_SPEC_OPTION_H
#define SC_SPEC_OPTION_H

#include "spec/reader.h"

/* "80" or "8000-8010", whole; false if it is neither, or no port is meant. */
bool sc_option_ports(struct sc_str text, uint16_t *first, uint16_t *last);

/* "tcp", "udp" or "sctp", in any case; false if it is none of them. */
bool sc_option_proto(struct sc_str text, enum sc_proto *out);

/* "80/tcp", "53-54/udp", "80": .first, .last and .proto of @out. */
bool sc_option_port_key(struct sc_str text, struct sc_port *out);

/* "[[ip:]host:]inside[/proto]", as in docker's -p. */
bool sc_option_publish(struct sc_str text, struct sc_port *out);

/* Take over "ro,z" into @mount. */
void sc_option_mount(struct sc_str words, struct sc_mount *mount);

enum sc_security {
	SC_SECURITY_OTHER, /* seccomp=..., and whatever we don't know */
	SC_SECURITY_TYPE,
	SC_SECURITY_LEVEL,
	SC_SECURITY_DISABLE,
	SC_SECURITY_LABEL, /* label=user:, role:, filetype:, nested */
	SC_SECURITY_NO_NEW_PRIVS,
};

struct sc_security_option {
	enum sc_security kind;
	struct sc_str value;
	bool has_colon; /* "label:type:x", which podman does not take */
};

/* One entry of security_opt. */
struct sc_security_option sc_option_security(struct sc_str text);

/*
 * Take the next entry off @in: podman 4 joins several into one string,
 * "label=type:x,label=level:s0:c1,c2". False at the end.
 */
bool sc_option_take_security(struct sc_str *in, struct sc_str *out);

/* Take over one entry, which stands at @node, into @c. */
int sc_option_add_security(struct sc_reader *r, struct sc_container *c,
			   struct sc_str text, const struct sc_doc_node *node)
	SC_MUST_USE;

/*
 * The capabilities of the list @node, as the model has them, into @items. One
 * that Linux does not have is noted and left out.
 */
int sc_option_caps(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_items *items) SC_MUST_USE;

/* What a container runs with that docker starts with these. */
int sc_option_docker_caps(struct sc_reader *r, struct sc_container *c,
			  const struct sc_doc_node *node) SC_MUST_USE;

/* A command's words, split as a shell would, nothing expanded. */
int sc_option_words(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_str text, struct sc_items *items) SC_MUST_USE;

/* ["CMD", ...], ["CMD-SHELL", ...], ["NONE"]: the words of a health check. */
int sc_option_health(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_items *items) SC_MUST_USE;

#endif
