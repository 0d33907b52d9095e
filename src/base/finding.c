#include "base/finding.h"

#include "base/clean.h"

#include <stdarg.h>

#define TEXT_BYTES 300

static bool keep(struct sc_arena *a, const struct sc_buf *text,
		 struct sc_str *out)
{
	return !text->failed &&
	       sc_keep(a, (struct sc_str){ text->s, text->n }, out);
}

bool sc_find(struct sc_found *to, const char *id, uint32_t line,
	     const char *fmt, ...)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf where = { 0 };
	struct sc_finding f = { .id = sc_view(id), .blocks = true };
	char words[TEXT_BYTES];
	va_list ap;

	if (to->out->n >= SC_FINDINGS_MAX)
		return true;
	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	sc_putf(&text, "%s", words);
	sc_putf(&where, SC_FMT ":%u", SC_ARG(to->module), line);
	if (!keep(to->arena, &text, &f.text) ||
	    !keep(to->arena, &where, &f.where) ||
	    !SC_PUSH(to->arena, to->out, f))
		to->no_memory = true;
	return !to->no_memory;
}
