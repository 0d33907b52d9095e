#include "policy/kernel.h"

#include "base/clean.h"
#include "base/file.h"
#include "policy/policy.h"
#include "policy/state.h"
#include "policy/store_files.h"

#include <errno.h>
#include <time.h>

#include <selinux/selinux.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define BOOT_BYTES ((size_t)64)
#define OPEN_TRIES 50 /* for the one who has the policy's file open to end */
#define OPEN_PAUSE_MS 100

static int check_enabled(struct sc_error *err)
{
	sc_state_be_quiet();
	if (is_selinux_enabled() == 1)
		return 0;
	return sc_fail(err, SC_ENOTFOUND,
		       "SELinux is off in this kernel: there is no mode "
		       "(a boot with security=selinux and a policy installed "
		       "turns it on)");
}

/*
 * The number that the kernel gives with each decision. That of its status page
 * counts the same, but from when somebody first asked for the page.
 */
static int sequence(void *data, uint32_t *out, struct sc_error *err)
{
	const char *context = data;
	struct av_decision d;

	if (security_compute_av_raw(context, context,
				    string_to_security_class("process"), 0,
				    &d) < 0)
		return sc_fail_os(err, "cannot ask the kernel for the number "
				       "of its policy");
	*out = d.seqno;
	return 0;
}

/* The kernel lets one reader at a time have it. */
static int read_policy(void *data, struct sc_arena *a, struct sc_str *out,
		       struct sc_error *err)
{
	const char *path = selinux_current_policy_path();
	int r = SC_ESYSTEM;

	(void)data;
	if (!path)
		return sc_fail_os(err, "the kernel does not show its policy");
	for (int i = 0; i < OPEN_TRIES; i++) {
		struct timespec pause = { .tv_nsec = OPEN_PAUSE_MS * 1000000L };

		r = sc_file_read(path, SC_POLICY_BYTES, a, out, err);
		if (r == 0 || err->os_errno != EBUSY)
			break;
		(void)nanosleep(&pause, NULL);
	}
	return r < 0 ? sc_while(err, "reading the kernel's policy") : 0;
}

static int load_policy(void *data, struct sc_str policy, struct sc_error *err)
{
	(void)data;
	/* it is not written to; the prototype is older than const */
	if (security_load_policy((void *)(uintptr_t)policy.s, policy.n) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		return sc_fail_os(err, "the kernel does not let us load a "
				       "policy (root may, from a domain with "
				       "security { load_policy })");
	return sc_fail_os(err, "the kernel did not take the policy");
}

static int reload(void *data, struct sc_error *err)
{
	(void)data;
	return selinux_mkload_policy(1) == 0
		       ? 0
		       : sc_fail_os(err, "cannot load the installed policy");
}

static int installed(void *data, struct sc_arena *a, struct sc_str *path,
		     struct sc_error *err)
{
	struct sc_str name = { 0 };
	int r = sc_store_name(NULL, a, &name, err);

	(void)data;
	return r < 0 ? r
		     : sc_store_policy(
			       &(struct sc_store_place){ .name = name.s }, a,
			       path, err);
}

int sc_kernel_open(struct sc_kernel *out, struct sc_error *err)
{
	char *context = NULL;
	int r = check_enabled(err);

	if (r < 0)
		return r;
	if (security_get_initial_context_raw("kernel", &context) < 0)
		return sc_fail_os(err, "cannot read the kernel's own context");
	*out = (struct sc_kernel){ .sequence = sequence,
				   .read = read_policy,
				   .load = load_policy,
				   .reload = reload,
				   .installed = installed,
				   .data = context };
	return 0;
}

void sc_kernel_close(struct sc_kernel *k)
{
	freecon(k->data);
	*k = (struct sc_kernel){ 0 };
}

int sc_kernel_enforces(struct sc_error *err)
{
	int r = check_enabled(err);

	if (r < 0)
		return r;
	r = security_getenforce();
	return r < 0 ? sc_fail_os(err, "cannot read the kernel's mode") : r;
}

int sc_kernel_set_enforcing(bool on, struct sc_error *err)
{
	if (security_setenforce(on) == 0)
		return 0;
	return sc_fail_os(err, "the kernel does not change its mode (root may, "
			       "from a domain with security { setenforce })");
}

int sc_kernel_forget(struct sc_error *err)
{
	if (security_commit_booleans() == 0)
		return 0;
	return sc_fail_os(err, "the kernel does not forget what it decided "
			       "(root may make it, from a domain with security "
			       "{ setbool })");
}

static void context_free(char **context)
{
	freecon(*context);
}

static bool may_load(const char *context, const char *security)
{
	security_class_t class = string_to_security_class("security");
	access_vector_t perm = string_to_av_perm(class, "load_policy");
	struct av_decision d;

	return perm &&
	       security_compute_av_raw(context, security, class, perm, &d) ==
		       0 &&
	       (d.allowed & perm);
}

int sc_kernel_lets_init(const char *program, struct sc_error *err)
{
	SC_CLEAN(context_free) char *first = NULL;
	SC_CLEAN(context_free) char *file = NULL;
	SC_CLEAN(context_free) char *then = NULL;
	SC_CLEAN(context_free) char *security = NULL;

	if (getpidcon_raw(1, &first) < 0 ||
	    getfilecon_raw(program, &file) < 0 ||
	    security_get_initial_context_raw("security", &security) < 0 ||
	    security_compute_create_raw(first, file,
					string_to_security_class("process"),
					&then) < 0)
		return sc_fail_os(err,
				  "cannot tell as which domain the first "
				  "process would run '%s'",
				  program);
	if (may_load(then, security))
		return 0;
	return sc_fail(err, SC_EREFUSED,
		       "nothing would end it: a timer runs '%s' as '%s', which "
		       "may not load a policy",
		       program, then);
}

int sc_kernel_boot(struct sc_arena *a, struct sc_str *out, struct sc_error *err)
{
	int r = sc_file_read(BOOT_ID, BOOT_BYTES, a, out, err);

	while (r == 0 && out->n && (unsigned char)out->s[out->n - 1] <= ' ')
		out->n--;
	return r;
}
