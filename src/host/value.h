/*
 * value.h - the value that a program really runs with, and where it comes from.
 *
 * Layers lie on each other: what the program does by itself, its files in their
 * order, its command line. Each value knows the one that it covers.
 */
#ifndef SC_HOST_VALUE_H
#define SC_HOST_VALUE_H

#include "base/arena.h"

enum sc_layer {
	SC_LAYER_DEFAULT, /* nobody said anything */
	SC_LAYER_FILE,
	SC_LAYER_FLAG,   /* on a command line */
	SC_LAYER_KERNEL, /* what the kernel says of itself */
};

struct sc_origin {
	enum sc_layer layer;

	/* As seen from the root: "/etc/docker/daemon.json"; of a flag the unit,
	 * the drop-in or the EnvironmentFile that it stands in, or
	 * "/proc/812/cmdline". Empty for a default. */
	struct sc_str file;
	uint32_t line; /* counted from 1; 0: not known, or no lines there */
	uint32_t word; /* of a flag: its place on the command line, from 1 */

	/* As it is written there: "--read-only-port", "readOnlyPort"; of a
	 * default, of what: "of the kubelet with a file of configuration" */
	struct sc_str key;
};

struct sc_value {
	struct sc_str text; /* as it counts; of a list: a,b,c */
	bool set;           /* somebody, or a default, says something */
	struct sc_origin from;
	const struct sc_value *under; /* what would count without it, or NULL */
	struct sc_str trouble;        /* why it cannot be told; empty: it can */
};

#endif
