/* whose.h - which denials are a container's: by its type, by its level, or
 * by a name that selcage's ledger or podman knows. */
#ifndef SC_CLI_WHOSE_H
#define SC_CLI_WHOSE_H

#include "base/error.h"

#define SC_DOMAIN_MAX 256

struct sc_whose {
	char type[SC_DOMAIN_MAX];  /* empty: any */
	char level[SC_DOMAIN_MAX]; /* "s0:c1,c2"; empty: any */
};

/*
 * What is meant by @name: "web.process" or "web_t", a type; "s0:c1,c2" or
 * "c1,c2", a level; the name of a module that selcage loaded, or its last part
 * if only one has it; else a container that podman knows, which is asked.
 * Errors: SC_ENOTFOUND, nobody knows it; SC_ESYNTAX, it is no name.
 */
int sc_whose_find(const char *name, struct sc_whose *out, struct sc_error *err)
	SC_MUST_USE;

#endif
