/*
 * look.h - one check while it is made: what was found so far, and for what
 * reason. For the files check_NAME.c alone.
 *
 * At the end a check fails if a piece of evidence is wrong; is an error if
 * something could not be told; and passes if neither. Said otherwise: as said.
 */
#ifndef SC_HOST_LOOK_H
#define SC_HOST_LOOK_H

#include "base/buf.h"
#include "host/check.h"
#include "host/machine.h"

#define SC_EVIDENCE_MAX 64 /* of one check; the rest is counted */

struct sc_look {
	const struct sc_machine *machine;
	struct sc_arena *a;
	struct sc_verdict *v;
	bool deep;      /* look at every file, which takes long */
	bool said;      /* .v->kind is final */
	bool trouble;   /* something could not be told */
	size_t more;    /* wrong things that there was no room for */
	bool no_memory; /* once true, it stays so: asked at the end */
	struct sc_evidence nowhere; /* for what there is no room for */
};

/* The verdict, and why. The first one that is said holds. */
void sc_look_say(struct sc_look *l, enum sc_verdict_kind kind, const char *fmt,
		 ...) SC_PRINTF(3, 4);

/* Something could not be told: no pass without it. */
void sc_look_trouble(struct sc_look *l, const char *fmt, ...) SC_PRINTF(2, 3);

/* The reason, where the verdict is that of the evidence. */
void sc_look_note(struct sc_look *l, const char *fmt, ...) SC_PRINTF(2, 3);

/* One more piece of evidence; views are kept. @wanted may be empty. The one
 * that is returned may be written to; it is good until the next call, never
 * NULL. */
struct sc_evidence *sc_look_add(struct sc_look *l, struct sc_str what,
				struct sc_str now, struct sc_str wanted,
				bool wrong);

/* The same for the file at @path. */
void sc_look_file(struct sc_look *l, const char *path, struct sc_str now,
		  struct sc_str wanted, bool wrong);

/* All of a file; empty if it is not there. What cannot be read is trouble. */
struct sc_str sc_look_text(struct sc_look *l, const char *path);

/* Is @line one of the lines of @text, blanks around it aside? */
bool sc_text_has_line(struct sc_str text, const char *line);

/* The value of @name, and whether it is the one wanted. */
void sc_look_value(struct sc_look *l, struct sc_str name,
		   const struct sc_value *v, struct sc_str wanted, bool wrong);

/* Append "/etc/x:12", "--x, word 3 of /proc/8/cmdline", "the default of ...",
 * safe for a terminal; nothing, if nothing is known. */
void sc_origin_put(struct sc_buf *out, const struct sc_origin *from);

/* The file contexts of the policy, for the caller to close; NULL, and said why,
 * if there are none to compare with. */
struct sc_contexts *sc_look_contexts(struct sc_look *l);

/* A table of probes: @look is what is behind "probe ". */
struct sc_probe {
	struct sc_str look;
	void (*run)(struct sc_look *l);
};
extern const struct sc_probe sc_probes_kubelet[], sc_probes_boot[],
	sc_probes_selinux[], sc_probes_running[], sc_probes_labels[],
	sc_probes_places[];

/* Those that are told by their first word, with what follows it. */
void sc_check_kubelet(struct sc_look *l, struct sc_str key);
void sc_check_proxy(struct sc_look *l, struct sc_str key);
void sc_check_files(struct sc_look *l, struct sc_str name);
void sc_check_engine(struct sc_look *l, struct sc_str names);

#endif
