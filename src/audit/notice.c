#include "audit/notice.h"

#include "audit/avc.h"

#define FIELD(key, member)                                      \
	{                                                       \
		SC_STR(key), offsetof(struct sc_notice, member) \
	}

static const struct field {
	struct sc_str key;
	size_t offset;
} fields[] = {
	FIELD("op", op),
	FIELD("invalid_context", context),
	FIELD("newcontext", context),
	FIELD("scontext", source),
	FIELD("oldcontext", source),
	FIELD("taskcontext", source),
	FIELD("tcontext", target),
	FIELD("tclass", tclass),
	FIELD("perms", perms),
	FIELD("bool", name),
	FIELD("val", after),
	FIELD("old_val", before),
	FIELD("enforcing", after),
	FIELD("old_enforcing", before),
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool put_field(struct sc_notice *n, struct sc_str key,
		      struct sc_str value)
{
	for (size_t i = 0; i < FIELDS; i++) {
		struct sc_str *to;

		if (!sc_str_eq(key, fields[i].key))
			continue;
		to = (struct sc_str *)((char *)n + fields[i].offset);
		if (to->n)
			return false;
		*to = value;
	}
	return true;
}

/* A change of label: the old one is what it was done to. */
static bool put_old(struct sc_notice *n, struct sc_str key, struct sc_str value)
{
	if (!sc_str_eq(key, SC_STR("oldcontext")) ||
	    !sc_str_eq(n->op, SC_STR("security_validate_transition")))
		return put_field(n, key, value);
	if (n->target.n)
		return false;
	n->target = value;
	return true;
}

static bool read_fields(struct sc_str body, struct sc_notice *n)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		if (!put_old(n, key, value))
			return false;
		n->refused |= (sc_str_eq(key, SC_STR("res")) &&
			       sc_str_eq(value, SC_STR("0")));
	}
	return true;
}

/*
 * Until 2014 the kernel wrote sentences: "security_compute_sid:  invalid
 * context C for scontext=...", "security_validate_transition:  denied for
 * oldcontext=...".
 */
static void take_sentence(struct sc_str *body, struct sc_notice *n)
{
	struct sc_str rest = *body, word;

	if (!sc_take_prefix(&rest, SC_STR("security_")) ||
	    !sc_take_until(&rest, ':', &word) || !sc_is_name(word))
		return;
	word = (struct sc_str){ body->s, strlen("security_") + word.n };
	n->op = word;
	sc_skip_spaces(&rest);
	if (sc_take_prefix(&rest, SC_STR("invalid context ")) &&
	    sc_take_until(&rest, ' ', &word))
		n->context = word;
	*body = rest;
}

static bool is_context(struct sc_str v)
{
	return v.n <= SC_CONTEXT_MAX && !memchr(v.s ? v.s : "", '\0', v.n);
}

static bool read_error(struct sc_str body, bool from_user, struct sc_arena *a,
		       struct sc_notice *n, bool *no_memory)
{
	n->text = body;
	if (from_user)
		return true;
	take_sentence(&body, n);
	if (!read_fields(body, n) || !is_context(n->context))
		return false;
	if (!sc_is_name(n->op))
		n->op = (struct sc_str){ 0 };
	if (!sc_value_read(n->context, a, &n->context)) {
		*no_memory = true;
		return false;
	}
	return true;
}

static bool read_change(enum sc_kind kind, struct sc_str body,
			struct sc_notice *n)
{
	if (!read_fields(body, n))
		return false;
	if (kind == SC_KIND_LOAD) {
		n->kind = SC_NOTICE_LOAD;
		return true;
	}
	n->kind = kind == SC_KIND_STATUS ? SC_NOTICE_STATUS : SC_NOTICE_BOOLEAN;
	return n->after.n && (kind == SC_KIND_STATUS || n->name.n);
}

bool sc_notice_read(enum sc_kind kind, struct sc_str body, struct sc_arena *a,
		    struct sc_notice *out, bool *no_memory)
{
	struct sc_notice n = { .kind = SC_NOTICE_ERROR };
	bool good;

	*no_memory = false;
	n.from_user = kind == SC_KIND_USER_ERROR;
	if (kind == SC_KIND_ERROR || kind == SC_KIND_USER_ERROR)
		good = read_error(body, n.from_user, a, &n, no_memory);
	else
		good = read_change(kind, body, &n);
	if (good)
		*out = n;
	return good;
}
