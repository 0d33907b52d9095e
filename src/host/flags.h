/* flags.h - what the words of a command line say. */
#ifndef SC_HOST_FLAGS_H
#define SC_HOST_FLAGS_H

#include "host/service.h"

/*
 * Flags as pflag reads them: --name=value, --name value, and of a bool --name
 * alone; "_" is "-"; "--" ends them. Start @at with 0; false when no more of
 * them is called @name.
 */
bool sc_flag_next(const struct sc_words *words, size_t *at, struct sc_str name,
		  bool is_bool, struct sc_str *value, struct sc_origin *from);

/* The last one's value, which counts; false: none. */
bool sc_flag_last(const struct sc_words *words, struct sc_str name,
		  struct sc_str *value, struct sc_origin *from);

/* A truth value and a number as Go's strconv takes them from a flag ("T", "0",
 * "0x1f", "010" is 8); false: it is none. */
bool sc_flag_bool(struct sc_str v, bool *out);
bool sc_flag_number(struct sc_str v, int64_t *out);

/* A truth value in a file of YAML 1.1, which is what the programs around
 * Kubernetes read: "yes", "Off". */
bool sc_yaml_bool(struct sc_str v, bool *out);

#endif
