#include "cli/checks.h"

#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void put_text(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":{\"text\":", name);
	sc_put_json(out, v);
	sc_put(out, SC_STR("}"));
}

static void put_rule(struct sc_buf *out, const struct sc_check *c)
{
	sc_put(out, SC_STR("{\"id\":"));
	sc_put_json(out, c->id);
	put_text(out, "shortDescription", c->title);
	put_text(out, "fullDescription", c->why);
	put_text(out, "help", c->todo);
	sc_putf(out, ",\"properties\":{\"level\":%u", c->level);
	sc_member_words(out, "tags", c->refs);
	sc_put(out, SC_STR("}}"));
}

/* A path as part of a URI, relative to the root. */
static void put_uri(struct sc_buf *out, struct sc_str path)
{
	SC_CLEAN(sc_buf_free) struct sc_buf uri = { 0 };

	while (path.n && *path.s == '/')
		sc_str_drop(&path, 1);
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || memchr("-._~/", c, 5);

		if (plain)
			sc_put(&uri, (struct sc_str){ path.s + i, 1 });
		else
			sc_putf(&uri, "%%%02X", c);
	}
	sc_put_json(out, (struct sc_str){ uri.s, uri.n });
	out->failed |= uri.failed;
}

static void put_locations(struct sc_buf *out, const struct sc_verdict *v)
{
	const char *between = "";

	sc_put(out, SC_STR(",\"locations\":["));
	for (size_t i = 0; i < v->evidence.n; i++) {
		const struct sc_evidence *e = &v->evidence.v[i];

		if (!e->wrong || !e->path.n || *e->path.s != '/')
			continue;
		sc_putf(out,
			"%s{\"physicalLocation\":{\"artifactLocation\":{"
			"\"uriBaseId\":\"ROOT\",\"uri\":",
			between);
		put_uri(out, e->path);
		sc_put(out, SC_STR("}"));
		if (e->value.from.line)
			sc_putf(out, ",\"region\":{\"startLine\":%u}",
				e->value.from.line);
		sc_put(out, SC_STR("}}"));
		between = ",";
	}
	sc_put(out, SC_STR("]"));
}

static void put_result(struct sc_buf *out, const struct sc_verdict *v, size_t i)
{
	static const char *const kinds[] = {
		[SC_PASS] = "pass",        [SC_FAIL] = "fail",
		[SC_NA] = "notApplicable", [SC_MANUAL] = "review",
		[SC_ERROR] = "open",       [SC_EXCEPTED] = "fail",
	};
	bool fails = v->kind == SC_FAIL || v->kind == SC_EXCEPTED;
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_verdict_put(&text, v, false);
	if (!text.n)
		sc_put(&text, v->check.title);
	sc_putf(out, "{\"ruleIndex\":%zu", i);
	sc_member_text(out, "ruleId", v->check.id);
	sc_member_text(out, "kind", sc_view(kinds[v->kind]));
	sc_member_text(out, "level", sc_view(fails ? "error" : "none"));
	put_text(out, "message", (struct sc_str){ text.s, text.n });
	put_locations(out, v);
	if (v->kind == SC_EXCEPTED) {
		sc_put(out, SC_STR(",\"suppressions\":[{\"kind\":\"external\","
				   "\"justification\":"));
		sc_put_json(out, v->exception->why);
		sc_put(out, SC_STR("}]"));
	}
	sc_put(out, SC_STR("}"));
	out->failed |= text.failed;
}

void sc_checks_sarif(const struct sc_checks_report *r, struct sc_buf *out)
{
	sc_putf(out, "{\"$schema\":\"%s\",\"version\":\"2.1.0\",", SCHEMA);
	sc_put(out, SC_STR("\"runs\":[{\"tool\":{\"driver\":{\"name\":"
			   "\"selcage\",\"version\":\"" SC_VERSION "\","
			   "\"rules\":["));
	for (size_t i = 0; i < r->verdicts->n; i++) {
		sc_put(out, i ? SC_STR(",\n") : SC_STR("\n"));
		put_rule(out, &r->verdicts->v[i].check);
	}
	sc_put(out, SC_STR("]}},\n\"originalUriBaseIds\":{\"ROOT\":{\"uri\":"
			   "\"file:///\"}},\n\"results\":["));
	for (size_t i = 0; i < r->verdicts->n; i++) {
		sc_put(out, i ? SC_STR(",\n") : SC_STR("\n"));
		put_result(out, &r->verdicts->v[i], i);
	}
	sc_put(out, SC_STR("]}]}\n"));
}
