/*
 * engine.h - the container engines of a host, and whether each gives its
 * containers labels: by what its running daemon was told, and what its
 * configuration says.
 */
#ifndef SC_HOST_ENGINE_H
#define SC_HOST_ENGINE_H

#include "host/process.h"
#include "policy/state.h"

struct sc_engine {
	struct sc_str name;
	struct sc_str program; /* its path; empty: it runs, but is not there */
	uint64_t daemon;       /* the number of its process; 0: none */
	enum sc_answer labels;
	struct sc_str of;     /* the engine whose part it is, and which decides;
				 or empty */
	struct sc_str config; /* its file, there or not; empty: several */
	struct sc_str drop_ins; /* the folder of files on that; or empty */
	struct sc_str where;    /* what says so: "/etc/docker/daemon.json",
				   "--selinux-enabled", "by default" */
	uint32_t line;          /* in that file; 0: not known */
	struct sc_str key;      /* as it is written there; empty: not known */
	struct sc_str clash;    /* what keeps the daemon from starting again */
	struct sc_str hint;     /* more to know; or empty */
	bool stale; /* that file is newer than the daemon that read it */
	struct sc_str trouble; /* why it could not be read; empty: it could */
};

struct sc_engines {
	struct sc_engine *v; /* in the order of data/engines.tsv */
	size_t n;
	size_t room;
};

/* @home: of the user whose settings podman heeds too; or NULL. */
int sc_engines_find(const struct sc_host *h, const struct sc_processes *list,
		    const char *home, struct sc_arena *a,
		    struct sc_engines *out, struct sc_error *err) SC_MUST_USE;

/* Podman alone, as who has @home uses it; .labels, .where and .trouble are
 * filled. */
int sc_podman_of_home(const struct sc_host *h, const char *home,
		      struct sc_arena *a, struct sc_engine *out,
		      struct sc_error *err) SC_MUST_USE;

#endif
