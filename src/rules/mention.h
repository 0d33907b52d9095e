/*
 * mention.h - places in a text that may name a host: "db", "db:3306",
 * "redis://:secret@cache:6379/0", "tcp(db:3306)", "/dev/tcp/db/3306".
 *
 * Only the host, the port and what stands before them are handed out: such
 * texts hold passwords, which must not get into a report.
 */
#ifndef SC_RULES_MENTION_H
#define SC_RULES_MENTION_H

#include "base/str.h"

struct sc_mention {
	struct sc_str host;
	struct sc_str scheme; /* "redis" of "redis://cache"; or empty */
	struct sc_str key;    /* "--db-host" of "--db-host=db"; or empty */
	uint16_t port;        /* 0: none is said */
	bool alone;           /* the host is the whole text */
};

struct sc_mentions {
	struct sc_str rest;   /* what is still to be read; start here */
	struct sc_str scheme; /* private from here on */
	struct sc_str hosts;  /* of a URL */
	struct sc_str key;
	const char *start;
};

/* Take the next mention; false at the end. Takes any bytes at all. */
bool sc_take_mention(struct sc_mentions *in, struct sc_mention *out);

/* Do @a and @b name the same host: equal, but for case? */
bool sc_same_host(struct sc_str a, struct sc_str b);

/* Does @name sound like that of a setting that holds a host ("MYSQL_HOST",
 * "--redis-server"), and not a user, a database or a password? */
bool sc_names_host(struct sc_str name);

/* Does @name sound like that of a secret? */
bool sc_names_secret(struct sc_str name);

/* The usual port of a URL's @scheme; 0: not known. */
uint16_t sc_scheme_port(struct sc_str scheme);

#endif
