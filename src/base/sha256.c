#include "base/sha256.h"

#include "base/hex.h"

#include <sys/types.h>

#include <sha2.h>

void sc_sha256(struct sc_str text, uint8_t digest[SC_SHA256_BYTES])
{
	SHA2_CTX state;

	SHA256Init(&state);
	if (text.n)
		SHA256Update(&state, (const uint8_t *)text.s, text.n);
	SHA256Final(digest, &state);
}

void sc_sha256_hex(struct sc_str text, char hex[SC_SHA256_HEX + 1])
{
	uint8_t digest[SC_SHA256_BYTES];

	sc_sha256(text, digest);
	for (size_t i = 0; i < SC_SHA256_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

bool sc_is_digest(struct sc_str v)
{
	return v.n == SC_SHA256_HEX && sc_hex_length(v) == v.n;
}
