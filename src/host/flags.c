#include "host/flags.h"

#include "base/hex.h"

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

/* ---- what their values are */

static bool is_one_of(struct sc_str v, const char *const *words)
{
	while (*words && !sc_str_eq(v, sc_view(*words)))
		words++;
	return *words;
}

static bool read_bool(struct sc_str v, const char *const *yes,
		      const char *const *no, bool *out)
{
	*out = is_one_of(v, yes);
	return *out || is_one_of(v, no);
}

bool sc_flag_bool(struct sc_str v, bool *out)
{
	static const char *const yes[] = { "1",    "t",    "T", "true",
					   "TRUE", "True", NULL };
	static const char *const no[] = { "0",     "f",     "F", "false",
					  "FALSE", "False", NULL };

	return read_bool(v, yes, no, out);
}

bool sc_yaml_bool(struct sc_str v, bool *out)
{
	static const char *const yes[] = { "y",   "Y",    "yes",  "Yes",
					   "YES", "true", "True", "TRUE",
					   "on",  "On",   "ON",   NULL };
	static const char *const no[] = { "n",   "N",     "no",    "No",
					  "NO",  "false", "False", "FALSE",
					  "off", "Off",   "OFF",   NULL };

	return read_bool(v, yes, no, out);
}

/* "0x", "0o" and "0b" in front of digits, or the 0 of an octal one. */
static unsigned take_base(struct sc_str *v)
{
	static const struct {
		const char *lower, *upper;
		unsigned base;
	} all[] = { { "0x", "0X", 16 }, { "0o", "0O", 8 }, { "0b", "0B", 2 } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (sc_take_prefix(v, sc_view(all[i].lower)) ||
		    sc_take_prefix(v, sc_view(all[i].upper)))
			return all[i].base;
	return v->n > 1 && *v->s == '0' ? 8 : 10;
}

bool sc_flag_number(struct sc_str v, int64_t *out)
{
	bool negative = sc_take_prefix(&v, SC_STR("-"));
	unsigned base;
	int64_t n = 0;

	if (!negative)
		(void)sc_take_prefix(&v, SC_STR("+"));
	base = take_base(&v);
	for (size_t i = 0; i < v.n; i++) {
		int digit = sc_hex_digit(v.s[i]);

		if (digit < 0 || (unsigned)digit >= base ||
		    n > (INT64_MAX - digit) / (int64_t)base)
			return false;
		n = n * (int64_t)base + digit;
	}
	*out = negative ? -n : n;
	return v.n > 0;
}
