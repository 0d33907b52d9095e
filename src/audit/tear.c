#include "audit/tear.h"

#define TYPE_MAX 32 /* bytes of a type's name */
#define NODE_MAX 72 /* of "node=" and the name of a host */

static bool is_type_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '[' || c == ']';
}

/* Where "type=" stands whose " msg=audit(" is at @head; 0: nowhere. */
static size_t find_type(struct sc_str line, size_t head)
{
	size_t at = head;

	while (at > 5 && head - at < TYPE_MAX && is_type_byte(line.s[at - 1]))
		at--;
	return at > 5 && at < head && memcmp(line.s + at - 5, "type=", 5) == 0
		       ? at - 5
		       : 0;
}

/* Before the "type=" at @type the name of the host may stand: "node=a ". */
static size_t find_node(struct sc_str line, size_t type)
{
	size_t from = type > NODE_MAX ? type - NODE_MAX : 0, at = type - 1;

	if (line.s[at] != ' ')
		return type;
	while (at > from && line.s[at - 1] != ' ') {
		at--;
		if (memcmp(line.s + at, "node=", 5) == 0 ||
		    memcmp(line.s + at, "host=", 5) == 0)
			return at;
	}
	return type;
}

/* The first record that begins after the first @from bytes. */
static size_t find_record(struct sc_str line, size_t from)
{
	static const struct sc_str mark = SC_STR(" msg=audit(");

	while (from < line.n) {
		const char *head =
			memmem(line.s + from, line.n - from, mark.s, mark.n);
		struct sc_record r;
		size_t at;

		if (!head)
			return 0;
		from = (size_t)(head - line.s) + mark.n;
		at = find_type(line, (size_t)(head - line.s));
		if (at &&
		    sc_record_read((struct sc_str){ line.s + at, line.n - at },
				   &r))
			return find_node(line, at);
	}
	return 0;
}

/* The kernel puts no space into a value of its own, but a process may send any
 * text: nothing behind that is believed to be a record. */
static bool is_told(struct sc_str text)
{
	return memmem(text.s, text.n, "msg='", 5) != NULL;
}

/* The kernel puts a quote after what a process sent. Where the line ends with
 * the only one there is, all before it is the text of one record: none of
 * another kind ends so. */
static bool is_in_text(struct sc_str rest)
{
	rest = sc_record_body(rest);
	return rest.n && rest.s[rest.n - 1] == '\'' && !is_told(rest);
}

struct sc_tear sc_tear_find(struct sc_str line, struct sc_str body)
{
	struct sc_tear tear = { find_record(line, (size_t)(body.s - line.s)),
				false };

	if (!is_told((struct sc_str){ line.s, tear.at }))
		return tear;
	tear.in_doubt = true;
	sc_str_drop(&line, tear.at);
	return is_in_text(line) ? (struct sc_tear){ 0 } : tear;
}

/* Is @front what is left of the first word of a record? */
static bool begins(struct sc_str front, struct sc_str word)
{
	while (front.n && *front.s == '\0')
		sc_str_drop(&front, 1);
	return memcmp(front.s, word.s, front.n < word.n ? front.n : word.n) ==
	       0;
}

size_t sc_tear_front(struct sc_str line)
{
	struct sc_str front = { line.s, find_record(line, 0) };

	return (begins(front, SC_STR("type=")) ||
		begins(front, SC_STR("node=")) ||
		begins(front, SC_STR("host="))) &&
			       !is_told(front)
		       ? front.n
		       : 0;
}

bool sc_tear_matters(struct sc_str line, size_t at,
		     const struct sc_record *first)
{
	struct sc_record second;

	sc_str_drop(&line, at);
	return sc_kind_begins(sc_record_kind(first->type)) ||
	       (sc_record_read(line, &second) &&
		sc_kind_begins(sc_record_kind(second.type)));
}

void sc_tear_cut(struct sc_str *line, size_t at, struct sc_record *r)
{
	if (!at)
		return;
	line->n = at;
	r->body.n = (size_t)(line->s + at - r->body.s);
}

/* The fields that the records end with which begin an event. */
static const struct end {
	struct sc_str key;
	bool is_name; /* rules are made of it */
} ends[] = {
	{ SC_STR("permissive="), false }, { SC_STR("tclass="), true },
	{ SC_STR("trawcon="), true },     { SC_STR("srawcon="), true },
	{ SC_STR("perms="), true },       { SC_STR("newcontext="), true },
	{ SC_STR("ses="), false },        { SC_STR("invalid_context="), true },
	{ SC_STR("res="), false },        { SC_STR("SAUID="), false },
	{ SC_STR("comm="), false },
};

static struct sc_str last_word(struct sc_str line)
{
	const char *space = memrchr(line.s, ' ', line.n);

	if (space)
		sc_str_drop(&line, (size_t)(space + 1 - line.s));
	return line;
}

static const struct end *find_end(struct sc_str word)
{
	for (size_t i = 0; word.n && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (*word.s == *ends[i].key.s &&
		    sc_take_prefix(&word, ends[i].key))
			return &ends[i];
	return NULL;
}

bool sc_tear_ends(struct sc_str line)
{
	struct sc_str word = last_word(line);

	/* what a program tells, but for the many that say how it went */
	if (word.n && word.s[word.n - 1] == '\'')
		return !sc_take_prefix(&word, SC_STR("res="));
	return find_end(word);
}

bool sc_tear_in_name(struct sc_str line)
{
	const struct end *end = find_end(last_word(line));

	return end && end->is_name;
}
