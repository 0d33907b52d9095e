#include "cli/denials.h"

#include "cli/logs.h"
#include "cli/when.h"

int sc_denials_count(const char *root, struct sc_arena *a,
		     struct sc_denials *out, struct sc_error *err)
{
	struct sc_filter filter = { 0 };
	struct sc_tally tally = { 0 };
	struct sc_str path = { 0 };
	struct sc_error why;
	int r;

	*out = (struct sc_denials){ .whole_log = root != NULL };
	if (!root)
		filter.since_ms = sc_when_now().boot_ms;
	else if (!sc_keepf(a, &path, "%s/var/log/audit/audit.log", root))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	r = sc_logs_read((char *const[]){ (char *)path.s }, root ? 1 : 0,
			 &filter, a, &tally, &why);
	if (r == 0) {
		out->n = tally.records;
		out->different = tally.n;
		r = sc_logs_end(&tally, 0, &why);
	}
	if (r < 0 && !sc_keep(a, sc_view(why.msg), &out->trouble))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	return 0;
}
