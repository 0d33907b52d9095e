#include "cli/checks.h"

#include "base/member.h"
#include "base/safe.h"

static const char *const layers[] = {
	[SC_LAYER_DEFAULT] = "default",
	[SC_LAYER_FILE] = "file",
	[SC_LAYER_FLAG] = "flag",
	[SC_LAYER_KERNEL] = "kernel",
};

static void put_value(struct sc_buf *out, const struct sc_value *v)
{
	const struct sc_origin *from = &v->from;

	if (!from->key.n && !from->file.n)
		return;
	sc_putf(out, ",\"from\":{\"layer\":\"%s\"", layers[from->layer]);
	sc_member_present(out, "file", from->file);
	if (from->line)
		sc_member_number(out, "line", from->line);
	if (from->layer == SC_LAYER_FLAG)
		sc_member_number(out, "word", from->word);
	sc_member_present(out, "key", from->key);
	sc_put(out, SC_STR("}"));
}

static void put_evidence(struct sc_buf *out, const struct sc_verdict *v)
{
	sc_put(out, SC_STR(",\"evidence\":["));
	for (size_t i = 0; i < v->evidence.n; i++) {
		const struct sc_evidence *e = &v->evidence.v[i];

		sc_putf(out, "%s{\"wrong\":%s", i ? "," : "",
			e->wrong ? "true" : "false");
		sc_member_text(out, "what", e->what);
		sc_member_present(out, "path", e->path);
		sc_member_text(out, "now", e->now);
		sc_member_present(out, "wanted", e->wanted);
		put_value(out, &e->value);
		sc_put(out, SC_STR("}"));
	}
	sc_put(out, SC_STR("]"));
}

static void put_verdict(struct sc_buf *out, const struct sc_verdict *v)
{
	const struct sc_exception *x = v->exception;

	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"check\""));
	sc_member_text(out, "id", v->check.id);
	sc_member_text(out, "verdict", sc_view(sc_verdict_name(v->kind)));
	sc_member_number(out, "level", v->check.level);
	sc_member_words(out, "refs", v->check.refs);
	sc_member_text(out, "title", v->check.title);
	sc_member_present(out, "reason", v->reason);
	put_evidence(out, v);
	if (x) {
		sc_putf(out, ",\"exception\":{\"line\":%u", x->line);
		sc_member_text(out, "who", x->who);
		sc_member_text(out, "why", x->why);
		sc_member_text(out, "until", x->until);
		sc_put(out, SC_STR("}"));
	}
	sc_member_text(out, "todo", v->check.todo);
	sc_put(out, SC_STR("}\n"));
}

void sc_checks_json(const struct sc_checks_report *r, struct sc_buf *out)
{
	static const struct {
		enum sc_verdict_kind kind;
		const char *name;
	} counts[] = {
		{ SC_PASS, "pass" },   { SC_FAIL, "fail" },
		{ SC_NA, "na" },       { SC_MANUAL, "manual" },
		{ SC_ERROR, "error" }, { SC_EXCEPTED, "excepted" },
	};

	for (size_t i = 0; i < r->verdicts->n; i++)
		put_verdict(out, &r->verdicts->v[i]);
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"summary\",\"profiles\":["));
	for (size_t i = 0; i < r->profiles->n; i++) {
		sc_put(out, i ? SC_STR(",") : SC_STR(""));
		sc_put_json(out, r->profiles->v[i].name);
	}
	sc_put(out, SC_STR("]"));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		sc_member_number(out, counts[i].name, r->count[counts[i].kind]);
	sc_put(out, SC_STR("}\n"));
}
