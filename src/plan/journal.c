#include "plan/journal.h"

#include "base/sha256.h"

#include <time.h>

#define SUM_DIGITS 16 /* of the line's SHA-256: finds damage, not forgery */
#define NO_TEXT SC_STR("-")

/* ---- lines */

static void put_sum(struct sc_buf *line)
{
	char hex[SC_SHA256_HEX + 1];

	sc_sha256_hex((struct sc_str){ line->s, line->n }, hex);
	sc_putf(line, "\t%.*s\n", SUM_DIGITS, hex);
}

/* @line without its checksum, if that is right. */
static bool take_sum(struct sc_str *line)
{
	char hex[SC_SHA256_HEX + 1];
	size_t tail = SUM_DIGITS + 1;

	if (line->n <= tail || line->s[line->n - tail] != '\t')
		return false;
	sc_sha256_hex((struct sc_str){ line->s, line->n - tail }, hex);
	if (memcmp(hex, line->s + line->n - SUM_DIGITS, SUM_DIGITS) != 0)
		return false;
	line->n -= tail;
	return true;
}

static struct sc_str take_field(struct sc_str *line)
{
	struct sc_str field;

	if (sc_take_until(line, '\t', &field))
		return field;
	field = *line;
	*line = (struct sc_str){ line->s + line->n, 0 };
	return field;
}

/* A digest, or "-" for no text. */
static bool read_digest(struct sc_str v, struct sc_str *out)
{
	*out = sc_str_eq(v, NO_TEXT) ? (struct sc_str){ 0 } : v;
	return !out->n || sc_is_digest(v);
}

/* "NAME BEFORE AFTER" */
static bool read_change(struct sc_str field, struct sc_change *out)
{
	struct sc_str before;

	return sc_take_until(&field, ' ', &out->name) &&
	       sc_take_until(&field, ' ', &before) &&
	       read_digest(before, &out->before) &&
	       read_digest(field, &out->after);
}

static int damaged(uint32_t line, struct sc_error *err)
{
	int r = sc_fail(err, SC_ESYNTAX,
			"line %u is not what was written there; nothing is "
			"done while the ledger cannot be trusted",
			line);

	err->line = line;
	return r;
}

struct sc_entry *sc_journal_find(struct sc_ledger *l, uint64_t id)
{
	for (size_t i = l->n; i-- > 0;)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static int read_begin(struct sc_ledger *l, struct sc_entry *e,
		      struct sc_str rest, uint32_t line, struct sc_error *err)
{
	e->changes.kind = take_field(&rest);
	e->changes.place = take_field(&rest);
	while (rest.n) {
		struct sc_change c;

		if (!read_change(take_field(&rest), &c))
			return damaged(line, err);
		if (!SC_PUSH(l->arena, &e->changes, c))
			return sc_no_memory(err);
	}
	if (sc_journal_find(l, e->id))
		return damaged(line, err);
	if (!SC_PUSH(l->arena, l, *e))
		return sc_no_memory(err);
	return 0;
}

static int read_line(struct sc_ledger *l, struct sc_str text, uint32_t line,
		     struct sc_error *err)
{
	struct sc_entry e = { 0 }, *begun;
	struct sc_str word, id;

	if (!sc_take_prefix(&text, SC_STR("1\t")))
		return sc_fail(err, SC_ESYNTAX,
			       "line %u was written by another version of "
			       "selcage",
			       line);
	id = take_field(&text);
	if (!sc_take_u64(&id, &e.id) || id.n)
		return damaged(line, err);
	e.time = take_field(&text);
	word = take_field(&text);
	if (sc_str_eq(word, SC_STR("begin")))
		return read_begin(l, &e, text, line, err);
	begun = sc_journal_find(l, e.id);
	if (!begun)
		return damaged(line, err);
	if (sc_str_eq(word, SC_STR("done")))
		begun->state = SC_ENTRY_DONE;
	else if (sc_str_eq(word, SC_STR("undone")))
		begun->state = SC_ENTRY_UNDONE;
	else
		return damaged(line, err);
	return 0;
}

int sc_journal_read(struct sc_ledger *l, struct sc_str text, size_t *whole,
		    struct sc_error *err)
{
	const char *start = text.s;
	struct sc_str line;

	*whole = 0;
	for (uint32_t n = 1; sc_take_until(&text, '\n', &line); n++) {
		int r;

		if (!take_sum(&line)) {
			if (text.n == 0)
				return 0; /* cut short by a crash */
			return damaged(n, err);
		}
		r = read_line(l, line, n, err);
		if (r < 0)
			return r;
		*whole = (size_t)(text.s - start);
	}
	return 0;
}

/* ---- writing */

static void put_now(struct sc_buf *line)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	sc_putf(line, "%s", text);
}

static bool is_word(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.s[i] <= ' ')
			return false;
	return v.n > 0;
}

static struct sc_str digest_or_dash(struct sc_str v)
{
	return v.n ? v : NO_TEXT;
}

static int put_changes(struct sc_buf *line, const struct sc_change_set *set,
		       struct sc_error *err)
{
	if (!is_word(set->kind) || !is_word(set->place))
		return sc_fail(err, SC_ESYNTAX, "no name for the ledger");
	sc_putf(line, "\tbegin\t" SC_FMT "\t" SC_FMT, SC_ARG(set->kind),
		SC_ARG(set->place));
	for (size_t i = 0; i < set->n; i++) {
		const struct sc_change *c = &set->v[i];

		if (!is_word(c->name))
			return sc_fail(err, SC_ESYNTAX,
				       "a name that the ledger cannot hold");
		sc_putf(line, "\t" SC_FMT " " SC_FMT " " SC_FMT,
			SC_ARG(c->name), SC_ARG(digest_or_dash(c->before)),
			SC_ARG(digest_or_dash(c->after)));
	}
	return 0;
}

int sc_journal_put_begin(struct sc_buf *line, uint64_t id,
			 const struct sc_change_set *changes,
			 struct sc_error *err)
{
	int r;

	sc_putf(line, "1\t%llu\t", (unsigned long long)id);
	put_now(line);
	r = put_changes(line, changes, err);
	if (r == 0)
		put_sum(line);
	return r;
}

void sc_journal_put_end(struct sc_buf *line, uint64_t id,
			enum sc_entry_state state)
{
	sc_putf(line, "1\t%llu\t", (unsigned long long)id);
	put_now(line);
	sc_putf(line, "\t%s", state == SC_ENTRY_DONE ? "done" : "undone");
	put_sum(line);
}
