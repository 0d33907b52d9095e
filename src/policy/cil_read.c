#include "policy/cil_read.h"

struct reader {
	struct sc_str in;
	uint32_t line;
	size_t nodes;
	struct sc_arena *arena;
	struct sc_error *err;
};

/* The bytes of libsepol's {symbol}, cil_lexer.l. */
static bool is_symbol(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c && strchr("[].@=/*-_$%+!|&^:~`#{}'<>?,", c) != NULL);
}

static int fail(struct reader *r, const char *what)
{
	sc_fail(r->err, SC_ESYNTAX, "line %u: %s", r->line, what);
	r->err->line = r->line;
	return SC_ESYNTAX;
}

static bool at_crlf(const struct sc_str *in)
{
	return in->n > 1 && in->s[0] == '\r' && in->s[1] == '\n';
}

/* Pass over a comment; its newline stays. */
static int skip_comment(struct reader *r)
{
	if (r->in.n > 2 && memcmp(r->in.s, ";;*", 3) == 0)
		return fail(r, "line marks (';;*') are not taken");
	while (r->in.n && *r->in.s != '\n') {
		unsigned char c = (unsigned char)*r->in.s;

		if ((c < ' ' && c != '\t' && !at_crlf(&r->in)) || c == 0x7f)
			return fail(r, "a control byte in a comment");
		sc_str_drop(&r->in, 1);
	}
	return 0;
}

/* Move to the next token; 1 if there is one, 0 at the end. */
static int skip_blank(struct reader *r)
{
	while (r->in.n) {
		char c = *r->in.s;
		int code;

		if (c == ';') {
			code = skip_comment(r);
			if (code < 0)
				return code;
			continue;
		}
		if (c == '\n')
			r->line++;
		else if (c != ' ' && c != '\t' && !at_crlf(&r->in))
			return 1;
		sc_str_drop(&r->in, 1);
	}
	return 0;
}

static struct sc_cil *new_node(struct reader *r)
{
	struct sc_cil *node = NULL;

	if (r->nodes++ >= SC_CIL_NODES)
		sc_fail(r->err, SC_ELIMIT, "line %u: more than %u words",
			r->line, SC_CIL_NODES);
	else if (!(node = sc_new(r->arena, struct sc_cil)))
		sc_no_memory(r->err);
	else
		node->line = r->line;
	return node;
}

static int read_string(struct reader *r, struct sc_cil *node)
{
	size_t n = 1;

	while (n < r->in.n && r->in.s[n] != '"') {
		unsigned char c = (unsigned char)r->in.s[n];

		if (c < ' ' || c == 0x7f)
			return fail(r,
				    "a string that does not end on its line");
		n++;
	}
	if (n == r->in.n)
		return fail(r, "a string that does not end");
	node->text = (struct sc_str){ r->in.s + 1, n - 1 };
	node->is_string = true;
	sc_str_drop(&r->in, n + 1);
	return 0;
}

static int read_word(struct reader *r, struct sc_cil *node)
{
	size_t n = 0;

	if (*r->in.s == '"')
		return read_string(r, node);
	while (n < r->in.n && is_symbol(r->in.s[n]))
		n++;
	if (n == 0)
		return fail(r, "a byte that CIL does not know");
	node->text = (struct sc_str){ r->in.s, n };
	sc_str_drop(&r->in, n);
	return 0;
}

/* Where a list is being read: the list, and where its next item goes. */
struct level {
	struct sc_cil *list;
	struct sc_cil **tail;
};

/* Read one token at the front of the text into the innermost of @levels. */
static int read_token(struct reader *r, struct level *levels, size_t *depth)
{
	struct sc_cil *node;

	if (*r->in.s == ')') {
		if (*depth == 0)
			return fail(r, "')' without '('");
		(*depth)--;
		sc_str_drop(&r->in, 1);
		return 0;
	}
	node = new_node(r);
	if (!node)
		return (int)r->err->code;
	*levels[*depth].tail = node;
	levels[*depth].tail = &node->next;
	if (*r->in.s != '(')
		return read_word(r, node);
	node->is_list = true;
	sc_str_drop(&r->in, 1);
	if (*depth + 1 >= SC_CIL_DEPTH)
		return sc_fail(r->err, SC_ELIMIT,
			       "line %u: more than %d lists inside lists",
			       r->line, SC_CIL_DEPTH);
	(*depth)++;
	levels[*depth] = (struct level){ node, &node->first };
	return 0;
}

int sc_cil_read(struct sc_str text, struct sc_arena *a, struct sc_cil **out,
		struct sc_error *err)
{
	struct reader r = { .in = text, .line = 1, .arena = a, .err = err };
	struct level levels[SC_CIL_DEPTH];
	struct sc_cil *top = new_node(&r);
	size_t depth = 0;
	int code;

	if (!top)
		return (int)err->code;
	top->is_list = true;
	levels[0] = (struct level){ top, &top->first };
	while ((code = skip_blank(&r)) > 0) {
		code = read_token(&r, levels, &depth);
		if (code < 0)
			return code;
	}
	if (code < 0)
		return code;
	if (depth > 0) {
		r.line = levels[depth].list->line;
		return fail(&r, "'(' is never closed");
	}
	*out = top;
	return 0;
}

bool sc_cil_is(const struct sc_cil *node, struct sc_str word)
{
	return node && node->is_list && node->first && !node->first->is_list &&
	       sc_str_eq(node->first->text, word);
}

const struct sc_cil *sc_cil_at(const struct sc_cil *node, size_t n)
{
	const struct sc_cil *item = node ? node->first : NULL;

	while (item && n-- > 0)
		item = item->next;
	return item;
}

struct sc_str sc_cil_word(const struct sc_cil *node, size_t n)
{
	const struct sc_cil *item = sc_cil_at(node, n);

	return item && !item->is_list ? item->text : (struct sc_str){ 0 };
}
