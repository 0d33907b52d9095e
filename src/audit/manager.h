/*
 * manager.h - whose word is it? Denials that a process logs itself, of objects
 * that the kernel knows nothing of, are believed of a few programs only.
 */
#ifndef SC_AUDIT_MANAGER_H
#define SC_AUDIT_MANAGER_H

#include "audit/avc.h"

/* The name of the known object manager that logged @avc, a USER_AVC; empty if
 * anyone can have. It is of data/managers.tsv, and stays. */
struct sc_str sc_manager_of(const struct sc_avc *avc);

#endif
