/*
 * status.h - all that is to be known of SELinux on a host, gathered and not yet
 * judged. What could not be read says so, and is never guessed.
 */
#ifndef SC_HOST_STATUS_H
#define SC_HOST_STATUS_H

#include "host/engine.h"
#include "policy/config.h"
#include "policy/facts.h"
#include "policy/loaded.h"
#include "policy/relabel.h"

#define SC_PORTS_ASKED 6

/* One compiled policy. */
struct sc_policy_look {
	bool read;
	struct sc_str path;
	struct sc_str trouble; /* why it was not read */
	struct sc_facts facts;
};

/* What the policy in force answers; of the installed one, if the kernel's own
 * cannot be read. */
struct sc_asked {
	bool asked;
	bool refpolicy;        /* its container types are named as there */
	bool container_type;   /* it has one at all */
	struct sc_names fixes; /* of data/fixes.tsv that it needs */
	struct {
		uint16_t port;
		struct sc_str type;
	} ports[SC_PORTS_ASKED];
};

struct sc_mislabel {
	struct sc_str path;
	struct sc_str label;  /* its type */
	struct sc_str wanted; /* the type that it should have; may be empty */
};

struct sc_mislabels {
	struct sc_mislabel *v;
	size_t n;
	size_t room;
};

/* Is a container confined, and which of its processes says so? */
struct sc_confined {
	enum sc_answer confined;
	const struct sc_process *by;
};

struct sc_status {
	/* configuration */
	bool config_there;
	struct sc_config config;
	struct sc_str config_trouble;
	struct sc_str policy_name; /* the folder in /etc/selinux */
	bool policy_there;
	struct sc_cmdline cmdline;
	bool autorelabel;

	struct sc_state state;
	struct sc_policy_look running, installed;
	struct sc_asked asked;

	/* the module store */
	struct sc_str store_trouble; /* why it was not read; empty: it was */
	enum sc_answer store_is_installed;
	enum sc_answer store_hides; /* dontaudit rules are built in */
	struct sc_loaded_list modules;
	bool interrupted;
	struct sc_names not_running; /* of .modules, not in the kernel */

	struct sc_processes processes;
	struct sc_str processes_trouble;
	struct sc_confined *confined; /* for each container */
	struct sc_engines engines;
	struct sc_names units; /* that start podman in a domain of its own */
	size_t units_unread;

	struct sc_str log_trouble; /* why nobody counted the denials: for the
				      caller to say, who reads the log */

	/* labels */
	struct sc_mislabels sockets, run, layers;
};

/*
 * Gather all of it. @home: of the user whose settings podman heeds; or NULL.
 * Everything lives in @a; labels and contexts are looked at only where the
 * kernel, or a root of its own, can have them.
 */
int sc_status_read(const struct sc_host *h, const char *home,
		   struct sc_arena *a, struct sc_status *out,
		   struct sc_error *err) SC_MUST_USE;

/* The part of it that asks compiled policies. */
int sc_status_policies(const struct sc_host *h, struct sc_arena *a,
		       struct sc_status *s, struct sc_error *err) SC_MUST_USE;

/* The part of it that looks at labels of files. */
int sc_status_labels(const struct sc_host *h, struct sc_arena *a,
		     struct sc_status *s, struct sc_error *err) SC_MUST_USE;

/* The file contexts of the installed policy; *@out is NULL if there are none.
 * The caller closes them. Errors: SC_ENOMEM. */
int sc_status_contexts(const struct sc_host *h, const struct sc_status *s,
		       struct sc_arena *a, struct sc_contexts **out,
		       struct sc_error *err) SC_MUST_USE;

/* What went wrong, @why, becomes part of the answer, @out, unless it is memory:
 * then it fails. */
int sc_status_note(const struct sc_error *why, struct sc_arena *a,
		   struct sc_str *out, struct sc_error *err) SC_MUST_USE;

#endif
