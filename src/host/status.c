#include "host/status.h"

#include "base/buf.h"
#include "base/clean.h"
#include "host/unit.h"
#include "policy/history.h"
#include "policy/store_files.h"

#include <unistd.h>

SC_DEFINE_CLEAN(struct sc_store, sc_store_close)

int sc_status_note(const struct sc_error *why, struct sc_arena *a,
		   struct sc_str *out, struct sc_error *err)
{
	if (why->code == SC_ENOMEM)
		return sc_no_memory(err);
	return sc_keep(a, sc_view(why->msg), out) ? 0 : sc_no_memory(err);
}

/* ---- configuration */

static int read_config(const struct sc_host *h, struct sc_arena *a,
		       struct sc_status *s, struct sc_error *err)
{
	struct sc_str text = { 0 }, path;
	struct sc_error why;
	struct stat st;
	int r = sc_host_read(h, "/etc/selinux/config", a, &text, &why);

	if (r == 0) {
		s->config_there = true;
		sc_config_read(text, &s->config);
	} else if (r != SC_ENOTFOUND) {
		if (sc_status_note(&why, a, &s->config_trouble, err) < 0)
			return err->code;
	}
	s->policy_name = s->config.type.n ? s->config.type : SC_STR("default");
	if (!sc_keep(a, s->policy_name, &s->policy_name) ||
	    !sc_keepf(a, &path, "/etc/selinux/%s", s->policy_name.s))
		return sc_no_memory(err);
	s->policy_there = !memchr(s->policy_name.s, '/', s->policy_name.n) &&
			  sc_host_stat(h, path.s, &st) && S_ISDIR(st.st_mode);
	if (sc_host_read(h, "/proc/cmdline", a, &text, &why) == 0)
		sc_cmdline_read(text, &s->cmdline);
	s->autorelabel = sc_host_stat(h, "/.autorelabel", &st);
	return 0;
}

/* ---- the kernel */

static int read_state(const struct sc_host *h, struct sc_arena *a,
		      struct sc_status *s, struct sc_error *err)
{
	struct sc_str mount;
	struct stat st;

	if (!h->root)
		return sc_state_read(NULL, a, &s->state, err);
	/* Below a root nothing runs; if there is a copy of what a kernel said,
	 * it is asked. */
	if (!sc_host_stat(h, "/sys/fs/selinux/enforce", &st) ||
	    sc_host_has_link(h, "/sys/fs/selinux/enforce") ||
	    sc_host_has_link(h, "/sys/fs/selinux/booleans")) {
		sc_state_none(&s->state);
		return 0;
	}
	if (!sc_keepf(a, &mount, "%s/sys/fs/selinux", h->root))
		return sc_no_memory(err);
	return sc_state_read(mount.s, a, &s->state, err);
}

/* ---- the module store */

static enum sc_answer hides(const struct sc_host *h, const struct sc_status *s,
			    struct sc_arena *a)
{
	struct sc_str active, mark;
	struct stat st;

	if (!sc_keepf(a, &active, "/var/lib/selinux/%s/active/commit_num",
		      s->policy_name.s) ||
	    !sc_keepf(a, &mark, "/var/lib/selinux/%s/active/disable_dontaudit",
		      s->policy_name.s) ||
	    !sc_host_stat(h, active.s, &st))
		return SC_ANSWER_UNKNOWN;
	return sc_host_stat(h, mark.s, &st) ? SC_ANSWER_NO : SC_ANSWER_YES;
}

static int read_modules(const struct sc_store_place *place, struct sc_arena *a,
			struct sc_status *s, struct sc_error *err)
{
	SC_CLEAN(sc_store_close_p) struct sc_store *store = NULL;
	SC_CLEAN(sc_ledger_close)
	struct sc_ledger ledger = { .journal = -1, .lock = -1 };
	struct sc_str dir;
	int r = sc_store_open(place, false, &store, err);

	if (r < 0)
		return r;
	if (!sc_keepf(a, &dir, "%s" SC_LEDGER_DIR,
		      place->root ? place->root : ""))
		return sc_no_memory(err);
	r = sc_ledger_open(dir.s, false, a, &ledger, err);
	if (r < 0)
		return r;
	s->interrupted =
		sc_ledger_interrupted(&ledger, SC_LOADED_KINDS) != NULL;
	r = sc_loaded_find(&ledger, store, s->policy_name, a, &s->modules, err);
	if (r < 0)
		return r;
	r = sc_store_is_installed(store, a, err);
	s->store_is_installed = r < 0   ? SC_ANSWER_UNKNOWN
				: r > 0 ? SC_ANSWER_YES
					: SC_ANSWER_NO;
	return r < 0 ? r : 0;
}

/* libsemanage would follow it, out of the root too. */
static bool has_link(const struct sc_host *h, struct sc_str name,
		     struct sc_arena *a)
{
	struct sc_str path;

	return !sc_keepf(a, &path, "/var/lib/selinux/%s/active/modules",
			 name.s) ||
	       sc_host_has_link(h, path.s);
}

static int read_store(const struct sc_host *h, struct sc_arena *a,
		      struct sc_status *s, struct sc_error *err)
{
	struct sc_store_place place = { h->root, s->policy_name.s };
	struct sc_error why;

	s->store_is_installed = SC_ANSWER_UNKNOWN;
	s->store_hides = hides(h, s, a);
	if (has_link(h, s->policy_name, a))
		return sc_keepf(a, &s->store_trouble,
				"a link is in /var/lib/selinux: it is not "
				"followed")
			       ? 0
			       : sc_no_memory(err);
	if (read_modules(&place, a, s, &why) == 0)
		return 0;
	if (why.code != SC_ENOTFOUND)
		return sc_status_note(&why, a, &s->store_trouble, err);
	return sc_keepf(a, &s->store_trouble, "there is no module store '%s'",
			s->policy_name.s)
		       ? 0
		       : sc_no_memory(err);
}

/* ---- processes and engines */

static int read_processes(const struct sc_host *h, const char *home,
			  struct sc_arena *a, struct sc_status *s,
			  struct sc_error *err)
{
	struct sc_error why;
	int r = sc_processes_read(h, a, &s->processes, &why);

	if (r < 0 && sc_status_note(&why, a, &s->processes_trouble, err) < 0)
		return err->code;
	r = sc_engines_find(h, &s->processes, home, a, &s->engines, err);
	if (r == 0)
		r = sc_units_plain(h, a, &s->units, &s->units_unread, err);
	if (r < 0)
		return r;
	s->confined = sc_new_array(a, struct sc_confined,
				   s->processes.containers.n + 1);
	return s->confined ? 0 : sc_no_memory(err);
}

int sc_status_read(const struct sc_host *h, const char *home,
		   struct sc_arena *a, struct sc_status *out,
		   struct sc_error *err)
{
	struct sc_status s = { 0 };
	int r = read_config(h, a, &s, err);

	if (r == 0)
		r = read_state(h, a, &s, err);
	if (r == 0)
		r = read_store(h, a, &s, err);
	if (r == 0)
		r = read_processes(h, home, a, &s, err);
	if (r == 0)
		r = sc_status_policies(h, a, &s, err);
	if (r == 0)
		r = sc_status_labels(h, a, &s, err);
	if (r == 0)
		*out = s;
	return r;
}
