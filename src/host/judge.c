#include "host/judge.h"

#include "base/data.h"
#include "base/date.h"
#include "base/table.h"
#include "base/vec.h"
#include "host/look.h"

/* ---- profiles */

static bool find_profile(struct sc_str name, struct sc_profile *out)
{
	struct sc_row row;

	if (!sc_find_row(sc_data("checks/profiles.tsv"), name, &row))
		return false;
	*out = (struct sc_profile){
		.name = row.v[0],
		.groups = row.v[1],
		.level = sc_str_eq(row.v[2], SC_STR("1")) ? 1 : 2,
		.title = row.v[3],
	};
	return true;
}

int sc_profiles_find(struct sc_str list, struct sc_profiles *out,
		     struct sc_error *err)
{
	struct sc_str name;

	out->n = 0;
	while (sc_take_part(&list, ',', &name)) {
		if (out->n == SC_PROFILES_MAX)
			return sc_fail(err, SC_ELIMIT,
				       "more than %d profiles are asked for",
				       SC_PROFILES_MAX);
		if (!find_profile(name, &out->v[out->n]))
			return sc_fail(err, SC_ENOTFOUND,
				       "no profile '" SC_FMT
				       "' (selcage host check --help)",
				       SC_ARG(name));
		out->n++;
	}
	return 0;
}

void sc_profiles_guess(const struct sc_machine *m, struct sc_profiles *out)
{
	bool eks = m->manager == SC_MANAGER_NODEADM ||
		   m->manager == SC_MANAGER_EKS;
	struct sc_str node =
		eks ? SC_STR("cis-eks-1.8") : SC_STR("cis-k8s-2.1");

	out->n = 0;
	if (sc_machine_is_node(m) && find_profile(node, &out->v[out->n]))
		out->n++;
	if (find_profile(SC_STR("selinux"), &out->v[out->n]))
		out->n++;
}

bool sc_profiles_want_selinux(const struct sc_profiles *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (sc_has_part(p->v[i].groups, ' ', SC_STR("selinux")))
			return true;
	return !p->n;
}

static bool is_wanted(const struct sc_profiles *p, const struct sc_check *c)
{
	for (size_t i = 0; i < p->n; i++) {
		struct sc_str groups = c->groups, group;

		while (sc_take_word(&groups, &group))
			if (c->level <= p->v[i].level &&
			    sc_has_part(p->v[i].groups, ' ', group))
				return true;
	}
	return false;
}

/* ---- exceptions */

static bool is_known(const struct sc_exceptions *list, struct sc_str check)
{
	for (size_t i = 0; i < list->n; i++)
		if (sc_str_eq(list->v[i].check, check))
			return true;
	return false;
}

static int bad_line(struct sc_error *err, uint32_t line, const char *what)
{
	sc_fail(err, SC_ESYNTAX, "line %u: %s", line, what);
	err->line = line;
	return SC_ESYNTAX;
}

static int read_exception(struct sc_str line, uint32_t number,
			  struct sc_arena *a, struct sc_exceptions *out,
			  struct sc_error *err)
{
	struct sc_exception one = { .line = number };
	struct sc_str day;
	struct sc_check check;
	uint64_t days;

	if (!sc_take_word(&line, &one.check) ||
	    !sc_take_word(&line, &one.until) ||
	    !sc_take_until(&line, ':', &one.who))
		return bad_line(err, number,
				"it is not CHECK UNTIL WHO: WHY, as in "
				"kubelet/event-rate 2026-12-31 ops: why");
	day = one.until;
	one.who = sc_str_trim(one.who);
	one.why = sc_str_trim(line);
	if (!sc_check_find(one.check, &check))
		return bad_line(err, number, "there is no such check");
	if (is_known(out, one.check))
		return bad_line(err, number, "this check was there before");
	if (!sc_take_date(&day, &days) || day.n)
		return bad_line(err, number,
				"until when it holds is no day like "
				"2026-12-31");
	if (!one.who.n || !one.why.n)
		return bad_line(err, number,
				"it does not say who answers for it, and why");
	if (out->n >= SC_EXCEPTIONS_MAX)
		return sc_fail(err, SC_ELIMIT, "more than %d exceptions",
			       SC_EXCEPTIONS_MAX);
	return SC_PUSH(a, out, one) ? 0 : sc_no_memory(err);
}

int sc_exceptions_read(struct sc_str text, struct sc_arena *a,
		       struct sc_exceptions *out, struct sc_error *err)
{
	struct sc_exceptions list = { 0 };
	uint32_t number = 0;
	struct sc_str line;

	while (sc_take_part(&text, '\n', &line)) {
		number++;
		if (line.n && line.s[line.n - 1] == '\r')
			line.n--;
		line = sc_str_trim(line);
		if (!line.n || *line.s == '#')
			continue;
		if (read_exception(line, number, a, &list, err) < 0)
			return err->code;
	}
	*out = list;
	return 0;
}

/* Somebody may answer for what fails; not for what nobody could read. */
static void except(const struct sc_judgement *how, struct sc_look *l)
{
	struct sc_verdict *v = l->v;
	uint64_t days = 0;

	for (size_t i = 0; how->exceptions && i < how->exceptions->n; i++)
		if (sc_str_eq(how->exceptions->v[i].check, v->check.id))
			v->exception = &how->exceptions->v[i];
	if (!v->exception || v->kind != SC_FAIL)
		return;
	if (sc_take_date(&(struct sc_str){ v->exception->until.s,
					   v->exception->until.n },
			 &days) &&
	    days >= how->today)
		v->kind = SC_EXCEPTED;
}

/* ---- checks */

static bool run_probe(struct sc_look *l, struct sc_str name)
{
	const struct sc_probe *const tables[] = {
		sc_probes_kubelet, sc_probes_boot,   sc_probes_selinux,
		sc_probes_running, sc_probes_labels, sc_probes_places,
	};

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct sc_probe *p = tables[t]; p->run; p++)
			if (sc_str_eq(p->look, name)) {
				p->run(l);
				return true;
			}
	return false;
}

static void run_check(struct sc_look *l)
{
	static const struct {
		struct sc_str word;
		void (*run)(struct sc_look *l, struct sc_str rest);
	} kinds[] = {
		{ SC_STR("kubelet "), sc_check_kubelet },
		{ SC_STR("proxy "), sc_check_proxy },
		{ SC_STR("files "), sc_check_files },
		{ SC_STR("engine "), sc_check_engine },
	};
	struct sc_str look = l->v->check.look;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sc_take_prefix(&look, kinds[i].word)) {
			kinds[i].run(l, look);
			return;
		}
	if (!sc_take_prefix(&look, SC_STR("probe ")) || !run_probe(l, look))
		sc_look_trouble(l, "nothing knows how to look at it");
}

static void conclude(struct sc_look *l)
{
	bool wrong = l->more > 0;

	for (size_t i = 0; i < l->v->evidence.n; i++)
		wrong = wrong || l->v->evidence.v[i].wrong;
	if (!l->said)
		l->v->kind = wrong ? SC_FAIL : l->trouble ? SC_ERROR : SC_PASS;
	if (l->more)
		sc_look_note(l, "and %zu more", l->more);
}

int sc_checks_judge(const struct sc_machine *m, const struct sc_profiles *p,
		    const struct sc_judgement *how, struct sc_arena *a,
		    struct sc_verdicts *out, struct sc_error *err)
{
	struct sc_verdicts list = { 0 };
	struct sc_check_walk at = { 0 };
	struct sc_check check;

	while (sc_check_next(&at, &check)) {
		struct sc_verdict v = { .check = check };
		struct sc_look l = {
			.machine = m, .a = a, .v = &v, .deep = how->deep
		};

		if (!is_wanted(p, &check) ||
		    (how->only.n && !sc_str_eq(how->only, check.id)))
			continue;
		run_check(&l);
		conclude(&l);
		except(how, &l);
		if (l.no_memory || !SC_PUSH(a, &list, v))
			return sc_no_memory(err);
	}
	*out = list;
	return 0;
}
