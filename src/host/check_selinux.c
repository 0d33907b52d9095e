#include "host/look.h"

#include "base/clean.h"
#include "host/selinux_config.h"

#include <errno.h>
#include <fcntl.h>

#define CONFIG "/etc/selinux/config"

static const struct sc_status *status(const struct sc_look *l)
{
	return l->machine->status;
}

static bool has(const struct sc_look *l, const char *path)
{
	return sc_machine_has(l->machine, path);
}

/* ---- the configuration */

static bool read_config(struct sc_look *l, struct sc_str *text)
{
	if (!status(l)->config_there && !status(l)->config_trouble.n) {
		sc_look_add(l, SC_STR(CONFIG), SC_STR("is not there"),
			    SC_STR(""), true)
			->path = SC_STR(CONFIG);
		return false;
	}
	*text = sc_look_text(l, CONFIG);
	return !l->trouble && !l->no_memory;
}

static bool same_view(const struct sc_config_view *a,
		      const struct sc_config_view *b)
{
	return sc_str_eq(a->mode, b->mode) && sc_str_eq(a->type, b->type);
}

static void add_view(struct sc_look *l, const struct sc_config_views *views,
		     enum sc_config_reader reader)
{
	const struct sc_config_view *v = &views->v[reader];
	struct sc_str now;

	if (!sc_keepf(l->a, &now, SC_FMT ", policy " SC_FMT "%s",
		      SC_ARG(v->mode.n ? v->mode : SC_STR("no mode")),
		      SC_ARG(v->type.n ? v->type : SC_STR("not said")),
		      v->unsure ? ", and runs what is behind" : "")) {
		l->no_memory = true;
		return;
	}
	(void)sc_look_add(l, sc_view(sc_config_reader_name(reader)), now,
			  SC_STR(""), v->unsure || !same_view(v, &views->v[0]));
}

static void look_config_parse(struct sc_look *l)
{
	struct sc_config_views views;
	struct sc_str text, where;

	if (!read_config(l, &text))
		return;
	if (!sc_config_views_read(text, l->a, &views)) {
		l->no_memory = true;
		return;
	}
	for (unsigned i = 0; i < SC_READERS; i++)
		add_view(l, &views, (enum sc_config_reader)i);
	for (size_t i = 0; i < views.odd_n; i++) {
		struct sc_evidence *e;

		if (!sc_keepf(l->a, &where, CONFIG ":%u", views.odd[i].line)) {
			l->no_memory = true;
			return;
		}
		e = sc_look_add(l, views.odd[i].line ? where : SC_STR(CONFIG),
				sc_view(views.odd[i].what), SC_STR(""), true);
		e->path = SC_STR(CONFIG);
		e->value.from.line = views.odd[i].line;
		e->value.from.file = SC_STR(CONFIG);
	}
}

static void look_config_mode(struct sc_look *l)
{
	struct sc_config_views views;
	struct sc_value v = { .set = true };
	struct sc_str text;

	if (!read_config(l, &text))
		return;
	if (!sc_config_views_read(text, l->a, &views)) {
		l->no_memory = true;
		return;
	}
	v.text = sc_view(sc_mode_name(status(l)->config.mode));
	v.from = (struct sc_origin){ SC_LAYER_FILE, SC_STR(CONFIG),
				     views.mode_line, 0, SC_STR("SELINUX") };
	sc_look_value(l, SC_STR("SELINUX"), &v, SC_STR("enforcing"),
		      status(l)->config.mode != SC_MODE_ENFORCING);
	if (!l->machine->host->root &&
	    status(l)->config.mode == SC_MODE_DISABLED)
		sc_look_note(l, "newer kernels do not heed it: they run "
				"without a policy then");
}

/* The newest "policy.NN" below @folder that the kernel would take. */
static void look_at_binary(struct sc_look *l, const char *folder)
{
	int most = status(l)->state.version;
	uint64_t newest = 0, number;
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str now;
	int r = sc_host_list(l->machine->host, folder, 0, l->a, &names, &why);

	if (r < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n; i++) {
		struct sc_str rest = names.v[i];

		if (sc_take_prefix(&rest, SC_STR("policy.")) &&
		    sc_take_u64(&rest, &number) && !rest.n && number > newest &&
		    (most < 0 || number <= (uint64_t)most))
			newest = number;
	}
	if (r == 0 && !newest && names.n)
		sc_look_note(l, "the kernel takes policies up to version %d",
			     most);
	if (!sc_keepf(l->a, &now, newest ? "policy.%llu" : "no policy",
		      (unsigned long long)newest)) {
		l->no_memory = true;
		return;
	}
	if (r == 0)
		sc_look_file(l, folder, now, SC_STR("policy.NN"), !newest);
}

static void look_config_type(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	struct sc_str folder, contexts;

	if (s->config_trouble.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(s->config_trouble));
		return;
	}
	if (!sc_keepf(l->a, &folder, "/etc/selinux/%s/policy",
		      s->policy_name.s) ||
	    !sc_keepf(l->a, &contexts,
		      "/etc/selinux/%s/contexts/files/file_contexts",
		      s->policy_name.s)) {
		l->no_memory = true;
		return;
	}
	if (s->config.type_is_odd || !s->policy_there) {
		(void)sc_look_add(l, SC_STR("SELINUXTYPE"), s->policy_name,
				  SC_STR("a folder of /etc/selinux"), true);
		return;
	}
	look_at_binary(l, folder.s);
	sc_look_file(l, contexts.s,
		     has(l, contexts.s) ? SC_STR("is there")
					: SC_STR("is not there"),
		     SC_STR(""), !has(l, contexts.s));
}

static void look_config_symlink(struct sc_look *l)
{
	static const char path[] = "/etc/sysconfig/selinux";
	SC_CLEAN(close_p)
	int fd = sc_host_fd(l->machine->host, path, O_PATH | O_NOFOLLOW);
	struct stat st;
	bool link = fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);

	if (fd < 0 && errno != ENOENT && errno != ENOTDIR) {
		sc_look_trouble(l, "'%s' cannot be reached: %s", path,
				strerror(errno));
		return;
	}
	sc_look_file(l, path,
		     link     ? SC_STR("a link")
		     : fd < 0 ? SC_STR("is not there")
			      : SC_STR("a file of its own"),
		     SC_STR("a link to ../selinux/config"), fd >= 0 && !link);
}

/* ---- programs */

/* Which of @paths, split by spaces, is there; empty: none. */
static struct sc_str first_there(const struct sc_look *l, const char *const *v)
{
	for (; *v; v++)
		if (has(l, *v))
			return sc_view(*v);
	return SC_STR("");
}

static void look_policy_packages(struct sc_look *l)
{
	static const struct {
		const char *what;
		const char *paths[4];
	} tools[] = {
		{ "setfiles", { "/usr/sbin/setfiles", "/sbin/setfiles" } },
		{ "semodule", { "/usr/sbin/semodule", "/sbin/semodule" } },
		{ "semanage", { "/usr/sbin/semanage", "/sbin/semanage" } },
		{ "setsebool", { "/usr/sbin/setsebool", "/sbin/setsebool" } },
	};

	(void)sc_look_add(l, SC_STR("a policy"),
			  status(l)->policy_there ? status(l)->policy_name
						  : SC_STR("none"),
			  SC_STR("installed"), !status(l)->policy_there);
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		struct sc_str path = first_there(l, tools[i].paths);

		(void)sc_look_add(l, sc_view(tools[i].what),
				  path.n ? path : SC_STR("not installed"),
				  SC_STR("installed"), !path.n);
	}
}

static void look_unwanted_packages(struct sc_look *l)
{
	static const char *const paths[] = {
		"/usr/sbin/setroubleshootd",
		"/usr/bin/sealert",
		"/usr/sbin/mcstransd",
		"/sbin/mcstransd",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (has(l, paths[i]))
			sc_look_file(l, paths[i], SC_STR("installed"),
				     SC_STR(""), true);
}

/* By the store, where no policy could be asked. */
static bool store_has_module(struct sc_look *l, const char *module)
{
	struct sc_names priorities = { 0 };
	struct sc_error ignored;
	struct sc_str modules, path;
	bool found = false;

	if (!sc_keepf(l->a, &modules, "/var/lib/selinux/%s/active/modules",
		      status(l)->policy_name.s)) {
		l->no_memory = true;
		return false;
	}
	if (sc_host_list(l->machine->host, modules.s, 0, l->a, &priorities,
			 &ignored) < 0)
		return false;
	for (size_t i = 0; i < priorities.n && !found; i++) {
		if (!sc_keepf(l->a, &path, "%s/%s/%s", modules.s,
			      priorities.v[i].s, module)) {
			l->no_memory = true;
			return false;
		}
		found = has(l, path.s);
	}
	return found;
}

static void look_container_policy(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	bool asked = s->asked.asked, known = s->asked.container_type;

	if (!l->machine->engines.n) {
		sc_look_say(l, SC_NA, "no engine is here");
		return;
	}
	if (!s->policy_there) {
		(void)sc_look_add(l, SC_STR("a policy"), SC_STR("none"),
				  SC_STR("installed"), true);
		return;
	}
	if (!asked)
		known = store_has_module(l, "container");
	if (!asked && !known && s->installed.trouble.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(s->installed.trouble));
		return;
	}
	(void)sc_look_add(l, SC_STR("container_t"),
			  known ? SC_STR("is in the policy")
				: SC_STR("no policy has it"),
			  SC_STR(""), !known);
}

/* ---- what keeps the log */

/* Its target may be a path that is not there below a root. */
static bool has_link(const struct sc_look *l, const char *path)
{
	SC_CLEAN(close_p)
	int fd = sc_host_fd(l->machine->host, path, O_PATH | O_NOFOLLOW);

	return fd >= 0;
}

static void look_audit(struct sc_look *l)
{
	static const char *const wants =
		"/etc/systemd/system/multi-user.target.wants/auditd.service";
	static const char *const programs[] = { "/usr/sbin/auditd",
						"/sbin/auditd", NULL };
	const struct sc_boot_lines *boot = &l->machine->boot;
	bool runs = sc_process_named(&l->machine->processes, SC_STR("auditd"));

	if (l->machine->host->root) {
		struct sc_str path = first_there(l, programs);

		(void)sc_look_add(l, SC_STR("auditd"),
				  path.n ? path : SC_STR("not installed"),
				  SC_STR("installed"), !path.n);
		if (path.n)
			sc_look_file(l, wants,
				     has_link(l, wants) ? SC_STR("enabled")
							: SC_STR("not enabled"),
				     SC_STR("enabled"), !has_link(l, wants));
	} else {
		(void)sc_look_add(l, SC_STR("auditd"),
				  runs ? SC_STR("runs")
				       : SC_STR("does not run"),
				  SC_STR("runs"), !runs);
	}
	for (size_t i = 0; i < boot->n; i++)
		if (sc_has_part(boot->v[i].text, ' ', SC_STR("audit=0")))
			sc_look_file(l, boot->v[i].file.s, SC_STR("audit=0"),
				     SC_STR(""), true);
}

static void look_relabel_flag(struct sc_look *l)
{
	if (!l->machine->host->root && !status(l)->state.loaded) {
		sc_look_say(l, SC_NA,
			    "no policy is in force: the boot that "
			    "has one needs it");
		return;
	}
	sc_look_file(l, "/.autorelabel",
		     status(l)->autorelabel ? SC_STR("is there")
					    : SC_STR("is not there"),
		     SC_STR("is not there"), status(l)->autorelabel);
}

const struct sc_probe sc_probes_selinux[] = {
	{ SC_STR("config-parse"), look_config_parse },
	{ SC_STR("config-mode"), look_config_mode },
	{ SC_STR("config-type"), look_config_type },
	{ SC_STR("config-symlink"), look_config_symlink },
	{ SC_STR("policy-packages"), look_policy_packages },
	{ SC_STR("container-policy"), look_container_policy },
	{ SC_STR("unwanted-packages"), look_unwanted_packages },
	{ SC_STR("audit"), look_audit },
	{ SC_STR("relabel-flag"), look_relabel_flag },
	{ { NULL, 0 }, NULL },
};
