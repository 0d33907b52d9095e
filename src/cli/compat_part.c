#include "cli/compat_part.h"

#include "base/clean.h"
#include "base/table.h"
#include "base/vec.h"

#define IOCTLS 65536

static bool put_perms(struct sc_buf *b, struct sc_str perm)
{
	sc_putf(b, "%s" SC_FMT, b->n ? " " : "", SC_ARG(perm));
	return !b->failed;
}

static bool keep_buf(struct sc_compat_parts *m, const struct sc_buf *b,
		     struct sc_str *out)
{
	return !b->failed &&
	       sc_keep(m->arena, (struct sc_str){ b->s ? b->s : "", b->n },
		       out);
}

static bool say_guard(struct sc_compat_parts *m, struct sc_compat_part *p,
		      const struct sc_guard *guard)
{
	return p->why.n || sc_keepf(m->arena, &p->why,
				    "it could " SC_FMT " (" SC_FMT
				    "); --unguarded writes it",
				    SC_ARG(guard->words), SC_ARG(guard->id));
}

/* Each permission alone, as a rule of its own. */
static bool part_one_by_one(struct sc_compat_parts *m, struct sc_compat_part *p,
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

bool sc_compat_same_rule(const struct sc_compat_part *a,
			 const struct sc_compat_part *b)
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
static int part_together(struct sc_compat_parts *m, struct sc_compat_part *p,
			 struct sc_buf *left, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf all = { 0 }, kept = { 0 };
	struct sc_vector asked = { p->rule.target, p->rule.tclass, { 0 } };
	struct sc_parted parted = { 0 };
	int r;

	if (!m->guards || !p->rule.perms.n)
		return 0;
	(void)put_perms(&all, p->rule.perms);
	for (struct sc_compat_part *q = p;
	     q > m->v && sc_compat_same_rule(&q[-1], p); q--)
		if (q[-1].rule.perms.n)
			(void)put_perms(&all, q[-1].rule.perms);
	if (!keep_buf(m, &all, &asked.perms))
		return sc_no_memory(err);
	r = sc_guards_part(m->guards, &asked, p->rule.source, m->arena, &parted,
			   err);
	if (r < 0 || !parted.guard)
		return r;
	split(p->rule.perms, parted.kept, &kept, left);
	return keep_buf(m, &kept, &p->rule.perms) &&
			       say_guard(m, p, parted.guard)
		       ? 0
		       : sc_no_memory(err);
}

/* And of ioctl the commands; every one of them, where none is named. */
static bool part_ioctls(struct sc_compat_parts *m, struct sc_compat_part *p,
			struct sc_buf *left)
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
static bool is_allowed(const struct sc_compat_parts *m,
		       const struct sc_access_set *s)
{
	return s->verdict.kind == SC_VERDICT_ALLOWED &&
	       !(m->options->xperms && s->ioctls);
}

/* Nothing is opened by what the policy allows already, nor by silence. */
static bool is_harmless(const struct sc_compat_parts *m,
			const struct sc_access_set *s)
{
	return m->options->dontaudit || m->options->unguarded ||
	       is_allowed(m, s);
}

/* The commands of ioctl, neighbours joined. */
static bool find_ioctls(struct sc_compat_parts *m, struct sc_compat_part *p)
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

static int part_set(struct sc_compat_parts *m, struct sc_compat_part *p,
		    struct sc_error *err)
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
		return sc_no_memory(err);
	if (!forged && !is_harmless(m, s)) {
		r = part_together(m, p, &left, err);
		if (r == 0 && !part_ioctls(m, p, &left))
			return sc_no_memory(err);
	}
	if (r == 0 && !keep_buf(m, &left, &p->left_out))
		return sc_no_memory(err);
	return r;
}

int sc_compat_part(struct sc_compat_parts *m, struct sc_rules *rules,
		   struct sc_error *err)
{
	m->v = sc_new_array(m->arena, struct sc_compat_part, m->all->n + 1);
	if (!m->v)
		return sc_no_memory(err);
	for (size_t i = 0; i < m->all->n; i++) {
		struct sc_compat_part *p = &m->v[i];
		int r;

		p->set = &m->all->v[i];
		r = part_set(m, p, err);
		if (r < 0)
			return r;
		if (p->rule.perms.n && !SC_PUSH(m->arena, rules, p->rule))
			return sc_no_memory(err);
	}
	return 0;
}
