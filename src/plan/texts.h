/*
 * texts.h - where a ledger keeps texts. For the ledger alone: what others use
 * of it is in ledger.h.
 */
#ifndef SC_PLAN_TEXTS_H
#define SC_PLAN_TEXTS_H

#include "plan/ledger.h"

#define SC_TEXTS "texts" /* the folder, in the ledger's */

#endif
