/*
 * process.h - the processes of a host, and the containers among them.
 *
 * A container is told by its cgroup, and where it has none of its own by its
 * parent, conmon or containerd-shim. Names and command lines are what processes
 * gave themselves: good to be shown, escaped, and for nothing else.
 */
#ifndef SC_HOST_PROCESS_H
#define SC_HOST_PROCESS_H

#include "host/host.h"

#define SC_PROCESSES_MAX 65536 /* of the rest nothing is known */

struct sc_process {
	uint64_t pid, parent;
	uint64_t started;     /* ticks since boot */
	struct sc_str comm;   /* 15 bytes at most */
	struct sc_str label;  /* empty: none, or it could not be read */
	struct sc_str engine; /* of the container that it is in; empty: none */
	struct sc_str id;     /* of the container */
};

struct sc_host_container {
	struct sc_str engine; /* "podman" */
	struct sc_str id;     /* hexadecimal, whole; empty: not known */
	struct sc_str name;   /* as its engine calls it; empty: not known */
	struct sc_process first;
	size_t processes;
	struct sc_process other; /* one whose type is not the first one's; its
				    .pid is 0 if there is none */
};

struct sc_processes {
	struct sc_process *v; /* in the order of their numbers */
	size_t n;
	size_t room;
	bool cut; /* there were more */

	struct {
		struct sc_host_container *v; /* by engine, name, id */
		size_t n;
		size_t room;
	} containers;
};

/* Errors: SC_ESYSTEM if there is no /proc; SC_ENOMEM. Processes that end while
 * they are read are left out. */
int sc_processes_read(const struct sc_host *h, struct sc_arena *a,
		      struct sc_processes *out, struct sc_error *err)
	SC_MUST_USE;

/* The first one called @comm outside of containers, or NULL. */
const struct sc_process *sc_process_named(const struct sc_processes *list,
					  struct sc_str comm);

/* The words of a command line, split by NULs; none if it cannot be read. */
int sc_process_words(const struct sc_host *h, uint64_t pid, struct sc_arena *a,
		     struct sc_names *out, struct sc_error *err) SC_MUST_USE;

/* Has the file at @path been written after @p started? False if it cannot be
 * told. */
bool sc_process_is_older(const struct sc_host *h, const struct sc_process *p,
			 const char *path, struct sc_arena *a);

/* "1234 (comm) S 1 ..." into .pid, .parent, .started and .comm, which points
 * into @text. False for a process that has ended (a zombie), or another form.
 */
bool sc_process_stat(struct sc_str text, struct sc_process *out);

/* Which engine's container the lines of /proc/PID/cgroup tell of; false: none.
 * The views point into @text, or into the table of engines. */
bool sc_process_cgroup(struct sc_str text, struct sc_str *engine,
		       struct sc_str *id);

#endif
