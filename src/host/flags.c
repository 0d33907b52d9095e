#include "host/flags.h"

/* Is @word the flag @name, where '_' is as good as '-'? */
static bool is_flag(struct sc_str word, struct sc_str name)
{
	if (word.n != name.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((word.s[i] == '_' ? '-' : word.s[i]) != name.s[i])
			return false;
	return true;
}

bool sc_flag_next(const struct sc_words *words, size_t *at, struct sc_str name,
		  bool is_bool, struct sc_str *value, struct sc_origin *from)
{
	for (size_t i = *at ? *at : 1; i < words->n; i++) {
		struct sc_str rest = words->v[i].text, key;
		bool has_value, hit;

		if (sc_str_eq(rest, SC_STR("--")))
			break;
		if (!sc_take_prefix(&rest, SC_STR("--")))
			continue;
		has_value = sc_take_until(&rest, '=', &key);
		if (!has_value)
			key = rest;
		hit = is_flag(key, name);
		if (!hit)
			continue;
		*from = words->v[i].from;
		from->key = (struct sc_str){ words->v[i].text.s, key.n + 2 };
		*value = has_value ? rest : SC_STR("true");
		if (!has_value && !is_bool) {
			*value = i + 1 < words->n ? words->v[i + 1].text
						  : SC_STR("");
			i++;
		}
		*at = i + 1;
		return true;
	}
	*at = words->n;
	return false;
}

bool sc_flag_last(const struct sc_words *words, struct sc_str name,
		  struct sc_str *value, struct sc_origin *from)
{
	size_t at = 0;
	bool found = false;

	while (sc_flag_next(words, &at, name, false, value, from))
		found = true;
	return found;
}
