#include "base/clean.h"
#include "base/safe.h"
#include "base/table.h"
#include "cli/cli.h"
#include "cli/wrap.h"
#include "host/check.h"

#define INDENT 9 /* of what stands beside a word */

static void put_field(struct sc_buf *out, const char *label, struct sc_str v)
{
	if (v.n)
		sc_put_field(out, label, INDENT, v);
}

/* "value kubelet readOnlyPort: 0 (careful; then kubelet.service)" */
static void put_cure(struct sc_buf *out, const struct sc_cure *cure)
{
	static const struct sc_str none = SC_STR("-");
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, cure->action);
	if (!sc_str_eq(cure->in, none))
		sc_putf(&text, " in " SC_FMT, SC_ARG(cure->in));
	if (!sc_str_eq(cure->key, none))
		sc_putf(&text, " " SC_FMT, SC_ARG(cure->key));
	if (sc_str_eq(cure->value, SC_STR("?")))
		sc_putf(&text, ": as the site wants it");
	else if (!sc_str_eq(cure->value, none))
		sc_putf(&text, ": " SC_FMT, SC_ARG(cure->value));
	sc_putf(&text, " (" SC_FMT, SC_ARG(cure->risk));
	if (!sc_str_eq(cure->after, none))
		sc_putf(&text, "; then restart " SC_FMT, SC_ARG(cure->after));
	sc_putf(&text, ")");
	put_field(out, "plan", (struct sc_str){ text.s, text.n });
	out->failed |= text.failed;
}

static void put_check(struct sc_buf *out, const struct sc_check *check)
{
	struct sc_cure cure;

	sc_putf(out, SC_FMT "\n\n", SC_ARG(check->id));
	put_field(out, "holds", check->title);
	put_field(out, "else", check->why);
	put_field(out, "do", check->todo);
	put_field(out, "refs", check->refs);
	if (sc_check_cure(check->id, &cure))
		put_cure(out, &cure);
}

static int run(int argc, char **argv, const void *values, FILE *out,
	       struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_check check;

	(void)values;
	if (argc != 1)
		return sc_fail(err, SC_ESYNTAX,
			       "one check is expected (selcage host check)");
	if (!sc_check_find(sc_view(argv[0]), &check))
		return sc_fail(err, SC_ENOTFOUND,
			       "no check '%s' (selcage host check)", argv[0]);
	put_check(&text, &check);
	return sc_print(&text, out, err);
}

const struct sc_command sc_cmd_host_explain = {
	.name = "host explain",
	.operands = "CHECK",
	.summary = "what a check asks, why, and how to mend it",
	.run = run,
};
