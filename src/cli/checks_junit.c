#include "cli/checks.h"

#include "base/clean.h"
#include "base/safe.h"

/* Text that is safe for a terminal, for an XML attribute. */
static void put_xml(struct sc_buf *out, struct sc_str v)
{
	static const struct {
		char c;
		const char *as;
	} special[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },    { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&apos;" },
	};

	for (size_t i = 0; i < v.n; i++) {
		const char *as = NULL;

		for (size_t k = 0; k < sizeof(special) / sizeof(special[0]);
		     k++)
			if (v.s[i] == special[k].c)
				as = special[k].as;
		if (as)
			sc_put(out, sc_view(as));
		else
			sc_put(out, (struct sc_str){ v.s + i, 1 });
	}
}

static void put_message(struct sc_buf *out, const struct sc_verdict *v)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_verdict_put(&text, v, false);
	put_xml(out, (struct sc_str){ text.s, text.n });
	out->failed |= text.failed;
}

/* "kubelet" of "kubelet/read-only-port" */
static struct sc_str group_of(struct sc_str id)
{
	struct sc_str group = id;

	(void)sc_take_until(&id, '/', &group);
	return group;
}

static void put_case(struct sc_buf *out, const struct sc_verdict *v)
{
	static const char *const words[] = {
		[SC_PASS] = NULL,     [SC_FAIL] = "failure",
		[SC_NA] = "skipped",  [SC_MANUAL] = "skipped",
		[SC_ERROR] = "error", [SC_EXCEPTED] = "skipped",
	};
	const char *word = words[v->kind];

	sc_putf(out, "    <testcase classname=\"" SC_FMT "\" name=\"" SC_FMT,
		SC_ARG(group_of(v->check.id)), SC_ARG(v->check.id));
	sc_put(out, SC_STR("\" time=\"0\""));
	if (!word) {
		sc_put(out, SC_STR("/>\n"));
		return;
	}
	sc_putf(out, ">\n      <%s message=\"%s: ", word,
		sc_verdict_name(v->kind));
	put_message(out, v);
	sc_put(out, SC_STR("\""));
	if (v->kind == SC_FAIL || v->kind == SC_ERROR) {
		sc_put(out, SC_STR(">"));
		put_xml(out, v->check.todo);
		sc_putf(out, "</%s>\n", word);
	} else {
		sc_put(out, SC_STR("/>\n"));
	}
	sc_put(out, SC_STR("    </testcase>\n"));
}

void sc_checks_junit(const struct sc_checks_report *r, struct sc_buf *out)
{
	sc_put(out, SC_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<testsuites>\n"));
	sc_putf(out,
		"  <testsuite name=\"selcage host check\" tests=\"%zu\" "
		"failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
		"time=\"0\">\n",
		r->verdicts->n, r->count[SC_FAIL], r->count[SC_ERROR],
		r->count[SC_NA] + r->count[SC_MANUAL] + r->count[SC_EXCEPTED]);
	for (size_t i = 0; i < r->verdicts->n; i++)
		put_case(out, &r->verdicts->v[i]);
	sc_put(out, SC_STR("  </testsuite>\n</testsuites>\n"));
}
