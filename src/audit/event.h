/*
 * event.h - the records of one event, brought together.
 *
 * One refused system call leaves several lines in the log: AVC says what was
 * denied, SYSCALL which program asked, CWD and PATH the full path, PROCTITLE
 * the command line, SOCKADDR the address. They carry the same stamp.
 *
 * The interface below is fixed for those who use it; how records are found and
 * joined is this folder's own matter.
 */
#ifndef SC_AUDIT_EVENT_H
#define SC_AUDIT_EVENT_H

#include "audit/avc.h"
#include "audit/record.h"

#define SC_EVENT_AVCS 16 /* AVC records of one event; more are counted bad */

/* Views are good until the next event. Text is decoded; any bytes can be in it.
 * An absent field is an empty view. */
struct sc_event {
	struct sc_stamp stamp;
	struct sc_str node;
	struct sc_avc avcs[SC_EVENT_AVCS];
	/* for each AVC: the path it is about, whole where the records tell it;
	 * else the name alone; or empty */
	struct sc_str objects[SC_EVENT_AVCS];
	size_t n_avcs;
	struct sc_str exe;       /* SYSCALL; empty if there was none */
	struct sc_str comm;      /* SYSCALL or AVC */
	struct sc_str proctitle; /* arguments, split by NUL bytes */
	struct sc_str
		address; /* SOCKADDR: "10.0.0.5 port 3306", "/run/x.sock" */
	bool from_user;  /* USER_AVC */
};

#endif
