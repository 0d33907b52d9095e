#include "unit.h"

#include "audit/netlink.h"
#include "base/clean.h"

#include <linux/audit.h>
#include <linux/netlink.h>

static void put_message(struct sc_buf *out, uint16_t type, struct sc_str text)
{
	static const char zeros[NLMSG_ALIGNTO];
	struct nlmsghdr head = { .nlmsg_type = type,
				 .nlmsg_len =
					 (uint32_t)(NLMSG_HDRLEN + text.n) };

	sc_put(out, (struct sc_str){ (char *)&head, sizeof(head) });
	sc_put(out, text);
	sc_put(out, (struct sc_str){ zeros, NLMSG_ALIGN(text.n) - text.n });
}

/* What @stream is in lines, and what is left of it. */
static size_t expect(const struct sc_buf *stream, const char *want,
		     struct sc_netlink_counts counts)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	struct sc_str in = { stream->s, stream->n };
	struct sc_netlink_counts got = { 0 };

	assert_true(sc_netlink_take(&in, &out, &got));
	assert_string_equal(out.s ? out.s : "", want);
	assert_int_equal(got.records, counts.records);
	assert_int_equal(got.lost, counts.lost);
	assert_int_equal(got.bad, counts.bad);
	return in.n;
}

static void names_records_as_auditd_does(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf s = { 0 };

	(void)state;
	put_message(&s, AUDIT_AVC, SC_STR("audit(1.002:3): avc:  denied"));
	put_message(&s, AUDIT_SYSCALL, SC_STR("audit(1.002:3): arch=c"));
	put_message(&s, AUDIT_EOE, SC_STR("audit(1.002:3): "));
	put_message(&s, AUDIT_CONFIG_CHANGE, SC_STR("audit(1.002:4): op=set"));
	assert_true(sc_netlink_is((struct sc_str){ s.s, s.n }));
	assert_int_equal(
		expect(&s,
		       "type=AVC msg=audit(1.002:3): avc:  denied\n"
		       "type=SYSCALL msg=audit(1.002:3): arch=c\n"
		       "type=UNKNOWN[1305] msg=audit(1.002:4): op=set\n",
		       (struct sc_netlink_counts){ .records = 3 }),
		0);
}

static void lets_no_process_make_records(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf s = { 0 };

	(void)state;
	put_message(
		&s, AUDIT_USER_AVC,
		SC_STR("audit(1.002:3): msg='x\ntype=AVC msg=audit(1.002:4):"
		       " avc:\0denied\x1d"
		       "A=1'\n\0"));
	put_message(&s, AUDIT_AVC, SC_STR("audit(1.002): no serial"));
	put_message(&s, AUDIT_AVC, SC_STR(""));
	put_message(&s, AUDIT_GET, SC_STR("audit(1.002:5): an answer"));
	expect(&s,
	       "type=USER_AVC msg=audit(1.002:3): msg='x type=AVC "
	       "msg=audit(1.002:4): avc: denied A=1'\n",
	       (struct sc_netlink_counts){ .records = 1, .bad = 2 });
}

static void tells_what_was_lost_and_what_is_cut_off(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf s = { 0 };
	size_t whole;

	(void)state;
	put_message(&s, NLMSG_OVERRUN, SC_STR(""));
	put_message(&s, AUDIT_AVC, SC_STR("audit(1.002:3): a"));
	whole = s.n;
	put_message(&s, AUDIT_AVC, SC_STR("audit(1.002:4): b"));
	for (size_t n = whole; n < s.n; n++) {
		struct sc_buf part = { .s = s.s, .n = n };

		assert_int_equal(
			expect(&part, "type=AVC msg=audit(1.002:3): a\n",
			       (struct sc_netlink_counts){ .records = 1,
							   .lost = 1 }),
			n - whole);
	}
}

static void refuses_lengths_that_cannot_be(void **state)
{
	static const uint32_t bad[] = { 0, 15, SC_NETLINK_MESSAGE_MAX + 1,
					UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct nlmsghdr head = { .nlmsg_type = AUDIT_AVC,
					 .nlmsg_len = bad[i] };
		struct sc_str in = { (char *)&head, sizeof(head) };
		struct sc_netlink_counts counts = { 0 };

		assert_false(sc_netlink_is(in));
		assert_false(sc_netlink_take(&in, &out, &counts));
	}
	assert_false(sc_netlink_is(SC_STR("type=AVC msg=audit(1.002:3): ")));
	assert_false(sc_netlink_is(SC_STR("short")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_records_as_auditd_does),
		cmocka_unit_test(lets_no_process_make_records),
		cmocka_unit_test(tells_what_was_lost_and_what_is_cut_off),
		cmocka_unit_test(refuses_lengths_that_cannot_be),
	};

	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
