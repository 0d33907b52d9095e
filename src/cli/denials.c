#include "cli/denials.h"

#include "cli/logs.h"
#include "cli/when.h"

#define LOG "/var/log/audit/audit.log"

int sc_denials_count(const struct sc_host *h, struct sc_arena *a,
		     struct sc_denials *out, struct sc_error *err)
{
	struct sc_filter filter = { 0 };
	struct sc_tally tally = { 0 };
	struct sc_str path = { 0 };
	const char *root = h->root;
	struct sc_error why;
	int r;

	*out = (struct sc_denials){ .whole_log = root != NULL };
	if (!root)
		filter.since_ms = sc_when_now().boot_ms;
	else if (!sc_keepf(a, &path, "%s" LOG, root))
		return sc_no_memory(err);
	if (sc_host_has_link(h, LOG)) {
		out->trouble = SC_STR("a link is in " LOG ": it is not "
				      "followed");
		return 0;
	}
	r = sc_logs_read((char *const[]){ (char *)path.s }, root ? 1 : 0,
			 &filter, a, &tally, &why);
	if (r == 0) {
		out->n = tally.records;
		out->different = tally.n;
		r = sc_logs_end(&tally, 0, &why);
	}
	if (r < 0 && !sc_keep(a, sc_view(why.msg), &out->trouble))
		return sc_no_memory(err);
	return 0;
}
