/* unit.h - the units of systemd that run engines, and in which domain. */
#ifndef SC_HOST_UNIT_H
#define SC_HOST_UNIT_H

#include "host/host.h"

/*
 * The units that start podman or docker and do not say SELinuxContext=: those
 * of the administrator; those that podman has systemd make for health checks,
 * which are called after the container's id; and of the distribution's those
 * that are enabled, be it by a socket or a timer. Sorted. Errors: SC_ELIMIT,
 * SC_ENOMEM; files that cannot be read are counted in @unread.
 */
int sc_units_plain(const struct sc_host *h, struct sc_arena *a,
		   struct sc_names *out, size_t *unread, struct sc_error *err)
	SC_MUST_USE;

/* Does the text of a unit start an engine; does it say SELinuxContext=? A line
 * goes on where it ends in a backslash. */
void sc_unit_read(struct sc_str text, bool *runs_engine, bool *has_context);

/* The folder that systemd looks into as number @i for units, the most important
 * one first; NULL: there are no more. */
const char *sc_unit_folder(size_t i);

#endif
