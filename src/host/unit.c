#include "host/unit.h"

#include "base/buf.h"
#include "base/vec.h"

#include <errno.h>
#include <stdlib.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct sc_str trim(struct sc_str v)
{
	while (v.n && is_space(*v.s))
		sc_str_drop(&v, 1);
	while (v.n && is_space(v.s[v.n - 1]))
		v.n--;
	return v;
}

static bool goes_on(struct sc_str line)
{
	return line.n && line.s[line.n - 1] == '\\';
}

/* @name as a word of its own: not "podman.sock", nor "podman-ps". */
static bool has_word(struct sc_str v, struct sc_str name)
{
	const char *at = v.s, *end = v.s + v.n;

	while (at && (at = memmem(at, (size_t)(end - at), name.s, name.n))) {
		bool starts = at == v.s || strchr("/ \t'\"", at[-1]);

		at += name.n;
		if (starts && (at == end || strchr(" \t'\"\\", *at)))
			return true;
	}
	return false;
}

/* Of docker, what its own units run. */
static bool names_engine(struct sc_str v)
{
	return has_word(v, SC_STR("podman")) ||
	       has_word(v, SC_STR("dockerd")) ||
	       has_word(v, SC_STR("containerd"));
}

void sc_unit_read(struct sc_str text, bool *runs_engine, bool *has_context)
{
	struct sc_str line, key;
	bool more = false, exec = false;

	while (sc_take_part(&text, '\n', &line)) {
		bool was_more = more;

		line = trim(line);
		if (line.n && (*line.s == '#' || *line.s == ';'))
			continue;
		more = goes_on(line);
		if (!was_more) {
			exec = false;
			if (!sc_take_until(&line, '=', &key))
				continue;
			key = trim(key);
			exec = sc_take_prefix(&key, SC_STR("Exec"));
			/* An empty value takes it back. */
			if (sc_str_eq(key, SC_STR("SELinuxContext")))
				*has_context = trim(line).n > 0;
		}
		if (exec && names_engine(line))
			*runs_engine = true;
	}
}

/* ---- on a host */

/* Where systemd looks; the first that has a unit hides the others'. */
static const struct {
	const char *path;
	bool always; /* its units are there to be run */
} folders[] = {
	{ "/etc/systemd/system", true },
	{ "/run/systemd/transient",
	  true }, /* podman's health checks are here */
	{ "/run/systemd/system", true },
	{ "/run/systemd/generator", true }, /* quadlet's are here */
	{ "/usr/local/lib/systemd/system", false },
	{ "/usr/lib/systemd/system", false },
	{ "/lib/systemd/system", false }, /* where it is not merged */
};

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

const char *sc_unit_folder(size_t i)
{
	return i < FOLDERS ? folders[i].path : NULL;
}

struct search {
	const struct sc_host *host;
	struct sc_arena *a;
	struct sc_names enabled; /* what some target wants */
	struct sc_names seen;
	struct sc_names *out;
	size_t unread;
};

static bool ends_with(struct sc_str v, struct sc_str end)
{
	return v.n >= end.n && memcmp(v.s + v.n - end.n, end.s, end.n) == 0;
}

static int list(struct search *s, const char *path, struct sc_names *out,
		struct sc_error *err)
{
	int r = sc_host_list(s->host, path, 0, s->a, out, err);

	if (r != SC_ESYSTEM)
		return r;
	s->unread++;
	return 0;
}

static int find_enabled(struct search *s, struct sc_error *err)
{
	struct sc_names names = { 0 }, units = { 0 };
	struct sc_str path;
	int r = list(s, folders[0].path, &names, err);

	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!ends_with(names.v[i], SC_STR(".wants")) &&
		    !ends_with(names.v[i], SC_STR(".requires")))
			continue;
		if (!sc_keepf(s->a, &path, "%s/%s", folders[0].path,
			      names.v[i].s))
			return sc_no_memory(err);
		r = list(s, path.s, &units, err);
		for (size_t j = 0; j < units.n && r == 0; j++)
			if (!SC_PUSH(s->a, &s->enabled, units.v[j]))
				return sc_no_memory(err);
	}
	return r;
}

static bool is_enabled(const struct search *s, struct sc_str service)
{
	static const struct sc_str kinds[] = {
		SC_STR("service"),
		SC_STR("socket"),
		SC_STR("timer"),
	};
	struct sc_str stem = { service.s, service.n - strlen("service") };

	for (size_t i = 0; i < s->enabled.n; i++)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			struct sc_str name = s->enabled.v[i];

			if (sc_take_prefix(&name, stem) &&
			    sc_str_eq(name, kinds[k]))
				return true;
		}
	return false;
}

static int read_unit(struct search *s, const char *path, bool *engine,
		     bool *context, struct sc_error *err)
{
	struct sc_str text = { 0 };
	struct sc_error why;
	int r = sc_host_read(s->host, path, s->a, &text, &why);

	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	/* A link to nowhere, or to /dev/null, is a unit that is masked. */
	if (r < 0)
		s->unread += r == SC_ESYSTEM && why.os_errno != EINVAL;
	else
		sc_unit_read(text, engine, context);
	return 0;
}

/* What NAME.service.d/ adds, in any of the folders. */
static int read_drop_ins(struct search *s, struct sc_str name, bool *engine,
			 bool *context, struct sc_error *err)
{
	for (size_t f = 0; f < FOLDERS; f++) {
		struct sc_names names = { 0 };
		struct sc_str folder, path;
		int r;

		if (!sc_keepf(s->a, &folder, "%s/%s.d", folders[f].path,
			      name.s))
			return sc_no_memory(err);
		r = list(s, folder.s, &names, err);
		for (size_t i = 0; i < names.n && r == 0; i++) {
			if (!ends_with(names.v[i], SC_STR(".conf")))
				continue;
			if (!sc_keepf(s->a, &path, "%s/%s", folder.s,
				      names.v[i].s))
				return sc_no_memory(err);
			r = read_unit(s, path.s, engine, context, err);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int look_at(struct search *s, size_t folder, struct sc_str name,
		   struct sc_error *err)
{
	bool engine = false, context = false;
	struct sc_str path;
	int r;

	if (!ends_with(name, SC_STR(".service")) ||
	    sc_names_has(&s->seen, name))
		return 0;
	if (!SC_PUSH(s->a, &s->seen, name) ||
	    !sc_keepf(s->a, &path, "%s/%s", folders[folder].path, name.s))
		return sc_no_memory(err);
	if (!folders[folder].always && !is_enabled(s, name))
		return 0;
	r = read_unit(s, path.s, &engine, &context, err);
	if (r == 0)
		r = read_drop_ins(s, name, &engine, &context, err);
	if (r == 0 && engine && !context && !SC_PUSH(s->a, s->out, name))
		return sc_no_memory(err);
	return r;
}

int sc_units_plain(const struct sc_host *h, struct sc_arena *a,
		   struct sc_names *out, size_t *unread, struct sc_error *err)
{
	struct sc_names found = { 0 };
	struct search s = { .host = h, .a = a, .out = &found };
	int r = find_enabled(&s, err);

	for (size_t f = 0; f < FOLDERS && r == 0; f++) {
		struct sc_names names = { 0 };

		r = list(&s, folders[f].path, &names, err);
		for (size_t i = 0; i < names.n && r == 0; i++)
			r = look_at(&s, f, names.v[i], err);
	}
	if (r < 0)
		return r;
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), sc_str_order);
	*out = found;
	*unread = s.unread;
	return 0;
}
