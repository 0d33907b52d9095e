#include "base/clean.h"
#include "base/safe.h"
#include "base/table.h"
#include "base/vec.h"
#include "cli/compat.h"
#include "rules/cil.h"
#include "rules/ioctl.h"
#include "rules/te.h"

#define IOCTLS 65536

/* One set of accesses, as far as it is written, and what is left out of it. */
struct part {
	const struct sc_access_set *set;
	struct sc_rule rule; /* .perms empty: nothing is written */
	struct sc_str left_out;
	struct sc_rule left_ioctls; /* of a rule that is written; often none */
	struct sc_str why;          /* it is left out */
};

struct making {
	const struct sc_compat_options *options;
	const struct sc_guards *guards;
	const struct sc_collection *all;
	struct part *parts; /* one for each set */
	struct sc_arena *arena;
	struct sc_compat_text *to;
	struct sc_buf *out;
};

/* ---- what is written, and what not */

static bool put_perms(struct sc_buf *b, struct sc_str perm)
{
	sc_putf(b, "%s" SC_FMT, b->n ? " " : "", SC_ARG(perm));
	return !b->failed;
}

static bool keep_buf(struct making *m, const struct sc_buf *b,
		     struct sc_str *out)
{
	return !b->failed &&
	       sc_keep(m->arena, (struct sc_str){ b->s ? b->s : "", b->n },
		       out);
}

static bool say_guard(struct making *m, struct part *p,
		      const struct sc_guard *guard)
{
	return p->why.n || sc_keepf(m->arena, &p->why,
				    "it could " SC_FMT " (" SC_FMT
				    "); --unguarded writes it",
				    SC_ARG(guard->words), SC_ARG(guard->id));
}

/* Each permission alone, as a rule of its own. */
static bool part_one_by_one(struct making *m, struct part *p,
			    struct sc_buf *kept, struct sc_buf *left)
{
	const struct sc_access_set *s = p->set;

	for (size_t i = 0; i < s->perms.n; i++) {
		const struct sc_guard *g =
			m->guards ? sc_guards_refuse(m->guards, s->source,
						     s->target, s->tclass,
						     s->perms.v[i])
				  : NULL;
		bool blocks = g && g->blocks;

		if (!put_perms(blocks ? left : kept, s->perms.v[i]) ||
		    (blocks && !say_guard(m, p, g)))
			return false;
	}
	return true;
}

static bool is_same_rule(const struct part *a, const struct part *b)
{
	return sc_str_eq(a->rule.source, b->rule.source) &&
	       sc_str_eq(a->rule.target, b->rule.target) &&
	       sc_str_eq(a->rule.tclass, b->rule.tclass);
}

/* Part the permissions at @words by whether @kept has them too. */
static void split(struct sc_str words, struct sc_str kept, struct sc_buf *in,
		  struct sc_buf *not_in)
{
	struct sc_str word;

	while (sc_take_word(&words, &word))
		(void)put_perms(sc_has_part(kept, ' ', word) ? in : not_in,
				word);
}

/* Then those that are left, together with what is written already for the same
 * source, target and class: a record of another verdict has a set of its own.
 */
static int part_together(struct making *m, struct part *p, struct sc_buf *left,
			 struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf all = { 0 }, kept = { 0 };
	struct sc_vector asked = { p->rule.target, p->rule.tclass, { 0 } };
	struct sc_parted parted = { 0 };
	int r;

	if (!m->guards || !p->rule.perms.n)
		return 0;
	(void)put_perms(&all, p->rule.perms);
	for (struct part *q = p; q > m->parts && is_same_rule(&q[-1], p); q--)
		if (q[-1].rule.perms.n)
			(void)put_perms(&all, q[-1].rule.perms);
	if (!keep_buf(m, &all, &asked.perms))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	r = sc_guards_part(m->guards, &asked, p->rule.source, m->arena, &parted,
			   err);
	if (r < 0 || !parted.guard)
		return r;
	split(p->rule.perms, parted.kept, &kept, left);
	return keep_buf(m, &kept, &p->rule.perms) &&
			       say_guard(m, p, parted.guard)
		       ? 0
		       : sc_fail(err, SC_ENOMEM, "out of memory");
}

/* And of ioctl the commands; every one of them, where none is named. */
static bool part_ioctls(struct making *m, struct part *p, struct sc_buf *left)
{
	struct sc_ioctl_refusal refused = { 0 };

	if (!m->guards)
		return true;
	if (!sc_ioctl_part(m->guards, &p->rule, m->arena, &refused))
		return false;
	if (!refused.guard)
		return true;
	if (sc_has_part(p->rule.perms, ' ', SC_STR("ioctl")))
		p->left_ioctls = refused.rule;
	else if (!put_perms(left, SC_STR("ioctl")))
		return false;
	return say_guard(m, p, refused.guard);
}

/* The verdict knows nothing of the commands of ioctl. */
static bool is_allowed(const struct making *m, const struct sc_access_set *s)
{
	return s->verdict.kind == SC_VERDICT_ALLOWED &&
	       !(m->options->xperms && s->ioctls);
}

/* Nothing is opened by what the policy allows already, nor by silence. */
static bool is_harmless(const struct making *m, const struct sc_access_set *s)
{
	return m->options->dontaudit || m->options->unguarded ||
	       is_allowed(m, s);
}

/* The commands of ioctl, neighbours joined. */
static bool find_ioctls(struct making *m, struct part *p)
{
	const uint64_t *bits = p->set->ioctls;
	struct {
		struct sc_ioctl_range *v;
		size_t n;
		size_t room;
	} found = { 0 };

	if (!bits || !m->options->xperms ||
	    !sc_has_part(p->rule.perms, ' ', SC_STR("ioctl")))
		return true;
	for (uint32_t i = 0; i < IOCTLS; i++) {
		struct sc_ioctl_range x = { .first = (uint16_t)i };

		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		while (i + 1 < IOCTLS && bits[(i + 1) / 64] >> (i + 1) % 64 & 1)
			i++;
		x.last = (uint16_t)i;
		if (!SC_PUSH(m->arena, &found, x))
			return false;
	}
	p->rule.ioctls = found.v;
	p->rule.n_ioctls = found.n;
	return true;
}

static int part_set(struct making *m, struct part *p, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf kept = { 0 }, left = { 0 };
	const struct sc_access_set *s = p->set;
	/* a dontaudit rule opens nothing, but can hide what goes on */
	bool forged = s->forgeable && !is_allowed(m, s);
	bool ok = true;
	int r = 0;

	p->rule = (struct sc_rule){
		.kind = m->options->dontaudit ? SC_DONTAUDIT : SC_ALLOW,
		.source = s->source,
		.target = s->target,
		.tclass = s->tclass,
	};
	if (forged)
		p->why = SC_STR("anybody could have written the record; "
				"--trust-syslog writes it");
	if (forged || is_harmless(m, s))
		for (size_t i = 0; ok && i < s->perms.n; i++)
			ok = put_perms(forged ? &left : &kept, s->perms.v[i]);
	else
		ok = part_one_by_one(m, p, &kept, &left);
	if (!ok || !keep_buf(m, &kept, &p->rule.perms) || !find_ioctls(m, p))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	if (!forged && !is_harmless(m, s)) {
		r = part_together(m, p, &left, err);
		if (r == 0 && !part_ioctls(m, p, &left))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	if (r == 0 && !keep_buf(m, &left, &p->left_out))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	return r;
}

static int part_all(struct making *m, struct sc_error *err)
{
	m->parts = sc_new_array(m->arena, struct part, m->all->n + 1);
	if (!m->parts)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	for (size_t i = 0; i < m->all->n; i++) {
		struct part *p = &m->parts[i];
		int r;

		p->set = &m->all->v[i];
		r = part_set(m, p, err);
		if (r < 0)
			return r;
		if (p->rule.perms.n &&
		    !SC_PUSH(m->arena, &m->to->rules, p->rule))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	return 0;
}

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
	sc_compat_put_line(out, s->comm);
	sc_put(out, SC_STR("\" exe=\""));
	sc_compat_put_line(out, s->exe);
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
	if (m->options->explain)
		put_notes(s, out);
	else if (m->options->verbose)
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

	if (!m->options->cil) {
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
	if (m->options->cil)
		sc_cil_put_ioctls(r, m->out);
	else
		sc_te_put_ioctls(r, m->out);
}

static int put_left_out(struct making *m, const struct part *p,
			struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_rule rule = p->rule;
	const char *mark = m->options->cil ? ";" : "#";
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

static int put_part(struct making *m, const struct part *p,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf remarks = { 0 };
	struct sc_str text;
	int r = 0;

	put_remarks(m, p->set, &remarks);
	text = (struct sc_str){ remarks.s, remarks.n };
	if (m->options->cil)
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
		m->options->cil ? ";" : "#", SC_ARG(name));
}

static int put_parts(struct making *m, struct sc_error *err)
{
	const struct part *v = m->parts;
	int r = 0;

	for (size_t i = 0, end; r == 0 && i < m->all->n; i = end) {
		if (!i || !sc_str_eq(v[i].set->source, v[i - 1].set->source)) {
			sc_put(m->out, i ? SC_STR("\n") : SC_STR(""));
			put_header(m, v[i].set->source);
		}
		for (end = i; end < m->all->n && is_same_rule(&v[i], &v[end]);
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
	size_t n = m->all->lacking.n;

	if (n)
		put_header(m, SC_STR("ROLES"));
	for (size_t i = 0; i < n; i++) {
		const struct sc_package_role *x = &m->all->lacking.v[i];
		if (m->options->cil)
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
	const struct part *const *a = left, *const *b = right;

	return ((*a)->set->rank > (*b)->set->rank) -
	       ((*a)->set->rank < (*b)->set->rank);
}

static bool find_requires(struct making *m, struct sc_requires *out)
{
	const struct part **order =
		sc_new_array(m->arena, const struct part *, m->all->n + 1);
	bool ok = order != NULL;

	for (size_t i = 0; ok && i < m->all->n; i++)
		order[i] = &m->parts[i];
	if (ok && m->all->n)
		qsort(order, m->all->n, sizeof(*order), by_rank);
	for (size_t i = 0; ok && i < m->all->n; i++)
		ok = !order[i]->rule.perms.n ||
		     sc_require_rule(out, &order[i]->rule, m->arena);
	for (size_t i = 0; ok && i < m->all->lacking.n; i++)
		ok = sc_require_role(out, m->all->lacking.v[i].role,
				     m->arena) &&
		     sc_require_type(out, m->all->lacking.v[i].type, m->arena);
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
	const struct sc_compat_options *o = m->options;
	const char *name = o->module ? o->module : o->package;
	struct sc_requires requires = { 0 };

	sc_put(m->out, SC_STR("\n"));
	if (name && !o->cil)
		sc_putf(m->out, "module %s 1.0;\n\n", name);
	if (!o->requires && !name)
		return 0;
	if (!find_requires(m, &requires))
		return sc_fail(err, SC_ENOMEM, "out of memory");
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
		.options = o,
		.guards = guards,
		.all = c,
		.arena = a,
		.to = out,
		.out = &out->text,
	};
	int r = part_all(&m, err);

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
