#include "rules/require.h"

#include "base/table.h"
#include "base/vec.h"

bool sc_require_add(struct sc_require_names *names, struct sc_str name,
		    bool keep, struct sc_arena *a)
{
	size_t low = 0, high = names->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = sc_str_compare(names->v[middle], name);

		if (r == 0)
			return true;
		if (r < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if ((keep && !sc_keep(a, name, &name)) || !SC_PUSH(a, names, name))
		return false;
	memmove(&names->v[low + 1], &names->v[low],
		(names->n - 1 - low) * sizeof(*names->v));
	names->v[low] = name;
	return true;
}

static struct sc_require_names *perms_of(struct sc_requires *all,
					 struct sc_str tclass,
					 struct sc_arena *a)
{
	struct sc_require_class class = { .name = tclass };

	for (size_t i = 0; i < all->classes.n; i++)
		if (sc_str_eq(all->classes.v[i].name, tclass))
			return &all->classes.v[i].perms;
	if (!SC_PUSH(a, &all->classes, class))
		return NULL;
	return &all->classes.v[all->classes.n - 1].perms;
}

bool sc_require_type(struct sc_requires *all, struct sc_str name,
		     struct sc_arena *a)
{
	return sc_str_eq(name, SC_STR("self")) ||
	       sc_require_add(&all->types, name, false, a);
}

bool sc_require_role(struct sc_requires *all, struct sc_str name,
		     struct sc_arena *a)
{
	return sc_require_add(&all->roles, name, false, a);
}

bool sc_require_rule(struct sc_requires *all, const struct sc_rule *rule,
		     struct sc_arena *a)
{
	struct sc_require_names *perms = perms_of(all, rule->tclass, a);
	struct sc_str words = rule->perms, word;

	if (!perms || !sc_require_type(all, rule->source, a) ||
	    !sc_require_type(all, rule->target, a))
		return false;
	while (sc_take_word(&words, &word))
		if (!sc_require_add(perms, word, false, a))
			return false;
	return true;
}

void sc_require_put_set(struct sc_buf *out, struct sc_str words)
{
	struct sc_str first, word;

	if (!sc_take_word(&words, &first))
		return;
	if (!sc_take_word(&words, &word)) {
		sc_put(out, first);
		return;
	}
	sc_putf(out, "{ " SC_FMT, SC_ARG(first));
	do {
		sc_putf(out, " " SC_FMT, SC_ARG(word));
	} while (sc_take_word(&words, &word));
	sc_put(out, SC_STR(" }"));
}

static void put_class(struct sc_buf *out, const struct sc_require_class *class)
{
	const struct sc_require_names *perms = &class->perms;

	sc_putf(out, "\tclass " SC_FMT, SC_ARG(class->name));
	if (perms->n != 1)
		sc_put(out, SC_STR(" {"));
	for (size_t i = 0; i < perms->n; i++)
		sc_putf(out, " " SC_FMT, SC_ARG(perms->v[i]));
	sc_put(out, perms->n == 1 ? SC_STR(";\n") : SC_STR(" };\n"));
}

void sc_require_put(const struct sc_requires *all, struct sc_buf *out)
{
	sc_put(out, SC_STR("require {\n"));
	for (size_t i = 0; i < all->types.n; i++)
		sc_putf(out, "\ttype " SC_FMT ";\n", SC_ARG(all->types.v[i]));
	for (size_t i = 0; i < all->classes.n; i++)
		put_class(out, &all->classes.v[i]);
	for (size_t i = 0; i < all->roles.n; i++)
		sc_putf(out, "\trole " SC_FMT ";\n", SC_ARG(all->roles.v[i]));
	sc_put(out, SC_STR("}\n"));
}
