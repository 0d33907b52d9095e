/* filter.h - the options that choose denials, the same for every command that
 * reads logs. */
#ifndef SC_CLI_FILTER_H
#define SC_CLI_FILTER_H

#include "cli/cli.h"
#include "cli/logs.h"

/* As given on the command line; NULL where an option was not. */
struct sc_filter_words {
	const char *since, *until;
	const char *source, *target, *tclass, *perm, *comm;
	const char *container;
	const char *checkpoint;
	bool last_reload;
};

#define SC_FILTER_OPTION(type, member, part) \
	(offsetof(type, member) + offsetof(struct sc_filter_words, part))

/* Rows of a table of options; @member of @type is a struct sc_filter_words. */
#define SC_FILTER_OPTIONS(type, member)                                   \
	{ 's', "since", "TIME", "none before TIME, in local time",        \
	  SC_FILTER_OPTION(type, member, since) },                        \
		{ 'u', "until", "TIME", "none after TIME, in local time", \
		  SC_FILTER_OPTION(type, member, until) },                \
		{ 'd', "domain", "TYPE",                                  \
		  "of this domain only; * and ? are wildcards",           \
		  SC_FILTER_OPTION(type, member, source) },               \
		{ 0, "source", "TYPE", "the same",                        \
		  SC_FILTER_OPTION(type, member, source) },               \
		{ 0, "target", "TYPE", "on this type only",               \
		  SC_FILTER_OPTION(type, member, target) },               \
		{ 0, "class", "CLASS", "on this class of objects only",   \
		  SC_FILTER_OPTION(type, member, tclass) },               \
		{ 0, "perm", "PERM", "with this permission only",         \
		  SC_FILTER_OPTION(type, member, perm) },                 \
		{ 0, "comm", "NAME", "of this program only",              \
		  SC_FILTER_OPTION(type, member, comm) },                 \
		{ 'c', "container", "NAME",                               \
		  "of this container, type or level only",                \
		  SC_FILTER_OPTION(type, member, container) },            \
		{ 'l', "last-reload", NULL,                               \
		  "none before the policy was last loaded",               \
		  SC_FILTER_OPTION(type, member, last_reload) },          \
	{                                                                 \
		0, "checkpoint", "FILE",                                  \
			"only what is new since the run before",          \
			SC_FILTER_OPTION(type, member, checkpoint)        \
	}

/* Times are read against the clock; @out stays where it is until it was used.
 * Errors: SC_ESYNTAX, a bad time or checkpoint; those of finding a container.
 */
int sc_filter_read(const struct sc_filter_words *words, struct sc_filter *out,
		   struct sc_error *err) SC_MUST_USE;

/* After the logs were read with @f and @out has all that came of them: what was
 * read counts as read, for the next run with the same --checkpoint. */
int sc_filter_end(const struct sc_filter_words *words,
		  const struct sc_filter *f, FILE *out, struct sc_error *err)
	SC_MUST_USE;

#endif
