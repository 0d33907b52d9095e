/*
 * asking.h - one engine while it is asked whether it labels. For engine.c and
 * engine_containerd.c alone.
 */
#ifndef SC_HOST_ASKING_H
#define SC_HOST_ASKING_H

#include "doc/doc.h"
#include "host/engine.h"
#include "host/service.h"

struct sc_asking {
	const struct sc_host *host;
	const struct sc_process *daemon; /* or NULL */
	struct sc_words words; /* of its command line, or by its unit */
	const char *home;
	const struct sc_processes *list;
	const struct sc_engines *before; /* those found before it */
	bool typed; /* its files tell a truth value from text */
	struct sc_arena *a;
	struct sc_engine *e;
};

/* Why nothing can be told, if it is the first reason; and what can. */
int sc_asking_trouble(struct sc_asking *l, struct sc_error *err,
		      const char *fmt, ...) SC_PRINTF(3, 4) SC_MUST_USE;
int sc_asking_say(struct sc_asking *l, enum sc_answer labels, const char *where,
		  struct sc_error *err) SC_MUST_USE;

/* The value of "--name VALUE" or "--name=VALUE" of its command line, which
 * names a file or a folder; else @otherwise. */
int sc_asking_path(struct sc_asking *l, const char *name, const char *otherwise,
		   const char **out, struct sc_error *err) SC_MUST_USE;

typedef int sc_doc_read_fn(struct sc_str, struct sc_arena *, struct sc_doc *,
			   struct sc_error *);

/* @path as a tree; NULL if it is not there or says nothing. */
int sc_asking_load(struct sc_asking *l, const char *path, sc_doc_read_fn *read,
		   struct sc_doc_node **out, struct sc_error *err) SC_MUST_USE;

/* Is @key, of the file at @path, true? @set: what counts, or NULL where it is
 * not said; a value that is neither is trouble. */
int sc_asking_truth(struct sc_asking *l, const struct sc_doc_node *key,
		    const char *path, const struct sc_doc_node **set,
		    struct sc_error *err) SC_MUST_USE;
bool sc_asking_is_true(const struct sc_doc_node *set);

/* @set of the file at @path decides. */
int sc_asking_say_file(struct sc_asking *l, const struct sc_doc_node *set,
		       const char *path, struct sc_error *err) SC_MUST_USE;

int sc_asking_containerd(struct sc_asking *l, struct sc_error *err) SC_MUST_USE;

#endif
