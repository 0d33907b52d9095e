#include "base/safe.h"

/* Bytes of the UTF-8 character at the front of @in; 0 if it is none. */
static size_t take_char(struct sc_str in, uint32_t *code)
{
	unsigned char c = (unsigned char)in.s[0];
	size_t n = c < 0x80   ? 1
		   : c < 0xc2 ? 0
		   : c < 0xe0 ? 2
		   : c < 0xf0 ? 3
		   : c < 0xf5 ? 4
			      : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (n == 0 || n > in.n)
		return 0;
	*code = n == 1 ? c : c & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)in.s[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (next & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

bool sc_is_utf8(struct sc_str text)
{
	while (text.n) {
		uint32_t code;
		size_t n = take_char(text, &code);

		if (n == 0)
			return false;
		sc_str_drop(&text, n);
	}
	return true;
}

static bool is_hidden(uint32_t code)
{
	return code < ' ' || (code >= 0x7f && code <= 0x9f) || code == 0xad ||
	       code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xe0000 && code <= 0xe0fff);
}

void sc_put_safe(struct sc_buf *out, struct sc_str text)
{
	while (text.n) {
		uint32_t code = 0;
		size_t n = take_char(text, &code);

		if (n && code == '\\') {
			sc_put(out, SC_STR("\\\\"));
		} else if (n && !is_hidden(code)) {
			sc_put(out, (struct sc_str){ text.s, n });
		} else {
			n = n ? n : 1;
			for (size_t i = 0; i < n; i++)
				sc_putf(out, "\\x%02x",
					(unsigned char)text.s[i]);
		}
		sc_str_drop(&text, n);
	}
}

void sc_put_json(struct sc_buf *out, struct sc_str text)
{
	sc_put(out, SC_STR("\""));
	while (text.n) {
		uint32_t code = 0;
		size_t n = take_char(text, &code);

		if (n == 0) {
			sc_put(out, SC_STR("\xef\xbf\xbd"));
			n = 1;
		} else if (code == '"' || code == '\\') {
			sc_putf(out, "\\%c", (char)code);
		} else if (is_hidden(code) && code <= 0xffff) {
			sc_putf(out, "\\u%04x", code);
		} else if (is_hidden(code)) {
			sc_putf(out, "\\u%04x\\u%04x",
				0xd800 + ((code - 0x10000) >> 10),
				0xdc00 + ((code - 0x10000) & 0x3ff));
		} else {
			sc_put(out, (struct sc_str){ text.s, n });
		}
		sc_str_drop(&text, n);
	}
	sc_put(out, SC_STR("\""));
}
