/*
 * config.h - what decides the mode at boot: /etc/selinux/config, read as
 * libselinux reads it and nobody else does, and the kernel's command line.
 */
#ifndef SC_POLICY_CONFIG_H
#define SC_POLICY_CONFIG_H

#include "base/str.h"

enum sc_mode {
	SC_MODE_NONE, /* no line says it: permissive, for those who boot */
	SC_MODE_DISABLED,
	SC_MODE_PERMISSIVE,
	SC_MODE_ENFORCING,
};

const char *sc_mode_name(enum sc_mode mode); /* "enforcing" */

struct sc_config {
	enum sc_mode mode;  /* of the first line that says one */
	struct sc_str type; /* of the last one; empty: none */
	bool type_is_odd;   /* blanks, quotes or a comment in it: no folder of
			       that name will be found */
};

void sc_config_read(struct sc_str text, struct sc_config *out);

struct sc_cmdline {
	struct sc_str selinux; /* "0"; empty: not there */
	struct sc_str enforcing;
	struct sc_str security;
	struct sc_str lsm;
};

/* Of a word that comes twice the last one, as the kernel does it. */
void sc_cmdline_read(struct sc_str text, struct sc_cmdline *out);

#endif
