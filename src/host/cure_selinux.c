#include "base/clean.h"
#include "base/data.h"
#include "base/table.h"
#include "base/vec.h"
#include "doc/conf.h"
#include "host/curing.h"
#include "host/selinux_config.h"

#include <sys/statvfs.h>

#define CONFIG "/etc/selinux/config"
#define FLAG "/.autorelabel"
#define FILES_A_SECOND 15000 /* given labels by one thread */
#define RESTORECON "/usr/sbin/restorecon"

static int refuse(struct sc_curing *c, const char *why)
{
	return sc_fail(c->err, SC_EREFUSED, "%s", why);
}

/* ---- packages */

/* "debian", "fedora" (RHEL, Amazon Linux and the like), or empty. */
static struct sc_str family(const struct sc_machine *m)
{
	static const struct {
		const char *os, *family;
	} all[] = {
		{ "debian", "debian" }, { "ubuntu", "debian" },
		{ "rhel", "fedora" },   { "fedora", "fedora" },
		{ "centos", "fedora" }, { "amzn", "fedora" },
		{ "rocky", "fedora" },  { "almalinux", "fedora" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (sc_str_eq(m->os, sc_view(all[i].os)) ||
		    sc_has_part(m->os_like, ' ', sc_view(all[i].os)))
			return sc_view(all[i].family);
	return SC_STR("");
}

static const char *manager(const struct sc_curing *c, struct sc_str family)
{
	if (sc_str_eq(family, SC_STR("debian")))
		return "/usr/bin/apt-get";
	return !c->live || sc_machine_has(c->machine, "/usr/bin/dnf")
		       ? "/usr/bin/dnf"
		       : "/usr/bin/yum";
}

int sc_cure_program(struct sc_curing *c)
{
	bool gone = sc_str_eq(c->cure.action, SC_STR("remove"));
	struct sc_str of = family(c->machine), table, key;
	const char *program = manager(c, of);
	struct sc_row row;

	if (sc_str_eq(c->cure.key, SC_STR("load_policy")))
		return c->live ? sc_curing_run(c, "/usr/sbin/load_policy")
			       : refuse(c, "no kernel runs in an image");
	if (c->machine->ostree)
		return refuse(c, "packages of this host come with its image");
	table = sc_data("packages.tsv");
	if (!sc_keepf(c->a, &key, SC_FMT "-" SC_FMT, SC_ARG(c->cure.key),
		      SC_ARG(of)))
		return sc_no_memory(c->err);
	if (!sc_find_row(table, key, &row))
		return refuse(c, "we know of no package of this "
				 "distribution for it");
	if (!c->live)
		return sc_fail(c->err, SC_EREFUSED,
			       "in the image: %s %s " SC_FMT,
			       strrchr(program, '/') + 1,
			       gone ? "remove" : "install", SC_ARG(row.v[1]));
	return sc_curing_run(c, "%s -y %s " SC_FMT, program,
			     gone ? "remove" : "install", SC_ARG(row.v[1]));
}

/* ---- labels */

/* How long it takes to give every file a label. */
static int note_time(struct sc_curing *c)
{
	struct statvfs fs;
	uint64_t files, minutes;

	if (statvfs("/", &fs) < 0)
		return 0;
	files = (uint64_t)fs.f_files - fs.f_ffree;
	minutes = files / FILES_A_SECOND / 60 + 1;
	return sc_curing_note(c,
			      "about %llu files get labels: %llu minute%s or "
			      "less, more on slow disks",
			      (unsigned long long)files,
			      (unsigned long long)minutes,
			      minutes == 1 ? "" : "s")
		       ? 0
		       : sc_no_memory(c->err);
}

int sc_cure_label(struct sc_curing *c)
{
	const struct sc_status *s = c->machine->status;
	bool all =
		sc_str_eq(c->verdict->check.id, SC_STR("selinux/label-full"));
	bool some = false;
	int r = 0;

	if (!c->live)
		return refuse(c, "an image's labels are set where the kernel "
				 "lets them: setfiles -F -r ROOT "
				 "ROOT/etc/selinux/TYPE/contexts/files/"
				 "file_contexts ROOT");
	if (!s || !s->state.loaded)
		return refuse(c, "no policy is loaded: the boot with one gives "
				 "all files their labels");
	if (all) {
		r = sc_curing_run(c, RESTORECON " -RF -T 0 -e /proc -e /sys "
						"-e /dev /");
		return r < 0 ? r : note_time(c);
	}
	for (size_t i = 0; r == 0 && i < c->verdict->evidence.n; i++) {
		const struct sc_evidence *e = &c->verdict->evidence.v[i];

		if (!e->wrong || !e->path.n)
			continue;
		if (memchr(e->path.s, ' ', e->path.n))
			return refuse(c, "a blank in the name of a file");
		r = sc_curing_run(c, RESTORECON " -F -- " SC_FMT,
				  SC_ARG(e->path));
		some = true;
	}
	return r < 0 || some ? r
			     : refuse(c, "the policy has no other label for "
					 "it: first give it one there");
}

/* ---- SELINUX= */

static bool fails(const struct sc_curing *c, const char *id)
{
	for (size_t i = 0; i < c->all->n; i++)
		if (sc_str_eq(c->all->v[i].check.id, sc_view(id)))
			return c->all->v[i].kind == SC_FAIL;
	return false;
}

/* What the config may say now, or the reason why not yet. From disabled the
 * way leads over permissive and labels: who enforces at once locks himself out.
 */
static const char *next_mode(const struct sc_curing *c, bool *relabel,
			     const char **why)
{
	const struct sc_status *s = c->machine->status;
	bool disabled = s && s->config.mode == SC_MODE_DISABLED;

	*relabel = false;
	if (!c->live && sc_curing_passes(c, "selinux/image-labels"))
		return "enforcing";
	if (!c->live) {
		*why = "an image whose files have no labels must not enforce: "
		       "give it labels (setfiles -F -r ROOT), then plan again";
		return disabled ? "permissive" : NULL;
	}
	if (!s || !s->state.loaded) {
		*relabel = true;
		return "permissive";
	}
	*why = "files that a boot and a login need have other labels than the "
	       "policy says, or it could not be told";
	if (!sc_curing_passes(c, "selinux/label-sample"))
		return NULL;
	*why = "/.autorelabel waits for the next boot: boot first";
	if (fails(c, "selinux/relabel-flag"))
		return NULL;
	*why = "something was denied since the boot, and would fail: selcage "
	       "explain";
	return fails(c, "selinux/trial") ? NULL : "enforcing";
}

/* Quotes and blanks that stay make another value of it for some. */
static int check_mode(struct sc_curing *c, struct sc_str text, const char *mode)
{
	struct sc_config_views views;

	if (!sc_config_views_read(text, c->a, &views))
		return sc_no_memory(c->err);
	return sc_str_eq(views.v[SC_READER_LIBSELINUX].mode, sc_view(mode))
		       ? 0
		       : sc_fail(c->err, SC_EREFUSED,
				 "its line of SELINUX= is one that init does "
				 "not read: write SELINUX=%s there by hand",
				 mode);
}

static int set_mode(struct sc_curing *c, const char *mode)
{
	const struct sc_str key = SC_STR("SELINUX");
	const struct sc_conf_place place = { SC_CONF_KEYS, &key, 1 };
	const struct sc_conf_value value = { .kind = SC_DOC_STRING,
					     .text = sc_view(mode) };
	struct sc_file_change *f = sc_curing_file(c, SC_STR(CONFIG));
	int r;

	if (!f)
		return (int)c->err->code;
	if (!f->after.there)
		return refuse(c, "there is no '" CONFIG "': install a policy "
				 "first, then plan again");
	r = sc_conf_set(f->after.bytes, &place, &value, c->a, &f->after.bytes,
			c->err);
	if (r == 0)
		r = check_mode(c, f->after.bytes, mode);
	return r < 0 ? sc_while(c->err, "'" CONFIG "'") : 0;
}

int sc_cure_mode(struct sc_curing *c)
{
	const char *why = "", *mode;
	struct sc_cure_step *s;
	bool relabel;
	int r;

	mode = next_mode(c, &relabel, &why);
	if (!mode)
		return refuse(c, why);
	r = set_mode(c, mode);
	if (r < 0 || !relabel)
		return r;
	if (!sc_curing_new_file(c, SC_STR(FLAG), SC_STR("")))
		return (int)c->err->code;
	s = sc_curing_step(c);
	if (!s || !sc_curing_note(c, "permissive first: after the boot that "
				     "gives every file its label, plan again "
				     "for enforcing"))
		return sc_no_memory(c->err);
	s->relabels = true;
	return note_time(c);
}
