#include "host/selinux_config.h"

#include "host/assign.h"

#include <strings.h>

static const struct sc_str mode_key = SC_STR("SELINUX=");
static const struct sc_str type_key = SC_STR("SELINUXTYPE=");

const char *sc_config_reader_name(enum sc_config_reader reader)
{
	static const char *const names[] = {
		[SC_READER_LIBSELINUX] = "libselinux and init",
		[SC_READER_SHELL] = "scripts that source it",
		[SC_READER_SCANNER] = "scanners",
		[SC_READER_ANSIBLE] = "ansible",
		[SC_READERS] = "",
	};

	return names[reader];
}

static void odd(struct sc_config_views *out, uint32_t line, const char *what)
{
	if (out->odd_n < SC_CONFIG_ODD_MAX)
		out->odd[out->odd_n++] = (struct sc_config_odd){ line, what };
}

static bool read_shell(struct sc_str text, struct sc_arena *a,
		       struct sc_config_view *out)
{
	struct sc_assign_walk at = { .rest = text };
	struct sc_assign var;

	while (sc_assign_next(&at, SC_ASSIGN_SHELL, a, &var)) {
		bool mode = sc_str_eq(var.name, SC_STR("SELINUX"));

		if (!mode && !sc_str_eq(var.name, SC_STR("SELINUXTYPE")))
			continue;
		out->unsure = out->unsure || var.unsure;
		if (mode)
			out->mode = var.value;
		else
			out->type = var.value;
	}
	return !at.no_memory;
}

/* The first lines that begin like this: what is behind, as it is. */
static void read_first(struct sc_str line, struct sc_config_view *out)
{
	if (!out->mode.s && sc_take_prefix(&line, mode_key))
		out->mode = line;
	else if (!out->type.s && sc_take_prefix(&line, type_key))
		out->type = line;
}

static struct sc_str strip(struct sc_str v)
{
	while (v.n && strchr(" \t\r\v\f", *v.s))
		sc_str_drop(&v, 1);
	while (v.n && strchr(" \t\r\v\f", v.s[v.n - 1]))
		v.n--;
	return v;
}

/* Does the line mean to say SELINUX= or SELINUXTYPE=? */
static bool means(struct sc_str line, struct sc_str key)
{
	struct sc_str word = { key.s, key.n - 1 };

	line = strip(line);
	if (line.n < word.n || strncasecmp(line.s, word.s, word.n) != 0)
		return false;
	sc_str_drop(&line, word.n);
	line = strip(line);
	return line.n && *line.s == '=';
}

static const char *fault(struct sc_str line, struct sc_str key)
{
	struct sc_str value = line;

	if (!sc_take_prefix(&value, key))
		return line.n && strchr(" \t", *line.s)
			       ? "blanks before the name"
			       : "the name is not written as all read it";
	if (value.n && value.s[value.n - 1] == '\r')
		return "a carriage return at its end";
	if (memchr(value.s, '#', value.n))
		return "a comment behind the value";
	if (memchr(value.s, '"', value.n) || memchr(value.s, '\'', value.n))
		return "quotes around the value";
	if (!value.n)
		return "no value";
	if (strip(value).n != value.n)
		return "blanks around the value";
	return NULL;
}

static void check_line(struct sc_str line, uint32_t number,
		       struct sc_config_views *out, size_t *modes,
		       size_t *types)
{
	bool mode = means(line, mode_key), type = means(line, type_key);
	const char *what;

	if (!mode && !type)
		return;
	what = fault(line, mode ? mode_key : type_key);
	if (what)
		odd(out, number, what);
	*modes += mode;
	*types += type;
	if (mode && *modes == 2)
		odd(out, number, "a second line for the mode");
	if (type && *types == 2)
		odd(out, number, "a second line for the policy");
}

/* Which line libselinux takes the mode from: the first one that says one. */
static void note_lines(struct sc_str line, uint32_t number,
		       struct sc_config_views *out)
{
	struct sc_config one;

	sc_config_read(line, &one);
	if (!out->mode_line && one.mode != SC_MODE_NONE)
		out->mode_line = number;
	if (one.type.n)
		out->type_line = number;
}

bool sc_config_views_read(struct sc_str text, struct sc_arena *a,
			  struct sc_config_views *out)
{
	struct sc_config_view *scanner = &out->v[SC_READER_SCANNER];
	struct sc_config_view *ansible = &out->v[SC_READER_ANSIBLE];
	size_t modes = 0, types = 0;
	struct sc_str line, whole = text;
	struct sc_config config;
	uint32_t number = 0;

	*out = (struct sc_config_views){ 0 };
	sc_config_read(text, &config);
	out->v[SC_READER_LIBSELINUX].type = config.type;
	if (config.mode != SC_MODE_NONE)
		out->v[SC_READER_LIBSELINUX].mode =
			sc_view(sc_mode_name(config.mode));
	if (text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0)
		odd(out, 1,
		    "a byte order mark, which hides the line from some");
	while (sc_take_part(&text, '\n', &line)) {
		number++;
		check_line(line, number, out, &modes, &types);
		note_lines(line, number, out);
		read_first(line, scanner);
	}
	if (!modes)
		odd(out, 0, "no line for the mode");
	if (!types)
		odd(out, 0, "no line for the policy");
	ansible->mode = strip(scanner->mode);
	ansible->type = strip(scanner->type);
	return read_shell(whole, a, &out->v[SC_READER_SHELL]);
}
