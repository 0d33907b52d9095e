#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/checks.h"

#define EVIDENCE_BYTES ((size_t)16 << 20)

struct options {
	struct sc_host_ask ask;
	const char *against;
	bool json;
};

static const struct sc_option options[] = {
	{ 0, "against", "FILE", "what selcage host check --json said before",
	  offsetof(struct options, against) },
	SC_ASK_OPTIONS(offsetof(struct options, ask)),
	SC_JSON_OPTION(offsetof(struct options, json)),
	{ 0 },
};

/* One check, as it was told. */
struct told {
	struct sc_str id, verdict;
	const struct sc_doc_node *evidence;
};

struct all_told {
	struct told *v;
	size_t n, room;
};

static struct sc_str text_of(const struct sc_doc_node *map, const char *key)
{
	const struct sc_doc_node *n = sc_doc_get(map, key);

	return sc_doc_is(n, SC_DOC_STRING) ? n->text : SC_STR("");
}

static int read_told(struct sc_str text, const char *from, struct sc_arena *a,
		     struct all_told *out, struct sc_error *err)
{
	struct sc_str line;

	for (uint32_t n = 1; sc_take_part(&text, '\n', &line); n++) {
		struct sc_doc doc = { 0 };
		struct told one = { 0 };

		if (sc_doc_read_json(line, a, &doc, err) < 0)
			return sc_while(err, "'%s', in its line %u", from, n);
		if (!sc_str_eq(text_of(doc.root, "kind"), SC_STR("check")))
			continue;
		one.id = text_of(doc.root, "id");
		one.verdict = text_of(doc.root, "verdict");
		one.evidence = sc_doc_get(doc.root, "evidence");
		if (!SC_PUSH(a, out, one))
			return sc_no_memory(err);
	}
	if (!out->n)
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' holds no checks: selcage host check "
			       "--json writes them",
			       from);
	return 0;
}

static const struct told *find(const struct all_told *all, struct sc_str id)
{
	for (size_t i = 0; i < all->n; i++)
		if (sc_str_eq(all->v[i].id, id))
			return &all->v[i];
	return NULL;
}

static bool same_text(const struct sc_doc_node *x, const struct sc_doc_node *y,
		      const char *key)
{
	return sc_str_eq(text_of(x, key), text_of(y, key));
}

/* Does one piece of evidence say the same? A line that was put in above it, or
 * a word in front of it, says nothing else. */
static bool same_fact(const struct sc_doc_node *x, const struct sc_doc_node *y)
{
	static const char *const keys[] = { "what", "path", "now", "wanted" };
	static const char *const from[] = { "layer", "file", "key" };
	const struct sc_doc_node *a = sc_doc_get(x, "from");
	const struct sc_doc_node *b = sc_doc_get(y, "from");
	bool same = true;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		same = same && same_text(x, y, keys[i]);
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		same = same && same_text(a, b, from[i]);
	return same;
}

static bool has_fact(const struct sc_doc_node *list,
		     const struct sc_doc_node *fact)
{
	for (list = list ? list->first : NULL; list; list = list->next)
		if (same_fact(list, fact))
			return true;
	return false;
}

/* The next one of @x that is not in @y; NULL: no more. */
static const struct sc_doc_node *next_only(const struct sc_doc_node *x,
					   const struct sc_doc_node *y,
					   const struct sc_doc_node *after)
{
	const struct sc_doc_node *one = after ? after->next
					: x   ? x->first
					      : NULL;

	while (one && has_fact(y, one))
		one = one->next;
	return one;
}

static bool same(const struct told *x, const struct told *y)
{
	return sc_str_eq(x->verdict, y->verdict) &&
	       !next_only(x->evidence, y->evidence, NULL) &&
	       !next_only(y->evidence, x->evidence, NULL);
}

/* What is in @x and not in @y. */
static void put_only(struct sc_buf *out, const char *sign,
		     const struct sc_doc_node *x, const struct sc_doc_node *y)
{
	const struct sc_doc_node *one = NULL;

	while ((one = next_only(x, y, one))) {
		sc_putf(out, "    %s ", sign);
		sc_put_safe(out, text_of(one, "what"));
		sc_put(out, SC_STR(": "));
		sc_put_safe(out, text_of(one, "now"));
		sc_put(out, SC_STR("\n"));
	}
}

static void put_only_json(struct sc_buf *out, const char *name,
			  const struct sc_doc_node *x,
			  const struct sc_doc_node *y)
{
	const struct sc_doc_node *one = NULL;
	bool first = true;

	sc_putf(out, ",\"%s\":[", name);
	while ((one = next_only(x, y, one))) {
		sc_put(out,
		       first ? SC_STR("{\"what\":") : SC_STR(",{\"what\":"));
		sc_put_json(out, text_of(one, "what"));
		sc_put(out, SC_STR(",\"now\":"));
		sc_put_json(out, text_of(one, "now"));
		sc_put(out, SC_STR("}"));
		first = false;
	}
	sc_put(out, SC_STR("]"));
}

static void put_json(struct sc_buf *out, const struct told *was,
		     const struct told *is)
{
	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"drift\",\"id\":"));
	sc_put_json(out, was ? was->id : is->id);
	sc_put(out, SC_STR(",\"was\":"));
	sc_put_json(out, was ? was->verdict : SC_STR(""));
	sc_put(out, SC_STR(",\"is\":"));
	sc_put_json(out, is ? is->verdict : SC_STR(""));
	put_only_json(out, "gone", was ? was->evidence : NULL,
		      is ? is->evidence : NULL);
	put_only_json(out, "new", is ? is->evidence : NULL,
		      was ? was->evidence : NULL);
	sc_put(out, SC_STR("}\n"));
}

static void put_text(struct sc_buf *out, const struct told *was,
		     const struct told *is)
{
	const struct sc_str none = SC_STR("not made");

	sc_put(out, SC_STR("  "));
	sc_put_safe(out, was ? was->id : is->id);
	sc_put(out, SC_STR(": "));
	sc_put_safe(out, was ? was->verdict : none);
	if (!was || !is || !sc_str_eq(was->verdict, is->verdict)) {
		sc_put(out, SC_STR(", now "));
		sc_put_safe(out, is ? is->verdict : none);
	}
	sc_put(out, SC_STR("\n"));
	put_only(out, "-", was ? was->evidence : NULL,
		 is ? is->evidence : NULL);
	put_only(out, "+", is ? is->evidence : NULL,
		 was ? was->evidence : NULL);
}

/* How many checks differ. */
static size_t compare(const struct all_told *was, const struct all_told *is,
		      bool json, struct sc_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < was->n; i++) {
		const struct told *now = find(is, was->v[i].id);

		if (now && same(&was->v[i], now))
			continue;
		n++;
		(json ? put_json : put_text)(out, &was->v[i], now);
	}
	for (size_t i = 0; i < is->n; i++)
		if (!find(was, is->v[i].id)) {
			n++;
			(json ? put_json : put_text)(out, NULL, &is->v[i]);
		}
	return n;
}

/* What host check --json says now. */
static int tell_now(const struct options *o, struct sc_arena *a,
		    struct all_told *out, struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host host = { .fd = -1 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_host_answer *answer = sc_new(a, struct sc_host_answer);
	struct sc_checks_report report = { 0 };
	struct sc_str kept;
	int r = answer ? sc_host_open(o->ask.root, &host, err)
		       : sc_no_memory(err);

	if (r == 0)
		r = sc_host_ask(&o->ask, &host, a, answer, err);
	if (r < 0)
		return r;
	report.machine = &answer->machine;
	report.profiles = &answer->profiles;
	report.verdicts = &answer->verdicts;
	sc_checks_json(&report, &text);
	if (text.failed ||
	    !sc_keep(a, (struct sc_str){ text.s, text.n }, &kept))
		return sc_no_memory(err);
	return read_told(kept, "the host", a, out, err);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct options *o = values;
	struct all_told was = { 0 }, is = { 0 };
	struct sc_str before = { 0 };
	size_t n;
	int r;

	if (argc)
		return sc_fail(err, SC_ESYNTAX, "no operand is expected: '%s'",
			       argv[0]);
	if (!o->against)
		return sc_fail(err, SC_ESYNTAX,
			       "say with what to compare: --against FILE");
	r = sc_file_read(o->against, EVIDENCE_BYTES, &a, &before, err);
	if (r == 0)
		r = read_told(before, o->against, &a, &was, err);
	if (r == 0)
		r = tell_now(o, &a, &is, err);
	if (r < 0)
		return r;
	n = compare(&was, &is, o->json, &text);
	if (!o->json && n)
		sc_putf(&text, "%zu check%s not what %s\n", n,
			n == 1 ? " is" : "s are",
			n == 1 ? "it was" : "they were");
	else if (!o->json)
		sc_put(&text, SC_STR("nothing differs\n"));
	r = sc_print(&text, out, err);
	return r < 0 ? r : n ? SC_EXIT_FOUND : SC_EXIT_CLEAN;
}

const struct sc_command sc_cmd_host_drift = {
	.name = "host drift",
	.operands = "",
	.summary = "what differs from an earlier check; exit 1 if something",
	.options = options,
	.run = run,
	.options_size = sizeof(struct options),
};
