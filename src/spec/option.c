#include "spec/option.h"

#include <strings.h>

static bool take_port(struct sc_str *in, uint16_t *out)
{
	struct sc_str rest = *in;
	uint64_t value;

	if (!sc_take_u64(&rest, &value) || value == 0 || value > UINT16_MAX)
		return false;
	*in = rest;
	*out = (uint16_t)value;
	return true;
}

bool sc_option_ports(struct sc_str text, uint16_t *first, uint16_t *last)
{
	uint16_t from, to;

	if (!take_port(&text, &from))
		return false;
	to = from;
	if (sc_take_prefix(&text, SC_STR("-")) && !take_port(&text, &to))
		return false;
	if (text.n || to < from)
		return false;
	*first = from;
	*last = to;
	return true;
}

bool sc_option_proto(struct sc_str text, enum sc_proto *out)
{
	static const char *const names[] = {
		[SC_TCP] = "tcp",
		[SC_UDP] = "udp",
		[SC_SCTP] = "sctp",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == text.n &&
		    strncasecmp(names[i], text.s, text.n) == 0) {
			*out = (enum sc_proto)i;
			return true;
		}
	return false;
}

/* Cut "/udp" off the end of @text, if there is one. */
static bool cut_proto(struct sc_str *text, enum sc_proto *out)
{
	const char *slash = text->n ? memrchr(text->s, '/', text->n) : NULL;
	size_t before;

	*out = SC_TCP;
	if (!slash)
		return true;
	before = (size_t)(slash - text->s);
	if (!sc_option_proto((struct sc_str){ slash + 1, text->n - before - 1 },
			     out))
		return false;
	text->n = before;
	return true;
}

bool sc_option_port_key(struct sc_str text, struct sc_port *out)
{
	struct sc_port port = *out;

	if (!cut_proto(&text, &port.proto) ||
	    !sc_option_ports(text, &port.first, &port.last))
		return false;
	*out = port;
	return true;
}

/* Cut what stands behind the last colon off @text; false if there is none. */
static bool cut_last(struct sc_str *text, struct sc_str *out)
{
	const char *colon = text->n ? memrchr(text->s, ':', text->n) : NULL;
	size_t before;

	if (!colon)
		return false;
	before = (size_t)(colon - text->s);
	*out = (struct sc_str){ colon + 1, text->n - before - 1 };
	text->n = before;
	return true;
}

bool sc_option_publish(struct sc_str text, struct sc_port *out)
{
	struct sc_port port = *out;
	struct sc_str host = { "", 0 }, inside;
	uint16_t first = 0, last = 0;

	if (!cut_proto(&text, &port.proto))
		return false;
	if (!cut_last(&text, &inside)) {
		inside = text;
	} else if (!cut_last(&text, &host)) {
		host = text;
	}
	if (!sc_option_ports(inside, &port.first, &port.last))
		return false;
	if (host.n && !sc_option_ports(host, &first, &last))
		return false;
	/* a range of the host for one port: the engine picks one of it */
	if (last - first != port.last - port.first)
		first = 0;
	port.host = first;
	port.published = true;
	*out = port;
	return true;
}

void sc_option_mount(struct sc_str words, struct sc_mount *mount)
{
	struct sc_str word;

	while (sc_take_part(&words, ',', &word)) {
		if (sc_str_eq(word, SC_STR("ro")) ||
		    sc_str_eq(word, SC_STR("readonly")))
			mount->read_only = true;
		else if (sc_str_eq(word, SC_STR("rw")))
			mount->read_only = false;
		else if (sc_str_eq(word, SC_STR("z")))
			mount->relabel = SC_RELABEL_SHARED;
		else if (sc_str_eq(word, SC_STR("Z")))
			mount->relabel = SC_RELABEL_PRIVATE;
	}
}

static enum sc_security label_kind(struct sc_str *value)
{
	if (sc_take_prefix(value, SC_STR("type:")) ||
	    sc_take_prefix(value, SC_STR("type=")))
		return SC_SECURITY_TYPE;
	if (sc_take_prefix(value, SC_STR("level:")) ||
	    sc_take_prefix(value, SC_STR("level=")))
		return SC_SECURITY_LEVEL;
	if (sc_str_eq(*value, SC_STR("disable")))
		return SC_SECURITY_DISABLE;
	return SC_SECURITY_LABEL;
}

struct sc_security_option sc_option_security(struct sc_str text)
{
	struct sc_security_option o = { .value = text };

	o.has_colon = sc_take_prefix(&o.value, SC_STR("label:"));
	if (o.has_colon || sc_take_prefix(&o.value, SC_STR("label="))) {
		o.kind = label_kind(&o.value);
	} else if (sc_take_prefix(&o.value, SC_STR("no-new-privileges"))) {
		if (o.value.n == 0 || sc_str_eq(o.value, SC_STR(":true")) ||
		    sc_str_eq(o.value, SC_STR("=true")))
			o.kind = SC_SECURITY_NO_NEW_PRIVS;
	}
	return o;
}

static bool begins_option(struct sc_str text)
{
	static const char *const begins[] = {
		"label=", "label:",    "no-new-privileges", "seccomp=",
		"mask=",  "apparmor=", "unmask=",           "proc-opts=",
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (sc_take_prefix(&text, sc_view(begins[i])))
			return true;
	return false;
}

bool sc_option_take_security(struct sc_str *in, struct sc_str *out)
{
	struct sc_str rest = *in, word;

	if (in->n == 0)
		return false;
	while (sc_take_until(&rest, ',', &word)) {
		if (!begins_option(rest))
			continue;
		*out = (struct sc_str){ in->s, in->n - rest.n - 1 };
		*in = rest;
		return true;
	}
	*out = *in;
	sc_str_drop(in, in->n);
	return true;
}

static int set_label(struct sc_reader *r, struct sc_str value,
		     struct sc_str *field, const struct sc_doc_node *node)
{
	int e = 0;

	if (field->n && !sc_str_eq(*field, value))
		e = sc_reader_note(r, node,
				   "a second label; the last one counts");
	*field = value;
	return e;
}

int sc_option_add_security(struct sc_reader *r, struct sc_container *c,
			   struct sc_str text, const struct sc_doc_node *node)
{
	struct sc_security_option o = sc_option_security(text);
	int e = 0;

	switch (o.kind) {
	case SC_SECURITY_TYPE:
		e = set_label(r, o.value, &c->label_type, node);
		break;
	case SC_SECURITY_LEVEL:
		e = set_label(r, o.value, &c->label_level, node);
		break;
	case SC_SECURITY_DISABLE:
		c->label_disabled = true;
		break;
	case SC_SECURITY_NO_NEW_PRIVS:
		c->no_new_privs = true;
		return 0;
	case SC_SECURITY_LABEL:
		return sc_reader_note(
			r, node, "label option '" SC_FMT "' is not looked at",
			SC_ARG(o.value));
	case SC_SECURITY_OTHER:
		return 0;
	}
	if (e >= 0 && o.has_colon)
		e = sc_reader_note(r, node,
				   "'" SC_FMT "' is docker's old form; podman "
				   "takes only 'label=...'",
				   SC_ARG(text));
	return e < 0 ? e : sc_reader_place(r, node, &c->label_place);
}

/* A word as a shell would make it, out of the front of @in, into @out. */
static bool take_shell_word(struct sc_str *in, char *out, size_t *n)
{
	char quote = 0;

	while (in->n && strchr(" \t\r\n", in->s[0]))
		sc_str_drop(in, 1);
	if (in->n == 0)
		return false;
	for (*n = 0; in->n; sc_str_drop(in, 1)) {
		char c = in->s[0];

		if (!quote && strchr(" \t\r\n", c))
			break;
		if (c == quote) {
			quote = 0;
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else if (c == '\\' && quote != '\'' && in->n > 1) {
			sc_str_drop(in, 1);
			out[(*n)++] = in->s[0];
		} else {
			out[(*n)++] = c;
		}
	}
	return true;
}

int sc_option_words(struct sc_reader *r, const struct sc_doc_node *node,
		    struct sc_str text, struct sc_items *items)
{
	char *words = sc_new_array(r->a, char, text.n + 1);
	size_t n;
	int e = 0;

	if (!words)
		return sc_no_memory(r->err);
	while (e >= 0 && take_shell_word(&text, words, &n)) {
		e = sc_reader_item(r, items, (struct sc_str){ words, n },
				   (struct sc_str){ "", 0 }, node);
		words += n;
	}
	return e;
}

static int put_words(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_str script, struct sc_items *items)
{
	static const struct sc_str shell[] = {
		{ "/bin/sh", 7 },
		{ "-c", 2 },
	};
	struct sc_str none = { "", 0 };

	for (size_t i = 0; i < sizeof(shell) / sizeof(shell[0]); i++)
		if (sc_reader_item(r, items, shell[i], none, node) < 0)
			return (int)r->err->code;
	return sc_reader_item(r, items, script, none, node);
}

int sc_option_health(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_items *items)
{
	const struct sc_doc_node *one;
	struct sc_str how, text;
	int e;

	if (sc_doc_is_scalar(node)) {
		e = sc_reader_text(r, node, &text);
		if (e <= 0 || sc_str_eq(text, SC_STR("NONE")))
			return e < 0 ? e : 0;
		return put_words(r, node, text, items);
	}
	if (!sc_doc_is(node, SC_DOC_LIST) || !node->first)
		return sc_doc_is(node, SC_DOC_LIST)
			       ? 0
			       : sc_reader_wrong(r, node, "a list");
	e = sc_reader_text(r, node->first, &how);
	if (e <= 0 || sc_str_eq(how, SC_STR("NONE")))
		return e < 0 ? e : 0;
	for (one = node->first->next; one; one = one->next) {
		e = sc_reader_text(r, one, &text);
		if (e > 0 && sc_str_eq(how, SC_STR("CMD-SHELL")))
			e = put_words(r, one, text, items);
		else if (e > 0)
			e = sc_reader_item(r, items, text,
					   (struct sc_str){ "", 0 }, one);
		if (e < 0)
			return e;
	}
	return 0;
}
