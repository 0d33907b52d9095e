#include "rules/advise_fault.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/label.h"
#include "base/table.h"
#include "rules/fill.h"

#define VALUES 12

/* Rows of errors have "error" for a class and the operation for a source. */
static bool find_row(struct sc_str op, struct sc_row *out)
{
	struct sc_str table = sc_data("advice.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row)) {
		if (!sc_str_eq(row.v[0], SC_STR("error")) ||
		    !sc_glob(row.v[2], op))
			continue;
		*out = row;
		return true;
	}
	return false;
}

/* What of @context the policy does not know, in words; empty: all is known. */
static int find_misfit(const struct sc_adviser *by, struct sc_str context,
		       struct sc_arena *a, struct sc_str *out,
		       struct sc_error *err)
{
	struct sc_whys whys = { 0 };
	int r = sc_why_ask(by->policy, context, context, SC_STR("process"),
			   SC_STR("fork"), a, &whys, err);

	if (r == 0 && whys.n && whys.v[0].unknown == SC_UNKNOWN_SOURCE)
		*out = whys.v[0].words;
	return r;
}

static bool fill(struct sc_str words, const struct sc_value *values,
		 struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	sc_fill_words(&b, words, values, VALUES);
	return !b.failed && sc_keep(a, (struct sc_str){ b.s, b.n }, out);
}

static bool say(const struct sc_row *row, const struct sc_fault *f,
		struct sc_str misfit, struct sc_arena *a,
		struct sc_fault_advice *out)
{
	const struct sc_notice *n = &f->notice;
	const struct sc_value values[VALUES] = {
		{ "source", sc_label_type(n->source), "a process", false },
		{ "target", sc_label_type(n->target), "an object", false },
		{ "class", n->tclass, "object", false },
		{ "perms", n->perms, "something", false },
		{ "context", n->context, "a label", false },
		{ "crole", sc_label_part(n->context, SC_LABEL_ROLE), "ROLE",
		  false },
		{ "ctype", sc_label_part(n->context, SC_LABEL_TYPE), "TYPE",
		  false },
		{ "tcontext", n->target, "its label", false },
		{ "misfit", misfit, "the policy takes it now", false },
		{ "program", f->program, "a program", false },
		{ "op", n->op, "it", false },
		{ "text", sc_str_trim(n->text), "", false },
	};

	out->fault = f;
	out->id = row->v[1];
	return fill(row->v[6], values, a, &out->words) &&
	       fill(row->v[7], values, a, &out->todo);
}

int sc_advise_fault(const struct sc_adviser *by, const struct sc_fault *f,
		    struct sc_arena *a, struct sc_fault_advice *out,
		    struct sc_error *err)
{
	struct sc_str op = f->notice.op, misfit = { 0 };
	struct sc_row row = { 0 };

	if (f->notice.from_user)
		op = SC_STR("told");
	else if (!op.n)
		op = SC_STR("other");
	if (f->notice.context.n &&
	    find_misfit(by, f->notice.context, a, &misfit, err) < 0)
		return err->code;
	(void)find_row(op, &row);
	if (!say(&row, f, misfit, a, out))
		return sc_no_memory(err);
	return 0;
}
