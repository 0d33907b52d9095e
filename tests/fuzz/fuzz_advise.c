#include "base/clean.h"
#include "base/label.h"
#include "rules/advise.h"
#include "rules/cil.h"
#include "rules/learn.h"
#include "unit/policies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fields end with a NUL; the last one with the input. */
static struct sc_str take_field(struct sc_str *in)
{
	struct sc_str v;

	if (!sc_take_until(in, '\0', &v)) {
		v = *in;
		sc_str_drop(in, in->n);
	}
	return v;
}

/* Nothing that could move a cursor or end a line. */
static void want_plain(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.s[i] < ' ' || v.s[i] == 0x7f)
			abort();
}

/* Is all of @v that sh would take for more than text between quotes? */
static void want_quoted(struct sc_str v)
{
	bool quoted = false;

	want_plain(v);
	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] == '\'')
			quoted = !quoted;
		else if (!quoted && v.s[i] == '\\')
			i++; /* '\'' : a quote between two quoted parts */
		else if (!quoted && strchr("$`;&|<>()*?[]{}~#!\"", v.s[i]))
			abort();
	}
	if (quoted)
		abort();
}

static struct sc_policy *open_policy(void)
{
	struct sc_policy *p = NULL;
	struct sc_error err;

	if (sc_policy_open(policy_path(), &p, &err) < 0)
		abort();
	return p;
}

static struct sc_denial read_denial(struct sc_str in)
{
	struct sc_denial d = { .count = 1 };

	d.scontext = take_field(&in);
	d.tcontext = take_field(&in);
	d.tclass = take_field(&in);
	d.perms = take_field(&in);
	d.objects[0].text = take_field(&in);
	d.programs[0].text = take_field(&in);
	d.trawcon = take_field(&in);
	d.source = sc_label_type(d.scontext);
	d.target = sc_label_type(d.tcontext);
	d.n_objects = d.objects[0].text.n > 0;
	d.n_programs = d.programs[0].text.n > 0;
	return d;
}

/* Whatever a denial says: advice that can be shown, commands that hold no more
 * than the table's, and rules that the writer takes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sc_policy *policy; /* kept for the life of the fuzzer */
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_denial d;
	struct sc_rules rules = { 0 };
	struct sc_advice a;
	struct sc_error err;

	if (!policy)
		policy = open_policy();
	d = read_denial((struct sc_str){ (const char *)data, size });
	if (sc_advise(&(struct sc_adviser){ .policy = policy }, &d, &arena, &a,
		      &err) < 0)
		abort();
	want_plain(a.words);
	want_plain(a.todo);
	for (size_t i = 0; i < a.commands.n; i++)
		want_quoted(a.commands.v[i]);
	if (sc_learn(&a, 1, &arena, &rules, &err) < 0 ||
	    sc_cil_write(&rules, &out, &err) < 0)
		abort();
	if (rules.n && a.class != SC_CLASS_RULE && a.n_perms == 1)
		abort();
	return 0;
}
