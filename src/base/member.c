#include "base/member.h"

#include "base/safe.h"
#include "base/table.h"

#include <inttypes.h>

void sc_member_text(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", name);
	sc_put_json(out, v);
}

void sc_member_present(struct sc_buf *out, const char *name, struct sc_str v)
{
	if (v.n)
		sc_member_text(out, name, v);
}

void sc_member_bool(struct sc_buf *out, const char *name, bool v)
{
	sc_putf(out, ",\"%s\":%s", name, v ? "true" : "false");
}

void sc_member_number(struct sc_buf *out, const char *name, uint64_t v)
{
	sc_putf(out, ",\"%s\":%" PRIu64, name, v);
}

void sc_member_list(struct sc_buf *out, const char *name,
		    const struct sc_str *v, size_t n)
{
	sc_putf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		sc_put(out, i ? SC_STR(",") : SC_STR(""));
		sc_put_json(out, v[i]);
	}
	sc_put(out, SC_STR("]"));
}

void sc_member_words(struct sc_buf *out, const char *name, struct sc_str list)
{
	const char *between = "";
	struct sc_str word;

	sc_putf(out, ",\"%s\":[", name);
	while (sc_take_word(&list, &word)) {
		sc_putf(out, "%s", between);
		sc_put_json(out, word);
		between = ",";
	}
	sc_put(out, SC_STR("]"));
}
