#include "base/label.h"
#include "host/process.h"
#include "host/unit.h"
#include "policy/config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(struct sc_str v, struct sc_str text)
{
	return !v.n || (v.s >= text.s && v.s + v.n <= text.s + text.n);
}

/* What status reads of a host that processes and users can write: each reader
 * gets all of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sc_str text = { (const char *)data, size };
	struct sc_str engine = { 0 }, id = { 0 };
	bool podman = false, context = false;
	struct sc_process p = { 0 };
	struct sc_config config;
	struct sc_cmdline line;

	if (sc_process_stat(text, &p) && !is_inside(p.comm, text))
		abort();
	if (sc_process_cgroup(text, &engine, &id) &&
	    (id.n != 64 || !is_inside(id, text) || !engine.n))
		abort();
	if (!is_inside(sc_label_type(text), text) ||
	    !is_inside(sc_label_part(text, SC_LABEL_LEVEL), text))
		abort();
	sc_config_read(text, &config);
	if (!is_inside(config.type, text))
		abort();
	sc_cmdline_read(text, &line);
	if (!is_inside(line.enforcing, text) || !is_inside(line.lsm, text))
		abort();
	sc_unit_read(text, &podman, &context);
	return 0;
}
