#include "base/clean.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/compat_part.h"
#include "rules/cil.h"
#include "rules/te.h"

struct making {
	struct sc_compat_parts parts;
	struct sc_buf *out;
};

/* ---- the remarks above a rule */

static void put_constraint(const struct sc_access_set *s, struct sc_buf *out)
{
	struct sc_str text = s->verdict.constraint, line;

	sc_put(out,
	       SC_STR("\n#!!!! This avc is a constraint violation.  You would "
		      "need to modify the attributes of either the source or "
		      "target types to allow this access."
		      "\n#Constraint rule: "));
	/* every line of it: a bare one would be taken for policy */
	while (sc_take_part(&text, '\n', &line))
		sc_putf(out, "\n#\t" SC_FMT, SC_ARG(line));
	sc_put(out, SC_STR("\n"));
	sc_compat_put_causes(s->scontext, s->tcontext, "\n", "", out);
}

static void put_switches(const struct sc_verdict *v, struct sc_buf *out)
{
	if (v->n_switches == 1) {
		sc_putf(out,
			"\n#!!!! This avc can be allowed using the boolean "
			"'" SC_FMT "'",
			SC_ARG(v->switches[0].boolean));
		return;
	}
	sc_put(out, SC_STR("\n#!!!! This avc can be allowed using one of the "
			   "these booleans:\n#     "));
	for (size_t i = 0; i < v->n_switches; i++)
		sc_putf(out, "%s" SC_FMT, i ? ", " : "",
			SC_ARG(v->switches[i].boolean));
}

static void put_verdict(const struct sc_access_set *s, struct sc_buf *out)
{
	if (s->verdict.kind == SC_VERDICT_ALLOWED) {
		sc_put(out, SC_STR("\n#!!!! This avc is allowed in the current "
				   "policy"));
		if (s->ioctls)
			sc_put(out,
			       SC_STR("\n#!!!! This av rule may have been "
				      "overridden by an extended permission "
				      "av rule"));
	}
	if (s->verdict.kind == SC_VERDICT_DONTAUDIT)
		sc_put(out, SC_STR("\n#!!!! This avc has a dontaudit rule in "
				   "the current policy"));
	if (s->verdict.kind == SC_VERDICT_BOOLEAN)
		put_switches(&s->verdict, out);
	if (s->verdict.kind == SC_VERDICT_CONSTRAINT)
		put_constraint(s, out);
}

static void put_short(const struct sc_access_set *s, struct sc_buf *out)
{
	sc_putf(out,
		"# src=\"" SC_FMT "\" tgt=\"" SC_FMT "\" class=\"" SC_FMT
		"\", perms=\"",
		SC_ARG(s->source),
		SC_ARG(sc_str_eq(s->target, SC_STR("self")) ? s->source
							    : s->target),
		SC_ARG(s->tclass));
	if (s->perms.n > 1)
		sc_put(out, SC_STR("{ "));
	for (size_t i = 0; i < s->perms.n; i++)
		sc_putf(out, "%s" SC_FMT, i ? " " : "", SC_ARG(s->perms.v[i]));
	if (s->perms.n > 1)
		sc_put(out, SC_STR(" }"));
	sc_put(out, SC_STR("\"\n# comm=\""));
	sc_compat_put_value(out, s->comm);
	sc_put(out, SC_STR("\" exe=\""));
	sc_compat_put_value(out, s->exe);
	sc_put(out, SC_STR("\" path=\"\""));
}

static void put_notes(const struct sc_access_set *s, struct sc_buf *out)
{
	const struct sc_compat_note *note = s->notes;

	for (; note; note = note->next) {
		sc_put(out, note->text);
		sc_put(out, note->next ? SC_STR("\n") : SC_STR(""));
	}
}

static void put_remarks(const struct making *m, const struct sc_access_set *s,
			struct sc_buf *out)
{
	if (m->parts.options->explain)
		put_notes(s, out);
	else if (m->parts.options->verbose)
		put_short(s, out);
	put_verdict(s, out);
}

/* ---- CIL, which has ';' where the other language has '#' */

static void put_cil_comment(struct sc_str text, struct sc_buf *out)
{
	struct sc_str line;

	while (text.n) {
		if (!sc_take_part(&text, '\n', &line))
			return;
		if (sc_take_prefix(&line, SC_STR("#")))
			sc_put(out, SC_STR(";"));
		sc_putf(out, SC_FMT "\n", SC_ARG(line));
	}
}

static int put_rule_text(const struct making *m, const struct sc_rule *r,
			 struct sc_buf *out, struct sc_error *err)
{
	struct sc_rules one = { (struct sc_rule *)r, 1, 1 };
	struct sc_rule bare = *r;

	if (!m->parts.options->cil) {
		sc_te_put_rule(r, out);
		return 0;
	}
	bare.n_ioctls = 0;
	one.v = &bare;
	return sc_cil_write(&one, out, err);
}

static void put_ioctls(const struct making *m, const struct sc_rule *r)
{
	if (!r->n_ioctls)
		return;
	if (m->parts.options->cil)
		sc_cil_put_ioctls(r, m->out);
	else
		sc_te_put_ioctls(r, m->out);
}

static int put_left_out(struct making *m, const struct sc_compat_part *p,
			struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_rule rule = p->rule;
	const char *mark = m->parts.options->cil ? ";" : "#";
	int r = 0;

	if (!p->left_out.n && !p->left_ioctls.n_ioctls)
		return 0;
	rule.perms = p->left_out;
	if (rule.perms.n)
		r = put_rule_text(m, &rule, &text, err);
	sc_putf(m->out, "\n%s!!!! selcage leaves this out: " SC_FMT "\n", mark,
		SC_ARG(p->why));
	if (text.n)
		sc_putf(m->out, "%s%s", mark, text.s);
	if (p->left_ioctls.n_ioctls) {
		sc_put(m->out, sc_view(mark));
		put_ioctls(m, &p->left_ioctls);
	}
	m->out->failed |= text.failed;
	return r;
}

static int put_part(struct making *m, const struct sc_compat_part *p,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf remarks = { 0 };
	struct sc_str text;
	int r = 0;

	put_remarks(m, p->set, &remarks);
	text = (struct sc_str){ remarks.s, remarks.n };
	if (m->parts.options->cil)
		put_cil_comment(text, m->out);
	else if (text.n)
		sc_putf(m->out, SC_FMT "\n", SC_ARG(text));
	m->out->failed |= remarks.failed;
	if (p->rule.perms.n)
		r = put_rule_text(m, &p->rule, m->out, err);
	return r < 0 ? r : put_left_out(m, p, err);
}

static void put_header(struct making *m, struct sc_str name)
{
	sc_putf(m->out, "%s============= " SC_FMT " ==============\n",
		m->parts.options->cil ? ";" : "#", SC_ARG(name));
}

static int put_parts(struct making *m, struct sc_error *err)
{
	const struct sc_compat_part *v = m->parts.v;
	int r = 0;

	for (size_t i = 0, end; r == 0 && i < m->parts.all->n; i = end) {
		if (!i || !sc_str_eq(v[i].set->source, v[i - 1].set->source)) {
			sc_put(m->out, i ? SC_STR("\n") : SC_STR(""));
			put_header(m, v[i].set->source);
		}
		for (end = i; end < m->parts.all->n &&
			      sc_compat_same_rule(&v[i], &v[end]);
		     end++) {
			r = put_part(m, &v[end], err);
			if (r < 0)
				return r;
		}
		for (size_t k = i; k < end; k++)
			put_ioctls(m, &v[k].rule);
	}
	return r;
}

static void put_roles(struct making *m)
{
	size_t n = m->parts.all->lacking.n;

	if (n)
		put_header(m, SC_STR("ROLES"));
	for (size_t i = 0; i < n; i++) {
		const struct sc_package_role *x = &m->parts.all->lacking.v[i];
		if (m->parts.options->cil)
			sc_putf(m->out, "(roletype " SC_FMT " " SC_FMT ")",
				SC_ARG(x->role), SC_ARG(x->type));
		else
			sc_putf(m->out, "role " SC_FMT " types " SC_FMT ";",
				SC_ARG(x->role), SC_ARG(x->type));
		sc_put(m->out, SC_STR("\n"));
		if (i + 1 == n || !sc_str_eq(x->role, x[1].role))
			sc_put(m->out, SC_STR("\n"));
	}
}

/* ---- what is required */

static int by_rank(const void *left, const void *right)
{
	const struct sc_compat_part *const *a = left, *const *b = right;

	return ((*a)->set->rank > (*b)->set->rank) -
	       ((*a)->set->rank < (*b)->set->rank);
}

static bool find_requires(struct making *m, struct sc_requires *out)
{
	const struct sc_compat_part **order =
		sc_new_array(m->parts.arena, const struct sc_compat_part *,
			     m->parts.all->n + 1);
	bool ok = order != NULL;

	for (size_t i = 0; ok && i < m->parts.all->n; i++)
		order[i] = &m->parts.v[i];
	if (ok && m->parts.all->n)
		qsort(order, m->parts.all->n, sizeof(*order), by_rank);
	for (size_t i = 0; ok && i < m->parts.all->n; i++)
		ok = !order[i]->rule.perms.n ||
		     sc_require_rule(out, &order[i]->rule, m->parts.arena);
	for (size_t i = 0; ok && i < m->parts.all->lacking.n; i++)
		ok = sc_require_role(out, m->parts.all->lacking.v[i].role,
				     m->parts.arena) &&
		     sc_require_type(out, m->parts.all->lacking.v[i].type,
				     m->parts.arena);
	return ok;
}

static void put_cil_requires(const struct sc_requires *all, struct sc_buf *out)
{
	for (size_t i = 0; i < all->types.n; i++)
		sc_putf(out, "(typeattributeset cil_gen_require " SC_FMT ")\n",
			SC_ARG(all->types.v[i]));
	for (size_t i = 0; i < all->roles.n; i++)
		sc_putf(out, "(roleattributeset cil_gen_require " SC_FMT ")\n",
			SC_ARG(all->roles.v[i]));
}

static int put_head(struct making *m, struct sc_error *err)
{
	const struct sc_compat_options *o = m->parts.options;
	const char *name = o->module ? o->module : o->package;
	struct sc_requires requires = { 0 };

	sc_put(m->out, SC_STR("\n"));
	if (name && !o->cil)
		sc_putf(m->out, "module %s 1.0;\n\n", name);
	if (!o->requires && !name)
		return 0;
	if (!find_requires(m, &requires))
		return sc_no_memory(err);
	if (o->cil)
		put_cil_requires(&requires, m->out);
	else if (requires.types.n || requires.classes.n || requires.roles.n)
		sc_require_put(&requires, m->out);
	else
		sc_put(m->out, SC_STR("\n")); /* as theirs has it */
	return 0;
}

int sc_compat_make(const struct sc_compat_options *o,
		   const struct sc_guards *guards,
		   const struct sc_collection *c, struct sc_arena *a,
		   struct sc_compat_text *out, struct sc_error *err)
{
	struct making m = {
		.parts = { .options = o,
			   .guards = guards,
			   .all = c,
			   .arena = a },
		.out = &out->text,
	};
	int r = sc_compat_part(&m.parts, &out->rules, err);

	if (r == 0)
		r = put_head(&m, err);
	if (r < 0)
		return r;
	sc_put(m.out, SC_STR("\n"));
	r = put_parts(&m, err);
	if (r < 0)
		return r;
	put_roles(&m);
	return sc_buf_check(m.out, err);
}
