#include "cli/checks.h"

#include "base/date.h"
#include "base/file.h"
#include "base/safe.h"
#include "cli/denials.h"
#include "cli/when.h"

#define LOG "/var/log/audit/audit.log"
#define EXCEPTIONS_BYTES ((size_t)1 << 20)

static int read_exceptions(const char *path, struct sc_arena *a,
			   struct sc_exceptions *out, struct sc_error *err)
{
	struct sc_str text;
	int r;

	if (!path)
		return 0;
	r = sc_file_read(path, EXCEPTIONS_BYTES, a, &text, err);
	if (r == 0 && sc_exceptions_read(text, a, out, err) < 0)
		r = sc_while(err, "'%s'", path);
	return r;
}

static int count_denials(const struct sc_host_ask *ask, struct sc_arena *a,
			 struct sc_machine *m, struct sc_error *err)
{
	struct sc_denials denials;
	int r;

	if (!m->status || (ask->root && !sc_machine_has(m, LOG) &&
			   !sc_host_has_link(m->host, LOG)))
		return 0;
	r = sc_denials_count(m->host, a, &denials, err);
	m->log.counted = r == 0 && !denials.trouble.n;
	m->log.denials = denials.n;
	m->log.different = denials.different;
	m->log.trouble = denials.trouble;
	return r;
}

/* One that is asked for by its name, whatever profiles it is in. */
static int choose_check(const char *id, struct sc_profiles *out,
			struct sc_check *check, struct sc_error *err)
{
	if (!sc_check_find(sc_view(id), check))
		return sc_fail(err, SC_ENOTFOUND,
			       "no check '%s' (selcage host check --verbose)",
			       id);
	out->v[0] = (struct sc_profile){ .groups = check->groups, .level = 2 };
	out->n = 1;
	return 0;
}

int sc_host_ask(const struct sc_host_ask *ask, const struct sc_host *h,
		struct sc_arena *a, struct sc_host_answer *out,
		struct sc_error *err)
{
	const char *home = ask->root ? NULL : getenv("HOME");
	struct sc_profiles *p = &out->profiles;
	struct sc_check check;
	struct sc_judgement how = {
		.exceptions = &out->exceptions,
		.today = sc_when_now().ms / SC_DAY_MS,
		.only = ask->check ? sc_view(ask->check) : SC_STR(""),
		.deep = ask->deep,
	};
	int r = read_exceptions(ask->exceptions, a, &out->exceptions, err);

	if (r == 0 && ask->check)
		r = choose_check(ask->check, p, &check, err);
	else if (r == 0 && ask->profiles)
		r = sc_profiles_find(sc_view(ask->profiles), p, err);
	if (r == 0)
		r = sc_machine_read(h, home, sc_profiles_want_selinux(p), a,
				    &out->machine, err);
	if (r == 0)
		r = count_denials(ask, a, &out->machine, err);
	if (r < 0)
		return r;
	if (!p->n)
		sc_profiles_guess(&out->machine, p);
	return sc_checks_judge(&out->machine, p, &how, a, &out->verdicts, err);
}

/* ---- words */

void sc_evidence_put(struct sc_buf *out, const struct sc_evidence *e)
{
	sc_put_safe(out, e->what);
	if (e->now.n) {
		sc_put(out, SC_STR(": "));
		sc_put_safe(out, e->now);
	}
	if (e->wrong && e->wanted.n) {
		sc_put(out, SC_STR(", wanted: "));
		sc_put_safe(out, e->wanted);
	}
	if (e->value.from.key.n) {
		sc_put(out, SC_STR(" ("));
		sc_origin_put(out, &e->value.from);
		sc_put(out, SC_STR(")"));
	}
}

static void put_exception(struct sc_buf *out, const struct sc_verdict *v)
{
	const struct sc_exception *x = v->exception;

	if (!x || (v->kind != SC_EXCEPTED && v->kind != SC_FAIL))
		return;
	sc_put(out, v->kind == SC_EXCEPTED ? SC_STR("; ")
					   : SC_STR("; no longer excepted: "));
	sc_put_safe(out, x->who);
	sc_put(out, v->kind == SC_EXCEPTED ? SC_STR(" answers for it until ")
					   : SC_STR(" answered for it until "));
	sc_put_safe(out, x->until);
	sc_put(out, SC_STR(": "));
	sc_put_safe(out, x->why);
}

void sc_verdict_put(struct sc_buf *out, const struct sc_verdict *v,
		    bool reason_alone)
{
	size_t wrong = 0;

	for (size_t i = 0; i < v->evidence.n && !reason_alone; i++) {
		const struct sc_evidence *e = &v->evidence.v[i];

		if (!e->wrong || ++wrong > 2)
			continue;
		sc_put(out, wrong > 1 ? SC_STR("; ") : SC_STR(""));
		sc_evidence_put(out, e);
	}
	if (wrong > 2)
		sc_putf(out, "; and %zu more", wrong - 2);
	if (v->reason.n) {
		sc_put(out, wrong ? SC_STR("; ") : SC_STR(""));
		sc_put_safe(out, v->reason);
	}
	put_exception(out, v);
}
