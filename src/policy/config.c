#include "policy/config.h"

#include <strings.h>

/* libselinux takes a longer line as two. */
#define LINE_MAX_BYTES ((size_t)4095)

const char *sc_mode_name(enum sc_mode mode)
{
	static const char *const names[] = {
		[SC_MODE_NONE] = "nothing",
		[SC_MODE_DISABLED] = "disabled",
		[SC_MODE_PERMISSIVE] = "permissive",
		[SC_MODE_ENFORCING] = "enforcing",
	};

	return names[mode];
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool starts_with(struct sc_str v, struct sc_str with)
{
	return v.n >= with.n && strncasecmp(v.s, with.s, with.n) == 0;
}

/* Any word that begins like one of the three will do. */
static enum sc_mode mode_of(struct sc_str line)
{
	static const enum sc_mode modes[] = {
		SC_MODE_ENFORCING,
		SC_MODE_PERMISSIVE,
		SC_MODE_DISABLED,
	};

	if (!sc_take_prefix(&line, SC_STR("SELINUX=")))
		return SC_MODE_NONE;
	while (line.n && is_space(*line.s))
		sc_str_drop(&line, 1);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (starts_with(line, sc_view(sc_mode_name(modes[i]))))
			return modes[i];
	return SC_MODE_NONE;
}

static bool take_type(struct sc_str line, struct sc_str *out)
{
	static const struct sc_str key = SC_STR("SELINUXTYPE=");

	while (line.n && is_space(*line.s))
		sc_str_drop(&line, 1);
	if (!starts_with(line, key))
		return false;
	sc_str_drop(&line, key.n);
	while (line.n && is_space(*line.s))
		sc_str_drop(&line, 1);
	while (line.n && ((unsigned char)line.s[line.n - 1] <= ' ' ||
			  line.s[line.n - 1] == 127))
		line.n--;
	*out = line;
	return true;
}

static bool is_odd(struct sc_str type)
{
	for (size_t i = 0; i < type.n; i++)
		if (is_space(type.s[i]) || strchr("\"'#/$", type.s[i]))
			return true;
	return type.n && *type.s == '.';
}

void sc_config_read(struct sc_str text, struct sc_config *out)
{
	struct sc_str line;

	*out = (struct sc_config){ 0 };
	while (sc_take_part(&text, '\n', &line)) {
		(void)take_type(line, &out->type);
		while (out->mode == SC_MODE_NONE) {
			out->mode = mode_of(line);
			if (line.n <= LINE_MAX_BYTES)
				break;
			sc_str_drop(&line, LINE_MAX_BYTES);
		}
	}
	out->type_is_odd = is_odd(out->type);
}

void sc_cmdline_read(struct sc_str text, struct sc_cmdline *out)
{
	struct sc_str word;

	*out = (struct sc_cmdline){ 0 };
	while (sc_take_part(&text, ' ', &word)) {
		while (word.n && is_space(word.s[word.n - 1]))
			word.n--;
		/* What comes after is for init alone. */
		if (sc_str_eq(word, SC_STR("--")))
			return;
		if (sc_take_prefix(&word, SC_STR("selinux=")))
			out->selinux = word;
		else if (sc_take_prefix(&word, SC_STR("enforcing=")))
			out->enforcing = word;
		else if (sc_take_prefix(&word, SC_STR("security=")))
			out->security = word;
		else if (sc_take_prefix(&word, SC_STR("lsm=")))
			out->lsm = word;
	}
}
