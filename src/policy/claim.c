#include "policy/claim.h"

#include "base/clean.h"
#include "base/safe.h"
#include "policy/host_path.h"
#include "policy/labels.h"

#define PORT_FIRST 1024     /* those below are the host's */
#define PATH_BYTES 1000     /* of a path */
#define LEVEL_BYTES 64      /* of a level, as text */
#define TREE "(/.*)?"       /* the one pattern: all below as well */
#define ESCAPED ".+-_@%,=~" /* may stand behind a backslash */

struct read {
	struct sc_found *found;
	struct sc_str block;   /* the one being read */
	struct sc_names types; /* declared in it, the domain aside */
	struct sc_claims *out;
	size_t n;    /* claims of this module */
	bool of_fix; /* any type will do */
};

bool sc_claim_is(const struct sc_cil *form)
{
	return sc_cil_is(form, SC_STR("portcon")) ||
	       sc_cil_is(form, SC_STR("filecon"));
}

/* ---- contexts */

/* "c12"; three digits hold what policies have, 1024 of them */
static bool is_category(const struct sc_cil *word)
{
	struct sc_str v = word->text;
	uint64_t n;

	return !word->is_list && sc_take_prefix(&v, SC_STR("c")) && v.n <= 4 &&
	       sc_take_u64(&v, &n) && !v.n;
}

/* (s0), or (s0 (c1 c2)); the two categories differ. */
static bool put_level(const struct sc_cil *level, struct sc_buf *out)
{
	const struct sc_cil *cats = sc_cil_at(level, 1);

	if (!sc_cil_is(level, SC_STR("s0")) || sc_cil_at(level, 2))
		return false;
	sc_put(out, SC_STR("s0"));
	if (!cats)
		return true;
	if (!cats->is_list || !cats->first || !cats->first->next ||
	    cats->first->next->next || !is_category(cats->first) ||
	    !is_category(cats->first->next) ||
	    sc_str_eq(cats->first->text, cats->first->next->text))
		return false;
	sc_putf(out, ":" SC_FMT "," SC_FMT, SC_ARG(cats->first->text),
		SC_ARG(cats->first->next->text));
	return true;
}

/* (L L), twice the same */
static bool read_range(struct read *r, const struct sc_cil *range,
		       struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf low = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf high = { 0 };
	struct sc_str v;

	if (!sc_cil_at(range, 1) || sc_cil_at(range, 2) ||
	    !put_level(sc_cil_at(range, 0), &low) ||
	    !put_level(sc_cil_at(range, 1), &high))
		return false;
	v = (struct sc_str){ low.s, low.n };
	if (low.failed || high.failed || !sc_keep(r->found->arena, v, out))
		r->found->no_memory = true;
	return sc_str_eq(v, (struct sc_str){ high.s, high.n });
}

/* A type that the block declares, by its whole name; or that of volumes. */
static bool read_type(struct read *r, struct sc_str word, struct sc_claim *c)
{
	struct sc_str block, own = word;

	if (r->of_fix) {
		c->type = word;
		return true;
	}
	if (!sc_names_has(&r->types, own) &&
	    !(sc_take_until(&own, '.', &block) && sc_str_eq(block, r->block) &&
	      sc_names_has(&r->types, own))) {
		c->type = word;
		return !c->proto.n && sc_str_eq(word, SC_VOLUME_TYPE) &&
		       memchr(c->level.s, ':', c->level.n);
	}
	if (!sc_keepf(r->found->arena, &c->type, SC_FMT "." SC_FMT,
		      SC_ARG(r->block), SC_ARG(own)))
		r->found->no_memory = true;
	return true;
}

/* (system_u object_r T (L L)) */
static bool read_context(struct read *r, const struct sc_cil *context,
			 struct sc_claim *c)
{
	return context && context->is_list && !sc_cil_at(context, 4) &&
	       sc_str_eq(sc_cil_word(context, 0), SC_STR("system_u")) &&
	       sc_str_eq(sc_cil_word(context, 1), SC_STR("object_r")) &&
	       sc_cil_at(context, 3) && sc_cil_at(context, 3)->is_list &&
	       read_range(r, sc_cil_at(context, 3), &c->level) &&
	       read_type(r, sc_cil_word(context, 2), c);
}

/* ---- ports */

static bool read_number(const struct sc_cil *node, uint16_t *out)
{
	struct sc_str v = node && !node->is_list ? node->text : SC_STR("");
	uint64_t n = 0;

	if (!sc_take_u64(&v, &n) || v.n || !n || n > UINT16_MAX)
		return false;
	*out = (uint16_t)n;
	return true;
}

static bool read_port(struct read *r, const struct sc_cil *form,
		      struct sc_claim *c)
{
	const struct sc_cil *port = sc_cil_at(form, 2);

	c->proto = sc_cil_word(form, 1);
	if (!sc_str_eq(c->proto, SC_STR("tcp")) &&
	    !sc_str_eq(c->proto, SC_STR("udp")) &&
	    !sc_str_eq(c->proto, SC_STR("sctp")))
		return false;
	if (!port || sc_cil_at(form, 4))
		return false;
	if (!port->is_list) {
		if (!read_number(port, &c->first))
			return false;
		c->last = c->first;
	} else if (sc_cil_at(port, 2) ||
		   !read_number(sc_cil_at(port, 0), &c->first) ||
		   !read_number(sc_cil_at(port, 1), &c->last) ||
		   c->last < c->first) {
		return false;
	}
	return read_context(r, sc_cil_at(form, 3), c) &&
	       sc_str_eq(c->level, SC_STR("s0"));
}

/* ---- paths */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("/_-@%,=:~", c);
}

/* The path that the pattern @spec stands for: no byte of it may stand for any
 * other, so a dot is "\.". */
static bool put_path(struct sc_str spec, struct sc_buf *out)
{
	for (size_t i = 0; i < spec.n; i++) {
		char c = spec.s[i];

		if (c == '\\') {
			if (++i == spec.n || !spec.s[i] ||
			    !strchr(ESCAPED, spec.s[i]))
				return false;
			c = spec.s[i];
		} else if (!c || !is_plain(c)) {
			return false;
		}
		sc_putf(out, "%c", c);
	}
	return true;
}

/* "/a/b": no empty part, no "." and no "..", no slash at the end */
static bool is_whole(struct sc_str path)
{
	struct sc_str part;

	if (!sc_take_prefix(&path, SC_STR("/")) || !path.n ||
	    path.s[path.n - 1] == '/')
		return false;
	while (sc_take_part(&path, '/', &part))
		if (!part.n || sc_str_eq(part, SC_STR(".")) ||
		    sc_str_eq(part, SC_STR("..")))
			return false;
	return true;
}

static bool read_spec(struct read *r, struct sc_claim *c)
{
	SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };
	struct sc_str fixed = c->spec, tree = SC_STR(TREE);

	if (fixed.n > PATH_BYTES)
		return false;
	if (fixed.n > tree.n &&
	    memcmp(fixed.s + fixed.n - tree.n, tree.s, tree.n) == 0) {
		fixed.n -= tree.n;
		c->below = true;
	}
	if (!put_path(fixed, &path))
		return false;
	if (path.failed ||
	    !sc_keep(r->found->arena, (struct sc_str){ path.s, path.n },
		     &c->path))
		r->found->no_memory = true;
	return is_whole((struct sc_str){ path.s, path.n });
}

static bool read_path(struct read *r, const struct sc_cil *form,
		      struct sc_claim *c)
{
	struct sc_str kind = sc_cil_word(form, 2);

	c->spec = sc_cil_word(form, 1);
	if (!sc_str_eq(kind, SC_STR("any")) &&
	    !sc_str_eq(kind, SC_STR("file")) && !sc_str_eq(kind, SC_STR("dir")))
		return false;
	return !sc_cil_at(form, 4) && sc_cil_at(form, 3) && read_spec(r, c) &&
	       read_context(r, sc_cil_at(form, 3), c);
}

/* ---- modules */

static void read_form(struct read *r, const struct sc_cil *form)
{
	bool port = sc_cil_is(form, SC_STR("portcon"));
	struct sc_claim c = { .module = r->found->module,
			      .block = r->block,
			      .line = form->line };

	if (++r->n > SC_CLAIMS_MAX) {
		if (r->n == SC_CLAIMS_MAX + 1)
			(void)sc_find(r->found, "structure/size", form->line,
				      "claims more than %d ports and paths",
				      SC_CLAIMS_MAX);
		return;
	}
	if (!(port ? read_port(r, form, &c) : read_path(r, form, &c)))
		(void)sc_find(r->found, "structure/claim-form", form->line,
			      port ? "claims a port in a form, or for a type, "
				     "that no container's module has"
				   : "claims a path in a form, or for a type "
				     "or level, that no container's module "
				     "has");
	else if (!SC_PUSH(r->found->arena, r->out, c))
		r->found->no_memory = true;
}

static void read_block(struct read *r, const struct sc_cil *block)
{
	struct sc_str domain = SC_STR("process");

	r->block = sc_cil_word(block, 1);
	r->types = (struct sc_names){ 0 };
	for (const struct sc_cil *f = block->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("type")) &&
		    !sc_str_eq(sc_cil_word(f, 1), domain) &&
		    !SC_PUSH(r->found->arena, &r->types, sc_cil_word(f, 1)))
			r->found->no_memory = true;
	for (const struct sc_cil *f = block->first; f; f = f->next)
		if (sc_claim_is(f))
			read_form(r, f);
}

int sc_claims_read(const struct sc_cil *top, struct sc_found *found,
		   struct sc_claims *out, struct sc_error *err)
{
	struct read r = { .found = found, .out = out };

	for (const struct sc_cil *f = top->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("block")))
			read_block(&r, f);
	return found->no_memory ? sc_no_memory(err) : 0;
}

int sc_claims_read_fix(const struct sc_cil *top, struct sc_found *found,
		       struct sc_claims *out, struct sc_error *err)
{
	struct read r = { .found = found, .out = out, .of_fix = true };

	for (const struct sc_cil *f = top->first; f; f = f->next)
		if (sc_cil_is(f, SC_STR("filecon")))
			read_form(&r, f);
	return found->no_memory ? sc_no_memory(err) : 0;
}

/* ---- judging */

/* Names of the ports that nobody has named. */
static bool is_free(struct sc_str type)
{
	return sc_str_eq(type, SC_STR("unreserved_port_t")) ||
	       sc_str_eq(type, SC_STR("ephemeral_port_t")) ||
	       sc_str_eq(type, SC_STR("port_t"));
}

static void judge_port(const struct sc_claim *c, const struct sc_policy *p,
		       struct sc_found *to)
{
	uint32_t port = c->first;

	if (c->first < PORT_FIRST) {
		(void)sc_find(to, "structure/claim-port", c->line,
			      "claims " SC_FMT "/%u, and ports below %d are "
			      "the host's",
			      SC_ARG(c->proto), c->first, PORT_FIRST);
		return;
	}
	while (port <= c->last) {
		struct sc_error unknown;
		struct sc_str type;
		uint16_t last;

		if (sc_port_run_without(p, c->proto, (uint16_t)port, c->block,
					&type, &last, &unknown) < 0)
			last = (uint16_t)port;
		else if (!is_free(type)) {
			(void)sc_find(to, "structure/claim-port", c->line,
				      "claims " SC_FMT "/%u, which the policy "
				      "gives to " SC_FMT,
				      SC_ARG(c->proto), port, SC_ARG(type));
			return;
		}
		port = (uint32_t)last + 1;
	}
}

static void judge_path(const struct sc_claim *c, struct sc_found *to)
{
	SC_CLEAN(sc_buf_free) struct sc_buf path = { 0 };

	if (!sc_path_is_system(c->path))
		return;
	sc_put_safe(&path, c->path);
	(void)sc_find(to, "structure/claim-path", c->line,
		      "claims %s, which belongs to the host",
		      path.s ? path.s : "");
}

static bool same(const struct sc_claim *a, const struct sc_claim *b)
{
	return sc_str_eq(a->type, b->type) && sc_str_eq(a->level, b->level);
}

/* libsemanage would keep one of the two, and not say which. Of a path below
 * another's the longer one decides, as everywhere. */
static bool clash(const struct sc_claim *a, const struct sc_claim *b)
{
	if (!sc_str_eq(a->proto, b->proto))
		return false;
	if (a->proto.n)
		return a->first <= b->last && b->first <= a->last;
	return sc_str_eq(a->path, b->path) && !same(a, b);
}

static void judge_twice(const struct sc_claims *claims, size_t number,
			struct sc_found *to)
{
	const struct sc_claim *c = &claims->v[number];
	SC_CLEAN(sc_buf_free) struct sc_buf what = { 0 };

	for (size_t i = 0; i < number; i++) {
		if (!clash(&claims->v[i], c))
			continue;
		sc_claim_say(c, &what);
		(void)sc_find(to, "structure/claim-twice", c->line,
			      "claims %s, which " SC_FMT " claims as well",
			      what.s ? what.s : "",
			      SC_ARG(claims->v[i].module));
		return;
	}
}

int sc_claims_judge(const struct sc_claims *claims, const struct sc_policy *p,
		    struct sc_arena *a, struct sc_findings *out,
		    struct sc_error *err)
{
	struct sc_found to = { .arena = a, .out = out };

	for (size_t i = 0; i < claims->n; i++) {
		const struct sc_claim *c = &claims->v[i];

		to.module = c->module;
		if (c->proto.n)
			judge_port(c, p, &to);
		else
			judge_path(c, &to);
		judge_twice(claims, i, &to);
	}
	return to.no_memory ? sc_no_memory(err) : 0;
}

int sc_claims_judge_types(const struct sc_claims *claims,
			  const struct sc_policy *p, struct sc_arena *a,
			  struct sc_findings *out, struct sc_error *err)
{
	struct sc_found to = { .arena = a, .out = out };

	for (size_t i = 0; i < claims->n; i++) {
		const struct sc_claim *c = &claims->v[i];
		struct sc_str all =
			c->proto.n ? SC_STR("port_type") : SC_STR("file_type");

		to.module = c->module;
		if (sc_policy_has(p, SC_NAME_ATTRIBUTE, all) &&
		    !sc_policy_is_in(p, c->type, all))
			(void)sc_find(&to, "structure/claim-type", c->line,
				      "has a type that the host's own programs "
				      "cannot reach: (typeattributeset " SC_FMT
				      " (" SC_FMT "))",
				      SC_ARG(all), SC_ARG(c->type));
	}
	return to.no_memory ? sc_no_memory(err) : 0;
}

void sc_claim_say(const struct sc_claim *c, struct sc_buf *out)
{
	if (!c->proto.n) {
		sc_put_safe(out, c->path);
		if (c->below)
			sc_put(out, SC_STR(" and all below it"));
		return;
	}
	sc_putf(out, SC_FMT "/%u", SC_ARG(c->proto), c->first);
	if (c->last != c->first)
		sc_putf(out, "-%u", c->last);
}
