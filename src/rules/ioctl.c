#include "rules/ioctl.h"

#include "base/clean.h"
#include "base/data.h"
#include "base/table.h"

#define COMMANDS_MAX 65536

void sc_ioctl_put(struct sc_buf *out, uint16_t command)
{
	struct sc_str table = sc_data("ioctls.tsv");
	struct sc_row row = { 0 };
	char number[8];

	snprintf(number, sizeof(number), "0x%04x", command);
	sc_putf(out, "%s", number);
	while (sc_take_row(&table, &row))
		if (sc_str_eq(row.v[0], sc_view(number)))
			sc_putf(out, " (" SC_FMT ")", SC_ARG(row.v[1]));
}

static int by_number(const void *left, const void *right)
{
	const uint16_t *a = left, *b = right;

	return *a - *b;
}

bool sc_ioctl_limit(struct sc_rule *rule, uint16_t *v, size_t n,
		    struct sc_arena *a)
{
	struct sc_ioctl_range *ranges =
		sc_new_array(a, struct sc_ioctl_range, n + 1);
	size_t count = 0;

	if (!ranges)
		return false;
	if (n)
		qsort(v, n, sizeof(*v), by_number);
	for (size_t i = 0; i < n; i++) {
		if (count && v[i] <= ranges[count - 1].last + 1)
			ranges[count - 1].last = v[i];
		else
			ranges[count++] = (struct sc_ioctl_range){ v[i], v[i] };
	}
	rule->ioctls = ranges;
	rule->n_ioctls = count;
	return true;
}

/* Take "ioctl" out of @rule. */
static bool drop_perm(struct sc_rule *rule, struct sc_arena *a)
{
	SC_CLEAN(sc_buf_free) struct sc_buf left = { 0 };
	struct sc_str perms = rule->perms, word;

	rule->n_ioctls = 0;
	while (sc_take_word(&perms, &word))
		if (!sc_str_eq(word, SC_STR("ioctl")))
			sc_putf(&left, "%s" SC_FMT, left.n ? " " : "",
				SC_ARG(word));
	return !left.failed &&
	       sc_keep(a, (struct sc_str){ left.s, left.n }, &rule->perms);
}

static size_t count_commands(const struct sc_rule *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_ioctls; i++)
		n += (size_t)(r->ioctls[i].last - r->ioctls[i].first) + 1;
	return n;
}

/* Part the commands of @r into those that may stay and those that may not. */
static const struct sc_guard *part(const struct sc_guards *g,
				   const struct sc_rule *r, uint16_t *kept,
				   uint16_t *refused, size_t n[2])
{
	const struct sc_guard *found = NULL;

	for (size_t i = 0; i < r->n_ioctls; i++) {
		for (uint32_t c = r->ioctls[i].first; c <= r->ioctls[i].last;
		     c++) {
			const struct sc_guard *guard = sc_guards_refuse_ioctl(
				g, r->source, r->target, r->tclass, c);

			if (guard) {
				refused[n[1]++] = (uint16_t)c;
				found = guard;
			} else {
				kept[n[0]++] = (uint16_t)c;
			}
		}
	}
	return found;
}

static bool part_commands(const struct sc_guards *g, struct sc_rule *rule,
			  struct sc_arena *a, struct sc_ioctl_refusal *out)
{
	size_t all = count_commands(rule), n[2] = { 0, 0 };
	uint16_t *kept, *refused;

	if (all > COMMANDS_MAX)
		return false;
	kept = sc_new_array(a, uint16_t, all);
	refused = sc_new_array(a, uint16_t, all);
	if (!kept || !refused)
		return false;
	out->guard = part(g, rule, kept, refused, n);
	if (!out->guard)
		return true;
	if (!sc_ioctl_limit(&out->rule, refused, n[1], a))
		return false;
	return n[0] ? sc_ioctl_limit(rule, kept, n[0], a) : drop_perm(rule, a);
}

bool sc_ioctl_part(const struct sc_guards *g, struct sc_rule *rule,
		   struct sc_arena *a, struct sc_ioctl_refusal *out)
{
	*out = (struct sc_ioctl_refusal){ .rule = *rule };
	out->rule.perms = SC_STR("ioctl");
	if (!sc_has_part(rule->perms, ' ', SC_STR("ioctl")))
		return true;
	if (rule->n_ioctls)
		return part_commands(g, rule, a, out);
	out->guard = sc_guards_refuse_ioctl(g, rule->source, rule->target,
					    rule->tclass, SC_ANY_IOCTL);
	return !out->guard || drop_perm(rule, a);
}
