#include "base/vec.h"
#include "cli/confine.h"

static struct sc_str trim(struct sc_str v)
{
	while (v.n && memchr(" \t\r", *v.s, 3))
		sc_str_drop(&v, 1);
	while (v.n && memchr(" \t\r", v.s[v.n - 1], 3))
		v.n--;
	return v;
}

/* 'x', "x", or x up to " #". */
static struct sc_str unquote(struct sc_str v)
{
	struct sc_str inner;

	if (v.n && (*v.s == '\'' || *v.s == '"')) {
		struct sc_str rest = { v.s + 1, v.n - 1 };

		return sc_take_until(&rest, *v.s, &inner) ? inner : v;
	}
	for (size_t i = 0; i + 1 < v.n; i++)
		if (memchr(" \t", v.s[i], 2) && v.s[i + 1] == '#')
			return trim((struct sc_str){ v.s, i });
	return v;
}

bool sc_dotenv_read(struct sc_str text, struct sc_str file, struct sc_arena *a,
		    struct sc_items *out)
{
	uint32_t number = 0;
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		struct sc_item item = { 0 };

		number++;
		line = trim(line);
		if (!line.n || *line.s == '#')
			continue;
		if (sc_take_prefix(&line, SC_STR("export ")))
			line = trim(line);
		if (!sc_take_until(&line, '=', &item.name))
			continue;
		item.name = trim(item.name);
		item.value = unquote(trim(line));
		item.place = (struct sc_place){ .file = file, .line = number };
		if (item.name.n && !SC_PUSH(a, out, item))
			return false;
	}
	return true;
}
