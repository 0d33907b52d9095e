#include "host/look.h"

#include "base/clean.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>

#define CONFIG "/etc/selinux/config"

static const struct sc_status *status(const struct sc_look *l)
{
	return l->machine->status;
}

/* ---- the kernel */

static bool look_at_configs(struct sc_look *l)
{
	static const struct sc_str set = SC_STR("CONFIG_SECURITY_SELINUX=y");
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;
	bool some = false;

	if (sc_host_list(l->machine->host, "/boot", 0, l->a, &names, &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n && !l->no_memory; i++) {
		struct sc_str text;
		bool on;

		if (!sc_glob(SC_STR("config-*"), names.v[i]))
			continue;
		if (!sc_keepf(l->a, &path, "/boot/%s", names.v[i].s)) {
			l->no_memory = true;
			break;
		}
		text = sc_look_text(l, path.s);
		on = sc_text_has_line(text, set.s);
		sc_look_file(l, path.s, on ? set : SC_STR("not set"), set, !on);
		some = true;
	}
	return some;
}

static void look_kernel_built(struct sc_look *l)
{
	if (status(l)->state.mounted) {
		(void)sc_look_add(l, SC_STR("the running kernel"),
				  SC_STR("has SELinux"), SC_STR(""), false);
		return;
	}
	if (!l->machine->host->root &&
	    sc_text_has_line(sc_look_text(l, "/proc/filesystems"),
			     "nodev\tselinuxfs")) {
		(void)sc_look_add(l, SC_STR("/proc/filesystems"),
				  SC_STR("selinuxfs"), SC_STR(""), false);
		return;
	}
	if (!look_at_configs(l))
		sc_look_trouble(l, "no configuration of a kernel is in /boot: "
				   "nobody can tell");
}

/* ---- kernel lines */

/* As atoi() has it: a word that is no number is 0. */
static bool is_zero(struct sc_str v)
{
	while (v.n && *v.s == '0')
		sc_str_drop(&v, 1);
	return !v.n || *v.s < '0' || *v.s > '9';
}

static bool turns_off(const struct sc_boot_line *line)
{
	struct sc_str v = line->says.selinux;

	return v.n && *v.s == '0' && is_zero(v);
}

static bool makes_permissive(const struct sc_boot_line *line)
{
	return line->says.enforcing.s && is_zero(line->says.enforcing);
}

/* Every line, and those of which @is_bad says that a word of it is wrong. */
static void look_at_lines(struct sc_look *l,
			  bool (*is_bad)(const struct sc_boot_line *line),
			  const char *word)
{
	const struct sc_boot_lines *boot = &l->machine->boot;

	if (boot->trouble.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(boot->trouble));
	if (!boot->n && l->machine->host->root)
		sc_look_say(l, SC_NA, "no boot loader is below this root");
	else if (!boot->n)
		sc_look_trouble(l, "no line of a kernel was found");
	for (size_t i = 0; i < boot->n && !l->no_memory; i++) {
		const struct sc_boot_line *one = &boot->v[i];
		bool wrong = is_bad(one);
		struct sc_evidence *e;
		struct sc_str where;

		if (!sc_keepf(l->a, &where, SC_FMT ":%u", SC_ARG(one->file),
			      one->line)) {
			l->no_memory = true;
			return;
		}
		e = sc_look_add(l, where, sc_view(wrong ? word : "is clean"),
				SC_STR(""), wrong);
		e->path = one->file;
		e->value.from = (struct sc_origin){
			.layer = SC_LAYER_FILE,
			.file = one->file,
			.line = one->line,
		};
	}
}

static void look_cmdline_off(struct sc_look *l)
{
	look_at_lines(l, turns_off, "selinux=0");
}

static void look_cmdline_enforcing(struct sc_look *l)
{
	look_at_lines(l, makes_permissive, "enforcing=0");
}

static bool is_other(const struct sc_boot_line *line)
{
	const struct sc_cmdline *c = &line->says;

	return (c->security.n && !sc_str_eq(c->security, SC_STR("selinux"))) ||
	       (c->lsm.n && !sc_has_part(c->lsm, ',', SC_STR("selinux")));
}

static bool asks_for_it(const struct sc_boot_lines *boot)
{
	for (size_t i = 0; i < boot->n; i++) {
		const struct sc_cmdline *c = &boot->v[i].says;

		if (sc_str_eq(c->security, SC_STR("selinux")) ||
		    (c->lsm.n && sc_has_part(c->lsm, ',', SC_STR("selinux"))))
			return true;
	}
	return false;
}

/* Which distributions start AppArmor when nobody says otherwise? */
static bool prefers_apparmor(const struct sc_machine *m)
{
	static const struct sc_str those[] = { SC_STR("debian"),
					       SC_STR("ubuntu") };

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (sc_str_eq(m->os, those[i]) ||
		    sc_has_part(m->os_like, ' ', those[i]))
			return true;
	return false;
}

static void look_lsm_conflict(struct sc_look *l)
{
	struct sc_str list = sc_look_text(l, "/sys/kernel/security/lsm");
	bool on = status(l)->state.mounted;

	if (list.n && list.s[list.n - 1] == '\n')
		list.n--;
	if (list.n) {
		on = sc_has_part(list, ',', SC_STR("selinux"));
		sc_look_file(l, "/sys/kernel/security/lsm", list,
			     SC_STR("selinux among them"), !on);
	}
	look_at_lines(l, is_other, "another module");
	if (!on && !list.n && prefers_apparmor(l->machine) &&
	    !asks_for_it(&l->machine->boot))
		(void)sc_look_add(l, SC_STR("the distribution's default"),
				  SC_STR("AppArmor"),
				  SC_STR("security=selinux selinux=1"), true);
}

/* ---- locks */

static void look_at_flags(struct sc_look *l)
{
	SC_CLEAN(close_p)
	int fd = sc_host_fd(l->machine->host, CONFIG, O_RDONLY);
	int flags = 0;

	if (fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
	    (flags & FS_IMMUTABLE_FL))
		sc_look_file(l, CONFIG, SC_STR("cannot be changed (chattr +i)"),
			     SC_STR(""), true);
}

static bool insists(const struct sc_boot_line *line)
{
	return line->says.enforcing.n && !is_zero(line->says.enforcing);
}

static void look_at_audit_rules(struct sc_look *l)
{
	static const char *const folder = "/etc/audit/rules.d";
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;

	if (sc_text_has_line(sc_look_text(l, "/etc/audit/audit.rules"), "-e 2"))
		sc_look_file(l, "/etc/audit/audit.rules",
			     SC_STR("locked until a boot (-e 2)"), SC_STR(""),
			     true);
	if (sc_host_list(l->machine->host, folder, 0, l->a, &names, &why) < 0)
		sc_look_trouble(l, "%s", why.msg);
	for (size_t i = 0; i < names.n && !l->no_memory; i++) {
		if (!sc_glob(SC_STR("*.rules"), names.v[i]))
			continue;
		if (!sc_keepf(l->a, &path, "%s/%s", folder, names.v[i].s))
			l->no_memory = true;
		else if (sc_text_has_line(sc_look_text(l, path.s), "-e 2"))
			sc_look_file(l, path.s,
				     SC_STR("locked until a boot (-e 2)"),
				     SC_STR(""), true);
	}
}

static void look_lock_state(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	struct statvfs usr;

	for (size_t i = 0; i < s->state.switches.n; i++)
		if (sc_str_eq(s->state.switches.v[i].name,
			      SC_STR("secure_mode_policyload")) &&
		    s->state.switches.v[i].now == SC_ANSWER_YES)
			(void)sc_look_add(l, SC_STR("secure_mode_policyload"),
					  SC_STR("on"), SC_STR("off"), true);
	look_at_flags(l);
	for (size_t i = 0; i < l->machine->boot.n; i++)
		if (insists(&l->machine->boot.v[i]))
			sc_look_file(l, l->machine->boot.v[i].file.s,
				     SC_STR("enforcing=1, whatever the config "
					    "says"),
				     SC_STR(""), true);
	look_at_audit_rules(l);
	if (!l->machine->host->root && statvfs("/usr", &usr) == 0 &&
	    (usr.f_flag & ST_RDONLY))
		sc_look_file(l, "/usr", SC_STR("read-only"), SC_STR(""), true);
}

/* ---- before enforcing */

static bool keeps_a_way(const struct sc_boot_lines *boot)
{
	for (size_t i = 0; i < boot->n; i++)
		if (!boot->v[i].running && !boot->v[i].part &&
		    makes_permissive(&boot->v[i]))
			return true;
	return false;
}

/* One that lasts over boots: of host apply --confirm-within. */
static bool has_timer(struct sc_look *l)
{
	struct sc_names names = { 0 };
	struct sc_error ignored;

	if (sc_host_list(l->machine->host, "/etc/systemd/system", 0, l->a,
			 &names, &ignored) < 0)
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (sc_glob(SC_STR("selcage-host-*.timer"), names.v[i]))
			return true;
	return false;
}

static void look_way_back(struct sc_look *l)
{
	const struct sc_status *s = status(l);
	bool entry = keeps_a_way(&l->machine->boot), timer = has_timer(l);

	if (s->state.enforcing == SC_ANSWER_YES &&
	    s->config.mode == SC_MODE_ENFORCING) {
		sc_look_say(l, SC_NA, "it enforces already, and will");
		return;
	}
	if (l->machine->host->root && !s->state.mounted) {
		sc_look_say(l, SC_NA, "nothing runs below this root");
		return;
	}
	(void)sc_look_add(l, SC_STR("a boot entry with enforcing=0"),
			  entry ? SC_STR("is there") : SC_STR("none"),
			  SC_STR(""), !entry && !timer);
	(void)sc_look_add(l, SC_STR("a timer that takes the change back"),
			  timer ? SC_STR("is set") : SC_STR("none"), SC_STR(""),
			  false);
}

const struct sc_probe sc_probes_boot[] = {
	{ SC_STR("kernel-built"), look_kernel_built },
	{ SC_STR("cmdline-off"), look_cmdline_off },
	{ SC_STR("cmdline-enforcing"), look_cmdline_enforcing },
	{ SC_STR("lsm-conflict"), look_lsm_conflict },
	{ SC_STR("lock-state"), look_lock_state },
	{ SC_STR("way-back"), look_way_back },
	{ { NULL, 0 }, NULL },
};
