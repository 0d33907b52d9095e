/*
 * selinux_config.h - /etc/selinux/config as each of those who read it does:
 * they disagree about anything but plain lines.
 */
#ifndef SC_HOST_SELINUX_CONFIG_H
#define SC_HOST_SELINUX_CONFIG_H

#include "base/arena.h"
#include "policy/config.h"

enum sc_config_reader {
	SC_READER_LIBSELINUX, /* init, and the tools of SELinux */
	SC_READER_SHELL,   /* fixfiles, scripts of packages: they source it */
	SC_READER_SCANNER, /* OpenSCAP: the exact line, the first one */
	SC_READER_ANSIBLE, /* the first line that begins so */
	SC_READERS,
};

struct sc_config_view {
	struct sc_str mode; /* as it is read; empty: none */
	struct sc_str type;
	bool unsure; /* of a shell: it would run something */
};

#define SC_CONFIG_ODD_MAX 16

/* A line that not all read the same. */
struct sc_config_odd {
	uint32_t line;
	const char *what;
};

struct sc_config_views {
	struct sc_config_view v[SC_READERS];
	struct sc_config_odd odd[SC_CONFIG_ODD_MAX];
	size_t odd_n;
	uint32_t mode_line, type_line; /* those that libselinux goes by; or 0 */
};

const char *sc_config_reader_name(enum sc_config_reader reader);

/* False without memory. */
bool sc_config_views_read(struct sc_str text, struct sc_arena *a,
			  struct sc_config_views *out);

#endif
