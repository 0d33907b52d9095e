#include "cli/whose.h"

#include "audit/avc.h"
#include "base/buf.h"
#include "base/clean.h"
#include "cli/output_of.h"
#include "policy/history.h"

#define SECONDS 10
#define LABEL_MAX 4096

static bool ends_with(struct sc_str v, struct sc_str end)
{
	return v.n > end.n && memcmp(v.s + v.n - end.n, end.s, end.n) == 0;
}

static bool set(char *to, struct sc_str v)
{
	if (v.n >= SC_DOMAIN_MAX)
		return false;
	memcpy(to, v.s, v.n);
	to[v.n] = '\0';
	return true;
}

/* "c1,c2", "c7", "s0:c1,c2", "s0-s0:c0.c1023" */
static bool is_level(struct sc_str v)
{
	char first = v.n ? *v.s : '\0';

	if (v.n < 2 || (first != 'c' && first != 's') || v.s[1] < '0' ||
	    v.s[1] > '9')
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!(v.s[i] >= '0' && v.s[i] <= '9') &&
		    !memchr("cs:,.-", v.s[i], 6))
			return false;
	return true;
}

/* Is @module called @name, or PROJECT_@name? 2: exactly. */
static int matches(struct sc_str module, struct sc_str name)
{
	if (sc_str_eq(module, name))
		return 2;
	return ends_with(module, name) &&
	       module.s[module.n - name.n - 1] == '_';
}

static int find_module(struct sc_str name, struct sc_str *out,
		       struct sc_arena *a, struct sc_error *err)
{
	SC_CLEAN(sc_ledger_close)
	struct sc_ledger l = { .journal = -1, .lock = -1 };
	struct sc_histories all = { 0 };
	int best = 0;

	/* Who may not read it can still ask by type or by level. */
	if (sc_ledger_open(SC_LEDGER_DIR, false, a, &l, err) < 0)
		return 0;
	if (sc_history_read(&l, a, &all, err) < 0)
		return err->code;
	for (size_t i = 0; i < all.n; i++) {
		struct sc_str module = all.v[i].name;
		int fit = all.v[i].n ? matches(module, name) : 0;

		if (fit < best || !fit)
			continue;
		if (fit == best && fit == 1 && !sc_str_eq(module, *out))
			return sc_fail(err, SC_ENOTFOUND,
				       "'" SC_FMT "' is the end of several "
				       "modules' names, " SC_FMT " and " SC_FMT
				       ": write it in full",
				       SC_ARG(name), SC_ARG(*out),
				       SC_ARG(module));
		best = fit;
		*out = module;
	}
	return best > 0;
}

/* "system_u:system_r:container_t:s0:c1,c2" */
static bool read_label(struct sc_str label, struct sc_whose *out)
{
	struct sc_str part;

	for (int i = 0; i < 2; i++)
		if (!sc_take_until(&label, ':', &part) || !sc_is_name(part))
			return false;
	if (!sc_take_until(&label, ':', &part))
		return sc_is_name(label) && set(out->type, label);
	return sc_is_name(part) && is_level(label) && set(out->type, part) &&
	       set(out->level, label);
}

static int ask_podman(const char *name, struct sc_whose *out,
		      struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const char *const argv[] = { "podman",
				     "inspect",
				     "--type=container",
				     "--format",
				     "{{.ProcessLabel}}",
				     "--",
				     name,
				     NULL };
	int r = sc_output_of(argv, LABEL_MAX, SECONDS, &text, err);

	if (r == 0) {
		while (text.n && text.s[text.n - 1] == '\n')
			text.n--;
		if (read_label((struct sc_str){ text.s, text.n }, out))
			return 0;
	}
	if (r < 0 && r != SC_ENOTFOUND && r != SC_EREFUSED)
		return sc_while(err, "asking podman for '%s'", name);
	return sc_fail(err, SC_ENOTFOUND,
		       "no container '%s': selcage loaded no module of that "
		       "name, and podman %s: name its type (x.process) or its "
		       "level (c1,c2)",
		       name,
		       r == 0              ? "tells no label of it"
		       : r == SC_ENOTFOUND ? "is not here"
					   : "knows none");
}

int sc_whose_find(const char *name, struct sc_whose *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_str v = sc_view(name), module = { 0 };
	int r;

	*out = (struct sc_whose){ 0 };
	if (v.n + 16 > SC_DOMAIN_MAX)
		return sc_fail(err, SC_ESYNTAX, "the name is too long");
	if (is_level(v)) {
		snprintf(out->level, sizeof(out->level), "%s%s",
			 *name == 'c' ? "s0:" : "", name);
		return 0;
	}
	if (!sc_is_name(v) || *name == '-')
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no name of a container, no type and no "
			       "level",
			       name);
	if (ends_with(v, SC_STR(".process")) || ends_with(v, SC_STR("_t")))
		return set(out->type, v) ? 0
					 : sc_fail(err, SC_ESYNTAX,
						   "'%s' is too long", name);
	r = find_module(v, &module, &arena, err);
	if (r < 0)
		return r;
	if (r == 0)
		return ask_podman(name, out, err);
	if (module.n + 9 > SC_DOMAIN_MAX)
		return sc_fail(err, SC_ESYNTAX, "the name is too long");
	snprintf(out->type, sizeof(out->type), SC_FMT ".process",
		 SC_ARG(module));
	return 0;
}
