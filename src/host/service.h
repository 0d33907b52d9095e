/*
 * service.h - the command line that systemd gives to a service, by its unit,
 * the drop-ins of it and the files of its environment; each word with the line
 * that it comes from.
 */
#ifndef SC_HOST_SERVICE_H
#define SC_HOST_SERVICE_H

#include "host/host.h"
#include "host/value.h"

#define SC_WORDS_OF_SERVICE 4096 /* on one command line, at most */

struct sc_word {
	struct sc_str text;
	struct sc_origin from;
};

struct sc_words {
	struct sc_word *v; /* the first one is the program */
	size_t n;
	size_t room;
};

struct sc_service {
	bool there;
	bool masked;           /* systemd does not start it */
	struct sc_names files; /* the unit, then its drop-ins as they count */
	struct sc_words words; /* of the last ExecStart= */
	struct sc_str trouble; /* why the words are not sure; or empty */
};

/* @name: "kubelet.service". Errors: SC_ENOMEM; the rest is .trouble. */
int sc_service_read(const struct sc_host *h, const char *name,
		    struct sc_arena *a, struct sc_service *out,
		    struct sc_error *err) SC_MUST_USE;

/* The same for the text of a unit alone, which is called @name; what else it
 * names is not read. */
int sc_service_text(struct sc_str text, struct sc_str name, struct sc_arena *a,
		    struct sc_service *out, struct sc_error *err) SC_MUST_USE;

/*
 * The same command line as the process @pid has it. If @service gives the very
 * same words, they keep the lines that they come from. None if it cannot be
 * read.
 */
int sc_service_running(const struct sc_host *h, uint64_t pid,
		       const struct sc_service *service, struct sc_arena *a,
		       struct sc_words *out, struct sc_error *err) SC_MUST_USE;

#endif
