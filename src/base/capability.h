/* capability.h - what policy calls the kernel's capabilities. */
#ifndef SC_BASE_CAPABILITY_H
#define SC_BASE_CAPABILITY_H

#include "base/str.h"

#define SC_CAPABILITIES 41

/* "net_bind_service" for 10; empty if there is no such number. */
struct sc_str sc_capability_word(unsigned number);

#endif
