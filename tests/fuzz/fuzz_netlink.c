#include "audit/netlink.h"
#include "audit/record.h"
#include "audit/scan.h"
#include "base/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as they come, in pieces; the lines of all that was whole. */
static bool take(struct sc_str all, size_t piece, struct sc_buf *out,
		 struct sc_netlink_counts *counts)
{
	SC_CLEAN(sc_buf_free) struct sc_buf rest = { 0 };

	while (all.n) {
		struct sc_str part = { all.s, piece < all.n ? piece : all.n };
		struct sc_str in;

		sc_put(&rest, part);
		sc_str_drop(&all, part.n);
		in = (struct sc_str){ rest.s, rest.n };
		if (!sc_netlink_take(&in, out, counts))
			return false;
		if (in.n)
			memmove(rest.s, in.s, in.n);
		rest.n = in.n;
	}
	return true;
}

static int count(void *data, struct sc_event *e, struct sc_error *err)
{
	uint64_t *n = data;

	(void)err;
	*n += e->n_avcs;
	return 0;
}

/* Each line is one record of auditd's, whatever was in the message. */
static void check(struct sc_str lines, uint64_t records)
{
	SC_CLEAN(sc_scan_free_p) struct sc_scan *s = NULL;
	struct sc_str rest = lines, line;
	struct sc_record r;
	struct sc_error err;
	uint64_t n = 0, avcs = 0;

	for (; sc_take_until(&rest, '\n', &line); n++)
		if (!sc_record_read(line, &r) || memchr(line.s, 0, line.n) ||
		    sc_record_body(r.body).n != r.body.n)
			abort();
	if (rest.n || n != records)
		abort();
	if (sc_scan_new(count, &avcs, &s, &err) < 0)
		return;
	sc_scan_begin(s);
	if (sc_scan_lines(s, lines, &err) < 0 || sc_scan_end(s, &err) < 0)
		return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = { 1, 7, 4096 };
	SC_CLEAN(sc_buf_free) struct sc_buf whole = { 0 };
	struct sc_str all = { (const char *)data, size };
	struct sc_netlink_counts counts = { 0 };
	bool good = take(all, size, &whole, &counts);

	(void)sc_netlink_is(all);
	check((struct sc_str){ whole.s, whole.n }, counts.records);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_netlink_counts again = { 0 };

		if (take(all, pieces[i], &out, &again) != good ||
		    memcmp(&again, &counts, sizeof(counts)) != 0 ||
		    out.n != whole.n ||
		    (out.n && memcmp(out.s, whole.s, out.n) != 0))
			abort();
	}
	return 0;
}
