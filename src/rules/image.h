/*
 * image.h - what is known of an image by its name (data/images.tsv).
 *
 * An image's name is text from outside and proves nothing: what the table says
 * of it is a proposal, shown with its reason, never more.
 */
#ifndef SC_RULES_IMAGE_H
#define SC_RULES_IMAGE_H

#include "spec/spec.h"

#define SC_IMAGE_PORTS 8 /* at most, in one row */

struct sc_image_port {
	uint16_t number;
	enum sc_proto proto;
};

struct sc_image {
	struct sc_str name; /* of the row; empty: the image is unknown */
	struct sc_image_port ports[SC_IMAGE_PORTS]; /* the main one first */
	size_t n_ports;
	struct sc_str caps; /* words, "dropuser" among them; or empty */
	bool jit;
	bool data;            /* a database or a broker */
	struct sc_str serves; /* or empty */
	struct sc_str speaks; /* words; "*": anything; or empty */
};

/*
 * Find the image called @reference ("docker.io/library/redis:7@sha256:...") and
 * fill @out; of an unknown image only .speaks is set, to "*".
 */
void sc_image_find(struct sc_str reference, struct sc_image *out);

/* May the image connect with @protocol, as far as the table knows? */
bool sc_image_speaks(const struct sc_image *image, struct sc_str protocol);

#endif
