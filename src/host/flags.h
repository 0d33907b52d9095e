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

#endif
