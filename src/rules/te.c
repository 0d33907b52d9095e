#include "rules/te.h"

#include "base/clean.h"
#include "base/safe.h"
#include "base/table.h"
#include "rules/cil.h"
#include "rules/require.h"

/* Words of checkmodule's language. It takes each in small letters and in
 * capitals alone, but "self", which is no word of its own there. */
static const char *const words[] = {
	"alias",
	"allow",
	"allowxperm",
	"and",
	"attribute",
	"attribute_role",
	"auditallow",
	"auditallowxperm",
	"auditdeny",
	"bool",
	"category",
	"class",
	"clone",
	"common",
	"constrain",
	"default_range",
	"default_role",
	"default_type",
	"default_user",
	"devicetreecon",
	"dom",
	"domby",
	"dominance",
	"dontaudit",
	"dontauditxperm",
	"else",
	"eq",
	"expandattribute",
	"false",
	"fscon",
	"fs_use_task",
	"fs_use_trans",
	"fs_use_xattr",
	"genfscon",
	"glblub",
	"h1",
	"h2",
	"high",
	"ibendportcon",
	"ibpkeycon",
	"if",
	"incomp",
	"inherits",
	"iomemcon",
	"ioportcon",
	"l1",
	"l2",
	"level",
	"low",
	"mlsconstrain",
	"mlsvalidatetrans",
	"module",
	"netifcon",
	"neverallow",
	"neverallowxperm",
	"nodecon",
	"not",
	"notself",
	"optional",
	"or",
	"other",
	"pcidevicecon",
	"permissive",
	"pirqcon",
	"policycap",
	"portcon",
	"r1",
	"r2",
	"r3",
	"range",
	"range_transition",
	"require",
	"role",
	"role_transition",
	"roleattribute",
	"roles",
	"sameuser",
	"self",
	"sensitivity",
	"sid",
	"source",
	"t1",
	"t2",
	"t3",
	"target",
	"true",
	"tunable",
	"type",
	"type_change",
	"type_member",
	"type_transition",
	"typealias",
	"typeattribute",
	"typebounds",
	"types",
	"u1",
	"u2",
	"u3",
	"user",
	"validatetrans",
	"xor",
};

static bool is_word(struct sc_str name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == name.n &&
		    strncasecmp(words[i], name.s, name.n) == 0)
			return true;
	return false;
}

bool sc_te_is_name(struct sc_str name)
{
	return sc_cil_is_name(name) && !memchr(name.s, '.', name.n) &&
	       !is_word(name);
}

static int check(struct sc_str name, const char *what, struct sc_error *err)
{
	if (sc_te_is_name(name))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "a .te cannot hold the %s '%.*s': only CIL can", what,
		       (int)(name.n < 100 ? name.n : 100), name.s);
}

static int check_rule(const struct sc_rule *r, struct sc_error *err)
{
	struct sc_str perms = r->perms, word;
	int e = check(r->source, "type", err);

	if (e == 0 && !sc_str_eq(r->target, SC_STR("self")))
		e = check(r->target, "type", err);
	if (e == 0)
		e = check(r->tclass, "class", err);
	while (e == 0 && sc_take_word(&perms, &word))
		e = check(word, "permission", err);
	return e;
}

void sc_te_put_rule(const struct sc_rule *r, struct sc_buf *out)
{
	sc_putf(out, "%s " SC_FMT " " SC_FMT ":" SC_FMT " ",
		r->kind == SC_DONTAUDIT ? "dontaudit" : "allow",
		SC_ARG(r->source), SC_ARG(r->target), SC_ARG(r->tclass));
	sc_require_put_set(out, r->perms);
	sc_put(out, SC_STR(";\n"));
}

void sc_te_put_ioctls(const struct sc_rule *r, struct sc_buf *out)
{
	bool many = r->n_ioctls > 1;

	sc_putf(out, "%s " SC_FMT " " SC_FMT ":" SC_FMT " ioctl%s",
		r->kind == SC_DONTAUDIT ? "dontauditxperm" : "allowxperm",
		SC_ARG(r->source), SC_ARG(r->target), SC_ARG(r->tclass),
		many ? " {" : "");
	for (size_t i = 0; i < r->n_ioctls; i++) {
		const struct sc_ioctl_range *x = &r->ioctls[i];

		sc_putf(out, " 0x%x", x->first);
		if (x->last != x->first)
			sc_putf(out, "-0x%x", x->last);
	}
	sc_put(out, many ? SC_STR(" };\n") : SC_STR(";\n"));
}

static void put_rule(const struct sc_rule *r, struct sc_buf *out)
{
	if (r->why.n) {
		sc_put(out, SC_STR("# "));
		sc_put_safe(out, r->why);
		sc_put(out, SC_STR("\n"));
	}
	sc_te_put_rule(r, out);
	if (r->n_ioctls)
		sc_te_put_ioctls(r, out);
}

int sc_te_write(struct sc_str name, const struct sc_rules *rules,
		struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	struct sc_requires requires = { 0 };
	int r = check(name, "module", err);

	if (r == 0 && !rules->n)
		r = sc_fail(err, SC_EREFUSED, "a module cannot be empty");
	for (size_t i = 0; r == 0 && i < rules->n; i++)
		r = check_rule(&rules->v[i], err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < rules->n; i++)
		if (!sc_require_rule(&requires, &rules->v[i], &arena))
			return sc_no_memory(err);
	sc_putf(out, "module " SC_FMT " 1.0;\n\n", SC_ARG(name));
	sc_require_put(&requires, out);
	sc_put(out, SC_STR("\n"));
	for (size_t i = 0; i < rules->n; i++)
		put_rule(&rules->v[i], out);
	return sc_buf_check(out, err);
}
