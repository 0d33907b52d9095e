#include "policy/enforce.h"

#include "base/sha256.h"
#include "policy/kernel.h"

static struct sc_str text_of(bool on)
{
	return on ? SC_STR("enforcing\n") : SC_STR("permissive\n");
}

static int is_done(void *data, struct sc_error *err)
{
	const struct sc_enforce_step *s = data;
	int is = sc_kernel_enforces(err);

	return is < 0 ? is : is == s->on;
}

static int apply(void *data, struct sc_error *err)
{
	const struct sc_enforce_step *s = data;

	return sc_kernel_set_enforcing(s->on, err);
}

static int undo(void *data, struct sc_error *err)
{
	const struct sc_enforce_step *s = data;

	return sc_kernel_set_enforcing(!s->on, err);
}

int sc_enforce_plan(bool on, struct sc_ledger *ledger, struct sc_str boot,
		    struct sc_enforce_step *out, struct sc_error *err)
{
	struct sc_enforce_step s = { .on = on,
				     .change = { .name = SC_STR("kernel") },
				     .boot = boot };
	int r = sc_ledger_keep(ledger, text_of(!on), &s.change.before, err);

	if (r == 0)
		r = sc_ledger_keep(ledger, text_of(on), &s.change.after, err);
	if (r == 0)
		*out = s;
	return r;
}

struct sc_step sc_enforce_step(struct sc_enforce_step *step, const char *title)
{
	return (struct sc_step){ .title = title,
				 .changes = { .kind = SC_ENFORCE_KIND,
					      .place = step->boot,
					      .v = &step->change,
					      .n = 1 },
				 .data = step,
				 .done = is_done,
				 .apply = apply,
				 .undo = undo };
}

int sc_enforce_settle(struct sc_ledger *ledger, struct sc_str boot,
		      struct sc_error *err)
{
	const struct sc_entry *e =
		sc_ledger_interrupted(ledger, SC_ENFORCE_KIND);
	char hex[SC_SHA256_HEX + 1];
	bool is;
	int on;

	if (!e)
		return 0;
	on = sc_kernel_enforces(err);
	if (on < 0)
		return on;
	sc_sha256_hex(text_of(on), hex);
	is = sc_str_eq(e->changes.place, boot) && e->changes.n &&
	     sc_str_eq(e->changes.v[0].after, sc_view(hex));
	return sc_ledger_end(ledger, e->id,
			     is ? SC_ENTRY_DONE : SC_ENTRY_UNDONE, err);
}
