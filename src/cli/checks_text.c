#include "cli/checks.h"

#include "base/clean.h"
#include "base/safe.h"
#include "cli/wrap.h"

#define INDENT ((size_t)10) /* of what stands beside a verdict */

static enum sc_colour colour_of(enum sc_verdict_kind kind)
{
	static const enum sc_colour colours[] = {
		[SC_PASS] = SC_GREEN, [SC_FAIL] = SC_RED,
		[SC_NA] = SC_DIM,     [SC_MANUAL] = SC_YELLOW,
		[SC_ERROR] = SC_RED,  [SC_EXCEPTED] = SC_YELLOW,
	};

	return colours[kind];
}

static void put_field(struct sc_buf *out, const char *label,
		      const struct sc_buf *text)
{
	sc_put_field(out, label, INDENT, (struct sc_str){ text->s, text->n });
	out->failed |= text->failed;
}

static void put_plain(struct sc_buf *out, const char *label, struct sc_str v)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	if (!v.n)
		return;
	sc_put_safe(&text, v);
	put_field(out, label, &text);
}

/* ---- the head */

static void put_host(struct sc_buf *out, const struct sc_machine *m)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const char *manager = sc_manager_name(m->manager);

	sc_put_safe(&text,
		    m->os_name.n ? m->os_name : SC_STR("an unknown system"));
	if (m->kubelet.there) {
		sc_putf(&text, "; kubelet");
		if (m->kubelet.version.n) {
			sc_put(&text, SC_STR(" "));
			sc_put_safe(&text, m->kubelet.version);
		}
		if (m->kubelet.pid)
			sc_putf(&text, " (pid %llu)",
				(unsigned long long)m->kubelet.pid);
	}
	if (manager)
		sc_putf(&text, ", set up by %s", manager);
	for (size_t i = 0; i < m->engines.n; i++) {
		sc_put(&text, i ? SC_STR(", ") : SC_STR("; "));
		sc_put_safe(&text, m->engines.v[i].name);
	}
	put_field(out, "host", &text);
}

static void put_profiles(struct sc_buf *out, const struct sc_profiles *p)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	for (size_t i = 0; i < p->n; i++)
		sc_putf(&text, "%s" SC_FMT, i ? ", " : "",
			SC_ARG(p->v[i].name));
	put_field(out, "profiles", &text);
}

static void put_count(const struct sc_checks_report *r, struct sc_buf *out,
		      enum sc_verdict_kind kind, const char *words)
{
	bool colour = r->colour && r->count[kind];

	if (!r->count[kind] && kind != SC_PASS && kind != SC_FAIL)
		return;
	sc_putf(out, "%s%s%zu %s%s", out->n ? ", " : "",
		sc_colour(colour, colour_of(kind)), r->count[kind], words,
		sc_colour(colour, SC_PLAIN));
}

static void put_counts(const struct sc_checks_report *r, struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	put_count(r, &text, SC_FAIL, "fail");
	put_count(r, &text, SC_ERROR, "cannot be told");
	put_count(r, &text, SC_EXCEPTED, "excepted");
	put_count(r, &text, SC_MANUAL, "for a person");
	put_count(r, &text, SC_PASS, "pass");
	put_count(r, &text, SC_NA, "not applicable");
	put_field(out, "verdicts", &text);
}

/* ---- verdicts */

/* Is there nothing to be said of @v but the reason that @other has too? */
static bool is_alike(const struct sc_verdict *v, const struct sc_verdict *other)
{
	for (size_t i = 0; i < v->evidence.n; i++)
		if (v->evidence.v[i].wrong)
			return false;
	return v->kind == other->kind && v->reason.n && !v->exception &&
	       sc_str_eq(v->reason, other->reason);
}

/* How many of the others are like @v; @before: is one before it? */
static size_t count_alike(const struct sc_verdicts *list,
			  const struct sc_verdict *v, bool *before)
{
	size_t n = 0;

	*before = false;
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_verdict *other = &list->v[i];

		if (other == v || !is_alike(v, other) || !is_alike(other, v))
			continue;
		*before = *before || other < v;
		n++;
	}
	return n;
}

static void put_line(const struct sc_checks_report *r,
		     const struct sc_verdict *v, size_t alike,
		     struct sc_buf *out)
{
	SC_CLEAN(sc_buf_free)
	struct sc_buf text = { 0 }, label = { 0 }, more = { 0 };

	sc_putf(&label, "%s%s%s", sc_colour(r->colour, colour_of(v->kind)),
		sc_verdict_name(v->kind), sc_colour(r->colour, SC_PLAIN));
	sc_put(&text, v->check.id);
	if (alike)
		sc_putf(&text, " and %zu more", alike);
	sc_verdict_put(&more, v, r->verbose);
	if (more.n) {
		sc_put(&text, SC_STR(": "));
		sc_put(&text, (struct sc_str){ more.s, more.n });
	}
	out->failed |= label.failed || more.failed;
	if (!label.failed)
		put_field(out, label.s, &text);
}

static void put_all(const struct sc_checks_report *r,
		    const struct sc_verdict *v, struct sc_buf *out)
{
	put_line(r, v, 0, out);
	put_plain(out, "", v->check.title);
	for (size_t i = 0; i < v->evidence.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

		sc_evidence_put(&text, &v->evidence.v[i]);
		put_field(out, v->evidence.v[i].wrong ? "       -" : "       +",
			  &text);
	}
	if (v->kind != SC_PASS && v->kind != SC_NA)
		put_plain(out, "      do", v->check.todo);
	sc_put(out, SC_STR("\n"));
}

static void put_kind(const struct sc_checks_report *r,
		     enum sc_verdict_kind kind, struct sc_buf *out)
{
	for (size_t i = 0; i < r->verdicts->n; i++) {
		const struct sc_verdict *v = &r->verdicts->v[i];

		bool before = false;
		size_t alike = 0;

		if (v->kind != kind)
			continue;
		if (r->verbose) {
			put_all(r, v, out);
			continue;
		}
		alike = count_alike(r->verdicts, v, &before);
		if (!before)
			put_line(r, v, alike, out);
	}
}

void sc_checks_text(const struct sc_checks_report *r, struct sc_buf *out)
{
	static const enum sc_verdict_kind short_order[] = {
		SC_FAIL, SC_ERROR, SC_EXCEPTED, SC_MANUAL, SC_PASS, SC_NA,
	};
	size_t n = r->verbose ? 6 : 4;
	bool some = false;

	put_host(out, r->machine);
	put_profiles(out, r->profiles);
	put_counts(r, out);
	sc_put(out, SC_STR("\n"));
	for (size_t i = 0; i < n; i++) {
		put_kind(r, short_order[i], out);
		some = some || r->count[short_order[i]];
	}
	if (some && !r->verbose)
		sc_put(out, SC_STR("\nselcage host explain CHECK says why, and "
				   "what to do; --verbose shows all\n"));
}
