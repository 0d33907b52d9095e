#include "audit/tear.h"

#include "audit/record.h"

#define TYPE_MAX 32 /* bytes of a type's name */

static bool is_type_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '[' || c == ']';
}

/* Where the "type=" stands whose " msg=audit(" is at @head; 0: nowhere. */
static size_t find_type(struct sc_str line, size_t head)
{
	size_t at = head;

	while (at > 5 && head - at < TYPE_MAX && is_type_byte(line.s[at - 1]))
		at--;
	return at > 5 && at < head && memcmp(line.s + at - 5, "type=", 5) == 0
		       ? at - 5
		       : 0;
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
			return at;
	}
	return 0;
}

/* The kernel puts no space into a value of its own, but a process may send any
 * text: nothing behind that is believed to be a record. */
static bool is_told(struct sc_str text)
{
	return memmem(text.s, text.n, "msg='", 5) != NULL;
}

size_t sc_tear_in(struct sc_str line, struct sc_str body)
{
	size_t at;

	if (!body.n || !memchr(body.s, '(', body.n))
		return 0;
	at = find_record(line, (size_t)(body.s - line.s));
	return is_told((struct sc_str){ line.s, at }) ? 0 : at;
}

size_t sc_tear_front(struct sc_str line)
{
	struct sc_str type = SC_STR("type=");
	size_t at = find_record(line, 0), n = 0;

	while (n < at && line.s[n] == '\0')
		n++;
	if (type.n > at - n)
		type.n = at - n;
	return memcmp(line.s + n, type.s, type.n) == 0 &&
			       !is_told((struct sc_str){ line.s, at })
		       ? at
		       : 0;
}
