/*
 * event.h - the records of one event, brought together.
 *
 * One refused system call leaves several lines in the log: AVC says what was
 * denied, SYSCALL which program asked, CWD and PATH the full path, PROCTITLE
 * the command line, SOCKADDR the address. They carry the same stamp.
 */
#ifndef SC_AUDIT_EVENT_H
#define SC_AUDIT_EVENT_H

#include "audit/avc.h"
#include "audit/notice.h"
#include "audit/owner.h"
#include "audit/record.h"
#include "base/error.h"

/* AVC records in a struct; more come in another one. */
#define SC_EVENT_AVCS 16
#define SC_EVENT_NOTICES 4 /* what comes after is left out */

/* Views are good until the next event. Text is decoded; any bytes can be in it.
 * An absent field is an empty view. */
struct sc_event {
	struct sc_stamp stamp;
	struct sc_str node;
	struct sc_avc avcs[SC_EVENT_AVCS];
	/* for each AVC: the path it is about, whole where the records tell it;
	 * else the name alone; for what has no path "port 3306", "sys_admin",
	 * "module net-pf-10", "dbus org.x.Y.Z"; or empty */
	struct sc_str objects[SC_EVENT_AVCS];
	size_t n_avcs;
	struct sc_notice notices[SC_EVENT_NOTICES];
	size_t n_notices;   /* none in what is .continued */
	bool continued;     /* more of the event before */
	struct sc_str exe;  /* SYSCALL; empty if there was none */
	struct sc_str comm; /* SYSCALL or AVC */
	struct sc_str pid;  /* digits */
	/* arguments, split by NUL bytes: as logged (see sc_value_read()), few
	 * want it; else those of EXECVE */
	struct sc_str proctitle;
	struct sc_str arguments;
	/* SOCKADDR: "10.0.0.5 port 3306", "/run/x.sock" */
	struct sc_str address;
	/* with a capability that passes over owners and modes: of which file */
	struct sc_owner owner;
	bool from_user;        /* USER_AVC */
	struct sc_str manager; /* then: whose word it is, of sc_manager_of() */
	bool forgeable;        /* of a text log: anybody can write such lines */
};

/* A record of an event. */
struct sc_part {
	enum sc_kind kind;
	struct sc_str body;
};

struct sc_parts {
	struct sc_stamp stamp; /* which they share */
	struct sc_str node;
	const struct sc_part *v;
	size_t n;
};

/*
 * Read the event whose records are @parts; one of them at least is an AVC or a
 * notice. *@skip AVC records are passed over, and it is moved on by those that
 * were read. What is made of them lives in @a.
 * *@bad is raised by the AVC records that could not be read; then, and if they
 * were no more than notices, @out has none. Returns 1 if more AVC records
 * follow than @out holds, else 0; SC_ENOMEM.
 */
int sc_event_read(const struct sc_parts *parts, size_t *skip,
		  struct sc_arena *a, struct sc_event *out, uint64_t *bad,
		  struct sc_error *err) SC_MUST_USE;

#endif
