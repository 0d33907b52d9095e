/* ioctl.h - commands of ioctl: their names, and rules for a few of them. */
#ifndef SC_RULES_IOCTL_H
#define SC_RULES_IOCTL_H

#include "base/buf.h"
#include "policy/guard.h"
#include "rules/rule.h"

/* "0x5401 (TCGETS)", or the number alone. */
void sc_ioctl_put(struct sc_buf *out, uint16_t command);

/* Give @rule the @n commands at @v, which are sorted and changed: neighbours
 * become ranges. False without memory. */
bool sc_ioctl_limit(struct sc_rule *rule, uint16_t *v, size_t n,
		    struct sc_arena *a);

/*
 * Take out of @rule the commands that guards refuse, or its permission "ioctl"
 * where none is left, or where it names none; put what was taken into @out,
 * whose guard is NULL if that is nothing. False without memory.
 */
struct sc_ioctl_refusal {
	const struct sc_guard *guard;
	struct sc_rule rule; /* with "ioctl" alone */
};
bool sc_ioctl_part(const struct sc_guards *g, struct sc_rule *rule,
		   struct sc_arena *a, struct sc_ioctl_refusal *out);

#endif
