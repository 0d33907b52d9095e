/* sha256.h - the digest that a file of ours is known by (FIPS 180-4), by libmd.
 */
#ifndef SC_BASE_SHA256_H
#define SC_BASE_SHA256_H

#include "base/str.h"

#define SC_SHA256_BYTES 32
#define SC_SHA256_HEX ((size_t)2 * SC_SHA256_BYTES)

void sc_sha256(struct sc_str text, uint8_t digest[SC_SHA256_BYTES]);

/* The same in lower-case hex digits, with a NUL behind them. */
void sc_sha256_hex(struct sc_str text, char hex[SC_SHA256_HEX + 1]);

/* Could @v be that, without the NUL? */
bool sc_is_digest(struct sc_str v);

#endif
