/*
 * show.h - a spec as text for people, and as JSON for programs.
 *
 * Nothing from the spec's file reaches @out unescaped.
 */
#ifndef SC_SPEC_SHOW_H
#define SC_SPEC_SHOW_H

#include "base/buf.h"
#include "spec/spec.h"

/* What the model holds, a paragraph for each container; then the notes. */
void sc_spec_put(const struct sc_spec *spec, struct sc_buf *out);

/* One object a line, each with "v":1: every container, then every note. */
void sc_spec_put_json(const struct sc_spec *spec, struct sc_buf *out);

/* "tcp", "udp", "sctp" */
const char *sc_proto_name(enum sc_proto proto);

#endif
