#include "base/buf.h"
#include "base/clean.h"
#include "host/kubelet.h"
#include "plan/run.h"

#define RPM "/usr/bin/rpm"

/* "Version: 1.30.2-1.1" of the package kubelet, where dpkg keeps them. */
static int ask_dpkg(const struct sc_host *h, struct sc_arena *a,
		    struct sc_kubelet *k, struct sc_error *err)
{
	struct sc_str text = { 0 }, line, version;
	struct sc_error why;
	bool ours = false, installed = false;
	int r = sc_host_read(h, "/var/lib/dpkg/status", a, &text, &why);

	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0 && r != SC_ENOTFOUND &&
	    !sc_keep(a, sc_view(why.msg), &k->version_trouble))
		return sc_no_memory(err);
	while (sc_take_part(&text, '\n', &line)) {
		if (sc_take_prefix(&line, SC_STR("Package: "))) {
			ours = sc_str_eq(line, SC_STR("kubelet"));
			installed = true;
		}
		/* what was removed is listed too, for its files of settings */
		if (sc_take_prefix(&line, SC_STR("Status: ")))
			installed = sc_has_part(line, ' ', SC_STR("installed"));
		if (!ours || !installed ||
		    !sc_take_prefix(&line, SC_STR("Version: ")))
			continue;
		if (!sc_take_until(&line, '-', &version))
			version = line;
		return sc_keep(a, version, &k->version) ? 0 : sc_no_memory(err);
	}
	return 0;
}

static bool has_rpms(const struct sc_host *h)
{
	static const char *const folders[] = { "/var/lib/rpm",
					       "/usr/lib/sysimage/rpm" };
	struct stat st;

	return sc_host_stat(h, folders[0], &st) ||
	       sc_host_stat(h, folders[1], &st);
}

/* Only a program of the host's reads that; one of an image is not run. */
static int ask_rpm(const struct sc_host *h, struct sc_arena *a,
		   struct sc_kubelet *k, struct sc_error *err)
{
	static const char *const argv[] = { RPM,          "-q",      "--qf",
					    "%{VERSION}", "kubelet", NULL };
	struct sc_error why;
	int r;

	if (h->root) {
		k->version_trouble = SC_STR("its package is in an RPM "
					    "database, which is read on the "
					    "host itself alone");
		return 0;
	}
	r = sc_run_said(argv, a, &k->version, &why);
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0 && !sc_keep(a, sc_view(why.msg), &k->version_trouble))
		return sc_no_memory(err);
	return 0;
}

int sc_kubelet_version(const struct sc_host *h, struct sc_arena *a,
		       struct sc_kubelet *k, struct sc_error *err)
{
	int r = ask_dpkg(h, a, k, err);

	if (r == 0 && !k->version.n && has_rpms(h))
		r = ask_rpm(h, a, k, err);
	if (!k->version.n && !k->version_trouble.n)
		k->version_trouble = SC_STR("no package here is the kubelet");
	return r;
}

/* "1.27" of "v1.27.3"; false: it is no version. */
static bool read_version(struct sc_str v, uint64_t *major, uint64_t *minor)
{
	(void)sc_take_prefix(&v, SC_STR("v"));
	return sc_take_u64(&v, major) && sc_take_prefix(&v, SC_STR(".")) &&
	       sc_take_u64(&v, minor);
}

enum sc_answer sc_kubelet_is_since(const struct sc_kubelet *k,
				   struct sc_str version)
{
	uint64_t major[2], minor[2];
	bool exact = read_version(k->version, &major[0], &minor[0]);
	bool is;

	if ((!exact && !read_version(k->at_least, &major[0], &minor[0])) ||
	    !read_version(version, &major[1], &minor[1]))
		return SC_ANSWER_UNKNOWN;
	is = major[0] != major[1] ? major[0] > major[1] : minor[0] >= minor[1];
	return is ? SC_ANSWER_YES : exact ? SC_ANSWER_NO : SC_ANSWER_UNKNOWN;
}
