#include "audit/netlink.h"

#include "audit/record.h"

#include <linux/audit.h>
#include <linux/netlink.h>

/* Below are answers to requests; we make none. */
static bool is_record(uint16_t type)
{
	return type >= AUDIT_FIRST_USER_MSG && type <= AUDIT_LAST_USER_MSG2 &&
	       type != AUDIT_EOE;
}

static bool is_length(uint32_t n)
{
	return n >= NLMSG_HDRLEN && n <= SC_NETLINK_MESSAGE_MAX;
}

bool sc_netlink_is(struct sc_str head)
{
	struct nlmsghdr h;

	if (head.n < sizeof(h))
		return false;
	memcpy(&h, head.s, sizeof(h));
	return is_length(h.nlmsg_len) &&
	       (h.nlmsg_type == NLMSG_OVERRUN || h.nlmsg_type == AUDIT_EOE ||
		is_record(h.nlmsg_type));
}

/*
 * The text of a message that a process sent is in it as it was: a newline in it
 * would make a line that looks like the kernel's own, a NUL would end it, and
 * after the last 0x1d stands what auditd adds.
 */
static void put_text(struct sc_buf *out, struct sc_str text)
{
	while (text.n &&
	       (text.s[text.n - 1] == '\0' || text.s[text.n - 1] == '\n'))
		text.n--;
	while (text.n) {
		size_t n = 0;

		while (n < text.n && text.s[n] != '\n' && text.s[n] != '\0' &&
		       text.s[n] != 0x1d)
			n++;
		sc_put(out, (struct sc_str){ text.s, n });
		if (n < text.n) {
			sc_put(out, SC_STR(" "));
			n++;
		}
		sc_str_drop(&text, n);
	}
}

static void put_record(struct sc_buf *out, uint16_t type, struct sc_str text,
		       struct sc_netlink_counts *counts)
{
	struct sc_str name = sc_record_name(type), rest = text;
	struct sc_stamp stamp;

	if (!sc_take_prefix(&rest, SC_STR("audit(")) ||
	    !sc_take_stamp(&rest, &stamp) ||
	    !sc_take_prefix(&rest, SC_STR("):"))) {
		counts->bad++;
		return;
	}
	counts->records++;
	if (name.n)
		sc_putf(out, "type=" SC_FMT " msg=", SC_ARG(name));
	else
		sc_putf(out, "type=UNKNOWN[%u] msg=", type);
	put_text(out, text);
	sc_put(out, SC_STR("\n"));
}

bool sc_netlink_take(struct sc_str *in, struct sc_buf *out,
		     struct sc_netlink_counts *counts)
{
	struct nlmsghdr h;

	while (in->n >= sizeof(h)) {
		size_t next;

		memcpy(&h, in->s, sizeof(h));
		if (!is_length(h.nlmsg_len))
			return false;
		next = NLMSG_ALIGN(h.nlmsg_len);
		if (in->n < next)
			return true;
		if (h.nlmsg_type == NLMSG_OVERRUN)
			counts->lost++;
		else if (is_record(h.nlmsg_type))
			put_record(
				out, h.nlmsg_type,
				(struct sc_str){ in->s + NLMSG_HDRLEN,
						 h.nlmsg_len - NLMSG_HDRLEN },
				counts);
		sc_str_drop(in, next);
	}
	return true;
}
