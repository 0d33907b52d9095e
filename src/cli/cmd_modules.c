#include "base/clean.h"
#include "base/safe.h"
#include "cli/change.h"

#define SHORT_DIGEST 12

struct options {
	struct sc_change_options common;
	bool json;
};

static const struct sc_option options[] = {
	SC_ROOT_OPTIONS(struct options),
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0 },
};

static const struct {
	const char *json, *text;
} drifts[] = {
	[SC_DRIFT_NONE] = { "none", "as loaded" },
	[SC_DRIFT_CHANGED] = { "changed", "CHANGED since: load it again, or "
					  "find out who did" },
	[SC_DRIFT_GONE] = { "gone", "GONE from the store: load it again, or "
				    "unload it" },
};

static void put_digest(struct sc_buf *out, const char *name, struct sc_str v)
{
	if (v.n)
		sc_putf(out, ",\"%s\":\"" SC_FMT "\"", name, SC_ARG(v));
	else
		sc_putf(out, ",\"%s\":null", name);
}

static void put_json(const struct sc_loaded *l, struct sc_buf *out)
{
	sc_putf(out, "{\"v\":1,\"module\":");
	sc_put_json(out, l->name);
	sc_putf(out, ",\"priority\":%d,\"loaded\":", SC_STORE_PRIORITY);
	sc_put_json(out, l->time);
	put_digest(out, "digest", l->digest);
	put_digest(out, "found", l->found);
	put_digest(out, "previous", l->previous);
	sc_putf(out, ",\"older\":%zu", l->older);
	sc_putf(out, ",\"drift\":\"%s\"}\n", drifts[l->drift].json);
}

static void put_text(const struct sc_loaded *l, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf name = { 0 };

	sc_put_safe(&name, l->name);
	sc_putf(out, "%-24s %d  %.*s  " SC_FMT "  %s\n", name.s ? name.s : "",
		SC_STORE_PRIORITY, SHORT_DIGEST, l->digest.s, SC_ARG(l->time),
		drifts[l->drift].text);
	if (l->older)
		sc_putf(out,
			"%-24s      %zu older version%s: selcage unload "
			"--previous\n",
			"", l->older, l->older == 1 ? "" : "s");
	out->failed = out->failed || name.failed;
}

static int run(int argc, char **argv, const void *data, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_work_free) struct sc_work w = SC_WORK_EMPTY;
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = data;
	bool drifted = false;
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	r = sc_work_open(&o->common, false, &w, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w.loaded.n; i++) {
		const struct sc_loaded *l = &w.loaded.v[i];

		(o->json ? put_json : put_text)(l, &text);
		drifted = drifted || l->drift != SC_DRIFT_NONE;
	}
	if (!w.loaded.n && !o->json)
		sc_putf(&text, "selcage loaded no modules here\n");
	r = sc_print(&text, out, err);
	return r < 0 ? r : drifted ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_modules = {
	.name = "modules",
	.operands = "",
	.summary = "list loaded modules; exit 1 if somebody changed one",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
