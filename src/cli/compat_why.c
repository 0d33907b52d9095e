#include "base/label.h"
#include "base/safe.h"
#include "cli/compat.h"

/* Of these a terminal has nothing to fear, and a log may hold them. */
static bool is_plain(char c)
{
	return c == '\t' || c == '\\' || c == '\x1d';
}

void sc_compat_put_value(struct sc_buf *out, struct sc_str v)
{
	while (v.n) {
		size_t n = 0;

		while (n < v.n && !is_plain(v.s[n]))
			n++;
		sc_put_safe(out, (struct sc_str){ v.s, n });
		sc_str_drop(&v, n);
		for (n = 0; n < v.n && is_plain(v.s[n]);)
			n++;
		sc_put(out, (struct sc_str){ v.s, n });
		sc_str_drop(&v, n);
	}
}

void sc_compat_put_line(struct sc_buf *out, struct sc_str line)
{
	bool ended = line.n && line.s[line.n - 1] == '\n';

	line.n -= ended;
	sc_compat_put_value(out, line);
	if (ended)
		sc_put(out, SC_STR("\n"));
}

/* What stands between the next @start and @end in @text. */
static bool take_between(struct sc_str *text, const char *start,
			 const char *end, struct sc_str *out)
{
	size_t skip = strlen(start);
	const char *from = memmem(text->s, text->n, start, skip), *to;

	if (!from)
		return false;
	sc_str_drop(text, (size_t)(from - text->s) + skip);
	to = memmem(text->s, text->n, end, strlen(end));
	if (!to)
		return false;
	*out = (struct sc_str){ text->s, (size_t)(to - text->s) };
	return true;
}

/* What @xml, the table of contents of the policy's sources, has to say of
 * boolean @name: the last of all that it says. */
static bool find_words(struct sc_str xml, struct sc_str name,
		       struct sc_str *out)
{
	struct sc_str quoted, words;
	bool found = false;

	while (take_between(&xml, " name=\"", "\"", &quoted)) {
		struct sc_str rest = xml;
		const char *end;

		if (!sc_str_eq(quoted, name))
			continue;
		end = memmem(rest.s, rest.n, "</desc>", 7);
		if (!end)
			continue;
		rest.n = (size_t)(end - rest.s);
		if (!memmem(rest.s, rest.n, "dftval=", 7) ||
		    !take_between(&rest, "<p>", "</p>", &words))
			continue;
		*out = words;
		found = true;
	}
	return found;
}

static void put_words(struct sc_buf *out, struct sc_str text)
{
	static const struct {
		struct sc_str entity;
		const char *means;
	} entities[] = {
		{ SC_STR("&lt;"), "<" },   { SC_STR("&gt;"), ">" },
		{ SC_STR("&amp;"), "&" },  { SC_STR("&quot;"), "\"" },
		{ SC_STR("&apos;"), "'" },
	};

	while (text.n && *text.s == '\n')
		sc_str_drop(&text, 1);
	while (text.n && text.s[text.n - 1] == '\n')
		text.n--;
	while (text.n) {
		size_t i = 0, n = sizeof(entities) / sizeof(entities[0]);

		while (i < n && !sc_take_prefix(&text, entities[i].entity))
			i++;
		if (i < n) {
			sc_put(out, sc_view(entities[i].means));
			continue;
		}
		sc_putf(out, "%c", *text.s == '\n' ? ' ' : *text.s);
		sc_str_drop(&text, 1);
	}
}

/* Where the policy's sources have no words, the old tool makes some up of the
 * name, and so do we. */
static void put_description(struct sc_buf *out, struct sc_str name,
			    struct sc_str xml)
{
	struct sc_str first = name, words;

	sc_put(out, SC_STR("\tDescription:\n\t"));
	if (find_words(xml, name, &words)) {
		put_words(out, words);
		sc_put(out, SC_STR("\n\n"));
		return;
	}
	if (!sc_take_until(&name, '_', &first))
		name.n = 0;
	sc_putf(out, "Allow " SC_FMT " to ", SC_ARG(first));
	for (size_t i = 0; i < name.n; i++)
		sc_putf(out, "%c", name.s[i] == '_' ? ' ' : name.s[i]);
	sc_put(out, SC_STR("\n\n"));
}

static void put_switches(struct sc_buf *out, const struct sc_verdict *v,
			 struct sc_str xml)
{
	if (v->n_switches > 1)
		sc_put(out, SC_STR("\tOne of the following booleans was set "
				   "incorrectly.\n"));
	else
		sc_putf(out, "\tThe boolean " SC_FMT " was set incorrectly. \n",
			SC_ARG(v->switches[0].boolean));
	for (size_t i = 0; i < v->n_switches; i++) {
		put_description(out, v->switches[i].boolean, xml);
		sc_putf(out,
			"\tAllow access by executing:\n"
			"\t# setsebool -P " SC_FMT " %d\n",
			SC_ARG(v->switches[i].boolean), v->switches[i].needed);
	}
}

void sc_compat_put_causes(struct sc_str source, struct sc_str target,
			  const char *before, const char *after,
			  struct sc_buf *out)
{
	static const char *const words[] = { "user", "role", "type", "level" };

	for (enum sc_label_part i = SC_LABEL_USER; i <= SC_LABEL_LEVEL; i++) {
		struct sc_str s = sc_label_part(source, i);
		struct sc_str t = sc_label_part(target, i);

		if (i == SC_LABEL_TYPE || sc_str_eq(s, t) ||
		    (i == SC_LABEL_ROLE && sc_str_eq(t, SC_STR("object_r"))))
			continue;
		sc_putf(out,
			"%s#\tPossible cause is the source %s (" SC_FMT
			") and target %s (" SC_FMT ") are different.%s",
			before, words[i], SC_ARG(s), words[i], SC_ARG(t),
			after);
	}
}

static void put_cause(const struct sc_message *m, struct sc_str xml,
		      struct sc_buf *out)
{
	static const char *const words[] = {
		[SC_VERDICT_ALLOWED] =
			"\t\tUnknown - would be allowed by active policy\n",
		[SC_VERDICT_DONTAUDIT] =
			"\t\tUnknown - should be dontaudit'd by active "
			"policy\n",
		[SC_VERDICT_RULE] =
			"\t\tMissing type enforcement (TE) allow rule.\n\n"
			"\t\tYou can use audit2allow to generate a loadable "
			"module to allow this access.\n\n",
		[SC_VERDICT_CONSTRAINT] = "\n#Constraint rule:\n\n#\t",
		[SC_VERDICT_ROLE] =
			"\t\tMissing role allow rule.\n\n"
			"\t\tAdd an allow rule for the role pair.\n\n",
		[SC_VERDICT_BOUNDS] =
			"\t\tTypebounds violation.\n\n"
			"\t\tAdd an allow rule for the parent type.\n\n",
	};
	const struct sc_verdict *v = &m->verdict;

	if (v->kind == SC_VERDICT_BOOLEAN) {
		put_switches(out, v, xml);
		return;
	}
	sc_put(out, sc_view(words[v->kind]));
	if (v->kind == SC_VERDICT_CONSTRAINT) {
		sc_putf(out, SC_FMT "\n", SC_ARG(v->constraint));
		sc_compat_put_causes(m->avc.source, m->avc.target, "", "\n\n",
				     out);
	}
	if (v->kind == SC_VERDICT_ALLOWED || v->kind == SC_VERDICT_DONTAUDIT)
		sc_put(out,
		       SC_STR("\t\tPossible mismatch between this policy and "
			      "the one under which the audit message was "
			      "generated.\n\n"
			      "\t\tPossible mismatch between current "
			      "in-memory boolean settings vs. permanent "
			      "ones.\n\n"));
}

void sc_compat_put_why(const struct sc_message *m, struct sc_str xml,
		       struct sc_buf *out)
{
	if (m->verdict.kind >= SC_VERDICT_NO_SOURCE)
		return;
	sc_compat_put_line(out, m->line);
	sc_put(out, SC_STR("\n\tWas caused by:\n"));
	put_cause(m, xml, out);
}
