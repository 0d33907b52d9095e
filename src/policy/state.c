#include "policy/state.h"

#include "base/buf.h"
#include "base/clean.h"

#include <selinux/selinux.h>

#define SWITCHES_MAX 4096

/* Where selinuxfs is mounted, or NULL: exported, but in no header. */
extern char *selinux_mnt;

/* libselinux would write it to standard error. */
static int drop_words(int type, const char *fmt, ...)
{
	(void)type;
	(void)fmt;
	return 0;
}

void sc_state_be_quiet(void)
{
	union selinux_callback callback = { .func_log = drop_words };

	selinux_set_callback(SELINUX_CB_LOG, callback);
}

static void freecon_p(char **context)
{
	freecon(*context);
}

static enum sc_answer answer(int value)
{
	return value < 0 ? SC_ANSWER_UNKNOWN
	       : value   ? SC_ANSWER_YES
			 : SC_ANSWER_NO;
}

static bool keep_context(const char *context, struct sc_arena *a,
			 struct sc_str *out)
{
	return context && *context && sc_keep(a, sc_view(context), out);
}

static int by_name(const void *x, const void *y)
{
	const struct sc_switch_now *a = x, *b = y;

	return strcmp(a->name.s, b->name.s);
}

struct names {
	char **v;
	int n;
};

static void names_free(struct names *names)
{
	for (int i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
}

static int read_switches(struct sc_arena *a, struct sc_state *s,
			 struct sc_error *err)
{
	SC_CLEAN(names_free) struct names names = { 0 };

	if (security_get_boolean_names(&names.v, &names.n) < 0) {
		names = (struct names){ 0 };
		return 0;
	}
	s->switches_read = true;
	for (int i = 0; i < names.n && i < SWITCHES_MAX; i++) {
		struct sc_switch_now one = {
			.now = answer(security_get_boolean_active(names.v[i])),
			.pending = answer(
				security_get_boolean_pending(names.v[i])),
		};

		if (!sc_keep(a, sc_view(names.v[i]), &one.name) ||
		    !SC_PUSH(a, &s->switches, one))
			return sc_no_memory(err);
	}
	if (s->switches.n)
		qsort(s->switches.v, s->switches.n, sizeof(*s->switches.v),
		      by_name);
	return 0;
}

/* Before the first policy the kernel has no contexts, but this one word. */
static bool has_policy(const struct sc_state *s)
{
	return !sc_str_eq(s->own, SC_STR("kernel"));
}

void sc_state_none(struct sc_state *out)
{
	*out = (struct sc_state){
		.enforcing = SC_ANSWER_UNKNOWN,
		.mls = SC_ANSWER_UNKNOWN,
		.deny_unknown = SC_ANSWER_UNKNOWN,
		.reject_unknown = SC_ANSWER_UNKNOWN,
		.checks_requested = SC_ANSWER_UNKNOWN,
		.version = -1,
	};
}

int sc_state_read(const char *mount, struct sc_arena *a, struct sc_state *out,
		  struct sc_error *err)
{
	SC_CLEAN(freecon_p) char *own = NULL;
	struct sc_state s;
	int r;

	sc_state_be_quiet();
	sc_state_none(&s);
	if (mount)
		set_selinuxmnt(mount);
	s.mounted = selinux_mnt != NULL;
	*out = s;
	if (!s.mounted)
		return 0;
	if (!sc_keep(a, sc_view(selinux_mnt), &s.mount))
		return sc_no_memory(err);
	if (!mount && getcon_raw(&own) == 0)
		(void)keep_context(own, a, &s.own);
	s.loaded = has_policy(&s);
	s.enforcing = answer(security_getenforce());
	s.mls = answer(is_selinux_mls_enabled());
	s.deny_unknown = answer(security_deny_unknown());
	s.reject_unknown = answer(security_reject_unknown());
	s.checks_requested = answer(security_get_checkreqprot());
	s.version = security_policyvers();
	r = read_switches(a, &s, err);
	if (r == 0)
		*out = s;
	return r;
}

int sc_state_policy(const struct sc_state *s, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out, SC_FMT "/policy", SC_ARG(s->mount))
		       ? 0
		       : sc_no_memory(err);
}

/* ---- contexts of files */

bool sc_context_of(const char *path, struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(freecon_p) char *context = NULL;

	return lgetfilecon_raw(path, &context) > 0 &&
	       keep_context(context, a, out);
}

bool sc_context_of_fd(int fd, struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(freecon_p) char *context = NULL;
	char path[32];

	/* Descriptors made with O_PATH have no attributes of their own. */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return getfilecon_raw(path, &context) > 0 &&
	       keep_context(context, a, out);
}

bool sc_context_is_customizable(const char *context)
{
	char *copy = strdup(context);
	int r = copy ? is_context_customizable(copy) : -1;

	free(copy);
	return r > 0;
}
