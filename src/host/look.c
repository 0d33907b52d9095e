#include "host/look.h"

#include "base/buf.h"
#include "base/safe.h"
#include "base/vec.h"

#include <stdarg.h>

static SC_PRINTF(2, 0) void keep_reason(struct sc_look *l, const char *fmt,
					va_list args)
{
	if (!sc_keepvf(l->a, &l->v->reason, SIZE_MAX, fmt, args))
		l->no_memory = true;
}

void sc_look_say(struct sc_look *l, enum sc_verdict_kind kind, const char *fmt,
		 ...)
{
	va_list args;

	if (l->said)
		return;
	l->said = true;
	l->v->kind = kind;
	va_start(args, fmt);
	keep_reason(l, fmt, args);
	va_end(args);
}

void sc_look_trouble(struct sc_look *l, const char *fmt, ...)
{
	va_list args;

	if (l->trouble)
		return;
	l->trouble = true;
	va_start(args, fmt);
	keep_reason(l, fmt, args);
	va_end(args);
}

void sc_look_note(struct sc_look *l, const char *fmt, ...)
{
	va_list args;

	if (l->v->reason.n)
		return;
	va_start(args, fmt);
	keep_reason(l, fmt, args);
	va_end(args);
}

struct sc_evidence *sc_look_add(struct sc_look *l, struct sc_str what,
				struct sc_str now, struct sc_str wanted,
				bool wrong)
{
	struct sc_evidence one = { .wrong = wrong };
	struct sc_verdict *v = l->v;

	/* What is right leaves room for what is wrong. */
	if (v->evidence.n >= SC_EVIDENCE_MAX / (wrong ? 1 : 2)) {
		l->more += wrong;
		l->nowhere = (struct sc_evidence){ 0 };
		return &l->nowhere;
	}
	if (!sc_keep(l->a, what, &one.what) || !sc_keep(l->a, now, &one.now) ||
	    !sc_keep(l->a, wanted, &one.wanted) ||
	    !SC_PUSH(l->a, &v->evidence, one)) {
		l->no_memory = true;
		l->nowhere = (struct sc_evidence){ 0 };
		return &l->nowhere;
	}
	return &v->evidence.v[v->evidence.n - 1];
}

void sc_origin_put(struct sc_buf *out, const struct sc_origin *from)
{
	if (from->layer == SC_LAYER_DEFAULT) {
		if (from->key.n)
			sc_put(out, SC_STR("the default "));
		sc_put_safe(out, from->key);
		return;
	}
	if (from->layer == SC_LAYER_FLAG) {
		sc_put_safe(out, from->key);
		sc_put(out, SC_STR(", "));
		if (!from->line)
			sc_putf(out, "word %u of ", from->word);
	}
	sc_put_safe(out, from->file);
	if (from->line)
		sc_putf(out, ":%u", from->line);
}

void sc_look_value(struct sc_look *l, struct sc_str name,
		   const struct sc_value *v, struct sc_str wanted, bool wrong)
{
	struct sc_evidence *e = sc_look_add(l, name,
					    v->trouble.n ? SC_STR("not known")
					    : v->set     ? v->text
							 : SC_STR("not set"),
					    wanted, wrong);

	e->value = *v;
	e->path = v->from.file;
}

struct sc_contexts *sc_look_contexts(struct sc_look *l)
{
	struct sc_contexts *c = NULL;
	struct sc_error why;

	if (!l->machine->status->policy_there) {
		sc_look_say(l, SC_NA, "no policy is installed");
		return NULL;
	}
	if (sc_status_contexts(l->machine->host, l->machine->status, l->a, &c,
			       &why) < 0)
		l->no_memory = true;
	else if (!c)
		sc_look_trouble(l, "the file contexts of the policy cannot be "
				   "read");
	return c;
}

/* All of @path; empty if it is not there. What cannot be read is trouble. */
struct sc_str sc_look_text(struct sc_look *l, const char *path)
{
	struct sc_str text = { 0 };
	struct sc_error why;
	int r = sc_host_read(l->machine->host, path, l->a, &text, &why);

	if (r == SC_ENOMEM)
		l->no_memory = true;
	else if (r < 0 && r != SC_ENOTFOUND)
		sc_look_trouble(l, "%s", why.msg);
	return r < 0 ? SC_STR("") : text;
}

bool sc_text_has_line(struct sc_str text, const char *line)
{
	struct sc_str one;

	while (sc_take_part(&text, '\n', &one))
		if (sc_str_eq(sc_str_trim(one), sc_view(line)))
			return true;
	return false;
}

void sc_look_file(struct sc_look *l, const char *path, struct sc_str now,
		  struct sc_str wanted, bool wrong)
{
	struct sc_evidence *e =
		sc_look_add(l, sc_view(path), now, wanted, wrong);

	e->path = e->what;
}
